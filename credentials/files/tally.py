"""What is learned of a file while its bytes stream past: its size, both digests, its first bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Protocol

from credentials.files.errors import UploadEmpty, UploadTooLarge
from credentials.files.sniffing import HEAD_BYTES

CHUNK = 256 * 1024
"""Bytes that are in memory at a time."""


class Stream(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Tally:
    """Counts and digests one file. `largest` is the most bytes that it may have."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._sha256 = hashlib.sha256()
        self._sha384 = hashlib.sha384()
        self.size = 0
        self.head = b""

    def through(self, stream: Stream) -> Iterator[bytes]:
        """The stream's bytes, counted as they pass. Raises UploadTooLarge as soon as it is, UploadEmpty at the end."""
        while chunk := stream.read(CHUNK):
            self.size += len(chunk)
            if self.size > self._largest:
                raise UploadTooLarge(f"at most {self._largest:,} bytes", where="file")
            if len(self.head) < HEAD_BYTES:
                self.head = (self.head + chunk)[:HEAD_BYTES]
            self._sha256.update(chunk)
            self._sha384.update(chunk)
            yield chunk
        if not self.size:
            raise UploadEmpty(where="file")

    @property
    def sha256(self) -> bytes:
        """SHA-256 of what passed, 32 bytes."""
        return self._sha256.digest()

    @property
    def sha384(self) -> bytes:
        """SHA-384 of what passed, 48 bytes."""
        return self._sha384.digest()
