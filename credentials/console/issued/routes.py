"""What a company issued: how far each has come; sent again, put on hold, lifted, withdrawn; what holders said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console import correcting, disputed, handing_over, proposing
from credentials.console.changing_status import REASONS, WORDS
from credentials.console.changing_status import change as change_status
from credentials.console.errors import ReasonUnlisted
from credentials.core.errors import CredentialError
from credentials.store.handovers import Sought
from credentials.store.status import EventKind
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.cursors import cursor, moment_and_id, onward
from credentials.web.errors import PageMissing
from credentials.web.people import this_member

BASE = "/console/<slug>/issued"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("issued", __name__)

    @routes.get(BASE)
    @declares(Caller.member())
    def issued(slug: str) -> str:
        return _list(service, slug, handing_over.sought(request.args.get("state", ""), ""), request.args)

    # By POST, for people's names have no place in an address.
    @routes.post(BASE)
    @declares(Caller.member())
    def seek(slug: str) -> str:
        form = request.form
        return _list(service, slug, handing_over.sought(form.get("state", ""), form.get("text", "")), form)

    @routes.post(f"{BASE}/<number>/send")
    @declares(Caller.member("author", "signer"))
    def send_again(slug: str, number: str) -> Response:
        handing_over.send_again(service.desk, this_member(), number)
        return cast("Response", redirect(f"/console/{slug}/issued", 303))

    _add_correcting(routes, service)
    _add_said(routes, service)

    @routes.get(f"{BASE}/<number>/<kind>")
    @declares(Caller.member("signer"))
    def ask(slug: str, number: str, kind: str) -> Response:
        del slug
        handing_over.require_issued(service.desk, this_member(), number)
        return _page(number, _kind(kind))

    @routes.post(f"{BASE}/<number>/<kind>")
    @declares(Caller.member("signer"))
    def change(slug: str, number: str, kind: str) -> Response:
        handing_over.require_issued(service.desk, this_member(), number)
        try:
            form = request.form
            change_status(
                service.desk, this_member(), number, _kind(kind), form.get("reason", ""), form.get("note", "")
            )
        except ReasonUnlisted as error:
            return _page(number, _kind(kind), error)
        return cast("Response", redirect(f"/console/{slug}/issued", 303))

    return routes


def _add_said(routes: Blueprint, service: Service) -> None:
    @routes.get(f"{BASE}/said")
    @declares(Caller.member())
    def said(slug: str) -> str:
        del slug
        found = disputed.page_of_said(service.desk, this_member(), moment_and_id(request.args.get("before", "")))
        older = onward(found.last)
        return render_template("said.html", member=this_member(), rows=found.rows, older=older)


def _add_correcting(routes: Blueprint, service: Service) -> None:
    @routes.get(f"{BASE}/<number>/correct")
    @declares(Caller.member("author"))
    def ask_correction(slug: str, number: str) -> Response:
        del slug
        handing_over.require_issued(service.desk, this_member(), number)
        return _correction_page(service, number)

    @routes.post(f"{BASE}/<number>/answer")
    @declares(Caller.member("author"))
    def answer(slug: str, number: str) -> Response:
        proposing.answer(service.desk, this_member(), number, request.form.get("note", ""))
        return cast("Response", redirect(f"/console/{slug}/issued", 303))

    @routes.post(f"{BASE}/<number>/correct")
    @declares(Caller.member("author"))
    def correct(slug: str, number: str) -> Response:
        try:
            wanted = proposing.proposed(service.desk, number) if request.form.get("proposed") else {}
            award = correcting.begin(service.desk, this_member(), number, request.form.get("reason", ""), wanted)
        except ReasonUnlisted as error:
            return _correction_page(service, number, error)
        return cast("Response", redirect(f"/console/{slug}/awards/{award.id}", 303))


def _correction_page(service: Service, number: str, error: CredentialError | None = None) -> Response:
    signed, proposal = proposing.signed_form(service.desk, number), proposing.proposed(service.desk, number)
    page = render_template(
        "correct.html",
        member=this_member(),
        number=number.upper(),
        reasons=correcting.REASONS,
        error=error,
        typed=request.form,
        differences=proposing.differences(signed, proposal),
    )
    return Response(page, 422 if error else 200)


def _list(service: Service, slug: str, wanted: Sought, asked: Mapping[str, str]) -> str:
    found = this_member()
    rows = handing_over.issued(service.desk, found, moment_and_id(asked.get("before", "")), wanted)
    more = len(rows) == handing_over.PAGE
    return render_template(
        "issued.html",
        member=found,
        rows=rows,
        older=cursor(rows[-1].created_at, rows[-1].id) if more else None,
        new=request.args.get("new", ""),
        states=handing_over.STATES,
        sought=wanted,
        now=service.clock(),
        base=f"/console/{slug}",
    )


def _page(number: str, kind: EventKind, error: CredentialError | None = None) -> Response:
    page = render_template(
        "status_change.html",
        member=this_member(),
        number=number.upper(),
        kind=kind,
        words=WORDS[kind],
        reasons=REASONS[kind],
        error=error,
        typed=request.form,
    )
    return Response(page, 422 if error else 200)


def _kind(text: str) -> EventKind:
    found = next((kind for kind in REASONS if kind == text), None)
    if found is None:
        raise PageMissing
    return found
