"""The page on which an owner chooses the company's colour and logo, and sees them as everybody will."""

from __future__ import annotations

from contextlib import closing
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.branding import changing
from credentials.console.branding.errors import LogoMissing
from credentials.console.means import Means
from credentials.core.errors import BadInput
from credentials.portfolio.branding import brand_view, is_vouched_for, may_be_had
from credentials.store.brands import Parts
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

BASE = "/console/<slug>/brand"
# The form around the file: its boundary and its token.
_AROUND = 16_384


def blueprint(service: Service) -> Blueprint:
    """The page over an opened service."""
    routes = Blueprint("branding", __name__)
    means = service.desk

    @routes.get(BASE)
    @declares(Caller.member("owner"))
    def brand(slug: str) -> str:
        del slug
        return _page(service)

    @routes.post(f"{BASE}/colour")
    @declares(Caller.member("owner"))
    def colour(slug: str) -> Response:
        try:
            changing.choose_accent(means, this_member(), request.form.get("accent", ""))
        except BadInput as error:
            return Response(_page(service, error), 422)
        return _back(slug)

    _add_logo(routes, service, means)
    return routes


def _add_logo(routes: Blueprint, service: Service, means: Means) -> None:
    @routes.post(f"{BASE}/logo")
    @declares(Caller.member("owner"), max_body=changing.LARGEST_LOGO + _AROUND)
    def logo(slug: str) -> Response:
        file = request.files.get("logo")
        try:
            if file is None or not file.filename:
                raise LogoMissing(where="logo")
            with closing(file):
                data = file.read()
            changing.choose_logo(means, this_member(), data)
        except BadInput as error:
            return Response(_page(service, error), 422)
        return _back(slug)

    @routes.post(f"{BASE}/logo/remove")
    @declares(Caller.member("owner"))
    def remove_logo(slug: str) -> Response:
        changing.remove_logo(means, this_member())
        return _back(slug)


def _page(service: Service, error: BadInput | None = None) -> str:
    member, doubted = this_member(), service.resemblances.flagged()
    brand, seen = changing.find(service.desk, member), may_be_had(member.issuer, doubted)
    return render_template(
        "desk_brand.html",
        member=member,
        brand=brand,
        view=brand_view(member.issuer.slug, Parts(brand.accent, brand.logo is not None)) if seen else None,
        shown=is_vouched_for(member.issuer, doubted),
        error=error,
        typed=request.form.get("accent") if request.method == "POST" else None,
    )


def _back(slug: str) -> Response:
    return cast("Response", redirect(f"/console/{slug}/brand", 303))
