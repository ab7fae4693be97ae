"""The Idempotency-Key header: a call that has its effect once, however often it is sent.

A call that is carried out keeps its answer for a day, a refusal too; sent again it gets that answer, with the header
`Idempotency-Replayed: true`. What was not carried out keeps none: who may not ask (401, 403), a body that does not fit,
a failure of the service (5xx).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import msgspec
from flask import Response, request

from credentials.core.errors import CredentialError, Forbidden
from credentials.issuer import repeating
from credentials.issuer.errors import CallUnderWay, IdempotencyConflict
from credentials.issuer.repeating import Answered
from credentials.web import problems
from credentials.web.composition import Service
from credentials.web.errors import IdempotencyKeyMalformed
from credentials.web.guard import key_holder
from credentials.web.operations import Parameter

IDEMPOTENCY = Parameter(
    "Idempotency-Key",
    "Any text of your own, 1 to 200 visible ASCII characters: the call has its effect once, however often it is sent.",
    place="header",
    required=False,
)
REPEATING = (IdempotencyKeyMalformed, IdempotencyConflict, CallUnderWay)
"""What every call that takes an Idempotency-Key may be refused for."""
REPLAYED = "Idempotency-Replayed"
_VISIBLE = re.compile(r"[\x21-\x7e]{1,200}")


def given_key() -> str | None:
    """The Idempotency-Key of this call as it was sent, or None. Raises IdempotencyKeyMalformed."""
    given = request.headers.get("Idempotency-Key")
    if given is not None and not _VISIBLE.fullmatch(given):
        raise IdempotencyKeyMalformed(where="Idempotency-Key")
    return given


def once(service: Service, body: msgspec.Struct | None, act: Callable[[], Response]) -> Response:
    """The answer to a call of a program: what it did, or what it did before under the same key.

    Raises what `act` raises, IdempotencyKeyMalformed, IdempotencyConflict, CallUnderWay.
    """
    return numbered(service, body, lambda _number: act())


def numbered(service: Service, body: msgspec.Struct | None, act: Callable[[str], Response]) -> Response:
    """As `once`; `act` gets a number that stays the same when the call is tried again, empty without a key."""
    key = given_key()
    if key is None:
        return act("")
    issuer_id, asked = key_holder().issuer_id, [request.method.encode(), request.path.upper().encode()]
    digest = repeating.digest_of([*asked, msgspec.json.encode(body)])
    known = repeating.claim(service.engine, issuer_id, key, digest, service.clock())
    if isinstance(known, Answered):
        return _replayed(known)
    try:
        answer = _carried_out(partial(act, known.number))
    except BaseException:
        repeating.forget(service.engine, issuer_id, key)
        raise
    repeating.keep(service.engine, issuer_id, key, _as_kept(answer))
    return answer


def _carried_out(act: Callable[[], Response]) -> Response:
    """The answer, a refusal too. Raises what the service itself is to blame for, and who may not ask at all."""
    try:
        return act()
    except CredentialError as error:
        if isinstance(error, Forbidden) or problems.status_of(type(error)) >= 500:
            raise
        return problems.answer(error)


def _as_kept(answer: Response) -> Answered:
    return Answered(answer.status_code, answer.get_data(), answer.mimetype or "", answer.headers.get("Location"))


def _replayed(known: Answered) -> Response:
    response = Response(known.body, known.status, mimetype=known.media_type, headers={REPLAYED: "true"})
    if known.location is not None:
        response.headers["Location"] = known.location
    return response
