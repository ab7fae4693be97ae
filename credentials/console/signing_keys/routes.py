"""A company's signing keys: seen by everybody in it; rotated, retired and reported stolen by an owner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts.audit import note_of
from credentials.console.errors import MomentUnusable
from credentials.core.errors import CredentialError
from credentials.issuer.errors import KeyUnknown
from credentials.issuer.keys import Within
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("signing_keys", __name__, url_prefix="/console/<slug>/keys")

    @routes.get("")
    @declares(Caller.member())
    def keys(slug: str) -> str:
        return _page(service, slug)

    @routes.post("/rotate")
    @declares(Caller.member("owner"), recent=True)
    def rotate(slug: str) -> Response:
        service.issuer.rotate_key(slug, within=_noted(service, "key.rotated"))
        return _done(slug)

    @routes.post("/<name>/retire")
    @declares(Caller.member("owner"), recent=True)
    def retire(slug: str, name: str) -> Response:
        service.issuer.retire_key(slug, name, _noted(service, "key.retired"))
        return _done(slug)

    @routes.get("/<name>/compromised")
    @declares(Caller.member("owner"), recent=True)
    def ask_compromised(slug: str, name: str) -> Response:
        return _compromise_page(service, slug, name, None)

    @routes.post("/<name>/compromised")
    @declares(Caller.member("owner"), recent=True)
    def compromised(slug: str, name: str) -> Response:
        try:
            since = parse_moment(request.form.get("since", ""), service.clock())
        except MomentUnusable as error:
            return _compromise_page(service, slug, name, error)
        told = _noted(service, "key.compromised", since=since.isoformat())
        service.issuer.report_compromise(slug, name, since, told)
        return _done(slug)

    return routes


def parse_moment(text: str, now: datetime) -> datetime:
    """A moment as `datetime-local` inputs send it, in UTC: `2026-03-01T09:30`. Raises MomentUnusable."""
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        raise MomentUnusable(where="since") from None
    if moment > now:
        raise MomentUnusable("it has not come yet", where="since")
    return moment


def _page(service: Service, slug: str) -> str:
    found = this_member()
    keys = service.issuer.keys(slug)
    return render_template("desk_keys.html", member=found, keys=list(reversed(keys)))


def _compromise_page(service: Service, slug: str, name: str, error: CredentialError | None) -> Response:
    key = next((one for one in service.issuer.keys(slug) if one.name == name), None)
    if key is None:
        raise KeyUnknown(where="key")
    page = render_template(
        "desk_compromised.html",
        member=this_member(),
        name=name,
        key=key,
        error=error,
        since=request.form.get("since", ""),
    )
    return Response(page, 422 if error else 200)


def _noted(service: Service, action: str, **detail: str) -> Within:
    """Writes the line of the audit trail, in the transaction of the change."""
    found = this_member()
    return lambda connection, key: note_of(connection, found, action, f"key:{key.name}", now=service.clock(), **detail)


def _done(slug: str) -> Response:
    return cast("Response", redirect(f"/console/{slug}/keys", 303))
