"""Applicants side by side, each with what they have proven; shortlist, decline, offer; who can be invited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects.applying import choosing
from credentials.projects.applying.errors import InvitedBefore, NobodyToInvite, NoteUnusable, NotTakingApplications
from credentials.projects.applying.letters import DECLINE
from credentials.projects.applying.proving import Prover
from credentials.projects.posting.board import takes_applications
from credentials.store.pages import Place
from credentials.store.projects import Project
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.cursors import cursor, moment_and_id, onward
from credentials.web.people import this_member

FORM_BYTES = 32_768
PROJECT = "/console/<slug>/projects/<project_id>"
ONE = "/console/<slug>/applications/<application_id>"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("applicants", __name__)
    prover = Prover(service.portfolio.signed, service.verify)
    _add_looking(routes, service.desk, prover)
    _add_answering(routes, service.desk, prover)
    _add_pool(routes, service.desk)
    return routes


def _add_looking(routes: Blueprint, means: Means, prover: Prover) -> None:
    @routes.get(f"{PROJECT}/applicants")
    @declares(Caller.member("author", "reviewer", "signer"))
    def applicants(slug: str, project_id: str) -> str:
        del slug
        here = _place(request.args, "after")
        project, page = choosing.compare(means, this_member(), project_id, prover, here)
        return render_template(
            "applicants.html",
            member=this_member(),
            project=project,
            rows=page.rows,
            here=onward(here),
            later=onward(page.last),
            can_offer=_takes(means, project),
        )

    @routes.get(ONE)
    @declares(Caller.member("author", "reviewer", "signer"))
    def application(slug: str, application_id: str) -> str:
        del slug
        return _page(means, prover, application_id)


def _add_answering(routes: Blueprint, means: Means, prover: Prover) -> None:
    @routes.post(f"{ONE}/shortlist")
    @declares(Caller.member("author", "reviewer"))
    def shortlist(slug: str, application_id: str) -> Response:
        done = choosing.shortlist(means, this_member(), application_id)
        same = _same_page("after", _place(request.form, "after"))
        return _go(f"/console/{slug}/projects/{done.project_id}/applicants{same}")

    @routes.post(f"{ONE}/decline")
    @declares(Caller.member("author"), max_body=FORM_BYTES)
    def decline(slug: str, application_id: str) -> Response:
        try:
            done = choosing.decline(means, this_member(), application_id, request.form.get("decline", ""))
        except NoteUnusable as error:
            return Response(_page(means, prover, application_id, error, "decline"), 422)
        return _go(f"/console/{slug}/projects/{done.project_id}/applicants")

    @routes.post(f"{ONE}/offer")
    @declares(Caller.member("author"), max_body=FORM_BYTES)
    def offer(slug: str, application_id: str) -> Response:
        try:
            done = choosing.offer(means, this_member(), application_id, request.form.get("offer", ""))
        except (NoteUnusable, NotTakingApplications) as error:
            status = 422 if isinstance(error, NoteUnusable) else 409
            return Response(_page(means, prover, application_id, error, "offer"), status)
        return _go(f"/console/{slug}/projects/{done.project_id}/applicants")


def _page(
    means: Means, prover: Prover, application_id: str, error: CredentialError | None = None, field: str = ""
) -> str:
    project, row = choosing.find(means, this_member(), application_id, prover)
    typed = {name: request.form.get(name, text) for name, text in (("decline", DECLINE), ("offer", ""))}
    return render_template(
        "applicant.html",
        member=this_member(),
        project=project,
        row=row,
        error=error,
        field=field,
        typed=typed,
        can_offer=_takes(means, project),
    )


def _takes(means: Means, project: Project) -> bool:
    return takes_applications(project, means.accounts.clock())


def _add_pool(routes: Blueprint, means: Means) -> None:
    @routes.get(f"{PROJECT}/pool")
    @declares(Caller.member("author"))
    def pool(slug: str, project_id: str) -> str:
        del slug
        return _pool(means, project_id, _place(request.args, "before"))

    @routes.post(f"{PROJECT}/invite")
    @declares(Caller.member("author"))
    def invite(slug: str, project_id: str) -> Response:
        here = _place(request.form, "before")
        try:
            choosing.invite(means, this_member(), project_id, request.form.get("person", ""))
        except (NobodyToInvite, InvitedBefore) as error:
            return Response(_pool(means, project_id, here, error), 422 if isinstance(error, NobodyToInvite) else 409)
        return _go(f"/console/{slug}/projects/{project_id}/pool{_same_page('before', here)}")


def _place(asked: Mapping[str, str], name: str) -> Place | None:
    """Where a page begins, as a link or a form says under `name`; None for the first."""
    return moment_and_id(asked.get(name, ""))


def _same_page(name: str, here: Place | None) -> str:
    """The query of a link back to the page that begins there."""
    return f"?{name}={quote(cursor(*here))}" if here else ""


def _pool(means: Means, project_id: str, here: Place | None, error: CredentialError | None = None) -> str:
    project, found = choosing.pool(means, this_member(), project_id, here, choosing.PAGE + 1)
    people = found.known[: choosing.PAGE]
    more = len(found.known) > len(people)
    return render_template(
        "pool.html",
        member=this_member(),
        project=project,
        pool=found,
        people=people,
        here=onward(here),
        older=cursor(people[-1].last_at, people[-1].person_id) if more else None,
        error=error,
        can_invite=_takes(means, project),
    )


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
