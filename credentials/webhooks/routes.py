"""Webhooks over HTTP, for an issuer's own programs. A key acts for its issuer only; a foreign webhook is unknown."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from flask import Blueprint, Response, request

from credentials.core import strict_json
from credentials.core.instants import format_instant
from credentials.store.webhooks import Listed, State, Webhook
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, json_body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.guard import key_holder
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.webhooks import errors
from credentials.webhooks.kinds import KINDS
from credentials.webhooks.service import Page

WEBHOOK_BYTES = 16_384
SCOPE = Caller.api_key("webhooks")
TAG = "Webhooks"


class WebhookRequest(Body, frozen=True):
    """Where to send what: an https address, and the kinds of events to be told of."""

    address: Annotated[str, msgspec.Meta(max_length=2048)]
    kinds: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=50)]


class WebhookRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A webhook of the calling issuer. `failingSince`: it took nothing since then. `endedReason`: it gets nothing
    any more, for it answered 410 (`gone`) or failed for five days (`failing`).
    """

    id: str
    address: str
    kinds: list[str]
    created_at: str
    failing_since: str | None
    ended_at: str | None
    ended_reason: Literal["gone", "failing"] | None

    def __repr__(self) -> str:
        """Without the address, which may be a secret."""
        return f"WebhookRecord(id={self.id})"


class WebhookList(msgspec.Struct, frozen=True, kw_only=True):
    """The webhooks, oldest first."""

    webhooks: list[WebhookRecord]


class WebhookSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook and its new secret, which is shown once: `whsec_` and base64."""

    webhook: WebhookRecord
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"WebhookSecret(webhook={self.webhook.id})"


class DeliveryRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A message for a webhook. `message` is its id, the header webhook-id; `answered` the last status, `problem` what
    kept it from being answered: a code of the reference of errors.
    """

    message: str
    kind: str
    created_at: str
    state: Literal["waiting", "delivered", "failed", "dropped"]
    attempts: int
    due_at: str | None
    answered: int | None
    problem: str | None
    delivered_at: str | None


class DeliveryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries, the newest message first; `cursor` leads to the next ones, null at the end."""

    deliveries: list[DeliveryRecord]
    cursor: str | None


_ID = Parameter("webhook_id", "The webhook's id.")
_MESSAGE = Parameter("message_id", "The message's id, as in the header webhook-id.")
_CURSOR = Parameter("cursor", "The cursor of the page before.", place="query", required=False)
LIST = Operation(
    id="listWebhooks",
    summary="List the webhooks",
    tag=TAG,
    answers={200: Answer("All but the removed ones.", WebhookList)},
)
ADD = Operation(
    id="addWebhook",
    summary="Add a webhook",
    tag=TAG,
    body=WebhookRequest,
    example={"address": "https://hr.example/hooks", "kinds": ["credential.issued", "credential.revoked"]},
    description=f"Kinds: {', '.join(f'`{name}`' for name in KINDS)}.",
    answers={201: Answer("Added. The secret is shown once.", WebhookSecret)},
    problems=(MembersInvalid, errors.WebhookAddressRefused, errors.WebhookKindUnknown, errors.TooManyWebhooks),
)
REMOVE = Operation(
    id="removeWebhook",
    summary="Remove a webhook",
    tag=TAG,
    parameters=(_ID,),
    answers={204: Answer("Removed; what waited for it is dropped.", media_type="")},
    problems=(errors.WebhookUnknown,),
)
ROTATE = Operation(
    id="rotateWebhookSecret",
    summary="Replace a webhook's secret",
    tag=TAG,
    parameters=(_ID,),
    description="The secret before signs beside the new one for 24 hours.",
    answers={200: Answer("The new secret, shown once.", WebhookSecret)},
    problems=(errors.WebhookUnknown, errors.WebhookEnded),
)
HISTORY = Operation(
    id="listDeliveries",
    summary="List what a webhook was told",
    tag=TAG,
    parameters=(_ID, _CURSOR),
    answers={200: Answer("At most 50, the newest first.", DeliveryPage)},
    problems=(errors.WebhookUnknown, errors.CursorUnusable),
)
REPLAY = Operation(
    id="replayDelivery",
    summary="Send a message to a webhook again",
    tag=TAG,
    parameters=(_ID, _MESSAGE),
    answers={202: Answer("It is sent within moments, under the same id.", media_type="")},
    problems=(errors.WebhookUnknown, errors.WebhookEnded, errors.DeliveryUnknown),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("webhooks", __name__)
    _add_endpoints(routes, service)
    _add_secrets(routes, service)
    _add_deliveries(routes, service)
    return routes


def _add_endpoints(routes: Blueprint, service: Service) -> None:
    @routes.get("/api/v1/webhooks")
    @declares(SCOPE, limit=Limit.ISSUE)
    @documented(LIST)
    def listed() -> Response:
        found = service.webhooks.listed(key_holder().issuer_id)
        return _json(WebhookList(webhooks=[_record(one) for one in found]))

    @routes.post("/api/v1/webhooks")
    @declares(SCOPE, limit=Limit.ISSUE, max_body=WEBHOOK_BYTES)
    @documented(ADD)
    def add() -> Response:
        wanted = json_body(WebhookRequest)
        made = service.webhooks.add(key_holder().issuer_id, wanted.address, wanted.kinds)
        return _secret(WebhookSecret(webhook=_record(made.webhook), secret=made.secret), 201)

    @routes.delete("/api/v1/webhooks/<webhook_id>")
    @declares(SCOPE, limit=Limit.ISSUE)
    @documented(REMOVE)
    def remove(webhook_id: str) -> Response:
        service.webhooks.remove(key_holder().issuer_id, webhook_id)
        return Response(status=204)


def _add_secrets(routes: Blueprint, service: Service) -> None:
    @routes.post("/api/v1/webhooks/<webhook_id>/rotate")
    @declares(SCOPE, limit=Limit.ISSUE)
    @documented(ROTATE)
    def rotate(webhook_id: str) -> Response:
        made = service.webhooks.rotate(key_holder().issuer_id, webhook_id)
        return _secret(WebhookSecret(webhook=_record(made.webhook), secret=made.secret), 200)


def _add_deliveries(routes: Blueprint, service: Service) -> None:
    @routes.get("/api/v1/webhooks/<webhook_id>/deliveries")
    @declares(SCOPE, limit=Limit.ISSUE)
    @documented(HISTORY)
    def history(webhook_id: str) -> Response:
        return _json(_page(service.webhooks.history(key_holder().issuer_id, webhook_id, request.args.get("cursor"))))

    @routes.post("/api/v1/webhooks/<webhook_id>/deliveries/<message_id>/replay")
    @declares(SCOPE, limit=Limit.ISSUE)
    @documented(REPLAY)
    def replay(webhook_id: str, message_id: str) -> Response:
        service.webhooks.replay(key_holder().issuer_id, message_id, webhook_id)
        return Response(status=202)


def _record(webhook: Webhook) -> WebhookRecord:
    return WebhookRecord(
        id=webhook.id,
        address=webhook.address,
        kinds=webhook.kinds.split(),
        created_at=format_instant(webhook.created_at),
        failing_since=None if webhook.failing_since is None else format_instant(webhook.failing_since),
        ended_at=None if webhook.ended_at is None else format_instant(webhook.ended_at),
        ended_reason=None if webhook.ended_reason == "removed" else webhook.ended_reason,
    )


def _page(page: Page) -> DeliveryPage:
    return DeliveryPage(deliveries=[_delivery(one) for one in page.deliveries], cursor=page.cursor)


def _delivery(listed: Listed) -> DeliveryRecord:
    one = listed.delivery
    state: State = one.state
    return DeliveryRecord(
        message=one.message_id,
        kind=listed.kind,
        created_at=format_instant(listed.created_at),
        state=state,
        attempts=one.attempts,
        due_at=format_instant(one.due_at) if state == "waiting" else None,
        answered=one.answered,
        problem=one.problem,
        delivered_at=None if one.delivered_at is None else format_instant(one.delivered_at),
    )


def _secret(value: WebhookSecret, status: int) -> Response:
    response = _json(value, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _json(value: msgspec.Struct, status: int = 200) -> Response:
    return Response(strict_json.dump(value), status, mimetype="application/json")
