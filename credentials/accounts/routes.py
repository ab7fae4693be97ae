"""The pages of signing in: asking for a link, opening it, the second step, passkeys, proving again, signing out.

Opening a link is a POST: what a mail scanner opens (GET) shows a page with a button and changes nothing.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request, session
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from credentials.accounts import links, passkeys, sessions, signing_in
from credentials.accounts.errors import AddressUnusable, NameUnusable, PasskeyRefused
from credentials.accounts.means import Means
from credentials.accounts.sessions import Begun
from credentials.accounts.signing_in import LinkSent, SecondStep
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.people import HOME, client, cookie_name, drop_cookie, local_path, set_cookie, this_visitor

FORM_BYTES = 32_768


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("accounts", __name__)
    means = service.accounts
    _add_asking(routes, service)
    _add_link(routes, service)
    _add_second_step(routes, means)
    _add_passkey(routes, means)
    _add_again(routes, means)

    @routes.post("/sign-out")
    @declares(Caller.SIGNED_IN, first_step=True)
    def sign_out() -> AnyResponse:
        found = this_visitor()
        sessions.end(means.engine, found.person_id, found.session_id, means.clock())
        session.clear()
        return drop_cookie(_go("/"), means)

    return routes


def _add_asking(routes: Blueprint, service: Service) -> None:
    """Ask for a link. The answer is the same for every address that can be one."""
    means = service.accounts

    @routes.get("/sign-in")
    @declares(Caller.PUBLIC)
    def sign_in() -> str:
        return _sign_in_page(means)

    @routes.post("/sign-in")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def ask_for_link() -> Response:
        address = request.form.get("address", "")
        session["next"] = local_path(request.form.get("next", ""))
        try:
            links.request_sign_in(means, address)
        except AddressUnusable as error:
            return Response(_sign_in_page(means, address, error), 422)
        return Response(render_template("sent.html", address=address.strip(), kept=service.keeps_mail))


def _sign_in_page(means: Means, address: str = "", error: CredentialError | None = None) -> str:
    there = local_path(request.values.get("next", HOME))
    ceremony = passkeys.authentication(means) if passkeys.possible(means) else None
    return render_template("sign_in.html", next=there, address=address, error=error, ceremony=ceremony)


def _add_link(routes: Blueprint, service: Service) -> None:
    """A link from a mail: looked at, then taken."""
    means = service.accounts

    @routes.get("/link/<token>")
    @declares(Caller.PUBLIC)
    def look_at_link(token: str) -> Response:
        seen = links.look(means, token)
        if seen.purpose == "prove-address":
            return cast("Response", redirect(f"/account/addresses/{token}", 303))
        if seen.purpose == "claim":
            return cast("Response", redirect(f"/claim/{token}", 303))
        return Response(render_template("link.html", seen=seen, name="", error=None))

    @routes.post("/link/<token>")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def take_link(token: str) -> Response:
        name = request.form.get("name", "")
        try:
            outcome = signing_in.open_link(means, token, name, client())
        except NameUnusable as error:
            page = render_template("link.html", seen=links.look(means, token), name=name, error=error)
            return Response(page, 422)
        if isinstance(outcome, LinkSent):
            return Response(render_template("sent.html", address=outcome.address, kept=service.keeps_mail, late=True))
        if isinstance(outcome, SecondStep):
            return Response(second_page(means, outcome.ticket, outcome.person_id))
        return entered(means, outcome, "/welcome" if passkeys.possible(means) else "")


def _add_second_step(routes: Blueprint, means: Means) -> None:
    """After a link, for an account that has a passkey: a recovery code. (The passkey itself signs in as ever.)"""

    @routes.post("/sign-in/code")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def use_code() -> Response:
        ticket, code = request.form.get("ticket", ""), request.form.get("code", "")
        return entered(means, signing_in.finish_with_code(means, ticket, code, client()))


def second_page(means: Means, ticket: str, person_id: str) -> str:
    """The page of the second step, with the ticket that it takes."""
    ceremony = passkeys.authentication(means, person_id) if passkeys.has_one(means, person_id) else None
    return render_template("second_step.html", ticket=ticket, ceremony=ceremony)


def _add_passkey(routes: Blueprint, means: Means) -> None:
    """Sign in with a passkey alone."""

    @routes.post("/sign-in/passkey")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN, max_body=FORM_BYTES)
    def use_passkey() -> Response:
        if "next" in request.form:
            session["next"] = local_path(request.form["next"])
        ticket, answer = request.form.get("ticket", ""), request.form.get("answer", "")
        return entered(means, signing_in.sign_in_with_passkey(means, ticket, answer, client()))


def _add_again(routes: Blueprint, means: Means) -> None:
    """Prove again who one is, before a step that is sensitive."""

    @routes.get("/sign-in/again")
    @declares(Caller.SIGNED_IN, first_step=True)
    def again() -> str:
        found = this_visitor()
        there = local_path(request.args.get("next", ""))
        ceremony = passkeys.authentication(means, found.person_id) if passkeys.possible(means) else None
        return render_template("again.html", ceremony=ceremony, next=there)

    @routes.post("/sign-in/again")
    @declares(Caller.SIGNED_IN, limit=Limit.SIGN_IN, max_body=FORM_BYTES, first_step=True)
    def prove_again() -> Response:
        ticket, answer = request.form.get("ticket", ""), request.form.get("answer", "")
        if not answer:
            raise PasskeyRefused(where="passkey")
        cookie = signing_in.prove_again(means, this_visitor(), ticket, answer)
        return set_cookie(_go(local_path(request.form.get("next", ""))), means, cookie)


def entered(means: Means, begun: Begun, first: str = "") -> Response:
    """On to where the person wanted to go, with a new cookie and nothing left of what the browser held before."""
    there = local_path(session.get("next", HOME))
    sessions.end_cookie(means.engine, request.cookies.get(cookie_name(means), ""), means.clock())
    session.clear()
    if first:
        session["next"] = there
    return set_cookie(_go(first or there), means, begun)


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
