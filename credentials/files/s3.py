"""Files in a bucket of Amazon S3, or of any store that speaks its protocol.

A file is one object, made of parts that are uploaded one after the other: an object exists only once it is whole, and
never more than one part is in memory. Who asks, and where, is found by boto3 in its own way.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from credentials.files.addresses import BucketAddress, place_of
from credentials.files.errors import FileStoreFailed, FileUnknown

PART_BYTES: Final = 16 * 1024 * 1024
"""Bytes of one part; S3 takes 5 MiB to 5 GiB, and 10,000 parts (user guide, "multipart upload limits")."""
CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 60.0
ATTEMPTS: Final = 3
_CHUNK: Final = 256 * 1024
_MISSING: Final = frozenset({"NoSuchKey", "404"})


class BucketStorage:
    """A `Storage` over one bucket. Safe to share between threads, and with the processes forked from this one."""

    def __init__(self, address: BucketAddress) -> None:
        """Remember the bucket. Nothing is asked yet."""
        self._address = address
        self._lock = threading.Lock()
        self._client: tuple[int, Any] | None = None
        os.register_at_fork(after_in_child=self._forget_the_parent)

    def __repr__(self) -> str:
        """Name the bucket, nothing more."""
        return f"BucketStorage({self._address.bucket!r})"

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        """See `Storage.put`."""
        place = self._place(key)
        with _errors():
            upload = self._s3().create_multipart_upload(**place)["UploadId"]
        begun = {**place, "UploadId": upload}
        try:
            parts = [self._part(begun, number, part) for number, part in enumerate(_parts(chunks), 1)]
            with _errors():
                self._s3().complete_multipart_upload(**begun, MultipartUpload={"Parts": parts})
        except BaseException:
            # What this leaves, `sweep` takes.
            with suppress(BotoCoreError, ClientError):
                self._s3().abort_multipart_upload(**begun)
            raise

    def _part(self, begun: dict[str, str], number: int, part: bytes) -> dict[str, Any]:
        with _errors():
            made = self._s3().upload_part(**begun, PartNumber=number, Body=part)
        return {"PartNumber": number, "ETag": made["ETag"]}

    def open(self, key: str) -> Iterator[bytes]:
        """See `Storage.open`."""
        with _errors():
            body = self._s3().get_object(**self._place(key))["Body"]
        return _chunks(body)

    def remove(self, key: str) -> None:
        """See `Storage.remove`."""
        with _errors():
            self._s3().delete_object(**self._place(key))

    def keys(self, before: datetime) -> Iterator[str]:
        """See `Storage.keys`."""
        where = {"Bucket": self._address.bucket, "Prefix": f"{self._address.prefix}/"}
        with _errors():
            for page in self._s3().get_paginator("list_objects_v2").paginate(**where):
                for one in page.get("Contents", ()):
                    if one["LastModified"] < before:
                        yield str(one["Key"]).rpartition("/")[2]

    def sweep(self, before: datetime) -> None:
        """See `Storage.sweep`."""
        where = {"Bucket": self._address.bucket, "Prefix": f"{self._address.prefix}/"}
        with _errors():
            for page in self._s3().get_paginator("list_multipart_uploads").paginate(**where):
                for one in page.get("Uploads", ()):
                    if one["Initiated"] < before:
                        begun = {"Bucket": self._address.bucket, "Key": one["Key"], "UploadId": one["UploadId"]}
                        self._s3().abort_multipart_upload(**begun)

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._address.bucket, "Key": f"{self._address.prefix}/{place_of(key)}"}

    def _s3(self) -> Any:
        """This process's client."""
        with self._lock:
            if self._client is None or self._client[0] != os.getpid():
                self._client = os.getpid(), _client()
            return self._client[1]

    def _forget_the_parent(self) -> None:
        """In a forked process: no thread is left that could release the lock, and the connections are the parent's."""
        self._lock = threading.Lock()
        self._client = None


def _client() -> Any:
    """A client with a session of its own: boto3's common one is not made for threads."""
    limits = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.session.Session().client("s3", config=limits)


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes in pieces of the size of a part; the last may be shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PART_BYTES:
            yield bytes(waiting[:PART_BYTES])
            del waiting[:PART_BYTES]
    if waiting:
        yield bytes(waiting)


def _chunks(body: Any) -> Iterator[bytes]:
    try:
        with _errors():
            yield from body.iter_chunks(_CHUNK)
    finally:
        body.close()


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what boto3 says into the room's own errors. Its own words may name accounts and keys: they stay out."""
    try:
        yield
    except ClientError as error:
        said = str(error.response.get("Error", {}).get("Code", ""))
        if said in _MISSING:
            raise FileUnknown(where="file") from None
        raise FileStoreFailed(f"the bucket says {said}") from error
    except BotoCoreError as error:
        raise FileStoreFailed(f"the bucket cannot be used: {type(error).__name__}") from error
