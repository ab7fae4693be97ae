"""Where the bytes of files lie: what every place can do, and the place that a setting names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from credentials.files.addresses import BucketAddress
from credentials.files.disk import DiskStorage
from credentials.files.errors import FileStoreNotInstalled


class Storage(Protocol):
    """A place for bytes by key. A key is an id of 26 characters, or one with `.preview` after it."""

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        """Keep all of it, or nothing when `chunks` raises. Raises FileStoreFailed."""
        ...

    def open(self, key: str) -> Iterator[bytes]:
        """The bytes, a piece at a time. Raises FileUnknown before the first, FileStoreFailed."""
        ...

    def remove(self, key: str) -> None:
        """Forget the bytes; nothing happens when there are none. Raises FileStoreFailed."""
        ...

    def keys(self, before: datetime) -> Iterator[str]:
        """The keys of what was put there before a moment. Raises FileStoreFailed."""
        ...

    def sweep(self, before: datetime) -> None:
        """Forget what was begun before a moment and never became whole."""
        ...


def open_storage(address: str, folder: Path) -> Storage:
    """The place that a setting names: `folder` when it is empty, else a bucket. Nothing is asked or made yet.

    Raises FileStoreUnknown, FileStoreNotInstalled.
    """
    if not address:
        return DiskStorage(folder)
    made: Storage = _loaded("s3", "BucketStorage")(BucketAddress.parse(address))
    return made


def _loaded(module: str, name: str) -> Callable[..., Any]:
    """A class that is imported when it is chosen: its package is optional, and boto3 takes long to load."""
    try:
        found: Callable[..., Any] = getattr(import_module(f"credentials.files.{module}"), name)
    except ModuleNotFoundError as error:
        raise FileStoreNotInstalled(f"there is no module {error.name}") from error
    return found
