"""Registering a company, and the first page that its people see: what waits, what was issued, what comes next."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console import awarding, founding, handing_over
from credentials.console.dashboard import dashboard
from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.issuer.errors import IssuerDetailsUnusable
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.cursors import moment_and_id, onward
from credentials.web.people import this_member, this_visitor

_SHOWN = 5


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("home", __name__)
    means = service.desk

    @routes.get("/companies/new")
    @declares(Caller.SIGNED_IN)
    def new_company() -> str:
        return _new_page()

    @routes.post("/companies/new")
    @declares(Caller.SIGNED_IN, limit=Limit.SIGN_IN)
    def found() -> Response:
        try:
            made = founding.found(means, this_visitor(), request.form.get("name", ""), request.form.get("website", ""))
        except IssuerDetailsUnusable as error:
            return Response(_new_page(error), 422)
        return cast("Response", redirect(f"/console/{made.slug}", 303))

    @routes.get("/console/<slug>")
    @declares(Caller.member())
    def home(slug: str) -> str:
        del slug
        return _home(means)

    return routes


def _new_page(error: CredentialError | None = None) -> str:
    typed = {name: request.form.get(name, "") for name in ("name", "website")}
    return render_template("company_new.html", error=error, typed=typed)


def _home(means: Means) -> str:
    found, here = this_member(), moment_and_id(request.args.get("before", ""))
    waiting = awarding.waiting(means, found, here)
    return render_template(
        "desk_home.html",
        member=found,
        board=dashboard(means, found),
        waiting=waiting.rows,
        here=here,
        older=onward(waiting.last),
        issued=handing_over.issued(means, found)[:_SHOWN],
    )
