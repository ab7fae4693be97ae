"""What this service has published, by path: the answers that our own verifier gets without a network.

Key documents and status lists are kept for a second, and dropped sooner when the record of published events grows: so
a verification costs no query, and a withdrawal by any process of this machine shows in the very next one. Whether it
grew is asked once a verification: each question to the kernel lets go of the interpreter, and costs more than the rest.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from credentials.core.errors import BadIdentifier, NotFound, Unavailable

_log = structlog.get_logger(__name__)
SECONDS = 1.0
MOST_ENTRIES = 4096
_METADATA = re.compile(r"/\.well-known/jwt-vc-issuer/issuers/([a-z0-9-]{1,63})")
_DID = re.compile(r"/issuers/([a-z0-9-]{1,63})/did\.json")
_LIST = re.compile(r"/status/([0-9A-Za-z-]{1,64})")
_TOKEN_LIST = re.compile(r"/status/([0-9A-Za-z-]{1,64})/token(?:/([0-9A-Za-z-]{1,64}))?")
_STORY = re.compile(r"/c/([0-9A-Za-z]{26})/status")
_STAMPS = re.compile(r"/c/([0-9A-Za-z]{26})/stamps")
_TOKEN = re.compile(r"/c/([0-9A-Za-z]{26})(?:\.jwt)?")
_SECOND_TOKEN = re.compile(r"/c/([0-9A-Za-z]{26})\.pq\.jwt")
_HIDEABLE = re.compile(r"/c/[0-9A-Za-z]{26}(?:(?:\.pq)?\.jwt|/stamps)?")
"""What a holder may make private at any moment: asked for each time."""


class Publisher(Protocol):
    """What of the issuing service is published."""

    def did_document(self, slug: str) -> bytes:
        """An issuer's did.json."""
        ...

    def status_list(self, list_id: str) -> bytes:
        """A signed status list."""
        ...

    def token_status_list(self, revocation: str, suspension: str | None = None) -> bytes:
        """What one or two lists say as a signed Token Status List."""
        ...

    def issuer_metadata(self, slug: str) -> bytes:
        """An issuer's JWT VC Issuer Metadata."""
        ...

    def status_story(self, credential_id: str) -> bytes:
        """The signed story of a credential's status."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    until: float
    mark: tuple[int, int]


class Published:
    """From a path to the bytes published there, or None. Safe to share between threads."""

    def __init__(
        self,
        publisher: Publisher,
        token_of: Callable[[str, bool], bytes],
        stamps_of: Callable[[str], bytes],
        journal: Path,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`token_of` gives the signed bytes of a shown credential, or, if the flag is set, its post-quantum token.

        `stamps_of` gives its timestamps. `journal` grows with every published event.
        """
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., bytes]], ...] = (
            (_LIST, publisher.status_list),
            (_TOKEN_LIST, publisher.token_status_list),
            (_METADATA, publisher.issuer_metadata),
            (_DID, publisher.did_document),
            (_STORY, publisher.status_story),
            (_STAMPS, stamps_of),
            (_TOKEN, lambda number: token_of(number, False)),
            (_SECOND_TOKEN, lambda number: token_of(number, True)),
        )
        self._journal = journal
        self._monotonic = monotonic
        self._kept: dict[str, _Kept] = {}

    def __call__(self, path: str) -> bytes | None:
        """The bytes at a path. Raises what publishing raises when it fails; None is only "nothing there"."""
        return self._found(self._mark(), path)

    def as_of_now(self) -> Callable[[str], bytes | None]:
        """The same for one verification: whether anything was published since is asked once, here."""
        return partial(self._found, self._mark())

    def _found(self, mark: tuple[int, int], path: str) -> bytes | None:
        now = self._monotonic()
        kept = self._kept.get(path)
        if kept is not None and now < kept.until and kept.mark == mark:
            return kept.body
        body = self._publish(path)
        if body is not None and not _HIDEABLE.fullmatch(path):
            if len(self._kept) >= MOST_ENTRIES:
                self._kept.clear()
            self._kept[path] = _Kept(body, now + SECONDS, mark)
        return body

    def _publish(self, path: str) -> bytes | None:
        for pattern, publish in self._routes:
            found = pattern.fullmatch(path)
            if found:
                try:
                    return publish(*found.groups())
                except (NotFound, BadIdentifier):
                    return None
                except Unavailable as error:
                    # A report repeats what a resolver says, and whoever asks may read it: no folders, no hosts.
                    _log.warning("not-published", code=error.code, detail=str(error))
                    raise type(error) from error
        return None

    def _mark(self) -> tuple[int, int]:
        """What changes whenever an event is published."""
        try:
            found = os.stat(self._journal)  # noqa: PTH116 - asked for each verification: no Path object for it
        except OSError:
            return (0, 0)
        return (found.st_size, found.st_mtime_ns)
