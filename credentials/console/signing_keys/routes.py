"""A company's signing keys: seen by everybody in it; rotated, retired and reported stolen by an owner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts.audit import note_after
from credentials.console.errors import MomentUnusable
from credentials.core.errors import CredentialError
from credentials.issuer.errors import KeyUnknown
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
        made = service.issuer.rotate_key(slug)
        return _done(service, slug, "key.rotated", made.name)

    @routes.post("/<name>/retire")
    @declares(Caller.member("owner"), recent=True)
    def retire(slug: str, name: str) -> Response:
        service.issuer.retire_key(slug, name)
        return _done(service, slug, "key.retired", name)

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
        service.issuer.report_compromise(slug, name, since)
        return _done(service, slug, "key.compromised", name, since=since.isoformat())

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


def _done(service: Service, slug: str, action: str, name: str, **detail: str) -> Response:
    note_after(service.engine, this_member(), action, f"key:{name}", now=service.clock(), **detail)
    return cast("Response", redirect(f"/console/{slug}/keys", 303))
