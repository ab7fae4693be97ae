"""Handing work in, by the candidate; the signed receipts, for both sides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from credentials.console.award_form import by_field
from credentials.console.means import Means
from credentials.core.errors import BadInput, CredentialError
from credentials.projects.agreeing.errors import WorkMovedOn, WorkOutOfTurn
from credentials.projects.agreeing.form import DELIVERABLES
from credentials.projects.agreeing.routes import around, go, number_of, party_of
from credentials.projects.delivering import receipts
from credentials.projects.delivering.errors import FileGone, SubmissionUnusable
from credentials.projects.delivering.form import LINKS, HandedIn, judge, read_handed_in
from credentials.projects.delivering.sending import Upload, receive, shown
from credentials.projects.delivering.submitting import accepted_of, deliver
from credentials.projects.showing import show
from credentials.projects.sides import COMPANY, OWN, Pages
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_visitor

FORM_BYTES = 131_072
FILES_AT_ONCE = 4
"""How many files of the largest size one form may bring. More of them come with the next one."""


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("delivery", __name__)
    means = service.desk
    _add_form(routes, means, FORM_BYTES + FILES_AT_ONCE * service.settings.max_file_bytes)
    _add_receipts(routes, means, OWN, Caller.SIGNED_IN)
    _add_receipts(routes, means, COMPANY, Caller.member())
    return routes


def _add_form(routes: Blueprint, means: Means, largest: int) -> None:
    @routes.get(f"{OWN.base}/deliver")
    @declares(Caller.SIGNED_IN)
    def form(work_id: str) -> Response:
        if "deliver" not in show(means, party_of(OWN), work_id).allowed:
            return go(f"/work/{work_id}")
        return _page(means, work_id, HandedIn())

    @routes.post(f"{OWN.base}/deliver")
    @declares(Caller.SIGNED_IN, max_body=largest)
    def hand_in(work_id: str) -> Response:
        typed = read_handed_in(request.form, DELIVERABLES)
        seen = {"agreement": number_of("agreement"), "submission": number_of("submission")}
        try:
            received = receive(means, this_visitor(), work_id, typed, _uploads())
            typed = received.handed_in
            if received.error is not None:
                return _page(means, work_id, typed, received.error)
            deliver(means, party_of(OWN), work_id, typed, **seen)
        except (SubmissionUnusable, FileGone, WorkMovedOn, WorkOutOfTurn) as error:
            return _page(means, work_id, typed, error)
        return go(f"/work/{work_id}")


def _uploads() -> dict[int, list[Upload]]:
    """The files of the form, by the place of their deliverable."""
    sent = {place: request.files.getlist(f"upload_{place}") for place in range(DELIVERABLES)}
    return {
        place: [Upload(one.filename, one.stream) for one in several if one.filename] for place, several in sent.items()
    }


def _page(means: Means, work_id: str, typed: HandedIn, error: CredentialError | None = None) -> Response:
    work = show(means, party_of(OWN), work_id)
    accepted = accepted_of(means, work.engagement) if work.agreed else set()
    problems = judge(typed, work.terms, accepted) if isinstance(error, SubmissionUnusable) else []
    page = render_template(
        "work_deliver.html",
        **around(OWN, {"work_id": work_id}),
        work=work,
        typed=typed,
        accepted=accepted,
        files=shown(means, work.engagement.id, typed),
        most=LINKS,
        largest=means.files.limits.file,
        problems=problems,
        wrong=by_field(problems),
        error=None if problems else error,
    )
    status = 200 if error is None else 422 if isinstance(error, BadInput) else 409
    return Response(page, status)


def _add_receipts(routes: Blueprint, means: Means, pages: Pages, look: Caller) -> None:
    @routes.get(f"{pages.base}/receipts/<int:submission_number>.jwt", endpoint=f"{pages.side}_receipt")
    @declares(look)
    def receipt(submission_number: int, **ids: Any) -> Response:
        token = receipts.receipt_of(means, party_of(pages), ids[pages.key], submission_number)
        name = f"receipt-{ids[pages.key].lower()}-{submission_number}.jwt"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(token, mimetype="application/vc+jwt", headers=headers)
