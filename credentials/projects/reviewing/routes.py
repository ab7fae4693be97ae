"""The review page of a company, made for a phone, and the candidate's page of what became of their work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.anchors import ANCHORS
from credentials.console.award_form import Problem, by_field
from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects.agreeing.errors import WorkMovedOn
from credentials.projects.reviewing import assessing, sheet
from credentials.projects.reviewing.assessment_form import AssessmentForm, problems, read_assessment
from credentials.projects.reviewing.errors import (
    AssessmentUnusable,
    NoteMissing,
    NothingDelivered,
    TextUnusable,
    VerdictMissing,
)
from credentials.projects.reviewing.reviewing import LONGEST_NOTE, Verdict, review
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member, this_visitor

FORM_BYTES = 131_072
COMPANY = "/console/<slug>/work/<engagement_id>"
CANDIDATE = "/work/<work_id>"
_UNDECIDED = (VerdictMissing, NoteMissing, NothingDelivered, TextUnusable)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent, to be shown again beside what is wrong with it."""

    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    form: AssessmentForm | None = None
    error: CredentialError | None = None


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("reviewing", __name__)
    _add_company(routes, service.desk)
    _add_candidate(routes, service.desk)
    return routes


def _add_company(routes: Blueprint, means: Means) -> None:
    @routes.get(f"{COMPANY}/review")
    @declares(Caller.member("reviewer", "signer", "author"))
    def look(slug: str, engagement_id: str) -> str:
        del slug
        return _review_page(means, engagement_id, Typed())

    @routes.post(f"{COMPANY}/review")
    @declares(Caller.member("reviewer", "signer"), max_body=FORM_BYTES)
    def decide(slug: str, engagement_id: str) -> Response:
        found = sheet.for_company(means, this_member(), engagement_id).sheet
        form = read_assessment(request.form, found.found.terms.skills)
        verdicts = _verdicts(len(found.found.terms.deliverables))
        try:
            assessing.assess(means, this_member(), engagement_id, form)
            if request.form.get("do") != "review":
                return _go(f"/console/{slug}/work/{found.engagement.id}/review?saved=1")
            done = review(means, this_member(), engagement_id, _version(), verdicts)
        except (AssessmentUnusable, WorkMovedOn, *_UNDECIDED) as error:
            page = _review_page(means, engagement_id, Typed(verdicts, form, error))
            return Response(page, 409 if isinstance(error, WorkMovedOn) else 422)
        if done.award_id is not None:
            return _go(f"/console/{slug}/awards/{done.award_id}")
        return _go(f"/console/{slug}/work/{done.id}/review")


def _add_candidate(routes: Blueprint, means: Means) -> None:
    @routes.get(f"{CANDIDATE}/outcome")
    @declares(Caller.SIGNED_IN)
    def outcome(work_id: str) -> str:
        return _outcome_page(means, work_id)

    @routes.post(f"{CANDIDATE}/description")
    @declares(Caller.SIGNED_IN, max_body=FORM_BYTES)
    def describe(work_id: str) -> Response:
        text = request.form.get("description", "")
        try:
            assessing.describe(means, this_visitor(), work_id, text)
        except TextUnusable as error:
            return Response(_outcome_page(means, work_id, error, text), 422)
        return _go(f"/work/{work_id.upper()}/outcome?saved=1")


def _review_page(means: Means, engagement_id: str, typed: Typed) -> str:
    found = sheet.for_company(means, this_member(), engagement_id)
    form = typed.form or found.form
    wrong = by_field(problems(form)) if typed.form else {}
    return render_template(
        "review.html",
        member=this_member(),
        sheet=found.sheet,
        form=form,
        verdicts=typed.verdicts,
        error=typed.error,
        wrong={**wrong, **_undecided(typed.error)},
        anchors=ANCHORS,
        saved="saved" in request.args,
        longest_note=LONGEST_NOTE,
    )


def _undecided(error: CredentialError | None) -> Mapping[str, Problem]:
    """A problem with a verdict, by the field of its deliverable."""
    if not isinstance(error, _UNDECIDED):
        return {}
    name = f"verdict_{error.where}"
    return {name: Problem(name, f"{error.title}.", error.advice)}


def _outcome_page(means: Means, work_id: str, error: CredentialError | None = None, typed: str | None = None) -> str:
    found = sheet.for_candidate(means, this_visitor(), work_id)
    return render_template(
        "outcome.html",
        outcome=found,
        sheet=found.sheet,
        error=error,
        typed=found.sheet.description.written if typed is None else typed,
        saved="saved" in request.args,
    )


def _verdicts(count: int) -> Mapping[int, Verdict]:
    """What was decided, by deliverable; those without a decision are left out."""
    found: dict[int, Verdict] = {}
    for number in range(count):
        choice = request.form.get(f"verdict_{number}", "")
        note = request.form.get(f"note_{number}", "").replace("\r\n", "\n")
        if choice in ("accept", "return"):
            found[number] = Verdict(choice == "accept", note[: LONGEST_NOTE + 1])
    return found


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
