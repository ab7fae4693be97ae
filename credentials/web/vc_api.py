"""What every VC-API call shares at its edge: bodies with options, and 400 for whatever cannot be taken.

Version followed: VCALM 1.0, W3C Working Draft of 16 April 2026. It knows 200 and 201, 400, 404, 413 and 429.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from flask import Response

from credentials.core.errors import BadInput, Conflict, CredentialError, NotAccepted, TooLarge, Unreadable
from credentials.verifier.vc_api.problem_types import UNKNOWN_OPTION, OptionUnknown, type_of_error
from credentials.web import problems
from credentials.web.bodies import json_object
from credentials.web.errors import BodyTooLarge, MembersInvalid

P = ParamSpec("P")
_OF_THE_CALL = (BadInput, Conflict)


def body_and_options(members: frozenset[str], options: frozenset[str]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The members of the body but `options`, and those. Raises MembersInvalid, OptionUnknown, and as `json_object`."""
    body = json_object()
    given = body.pop("options", None) or {}
    if not isinstance(given, dict):
        raise MembersInvalid("not an object", where="/options")
    for name in sorted(given.keys() - options):
        raise OptionUnknown(f"{name[:80]!r} is not understood", where=f"/options/{name[:80]}")
    for name in sorted(body.keys() - members):
        raise MembersInvalid(f"{name[:80]!r} is not a member of this call", where=f"/{name[:80]}")
    return body, given


def refusing_with_400(view: Callable[P, Response]) -> Callable[P, Response]:
    """Answer 400 for what is malformed or not accepted; sizes, keys, limits and missing things keep their status."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except (TooLarge, BodyTooLarge):
            raise
        except (Unreadable, NotAccepted, BadInput, Conflict) as error:
            return problems.invalid_input(error, _type_of(error))

    return answered


def _type_of(error: CredentialError) -> str:
    """A standard's type, where one names the problem; else our own page of it."""
    if isinstance(error, OptionUnknown):
        return UNKNOWN_OPTION
    return "" if isinstance(error, _OF_THE_CALL) else type_of_error(error)
