"""The files of an uploaded list, for their owner alone: its text, and what was found in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from credentials.core.csv_export import RowFile
from credentials.issuer.bulk.events import BulkEvent

RowsOf = Callable[[BulkEvent], Iterator[tuple[object, ...]]]


def file_name(upload_id: str, sheet: str) -> str:
    """The name of the text of one of a list's sheets; what is in that file never changes."""
    part = f".{hashlib.sha256(sheet.encode()).hexdigest()[:16]}" if sheet else ""
    return f"{upload_id}{part}.csv"


def keep(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    with open(str(fresh), "wb", opener=_private) as file:
        file.write(content)
    fresh.replace(path)


def written(path: Path, heading: Sequence[str], rows_of: RowsOf, events: Iterator[BulkEvent]) -> Iterator[BulkEvent]:
    """The events, each written down in passing."""
    # The BOM tells spreadsheets that names are UTF-8.
    with open(str(path), "w", encoding="utf-8-sig", newline="", opener=_private) as stream:
        file = RowFile(stream)
        file.write(heading)
        for event in events:
            for row in rows_of(event):
                file.write(row)
            yield event


def _private(path: str, flags: int) -> int:
    """Opens a file that its owner alone may read."""
    return os.open(path, flags, 0o600)
