"""API keys of a company's own programs: made and shown once, listed with their last use, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts import organisations
from credentials.accounts.api_keys import ANSWERED_FOR, SCOPES, Within, is_active, list_keys, make_key
from credentials.accounts.audit import note_of
from credentials.accounts.errors import ScopeUnknown
from credentials.console.errors import LifetimeUnusable
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

LONGEST_LIFE = 3650
_LONGEST_LABEL = 60


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("programs", __name__, url_prefix="/console/<slug>/api-keys")

    @routes.get("")
    @declares(Caller.member("owner"))
    def api_keys(slug: str) -> str:
        return _page(service, slug)

    @routes.post("")
    @declares(Caller.member("owner"), recent=True)
    def create(slug: str) -> Response:
        form, now = request.form, service.clock()
        try:
            ends = _end(form.get("days", ""), now)
            label = " ".join(form.get("label", "").split())[:_LONGEST_LABEL] or "API key"
            scopes, person_id = form.getlist("scopes"), this_member().visitor.person_id
            made = make_key(
                service.engine,
                slug,
                scopes,
                label=label,
                now=now,
                expires_at=ends,
                person_id=person_id,
                within=_noted(service, "api-key.made", scopes=" ".join(sorted(scopes))),
            )
        except (LifetimeUnusable, ScopeUnknown) as error:
            return Response(_page(service, slug, error), 422)
        return Response(render_template("desk_api_key.html", member=this_member(), made=made))

    @routes.post("/<key_id>/revoke")
    @declares(Caller.member("owner"))
    def revoke(slug: str, key_id: str) -> Response:
        service.revoke_api_key(slug, key_id, _noted(service, "api-key.revoked"))
        return cast("Response", redirect(f"/console/{slug}/api-keys", 303))

    return routes


def _noted(service: Service, action: str, **detail: str) -> Within:
    """Writes the line of the audit trail, in the transaction of the change."""
    found, now = this_member(), service.clock()
    return lambda connection, key_id: note_of(connection, found, action, f"api-key:{key_id}", now=now, **detail)


def _page(service: Service, slug: str, error: CredentialError | None = None) -> str:
    now = service.clock()
    keys = [(key, is_active(key, now)) for key in reversed(list_keys(service.engine, slug))]
    people = organisations.people(service.accounts, this_member()).members
    return render_template(
        "desk_api_keys.html",
        member=this_member(),
        keys=keys,
        scopes=SCOPES,
        answered_for=ANSWERED_FOR,
        names={one.person_id: one.name for one in people},
        error=error,
        typed=request.form,
    )


def _end(text: str, now: datetime) -> datetime | None:
    """When a key ends, from a number of days; without one, never."""
    days = text.strip()
    if not days:
        return None
    if not (days.isascii() and days.isdigit()) or not 1 <= int(days[:6]) <= LONGEST_LIFE:
        raise LifetimeUnusable(where="days")
    return now + timedelta(days=int(days))
