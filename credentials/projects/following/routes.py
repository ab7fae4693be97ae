"""What comes next: the company's page of its offers, and the candidate's answers on the page of their work."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects.agreeing.routes import go, number_of
from credentials.projects.applying.errors import NobodyToInvite, NotTakingApplications
from credentials.projects.following import offering
from credentials.projects.following.errors import JobUnusable, NothingCompleted, StepUnknown
from credentials.projects.following.offering import TypedJob
from credentials.projects.sides import COMPANY, OWN
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member, this_visitor

BASE = f"{COMPANY.base}/next"
FORM_BYTES = 32_768


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("following", __name__)
    _add_offering(routes, service.desk)
    _add_answering(routes, service.desk)
    return routes


def _add_offering(routes: Blueprint, means: Means) -> None:
    @routes.get(BASE)
    @declares(Caller.member("author"))
    def next_steps(slug: str, engagement_id: str) -> str:
        return _page(means, slug, engagement_id)

    @routes.post(f"{BASE}/project")
    @declares(Caller.member("author"))
    def next_project(slug: str, engagement_id: str) -> Response:
        made = offering.begin_project(means, this_member(), engagement_id)
        return go(f"/console/{slug}/projects/{made.project_id}")

    @routes.post(f"{BASE}/invite")
    @declares(Caller.member("author"))
    def next_invite(slug: str, engagement_id: str) -> Response:
        try:
            offering.invite(means, this_member(), engagement_id, number_of("number"))
        except (NobodyToInvite, NotTakingApplications, StepUnknown) as error:
            return Response(_page(means, slug, engagement_id, error), 409)
        return go(f"/console/{slug}/work/{engagement_id}/next")

    @routes.post(f"{BASE}/job")
    @declares(Caller.member("author"), max_body=FORM_BYTES)
    def next_job(slug: str, engagement_id: str) -> Response:
        form = request.form
        typed = TypedJob(*(form.get(name, "") for name in ("title", "place", "link", "words")))
        try:
            offering.offer_job(means, this_member(), engagement_id, typed)
        except JobUnusable as error:
            return Response(_page(means, slug, engagement_id, error, typed), 422)
        return go(f"/console/{slug}/work/{engagement_id}/next")


def _page(
    means: Means,
    slug: str,
    engagement_id: str,
    error: CredentialError | None = None,
    typed: TypedJob | None = None,
) -> str:
    try:
        found = offering.offered(means, this_member(), engagement_id)
    except NothingCompleted as early:
        found, error = None, early
    return render_template(
        "next_steps.html",
        member=this_member(),
        home=f"/console/{slug}/work/{engagement_id}",
        offered=found,
        error=error,
        typed=typed or TypedJob(),
    )


def _add_answering(routes: Blueprint, means: Means) -> None:
    @routes.post(f"{OWN.base}/next")
    @declares(Caller.SIGNED_IN)
    def answer_next(work_id: str) -> Response:
        said = request.form.get("answer", "")
        offering.answer(means, this_visitor(), work_id, number_of("number"), said)
        return go(f"/work/{work_id}#next-steps")
