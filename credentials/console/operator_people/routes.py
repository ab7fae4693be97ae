"""An operator's pages of people: found by an address, with where they are signed in; their sessions ended."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts import ending
from credentials.accounts.dismissing import dismiss
from credentials.accounts.errors import PersonUnknown
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import drop_cookie, this_visitor

BASE = "/operator/people"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service. An address is sent in a form, never in an address of ours."""
    routes = Blueprint("operator_people", __name__, url_prefix=BASE)
    _add_finding(routes, service)
    _add_ending(routes, service)
    return routes


def _add_finding(routes: Blueprint, service: Service) -> None:
    @routes.get("")
    @declares(Caller.OPERATOR_PERSON)
    def ask() -> str:
        return _page()

    @routes.post("")
    @declares(Caller.OPERATOR_PERSON)
    def find() -> Response:
        try:
            return _go(f"{BASE}/{ending.find(service.engine, request.form.get('address', ''))}")
        except PersonUnknown as error:
            return Response(_page(error), 422)

    @routes.get("/<person_id>")
    @declares(Caller.OPERATOR_PERSON)
    def person(person_id: str) -> str:
        found = ending.seen(service.engine, person_id, service.clock())
        return render_template("operator_person.html", seen=found, me=this_visitor())


def _add_ending(routes: Blueprint, service: Service) -> None:
    @routes.post("/<person_id>/end-sessions")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def end_all_of(person_id: str) -> Response:
        ending.end_all_of(service.engine, this_visitor(), person_id, service.clock())
        return _go(f"{BASE}/{person_id}")

    @routes.post("/end-sessions")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def end_everybodys() -> Response:
        ending.end_everybodys(service.engine, this_visitor(), service.clock())
        return drop_cookie(_go("/sign-in"), service.accounts)

    @routes.post("/<person_id>/dismiss")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def dismiss_operator(person_id: str) -> Response:
        dismiss(service.engine, this_visitor().actor, person_id, service.clock())
        return _go(f"{BASE}/{person_id}" if person_id.upper() != this_visitor().person_id else "/account")


def _page(error: CredentialError | None = None) -> str:
    return render_template("operator_people.html", typed=request.form.get("address", ""), error=error)


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
