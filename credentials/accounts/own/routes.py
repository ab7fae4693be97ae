"""A person's own account: name, addresses, passkeys, recovery codes, sessions, the companies they belong to."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request, session
from werkzeug.utils import redirect

from credentials.accounts import closing, links, own_account, passkeys, sessions, signing_in
from credentials.accounts.errors import AddressUnusable, AnswerWanted, NameUnusable
from credentials.accounts.means import Means
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.people import HOME, drop_cookie, local_path, set_cookie, this_visitor

FORM_BYTES = 32_768


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("own", __name__)
    means = service.accounts
    _add_overview(routes, means)
    _add_passkeys(routes, means)
    _add_addresses(routes, means)
    _add_sessions(routes, means)
    _add_closing(routes, service)
    return routes


def _add_overview(routes: Blueprint, means: Means) -> None:
    @routes.get("/account")
    @declares(Caller.SIGNED_IN)
    def account() -> str:
        return _page(means)

    @routes.post("/account/name")
    @declares(Caller.SIGNED_IN)
    def rename() -> Response:
        try:
            own_account.rename(means, this_visitor(), request.form.get("name", ""))
        except NameUnusable as error:
            return Response(_page(means, error), 422)
        return _go("/account")


def _page(means: Means, error: CredentialError | None = None) -> str:
    found = this_visitor()
    account = own_account.account(means, found)
    typed = {name: request.form.get(name, "") for name in ("name", "address")}
    return render_template(
        "account.html", account=account, me=found, error=error, typed=typed, passkeys=passkeys.possible(means)
    )


def _add_passkeys(routes: Blueprint, means: Means) -> None:
    """Register, remove, recovery codes. The first page after signing in without a passkey offers one."""

    @routes.get("/welcome")
    @declares(Caller.SIGNED_IN, first_step=True)
    def welcome() -> Response:
        # Somebody who was led here wanted a page that takes a second step: there is no way around it.
        wanted = "next" in request.args
        there = local_path(request.args.get("next", "") if wanted else session.get("next", HOME))
        if this_visitor().guarded or not passkeys.possible(means):
            return _go(there)
        return Response(_passkey_page(means, "welcome.html", there, wanted=wanted))

    @routes.get("/account/passkeys")
    @declares(Caller.SIGNED_IN, recent=True, first_step=True)
    def new_passkey() -> str:
        return _passkey_page(means, "new_passkey.html", "/account")

    @routes.post("/account/passkeys")
    @declares(Caller.SIGNED_IN, max_body=FORM_BYTES, recent=True, first_step=True)
    def add_passkey() -> Response:
        form, there = request.form, local_path(request.form.get("next", ""))
        codes = own_account.add_passkey(
            means, this_visitor(), form.get("ticket", ""), form.get("answer", ""), form.get("label", "")
        )
        return _strengthened(means, "passkey", _codes_page(codes, there) if codes else _go(there))

    @routes.post("/account/passkeys/<passkey_id>/remove")
    @declares(Caller.SIGNED_IN, recent=True)
    def remove_passkey(passkey_id: str) -> Response:
        own_account.remove_passkey(means, this_visitor(), passkey_id)
        return _go("/account#passkeys")

    @routes.post("/account/codes")
    @declares(Caller.SIGNED_IN, recent=True, first_step=True)
    def new_codes() -> Response:
        codes = own_account.new_codes(means, this_visitor())
        return _strengthened(means, "recovery", _codes_page(codes, local_path(request.form.get("next", ""))))


def _passkey_page(means: Means, template: str, there: str, *, wanted: bool = False) -> str:
    ceremony = passkeys.registration(means, this_visitor().person_id)
    return render_template(template, ceremony=ceremony, next=there, wanted=wanted)


def _codes_page(codes: list[str], there: str) -> Response:
    return Response(render_template("codes.html", codes=codes, next=there))


def _strengthened(means: Means, method: str, response: Response) -> Response:
    """The answer with a new cookie, if what was just made is the first second step of this session."""
    found = this_visitor()
    return response if found.strong else set_cookie(response, means, signing_in.strengthen(means, found, method))


def _add_addresses(routes: Blueprint, means: Means) -> None:
    @routes.post("/account/addresses")
    @declares(Caller.SIGNED_IN, limit=Limit.SIGN_IN, recent=True)
    def request_address() -> Response:
        address = request.form.get("address", "")
        try:
            own_account.request_address(means, this_visitor(), address)
        except AddressUnusable as error:
            return Response(_page(means, error), 422)
        return Response(render_template("sent.html", address=address.strip(), kept=False))

    @routes.get("/account/addresses/<token>")
    @declares(Caller.SIGNED_IN)
    def look_at_address(token: str) -> str:
        return render_template("add_address.html", seen=links.look(means, token), token=token)

    @routes.post("/account/addresses/<token>")
    @declares(Caller.SIGNED_IN)
    def add_address(token: str) -> Response:
        own_account.add_address(means, this_visitor(), token)
        return _go("/account#addresses")

    @routes.post("/account/addresses/remove")
    @declares(Caller.SIGNED_IN, recent=True)
    def remove_address() -> Response:
        own_account.remove_address(means, this_visitor(), request.form.get("address", ""))
        return _go("/account#addresses")

    @routes.post("/account/addresses/first")
    @declares(Caller.SIGNED_IN, recent=True)
    def first_address() -> Response:
        own_account.make_first(means, this_visitor(), request.form.get("address", ""))
        return _go("/account#addresses")


def _add_sessions(routes: Blueprint, means: Means) -> None:
    @routes.post("/account/sessions/<session_id>/end")
    @declares(Caller.SIGNED_IN, recent=True)
    def end_session(session_id: str) -> Response:
        sessions.end(means.engine, this_visitor().person_id, session_id, means.clock())
        return _go("/account#sessions")

    @routes.post("/account/sessions/end-others")
    @declares(Caller.SIGNED_IN, recent=True)
    def end_others() -> Response:
        found = this_visitor()
        sessions.end_others(means.engine, found.person_id, found.session_id, means.clock())
        return _go("/account#sessions")


def _add_closing(routes: Blueprint, service: Service) -> None:
    means = service.accounts

    @routes.get("/account/close")
    @declares(Caller.SIGNED_IN, recent=True)
    def before_closing() -> str:
        return render_template("close_account.html", leaving=closing.look(means, this_visitor()), error=None)

    @routes.post("/account/close")
    @declares(Caller.SIGNED_IN, recent=True)
    def close_account() -> Response:
        found = this_visitor()
        leaving = closing.look(means, found)
        if leaving.hindered or request.form.get("work") not in ("hide", "leave"):
            return Response(render_template("close_account.html", leaving=leaving, error=AnswerWanted()), 422)
        if request.form["work"] == "hide":
            # Before: once the account is closed nobody can.
            for number, _title in leaving.work:
                service.issuer.set_visibility(number, "private")
        closing.close(means, found)
        session.clear()
        return drop_cookie(Response(render_template("account_closed.html")), means)


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
