"""Data folders made once in a process and copied: each test has its own, and pays for the copy alone.

Every table, key and signature in it was made by the service itself. Only settings that leave nothing in the folder may
differ between the copies; a site with any other setting is made from nothing.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Final, Generic, TypeVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

Found = TypeVar("Found")
OF_REQUESTS_ALONE: Final = frozenset(
    {"rate_issue", "rate_lookup", "rate_sign_in", "rate_verify_api", "rate_verify_page", "second_step"}
)
"""Settings that decide how a request is answered, and are nowhere in a data folder."""


class CompiledTemplates(BytecodeCache):
    """The templates that this process compiled, for every application in it: by name, file and source."""

    def __init__(self) -> None:
        """Begin with none."""
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled of the same source."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


@dataclass(frozen=True)
class Prepared(Generic[Found]):
    """A data folder to copy, and what was found out while it was made."""

    folder: Path
    found: Found

    def copied(self, to: Path) -> Found:
        """Make a folder the same as this one, where there is none or nothing in it. Raises FileExistsError."""
        if to.exists() and any(to.iterdir()):
            raise FileExistsError(to)
        shutil.copytree(self.folder, to, dirs_exist_ok=True)
        return self.found


@cache
def prepared(make: Callable[[Path], Found]) -> Prepared[Found]:
    """What `make` leaves in an empty folder, once closed. The folder is removed when the process ends."""
    kept = Path(tempfile.mkdtemp(prefix="credentials-prepared-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    return Prepared(kept / "data", make(kept / "data"))


def may_be_copied(settings: Mapping[str, object]) -> bool:
    """Whether a folder made under other values of these settings would be the same."""
    return settings.keys() <= OF_REQUESTS_ALONE
