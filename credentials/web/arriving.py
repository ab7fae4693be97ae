"""Where the files of a form go while they arrive: past the memory, onto the disk of the data folder.

A file has no name there, so that one which is cut off leaves nothing behind, whatever ends: the client, the request or
the process. (The system's own folder for such things may be memory.)
"""

from __future__ import annotations

from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Request, current_app

from credentials.files.errors import FULL, FileStoreFailed, FileStoreFull

INCOMING = "INCOMING_FILES"
"""The application's setting that names the folder."""
IN_MEMORY = 512 * 1024
"""Bytes of a file that are not worth a place on the disk."""


class FileRequest(Request):
    """A request whose files arrive as above."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Werkzeug asks for a place for each file of a form."""
        del total_content_length, content_type, filename, content_length
        folder: Path = current_app.config[INCOMING]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place: IO[bytes] = _Arriving(max_size=IN_MEMORY, buffering=0, dir=str(folder))
        return place


class _Arriving(SpooledTemporaryFile[bytes]):
    """A place for one file, which tells in our own words when the disk has no more room.

    It has no buffer: what did not fit in one would be noticed only when it is closed.
    """

    def write(self, data: Any, /) -> int:
        """As any file. Raises FileStoreFull, FileStoreFailed."""
        left = memoryview(data)
        try:
            while left:
                left = left[super().write(left) :]
        except OSError as error:
            self.close()  # nobody else would: the form that it belongs to is never read to its end
            kind = FileStoreFull if error.errno in FULL else FileStoreFailed
            raise kind(error.strerror or type(error).__name__) from error
        return len(data)
