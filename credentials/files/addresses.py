"""Where files are kept, as a setting says it (`s3://BUCKET`, `s3://BUCKET/PREFIX`), and where each lies in there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from credentials.files.errors import FileStoreUnknown, FileUnknown

# Amazon S3 user guide, "General purpose buckets naming rules".
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*", re.ASCII)
_LONGEST_PREFIX = 200
_KEY = re.compile(r"[0-9A-Z]{26}(?:\.preview)?", re.ASCII)
DEFAULT_PREFIX = "files"


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """A bucket, and what the keys of this service's files begin with: `<prefix>/ab/<id>`."""

    bucket: str
    prefix: str = DEFAULT_PREFIX

    @classmethod
    def parse(cls, text: str) -> BucketAddress:
        """Read the address. Raises FileStoreUnknown."""
        bucket, slash, prefix = text.removeprefix("s3://").partition("/")
        if not text.startswith("s3://") or not _BUCKET.fullmatch(bucket):
            raise FileStoreUnknown("it is not s3:// and the name of a bucket", where="files_store")
        if not slash or not prefix:
            return cls(bucket)
        if len(prefix) > _LONGEST_PREFIX or not _PREFIX.fullmatch(prefix):
            raise FileStoreUnknown("its prefix has other signs than letters, digits, - and _", where="files_store")
        return cls(bucket, prefix)


def place_of(key: str) -> str:
    """Where the bytes of a key lie below the place's own folder: `ab/<key>`. Raises FileUnknown for any other text.

    So no path is ever made of what somebody typed. (The last characters: the first of an id are not spread evenly.)
    """
    if not is_key(key):
        raise FileUnknown(where="file")
    return f"{key[24:26]}/{key}"


def is_key(text: str) -> bool:
    """Whether a text is the id of a file, or that of its preview."""
    return _KEY.fullmatch(text) is not None
