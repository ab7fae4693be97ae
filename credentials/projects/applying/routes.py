"""A candidate's side of applications: apply, see how it stands, take it back, take an offer."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects.applying import sending
from credentials.projects.applying.errors import NoteUnusable, PortfolioNotYours, TermsChanged
from credentials.projects.applying.wording import standing
from credentials.projects.posting import board
from credentials.projects.terms import OWNERS, SHOWING
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.cursors import moment_and_id, onward
from credentials.web.people import this_visitor

FORM_BYTES = 32_768
OWN = "/work/applications/<own_application_id>"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("applications", __name__)
    _add_applying(routes, service.desk)
    _add_own(routes, service.desk)
    return routes


def _add_applying(routes: Blueprint, means: Means) -> None:
    @routes.get("/work/apply/<posting_id>")
    @declares(Caller.SIGNED_IN)
    def write_application(posting_id: str) -> str:
        return _form(means, posting_id)

    @routes.post("/work/apply/<posting_id>")
    @declares(Caller.SIGNED_IN, max_body=FORM_BYTES)
    def apply(posting_id: str) -> Response:
        form = request.form
        try:
            note, portfolio = form.get("note", ""), form.get("portfolio", "")
            made = sending.apply(means, this_visitor(), posting_id, note, portfolio)
        except (NoteUnusable, PortfolioNotYours) as error:
            return Response(_form(means, posting_id, error), 422)
        return _go(f"/work/applications/{made.id}?new=yes")


def _form(means: Means, posting_id: str, error: CredentialError | None = None) -> str:
    return render_template(
        "apply.html",
        found=board.look(means, posting_id),
        before=sending.sent_before(means, this_visitor(), posting_id),
        portfolios=sending.portfolios(means, this_visitor()),
        typed=request.form,
        error=error,
        me=this_visitor(),
    )


def _work(means: Means) -> str:
    """Both lists; the one that was gone on with begins at its place, the other at its first."""
    works_here, sent_here = (moment_and_id(request.args.get(name, "")) for name in ("works", "sent"))
    works = sending.works(means, this_visitor(), works_here)
    sent = sending.sent(means, this_visitor(), sent_here)
    return render_template(
        "work.html",
        works=works.rows,
        works_here=works_here,
        works_older=onward(works.last),
        sent=sent.rows,
        sent_here=sent_here,
        sent_older=onward(sent.last),
        standing=standing,
    )


def _add_own(routes: Blueprint, means: Means) -> None:
    @routes.get("/work")
    @declares(Caller.SIGNED_IN)
    def work() -> str:
        return _work(means)

    @routes.get(OWN)
    @declares(Caller.SIGNED_IN)
    def own_application(own_application_id: str) -> str:
        return _own(means, own_application_id)

    @routes.post(f"{OWN}/withdraw")
    @declares(Caller.SIGNED_IN)
    def withdraw(own_application_id: str) -> Response:
        sending.withdraw(means, this_visitor(), own_application_id)
        return _go(f"/work/applications/{own_application_id}")

    @routes.post(f"{OWN}/take")
    @declares(Caller.SIGNED_IN)
    def take(own_application_id: str) -> Response:
        text = request.form.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        try:
            made = sending.take(means, this_visitor(), own_application_id, version)
        except TermsChanged as error:
            return Response(_own(means, own_application_id, error), 409)
        return _go(f"/work/{made.id}")


def _own(means: Means, own_application_id: str, error: CredentialError | None = None) -> str:
    own = sending.find(means, this_visitor(), own_application_id)
    return render_template(
        "own_application.html",
        own=own,
        found=own.project,
        standing=standing(own.application.state, own.project.state),
        owner=OWNERS.get(own.project.terms.owner_of_work, ""),
        showing=SHOWING.get(own.project.terms.may_be_shown, ""),
        error=error,
        new=request.args.get("new") == "yes",
    )


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
