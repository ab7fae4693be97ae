"""Where the files of a form go while they arrive: past the memory, onto the disk of the data folder.

A file has no name there, so that one which is cut off leaves nothing behind, whatever ends: the client, the request or
the process. (The system's own folder for such things may be memory.)
"""

from __future__ import annotations

from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Request, current_app

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
        place: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder))  # noqa: SIM115 - the request closes it
        return place
