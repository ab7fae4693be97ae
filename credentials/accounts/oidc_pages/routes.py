"""Sign in at one's company: the way there and back, and the owners' page that sets it up.

The way there is a link on a page of ours: a form that a redirect takes to another site is stopped by `form-action`.
The address comes by POST, for it has no place in a URL.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts import oidc, provider_settings
from credentials.accounts.errors import AddressUnusable, ProviderMissing, ProviderUnusable
from credentials.accounts.means import CEREMONY, Means
from credentials.accounts.routes import entered, second_page
from credentials.accounts.signing_in import SecondStep
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.people import client, this_member

COOKIE = "company-sign-in"
SETTINGS = "/console/<slug>/sign-in"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("company_sign_in", __name__)
    _add_way(routes, service)
    _add_settings(routes, service)
    return routes


def _add_way(routes: Blueprint, service: Service) -> None:
    """To the company's provider, and back from it."""
    means = service.accounts

    @routes.get("/sign-in/company")
    @declares(Caller.PUBLIC)
    def ask_address() -> str:
        return _way_page("", None, None)

    @routes.post("/sign-in/company")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def way_there() -> Response:
        address = request.form.get("address", "")
        try:
            start = _start(service, address)
        except (AddressUnusable, ProviderMissing) as error:
            return Response(_way_page(address, None, error), 422)
        return _bound(Response(_way_page(address, start, None)), means, start.cookie)

    @routes.get(oidc.BACK)
    @declares(Caller.PUBLIC, limit=Limit.LOOKUP)
    def way_back() -> Response:
        answer = {name: request.args[name] for name in ("state", "code", "iss", "error") if name in request.args}
        cookie = request.cookies.get(_cookie_name(means), "")
        outcome = oidc.finish(means, service.fetch, service.proved_domains, answer, cookie, client())
        if isinstance(outcome, SecondStep):
            return _bound(Response(second_page(means, outcome.ticket, outcome.person_id)), means, "")
        return _bound(entered(means, outcome), means, "")


def _start(service: Service, address: str) -> oidc.Start:
    provider = provider_settings.provider_for(service.accounts, service.proved_domains, address)
    return oidc.begin(service.accounts, service.fetch, provider)


def _way_page(address: str, start: oidc.Start | None, error: CredentialError | None) -> str:
    return render_template("company_sign_in.html", address=address, start=start, error=error)


def _add_settings(routes: Blueprint, service: Service) -> None:
    """The owners' page."""

    @routes.get(SETTINGS)
    @declares(Caller.member("owner"))
    def settings(slug: str) -> Response:
        return _settings_page(service, slug)

    @routes.post(SETTINGS)
    @declares(Caller.member("owner"), recent=True)
    def set_up(slug: str) -> Response:
        typed = [request.form.get(name, "") for name in ("address", "client_id", "client_secret", "domain")]
        try:
            provider_settings.set_up(service.accounts, service.proved_domains, this_member(), *typed)
        except ProviderUnusable as error:
            return _settings_page(service, slug, error)
        return _go(f"/console/{slug}/sign-in")

    @routes.post(f"{SETTINGS}/remove")
    @declares(Caller.member("owner"), recent=True)
    def take_down(slug: str) -> Response:
        if provider_settings.provider_of(service.accounts, this_member()) is not None:
            provider_settings.take_down(service.accounts, this_member())
        return _go(f"/console/{slug}/sign-in")


def _settings_page(service: Service, slug: str, error: CredentialError | None = None) -> Response:
    found = this_member()
    page = render_template(
        "provider.html",
        member=found,
        provider=provider_settings.provider_of(service.accounts, found),
        domains=sorted(service.proved_domains(found.issuer.id)),
        typed=request.form,
        back=service.base_url + oidc.BACK,
        base=f"/console/{slug}",
        error=error,
    )
    return Response(page, 422 if error else 200)


def _bound(response: Response, means: Means, cookie: str) -> Response:
    """Bind the browser for as long as the way may take; with no cookie, unbind it."""
    response.set_cookie(
        _cookie_name(means),
        cookie,
        max_age=int(CEREMONY.total_seconds()) if cookie else 0,
        secure=means.base_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def _cookie_name(means: Means) -> str:
    return f"__Host-{COOKIE}" if means.base_url.startswith("https:") else COOKIE


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
