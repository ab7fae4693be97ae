"""What the routes for a company's programs share: whom a key acts as, bodies, places in lists, answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from flask import Response, request

from credentials.accounts import programs
from credentials.accounts.acting import Member
from credentials.core import base64url, strict_json
from credentials.core.errors import CredentialError
from credentials.web.bodies import converted, json_object
from credentials.web.composition import Service
from credentials.web.cursors import cursor, moment_and_id
from credentials.web.envelope import DECLARATION
from credentials.web.errors import StateUnknown, TextUnreadable
from credentials.web.guard import key_holder
from credentials.web.operations import Parameter
from credentials.webhooks.errors import CursorUnusable

T = TypeVar("T", bound=msgspec.Struct)
CURSOR = Parameter("cursor", "The cursor of the page before.", place="query", required=False)


def this_program(service: Service) -> Member:
    """The member that the calling key acts as. Raises NobodyAnswers, KeyRefused."""
    scope = request.environ[DECLARATION].caller.scope or ""
    origin = request.remote_addr or ""
    return programs.acting(service.engine, key_holder(), scope, origin=origin, now=service.clock())


def body_of(kind: type[T]) -> T:
    """The body as a struct. Raises what `json_body` raises, and TextUnreadable for a NUL, which no text has."""
    found = json_object()
    if any("\0" in text for text in _texts(found)):
        raise TextUnreadable(where="body")
    return converted(found, kind)


def _texts(value: Any) -> Iterator[str]:
    """Every text in parsed JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def place_asked() -> tuple[datetime, str] | None:
    """Where the list goes on, or None for its beginning. Raises CursorUnusable."""
    given = request.args.get("cursor")
    if given is None:
        return None
    try:
        found = moment_and_id(base64url.decode(given).decode("ascii"))
    except (CredentialError, UnicodeDecodeError):
        found = None
    if found is None:
        raise CursorUnusable(where="cursor")
    return found


def state_asked(states: Collection[str]) -> str | None:
    """The state that a list is asked for, or None for any. Raises StateUnknown."""
    given = request.args.get("state")
    if given is not None and given not in states:
        raise StateUnknown(where="state")
    return given


def cursor_of(last: tuple[datetime, str] | None) -> str | None:
    """The cursor that leads on after a place: safe in an address as it is."""
    return None if last is None else base64url.encode(cursor(*last).encode("ascii"))


def reply(value: msgspec.Struct, status: int = 200) -> Response:
    """An answer of JSON."""
    return Response(strict_json.dump(value), status, mimetype="application/json")
