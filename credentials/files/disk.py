"""Files in a folder, for their owner only: `ab/<id>`, with nothing of their names or senders in the path.

Bytes are written under another name, made durable, and only then named: what has its name is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from credentials.files.addresses import is_key, place_of
from credentials.files.errors import FULL, FileStoreFailed, FileStoreFull, FileUnknown

INCOMING = "incoming"
"""The folder of what is being written."""
CHUNK = 256 * 1024


class DiskStorage:
    """A `Storage` in a folder of the local disk. Makes the folder when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __repr__(self) -> str:
        """Name the folder."""
        return f"DiskStorage({str(self._folder)!r})"

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        """See `Storage.put`."""
        place, coming = self._path(key), self._folder / INCOMING / key
        with _errors():
            for folder in (coming.parent, place.parent):
                _make_folder(folder)
        try:
            self._write(coming, chunks)
            with _errors():
                coming.replace(place)
                _flush(place.parent)
        except BaseException:
            coming.unlink(missing_ok=True)
            raise

    def _write(self, path: Path, chunks: Iterable[bytes]) -> None:
        with _errors():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)
        with file:
            for chunk in chunks:
                with _errors():
                    _write_all(file.fileno(), chunk)
            with _errors():
                os.fsync(file.fileno())

    def open(self, key: str) -> Iterator[bytes]:
        """See `Storage.open`."""
        try:
            descriptor = os.open(self._path(key), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise FileUnknown(where="file") from None
        except OSError as error:
            raise _failed(error) from error
        return _chunks(descriptor)

    def remove(self, key: str) -> None:
        """See `Storage.remove`."""
        with _errors():
            self._path(key).unlink(missing_ok=True)

    def keys(self, before: datetime) -> Iterator[str]:
        """See `Storage.keys`."""
        for path in self._folder.glob("[0-9A-Z][0-9A-Z]/*"):
            if is_key(path.name) and _is_older(path, before):
                yield path.name

    def sweep(self, before: datetime) -> None:
        """See `Storage.sweep`."""
        for path in (self._folder / INCOMING).glob("*"):
            if _is_older(path, before):
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / place_of(key)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush(folder.parent)


def _write_all(descriptor: int, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(descriptor, left) :]


def _chunks(descriptor: int) -> Iterator[bytes]:
    with os.fdopen(descriptor, "rb", buffering=0) as file, _errors():
        while chunk := file.read(CHUNK):
            yield chunk


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _flush(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what the file system says into the room's own error. Its words may name folders: they go to the log only."""
    try:
        yield
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> FileStoreFailed | FileStoreFull:
    kind = FileStoreFull if error.errno in FULL else FileStoreFailed
    return kind(error.strerror or type(error).__name__)
