"""Handing work in, by the candidate; the signed receipts, for both sides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from credentials.console.award_form import by_field
from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects.agreeing.errors import WorkMovedOn, WorkOutOfTurn
from credentials.projects.agreeing.form import DELIVERABLES
from credentials.projects.agreeing.routes import around, go, number_of, party_of
from credentials.projects.delivering import receipts
from credentials.projects.delivering.errors import SubmissionUnusable
from credentials.projects.delivering.form import LINKS, HandedIn, judge, read_handed_in
from credentials.projects.delivering.submitting import accepted_of, deliver
from credentials.projects.showing import show
from credentials.projects.sides import COMPANY, OWN, Pages
from credentials.web.access import Caller, declares
from credentials.web.composition import Service

FORM_BYTES = 131_072


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("delivery", __name__)
    means = service.desk
    _add_form(routes, means)
    _add_receipts(routes, means, OWN, Caller.SIGNED_IN)
    _add_receipts(routes, means, COMPANY, Caller.member())
    return routes


def _add_form(routes: Blueprint, means: Means) -> None:
    @routes.get(f"{OWN.base}/deliver")
    @declares(Caller.SIGNED_IN)
    def form(work_id: str) -> Response:
        if "deliver" not in show(means, party_of(OWN), work_id).allowed:
            return go(f"/work/{work_id}")
        return _page(means, work_id, HandedIn())

    @routes.post(f"{OWN.base}/deliver")
    @declares(Caller.SIGNED_IN, max_body=FORM_BYTES)
    def hand_in(work_id: str) -> Response:
        typed = read_handed_in(request.form, DELIVERABLES)
        seen = {"agreement": number_of("agreement"), "submission": number_of("submission")}
        try:
            deliver(means, party_of(OWN), work_id, typed, **seen)
        except (SubmissionUnusable, WorkMovedOn, WorkOutOfTurn) as error:
            return _page(means, work_id, typed, error)
        return go(f"/work/{work_id}")


def _page(means: Means, work_id: str, typed: HandedIn, error: CredentialError | None = None) -> Response:
    work = show(means, party_of(OWN), work_id)
    accepted = accepted_of(means, work.engagement.id, work.in_force)
    problems = judge(typed, work.terms, accepted) if isinstance(error, SubmissionUnusable) else []
    page = render_template(
        "work_deliver.html",
        **around(OWN, {"work_id": work_id}),
        work=work,
        typed=typed,
        accepted=accepted,
        most=LINKS,
        problems=problems,
        wrong=by_field(problems),
        error=None if problems else error,
    )
    status = 200 if error is None else 422 if isinstance(error, SubmissionUnusable) else 409
    return Response(page, status)


def _add_receipts(routes: Blueprint, means: Means, pages: Pages, look: Caller) -> None:
    @routes.get(f"{pages.base}/receipts/<int:submission_number>.jwt", endpoint=f"{pages.side}_receipt")
    @declares(look)
    def receipt(submission_number: int, **ids: Any) -> Response:
        token = receipts.receipt_of(means, party_of(pages), ids[pages.key], submission_number)
        name = f"receipt-{ids[pages.key].lower()}-{submission_number}.jwt"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(token, mimetype="application/vc+jwt", headers=headers)
