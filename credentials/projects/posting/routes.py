"""A company's projects: the list, the form with its starters, and what puts a project on the board and off it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts.tokens import new_id
from credentials.console.award_form import by_field
from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects.posting import publishing
from credentials.projects.posting.errors import ProjectChanged, ProjectNotReady
from credentials.projects.posting.project_form import ProjectForm, differing, read_form
from credentials.projects.posting.publishing import Posting
from credentials.projects.posting.skills import COMMON_SKILLS
from credentials.projects.posting.starters import STARTERS
from credentials.projects.terms import OWNERS, SHOWING
from credentials.store.projects import Project
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.cursors import moment_and_id, onward
from credentials.web.people import this_member

FORM_BYTES = 131_072
BASE = "/console/<slug>/projects"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("projects", __name__)
    _add_writing(routes, service.desk)
    _add_moving(routes, service.desk)
    return routes


def _add_writing(routes: Blueprint, means: Means) -> None:
    @routes.get(BASE)
    @declares(Caller.member())
    def projects(slug: str) -> str:
        del slug
        here, found = moment_and_id(request.args.get("before", "")), this_member()
        page = publishing.listed(means, found, here)
        return render_template("desk_projects.html", member=found, rows=page.rows, here=here, older=onward(page.last))

    @routes.get(f"{BASE}/new")
    @declares(Caller.member("author"))
    def new_project(slug: str) -> str:
        del slug
        chosen = request.args.get("starter")
        if chosen is None:
            return render_template("desk_starters.html", member=this_member(), starters=STARTERS)
        return _page(means, STARTERS.get(chosen, ("", ProjectForm()))[1])

    @routes.post(f"{BASE}/new")
    @declares(Caller.member("author"), max_body=FORM_BYTES)
    def begin(slug: str) -> Response:
        form = read_form(request.form)
        try:
            made = publishing.start(means, this_member(), form, request.form.get("number", "")[:26])
        except ProjectChanged as error:
            return Response(_page(means, form, error=error), 409)
        return _decide(means, slug, made, form)

    @routes.get(f"{BASE}/<project_id>")
    @declares(Caller.member())
    def project(slug: str, project_id: str) -> str:
        del slug
        found = publishing.find(means, this_member(), project_id)
        return _page(means, found.form, found)

    @routes.post(f"{BASE}/<project_id>")
    @declares(Caller.member("author"), max_body=FORM_BYTES)
    def change(slug: str, project_id: str) -> Response:
        form = read_form(request.form)
        try:
            saved = publishing.save(means, this_member(), project_id, form, _version())
        except (ProjectChanged, ProjectNotReady) as error:
            found = publishing.find(means, this_member(), project_id)
            status = 409 if isinstance(error, ProjectChanged) else 422
            return Response(_page(means, form, found, error), status)
        return _decide(means, slug, saved, form)


def _add_moving(routes: Blueprint, means: Means) -> None:
    @routes.post(f"{BASE}/<project_id>/open")
    @declares(Caller.member("author"))
    def put_up(slug: str, project_id: str) -> Response:
        del slug
        found = publishing.find(means, this_member(), project_id)
        return _put_up(means, found.project, found.form)

    @routes.post(f"{BASE}/<project_id>/close")
    @declares(Caller.member("author"))
    def close(slug: str, project_id: str) -> Response:
        publishing.close(means, this_member(), project_id)
        return _go(f"/console/{slug}/projects")

    @routes.post(f"{BASE}/<project_id>/fill")
    @declares(Caller.member("author"))
    def fill(slug: str, project_id: str) -> Response:
        publishing.fill(means, this_member(), project_id)
        return _go(f"/console/{slug}/projects")


def _decide(means: Means, slug: str, project: Project, form: ProjectForm) -> Response:
    """What the pressed button says: keep it, or put it on the board too."""
    if request.form.get("do") == "open" and project.state != "open":
        return _put_up(means, project, form)
    return _go(f"/console/{slug}/projects/{project.id}")


def _put_up(means: Means, project: Project, form: ProjectForm) -> Response:
    try:
        publishing.put_up(means, this_member(), project.id)
    except ProjectNotReady as error:
        return Response(_page(means, form, Posting(project, form), error), 422)
    return _go(f"/projects/{project.id}")


def _page(means: Means, form: ProjectForm, found: Posting | None = None, error: CredentialError | None = None) -> str:
    problems = publishing.problems_of(means, form) if isinstance(error, ProjectNotReady) else []
    return render_template(
        "desk_project.html",
        member=this_member(),
        form=form,
        found=found,
        error=error,
        problems=problems,
        wrong=by_field(problems),
        version=found.project.version if found else 0,
        number=new_id() if error or found else request.form.get("number", "")[:26] or new_id(),
        kept=differing(found.form, form) if found and isinstance(error, ProjectChanged) else [],
        skills=COMMON_SKILLS,
        owners=OWNERS,
        showing=SHOWING,
    )


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
