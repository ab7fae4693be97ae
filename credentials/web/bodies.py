"""Read a request's JSON body strictly: one front door for every API call."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec
from flask import request

from credentials.core import strict_json
from credentials.core.errors import TooLarge
from credentials.web.envelope import DECLARATION
from credentials.web.errors import MediaTypeRefused, MembersInvalid

T = TypeVar("T", bound=msgspec.Struct)
JSON = "application/json"
_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of every JSON body that the API takes: camel case, no member that it does not know."""


def json_object() -> dict[str, Any]:
    """The body as one JSON object, under the route's size limit.

    Raises:
        MediaTypeRefused: the Content-Type is not application/json.
        BodyTooLarge: the body is larger than the route's declaration says.
        Unreadable: not UTF-8, not JSON, duplicate members, too deep …
    """
    if request.mimetype != JSON:
        raise MediaTypeRefused(f"expected {JSON}", where="Content-Type")
    limit: int = request.environ[DECLARATION].max_body
    return strict_json.parse_object(request.get_data(cache=False), max_bytes=limit)


def file_body(kinds: Collection[str]) -> bytes:
    """The body as it is, under the route's size limit. Raises MediaTypeRefused, BodyTooLarge."""
    if request.mimetype not in kinds:
        raise MediaTypeRefused(f"expected {' or '.join(kinds)}", where="Content-Type")
    return request.get_data(cache=False)


def require_size(credential: str | bytes | dict[str, Any], most: int) -> None:
    """Raise TooLarge when a credential takes more than `most` bytes: as UTF-8 text, or as compact JSON."""
    if isinstance(credential, str):
        # A character takes at least a byte: text that is too long is not encoded to learn it.
        counted = credential.isascii() or len(credential) > most
        size = len(credential) if counted else len(credential.encode("utf-8", "surrogatepass"))
    else:
        size = len(credential if isinstance(credential, bytes) else strict_json.dump(credential))
    if size > most:
        raise TooLarge(f"{size} bytes are more than the {most} that a credential may take here")


def json_body(kind: type[T]) -> T:
    """The body as a struct. Raises what `json_object` raises, and MembersInvalid pointing at the member."""
    return converted(json_object(), kind)


def converted(value: Mapping[str, Any], kind: type[T]) -> T:
    """Parsed JSON as a struct. Raises MembersInvalid pointing at the member."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        found = _AT.search(text)
        detail = text[: found.start()] if found else text
        raise MembersInvalid(detail, where=pointer(found["path"] if found else "")) from None


def pointer(path: str) -> str:
    """msgspec's `.a[0].b` as a JSON pointer (RFC 6901) `/a/0/b`."""
    steps = ("".join(found) for found in _STEP.findall(path))
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
