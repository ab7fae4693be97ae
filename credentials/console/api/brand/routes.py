"""The company's colour and logo over HTTP. They never restyle a verdict, whoever chooses them."""

from __future__ import annotations

import hashlib

import msgspec
from flask import Blueprint, Response

from credentials.console.branding import changing
from credentials.console.branding.errors import AccentTooFaint, AccentUnreadable, LogoIsVector, LogoUnusable
from credentials.core.instants import format_instant
from credentials.store.brands import Brand
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, file_body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.operations import Answer, Operation, documented
from credentials.web.programs import body_of, reply, this_program

BASE = "/api/v1/brand"
TAG = "Brand"
BRAND = Caller.api_key("brand")
COLOUR_BYTES = 1024
TAKES = ("image/png", "image/jpeg", "image/webp")


class BrandRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The company's look: `accent` as `#rrggbb`, null without one; the SHA-256 of the logo as it is drawn, or null."""

    accent: str | None
    logo_sha256: str | None
    changed_at: str


class ColourRequest(Body, frozen=True):
    """The colour, `#rrggbb`; null takes it back."""

    accent: str | None


_DONE = {200: Answer("The look as it is now.", BrandRecord)}
GET = Operation(id="getBrand", summary="Read the company's colour and logo", tag=TAG, answers=_DONE)
COLOUR = Operation(
    id="setColour",
    summary="Choose the company's colour",
    tag=TAG,
    body=ColourRequest,
    example={"accent": "#0b5d4c"},
    answers=_DONE,
    problems=(MembersInvalid, AccentUnreadable, AccentTooFaint),
)
LOGO = Operation(
    id="setLogo",
    summary="Choose the company's logo, PNG, JPEG or WebP",
    tag=TAG,
    description="It is drawn anew; of the file nothing is kept.",
    takes=TAKES,
    answers=_DONE,
    problems=(LogoUnusable, LogoIsVector),
)
REMOVE = Operation(id="removeLogo", summary="Take the company's logo back", tag=TAG, answers=_DONE)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes, means = Blueprint("brand_api", __name__), service.desk

    @routes.get(BASE)
    @declares(BRAND, limit=Limit.ISSUE)
    @documented(GET)
    def get() -> Response:
        return _shown(changing.find(means, this_program(service)))

    @routes.put(f"{BASE}/colour")
    @declares(BRAND, limit=Limit.ISSUE, max_body=COLOUR_BYTES)
    @documented(COLOUR)
    def colour() -> Response:
        return _shown(changing.choose_accent(means, this_program(service), body_of(ColourRequest).accent or ""))

    @routes.put(f"{BASE}/logo")
    @declares(BRAND, limit=Limit.ISSUE, max_body=changing.LARGEST_LOGO)
    @documented(LOGO)
    def logo() -> Response:
        return _shown(changing.choose_logo(means, this_program(service), file_body(TAKES)))

    @routes.delete(f"{BASE}/logo")
    @declares(BRAND, limit=Limit.ISSUE)
    @documented(REMOVE)
    def remove() -> Response:
        return _shown(changing.remove_logo(means, this_program(service)))

    return routes


def _shown(brand: Brand) -> Response:
    digest = None if brand.logo is None else hashlib.sha256(brand.logo).hexdigest()
    return reply(BrandRecord(accent=brand.accent, logo_sha256=digest, changed_at=format_instant(brand.changed_at)))
