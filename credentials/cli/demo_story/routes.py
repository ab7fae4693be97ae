"""The page with a door to each role of the demo. It signs in whoever presses a button, so it is nowhere but there.

Only `credentials demo` gives an application these routes; `credentials serve` never does, not even over the demo's data
folder. They answer a browser on this machine that no proxy stands before.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request, session
from werkzeug.utils import redirect

from credentials.accounts import sessions
from credentials.accounts.addresses import canonical_address
from credentials.accounts.routes import entered
from credentials.accounts.sessions import Begun
from credentials.cli.demo_story.tour import Role, kept
from credentials.store import people
from credentials.store.engine import write
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.errors import PageMissing
from credentials.web.people import client, cookie_name, drop_cookie
from credentials.web.proxies import came_through_proxy, is_this_machine

HOSTS = ("127.0.0.1", "localhost", "::1")
"""Names of this machine: a page that another name leads to belongs to somebody else."""


def blueprint(service: Service) -> Blueprint:
    """The page over the demo's service."""
    routes = Blueprint("demo", __name__)
    routes.before_request(require_this_machine)
    roles = kept(service.settings.data_dir)

    @routes.app_context_processor
    def demo_of() -> dict[str, object]:
        return {"demo_roles": roles}

    @routes.get("/demo")
    @declares(Caller.PUBLIC)
    def doors() -> str:
        return render_template("demo.html", roles=roles)

    @routes.post("/demo")
    @declares(Caller.PUBLIC)
    def step_in() -> Response:
        role, path = _chosen(roles, request.form.get("stop", ""))
        begun = _begun(service, role)
        if begun is not None:
            session["next"] = path
            return entered(service.accounts, begun)
        accounts = service.accounts
        sessions.end_cookie(accounts.engine, request.cookies.get(cookie_name(accounts), ""), accounts.clock())
        session.clear()
        return drop_cookie(cast("Response", redirect(path, 303)), accounts)

    return routes


def require_this_machine() -> None:
    """Raise PageMissing for a browser elsewhere, one behind a proxy, and one that came by another name."""
    here = is_this_machine(request.remote_addr or "") and not came_through_proxy(request.environ)
    if not here or urlsplit(f"//{request.host}").hostname not in HOSTS:
        raise PageMissing


def _chosen(roles: tuple[Role, ...], stop: str) -> tuple[Role, str]:
    """The role and path of a button, such as `0-2`. Raises PageMissing."""
    for number, role in enumerate(roles):
        for place, one in enumerate(role.stops):
            if stop == f"{number}-{place}":
                return role, one.path
    raise PageMissing


def _begun(service: Service, role: Role) -> Begun | None:
    """A session of the role's person, as a link from a letter begins it; None for a role without an account."""
    if not role.address:
        return None
    with write(service.engine) as connection:
        person = people.by_address(connection, canonical_address(role.address))
        if person is None:
            raise PageMissing
        return sessions.begin(connection, person.id, "link", client(), service.clock())
