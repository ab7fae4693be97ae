"""The people of a company: members and their roles, invitations, whether two are wanted for each award."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts import organisations
from credentials.accounts.acting import ROLES
from credentials.accounts.errors import AddressUnusable, RoleUnknown
from credentials.accounts.means import Means
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.people import this_member


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("team", __name__, url_prefix="/console/<slug>/people")
    means = service.accounts
    _add_members(routes, means)
    _add_invitations(routes, means)
    return routes


def _add_members(routes: Blueprint, means: Means) -> None:
    @routes.get("")
    @declares(Caller.member())
    def members(slug: str) -> str:
        del slug
        return _page(means)

    @routes.post("/<person_id>/roles")
    @declares(Caller.member("owner"), recent=True)
    def change_roles(slug: str, person_id: str) -> Response:
        organisations.change_roles(means, this_member(), person_id, request.form.getlist("roles"))
        return _back(slug)

    @routes.post("/<person_id>/remove")
    @declares(Caller.member())
    def remove(slug: str, person_id: str) -> Response:
        found = this_member()
        organisations.remove(means, found, person_id)
        return _back(slug) if person_id != found.visitor.person_id else _go("/account")

    @routes.post("/four-eyes")
    @declares(Caller.member("owner"), recent=True)
    def four_eyes(slug: str) -> Response:
        organisations.set_four_eyes(means, this_member(), request.form.get("wanted") == "yes")
        return _back(slug)


def _add_invitations(routes: Blueprint, means: Means) -> None:
    @routes.post("/invitations")
    @declares(Caller.member("owner"), limit=Limit.SIGN_IN, recent=True)
    def invite(slug: str) -> Response:
        try:
            organisations.invite(means, this_member(), request.form.get("address", ""), request.form.getlist("roles"))
        except (AddressUnusable, RoleUnknown) as error:
            return Response(_page(means, error), 422)
        return _back(slug)

    @routes.post("/invitations/<invitation_id>/withdraw")
    @declares(Caller.member("owner"))
    def withdraw(slug: str, invitation_id: str) -> Response:
        organisations.withdraw_invitation(means, this_member(), invitation_id)
        return _back(slug)


def _page(means: Means, error: CredentialError | None = None) -> str:
    found = this_member()
    return render_template(
        "team.html",
        member=found,
        people=organisations.people(means, found),
        roles=ROLES,
        error=error,
        typed={"address": request.form.get("address", ""), "roles": request.form.getlist("roles")},
    )


def _back(slug: str) -> Response:
    return _go(f"/console/{slug}/people")


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
