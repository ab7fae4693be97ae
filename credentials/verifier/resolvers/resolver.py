"""What the checks may ask of the world, and what they get back."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol, TypeAlias

import msgspec

from credentials.verifier.errors import AnswerTooLarge

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


class Fetched(msgspec.Struct, frozen=True, gc=False):
    """What stood at an address: bytes, media type in lower case without parameters, and when it was read."""

    body: bytes
    media_type: str
    fetched_at: datetime


class Resolver(Protocol):
    """Gets the bytes that a web address stands for."""

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """Return what stands at `url`, at most `max_bytes` long; `accept` is as in HTTP (RFC 9110 §12.5.1).

        A copy that was read before `not_before` will not do: whoever remembers copies asks again.

        Raises a `ResolutionFailed` whose `where` is the URL. A failure never means "there is no such key" or "not
        revoked": the caller decides.
        """
        ...


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


@lru_cache(maxsize=64)
def first_type(accept: str) -> str:
    """The media type that an Accept header names first: what a source that knows no types says it has."""
    return accept.partition(",")[0].partition(";")[0].strip().lower()


def within(body: bytes, max_bytes: int, url: str) -> bytes:
    """Return `body` if it is short enough. Raises `AnswerTooLarge`."""
    if len(body) > max_bytes:
        raise AnswerTooLarge(f"more than {max_bytes} bytes", where=url)
    return body
