"""Secret files: made so that only their owner can read them, never half written, never through a link.

Writing: a temporary file in the same directory (0600, exclusive) is filled and flushed, linked to its final name, which
fails if that name is taken, and the directory is flushed. Two processes that write the same name cannot both win.
"""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from credentials.keyring.errors import (
    KeyDirectoryTooOpen,
    KeyDirectoryUnusable,
    KeyFileMissing,
    KeyFileNotRegular,
    KeyFileTooOpen,
    KeyFileUnreadable,
    KeyStorageFull,
    KeysUnavailable,
)

PRIVATE = 0o600
PUBLIC = 0o644
_OTHERS = 0o077
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def read_private(path: Path, *, max_bytes: int) -> bytes:
    """Return the bytes of a secret file, at most `max_bytes` + 1 of them (so that a caller can see it is too long).

    Raises `KeyFileMissing`, `KeyFileNotRegular`, `KeyFileTooOpen` or `KeyFileUnreadable`.
    """
    try:
        # Without O_NONBLOCK a FIFO in a key's place would hang the service.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _opening_error(error, path) from error
    try:
        _demand_private(os.fstat(descriptor), path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise KeyFileUnreadable(f"{path}: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _demand_private(status: os.stat_result, path: Path) -> None:
    """Refuse what is no ordinary file, or what others may touch."""
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileNotRegular(f"{path} is not an ordinary file")
    if status.st_mode & _OTHERS:
        raise KeyFileTooOpen(f"{path} has mode {stat.S_IMODE(status.st_mode):03o}: chmod 600 {path}")


def _opening_error(error: OSError, path: Path) -> KeysUnavailable:
    """Name why a secret file could not be opened."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return KeyFileMissing(f"{path} does not exist")
        case errno.ELOOP:
            return KeyFileNotRegular(f"{path} is a symbolic link")
        case errno.ENXIO:
            return KeyFileNotRegular(f"{path} is not an ordinary file")
        case _:
            return KeyFileUnreadable(f"{path}: {error.strerror}")


def create_file(path: Path, data: bytes, *, mode: int = PRIVATE) -> bool:
    """Write a new file durably and all at once; False when the name is already taken (nothing is written then).

    Raises `KeyStorageFull` or `KeyDirectoryUnusable`; after either, nothing is left behind.
    """
    with storage_errors(path.parent), _temporary(path.parent, data, mode) as temporary:
        try:
            os.link(temporary, path, follow_symlinks=False)
        except FileExistsError:
            return False
        flush_directory(path.parent)
    return True


@contextlib.contextmanager
def _temporary(directory: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A flushed file of a random hidden name, gone at the end."""
    path = directory / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        yield path
    finally:
        path.unlink(missing_ok=True)


def remove_file(path: Path) -> None:
    """Remove a file durably. Raises `KeyFileMissing` or `KeyDirectoryUnusable`."""
    with storage_errors(path.parent):
        try:
            path.unlink()
        except FileNotFoundError:
            raise KeyFileMissing(f"{path} does not exist") from None
        flush_directory(path.parent)


def flush_directory(directory: Path) -> None:
    """Make new and removed names in `directory` survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def storage_errors(directory: Path) -> Iterator[None]:
    """Turn what the file system says about `directory` into the keyring's own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise KeyStorageFull(f"{directory}: {error.strerror}") from error
        raise KeyDirectoryUnusable(f"{directory}: {error.strerror or error}") from error


def prepare_directory(directory: Path, *, holds_keys: bool) -> None:
    """Make sure that `directory` exists and is its owner's alone (0700).

    A directory that holds no keys yet is closed (it may come from a checkout, with the mode that such files have). One
    that does, and stands open, is refused: someone else may have been there. Raises `KeyDirectoryTooOpen` or
    `KeyDirectoryUnusable`.
    """
    with storage_errors(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(directory.stat().st_mode)
        if not mode & _OTHERS:
            return
        if holds_keys:
            raise KeyDirectoryTooOpen(f"{directory} has mode {mode:03o}: chmod 700 {directory}")
        directory.chmod(0o700)
