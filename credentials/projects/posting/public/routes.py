"""The board and the page of each project on it, for everybody: no account, no JavaScript, nobody else's server."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from credentials.console.means import Means
from credentials.projects.posting import board
from credentials.projects.posting.board import Asked
from credentials.projects.posting.job_posting import job_posting
from credentials.projects.posting.skills import framework_of
from credentials.projects.terms import OWNERS, SHOWING
from credentials.web.access import Caller, declares
from credentials.web.composition import Service

FRESH = {"Cache-Control": "no-store"}


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("board", __name__)
    means = service.desk

    @routes.get("/projects")
    @declares(Caller.PUBLIC)
    def projects() -> Response:
        asked = _asked()
        page = render_template("board.html", asked=asked, board=board.search(means, asked))
        return Response(page, headers=FRESH)

    @routes.get("/projects/<project_id>")
    @declares(Caller.PUBLIC)
    def project(project_id: str) -> Response:
        return Response(_page(means, project_id), headers=FRESH)

    return routes


def _page(means: Means, project_id: str) -> str:
    found = board.look(means, project_id)
    links = dict(zip(found.terms.skills, found.terms.skill_links, strict=True))
    return render_template(
        "project.html",
        found=found,
        posting=job_posting(found, means.accounts.base_url) if found.open else None,
        links={name: (address, framework_of(address)) for name, address in links.items() if address},
        owner=OWNERS.get(found.terms.owner_of_work, ""),
        showing=SHOWING.get(found.terms.may_be_shown, ""),
    )


def _asked() -> Asked:
    given = request.args
    return Asked(
        given.get("q", "")[:500], given.get("remote") == "yes", given.get("by", "")[:10], given.get("before", "")[:80]
    )
