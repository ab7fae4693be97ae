"""An append-only file of what was published, safe to write from several processes.

One JSON object a line. A line counts once its line feed is there: a crash in the middle of an append leaves a tail
that the next append cuts off, and whoever appended it never heard that it was kept.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from credentials.issuer.errors import PublishedRecordUnwritable


class Journal:
    """Lines in one file. `on_line` is called once with each complete line (line feed included), in order.

    Appends hold an exclusive lock on the file and reach the disk (fsync) before they return.
    """

    def __init__(self, path: Path, on_line: Callable[[bytes], None]) -> None:
        """Remember where; the file is made by the first append."""
        self.path = path
        self._on_line = on_line
        self._offset = 0
        self._lock = threading.Lock()

    def append(self, lines: Sequence[bytes]) -> None:
        """Add lines (without line feeds) and wait for the disk; nothing for none. Raises PublishedRecordUnwritable."""
        if not lines:
            return
        with storage_errors(self.path), locked_file(self.path) as descriptor:
            end = _end_of_last_line(descriptor)
            os.ftruncate(descriptor, end)
            write_all(descriptor, b"".join(line + b"\n" for line in lines), end)
            os.fsync(descriptor)

    def refresh(self) -> None:
        """Hand every line that was added since the last call, by whichever process, to `on_line`."""
        with self._lock, storage_errors(self.path):
            for line in self._new_lines():
                self._on_line(line)

    def _new_lines(self) -> Iterator[bytes]:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size <= self._offset:
            return
        with self.path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                yield line
                self._offset += len(line)


@contextmanager
def locked_file(path: Path) -> Iterator[int]:
    """A descriptor of the file (made with mode 0600 if missing), locked against every other process and thread."""
    descriptor = _open_durably(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _open_durably(path: Path) -> int:
    """Open for reading and writing; a file made here is in its directory for good."""
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)
    return descriptor


def _sync_folder(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def write_all(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at `offset`, or raise OSError."""
    while data:
        written = os.pwrite(descriptor, data, offset)
        data, offset = data[written:], offset + written


def _end_of_last_line(descriptor: int) -> int:
    size = os.fstat(descriptor).st_size
    while size:
        start = max(0, size - 4096)
        found = os.pread(descriptor, size - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        size = start
    return 0


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an OSError into PublishedRecordUnwritable, naming the file."""
    try:
        yield
    except OSError as error:
        raise PublishedRecordUnwritable(f"{path.name}: {error.strerror}", where=str(path.parent)) from error
