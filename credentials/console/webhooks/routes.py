"""A company's webhooks: added and shown once, their deliveries looked at and replayed, removed."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts.audit import note_of
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member
from credentials.webhooks.errors import TooManyWebhooks, WebhookAddressRefused, WebhookKindUnknown
from credentials.webhooks.kinds import KINDS
from credentials.webhooks.service import MadeWebhook, Within


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("console_webhooks", __name__, url_prefix="/console/<slug>/webhooks")
    _add_list(routes, service)
    _add_one(routes, service)
    return routes


def _add_list(routes: Blueprint, service: Service) -> None:
    @routes.get("")
    @declares(Caller.member("owner"))
    def webhooks(slug: str) -> str:
        del slug
        return _page(service)

    @routes.post("")
    @declares(Caller.member("owner"), recent=True)
    def add(slug: str) -> Response:
        del slug
        found = this_member()
        try:
            address, kinds = request.form.get("address", "").strip(), request.form.getlist("kinds")
            made = service.webhooks.add(found.issuer.id, address, kinds, _noted(service, "webhook.added"))
        except (WebhookAddressRefused, WebhookKindUnknown, TooManyWebhooks) as error:
            return Response(_page(service, error), 422)
        return _secret_page(made)


def _add_one(routes: Blueprint, service: Service) -> None:
    @routes.get("/<webhook_id>")
    @declares(Caller.member("owner"))
    def deliveries(slug: str, webhook_id: str) -> str:
        del slug
        found = this_member()
        page = service.webhooks.history(found.issuer.id, webhook_id, request.args.get("cursor"))
        return render_template("desk_webhook.html", member=found, webhook_id=webhook_id, page=page)

    @routes.post("/<webhook_id>/rotate")
    @declares(Caller.member("owner"), recent=True)
    def rotate(slug: str, webhook_id: str) -> Response:
        del slug
        made = service.webhooks.rotate(this_member().issuer.id, webhook_id, _noted(service, "webhook.secret-rotated"))
        return _secret_page(made)

    @routes.post("/<webhook_id>/remove")
    @declares(Caller.member("owner"))
    def remove(slug: str, webhook_id: str) -> Response:
        service.webhooks.remove(this_member().issuer.id, webhook_id, _noted(service, "webhook.removed"))
        return cast("Response", redirect(f"/console/{slug}/webhooks", 303))

    @routes.post("/<webhook_id>/replay/<message_id>")
    @declares(Caller.member("owner"))
    def replay(slug: str, webhook_id: str, message_id: str) -> Response:
        service.webhooks.replay(this_member().issuer.id, message_id, webhook_id)
        return cast("Response", redirect(f"/console/{slug}/webhooks/{webhook_id}", 303))


def _page(service: Service, error: CredentialError | None = None) -> str:
    found = this_member()
    return render_template(
        "desk_webhooks.html",
        member=found,
        webhooks=service.webhooks.listed(found.issuer.id),
        kinds=KINDS.values(),
        error=error,
        typed=request.form,
    )


def _secret_page(made: MadeWebhook) -> Response:
    return Response(render_template("desk_webhook_secret.html", member=this_member(), made=made))


def _noted(service: Service, action: str) -> Within:
    """Writes the line of the audit trail, in the transaction of the change."""
    found, now = this_member(), service.clock()
    return lambda connection, webhook: note_of(connection, found, action, f"webhook:{webhook.id}", now=now)
