"""The company's colour and logo by programs: chosen, read, taken back, refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from credentials.accounts.api_keys import SCOPES
from credentials.accounts.audit import trail
from tests.projects.api.conftest import Json, Programs

BRAND = "/api/v1/brand"
ROUTES = [("GET", ""), ("PUT", "/colour"), ("PUT", "/logo"), ("DELETE", "/logo")]
every_route = pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method}{path}" for method, path in ROUTES])


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), colour: str = "teal") -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def logo(programs: Programs, data: bytes, kind: str = "image/png") -> Any:
    return programs.call("PUT", f"{BRAND}/logo", file=(kind, data))


def read_back(programs: Programs, key: str | None = None) -> Json:
    return programs.done(programs.call("GET", BRAND, key=key))


def test_a_colour_is_chosen_and_taken_back(programs: Programs) -> None:
    chosen = programs.done(programs.call("PUT", f"{BRAND}/colour", {"accent": " #0B5D4C "}))
    taken = programs.done(programs.call("PUT", f"{BRAND}/colour", {"accent": None}))

    assert (chosen["accent"], taken["accent"], read_back(programs)["accent"]) == ("#0b5d4c", None, None)


@pytest.mark.parametrize(("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_logo_is_drawn_anew_and_taken_back(programs: Programs, kind: str, media: str) -> None:
    given = picture(kind, colour={"PNG": "teal", "JPEG": "navy", "WEBP": "maroon"}[kind])
    drawn = programs.done(logo(programs, given, media))["logoSha256"]
    served = programs.call("GET", "/issuers/acme/logo.png", key="")
    gone = programs.done(programs.call("DELETE", f"{BRAND}/logo"))

    assert len(drawn) == 64
    assert given != served.data
    assert gone["logoSha256"] is None
    assert programs.done(programs.call("DELETE", f"{BRAND}/logo"))["logoSha256"] is None


def test_the_trail_names_the_key(programs: Programs) -> None:
    programs.done(programs.call("PUT", f"{BRAND}/colour", {"accent": "#123456"}))
    issuer = programs.cast.site.service.issuer.issuer("acme").id
    found = [one for one in trail(programs.cast.site.service.engine, issuer) if one.action == "brand.colour-changed"]

    assert found[0].actor.startswith("api-key:")


def test_another_company_s_look_is_its_own(programs: Programs) -> None:
    programs.done(programs.call("PUT", f"{BRAND}/colour", {"accent": "#123456"}))

    assert read_back(programs, programs.other)["accent"] is None


WRONG_COLOURS: list[tuple[Json, str]] = [
    ({"accent": "#ffff00"}, "accent-too-faint"),
    ({"accent": "#ffffff"}, "accent-too-faint"),
    ({"accent": "red"}, "accent-unreadable"),
    ({"accent": "#12"}, "accent-unreadable"),
    ({"accent": "#123456; background: url(//x)"}, "accent-unreadable"),
    ({"accent": "\u0661\u0662\u0663\u0664\u0665\u0666"}, "accent-unreadable"),
    ({"accent": 1193046}, "members-invalid"),
    ({}, "members-invalid"),
    ({"accent": "#123456", "logo": "x"}, "members-invalid"),
]


@pytest.mark.parametrize(("body", "code"), WRONG_COLOURS, ids=[f"{n}-{w[1]}" for n, w in enumerate(WRONG_COLOURS)])
def test_a_colour_that_cannot_be_had(programs: Programs, body: Json, code: str) -> None:
    before = read_back(programs)
    answer = programs.call("PUT", f"{BRAND}/colour", body)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert read_back(programs) == before


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WRONG_LOGOS: list[tuple[str, str, bytes, int, str]] = [
    ("svg", "image/svg+xml", SVG, 415, "media-type-refused"),
    ("svg-called-png", "image/png", SVG, 422, "logo-is-vector"),
    ("text", "image/png", b"not a picture", 422, "logo-unusable"),
    ("nothing", "image/png", b"", 422, "logo-unusable"),
    ("cut-off", "image/png", picture()[:60], 422, "logo-unusable"),
    ("json", "application/json", b"{}", 415, "media-type-refused"),
    ("no-type", "", picture(), 415, "media-type-refused"),
    ("too-large", "image/png", picture() + b"\0" * 2_200_000, 413, "body-too-large"),
    ("bomb", "image/png", picture(size=(20_000, 20_000)), 422, "logo-unusable"),
]


@pytest.mark.parametrize(
    ("kind", "data", "status", "code"), [one[1:] for one in WRONG_LOGOS], ids=[one[0] for one in WRONG_LOGOS]
)
def test_a_logo_that_cannot_be_had(programs: Programs, kind: str, data: bytes, status: int, code: str) -> None:
    before = read_back(programs)
    answer = logo(programs, data, kind)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert read_back(programs) == before


@every_route
def test_without_a_key(programs: Programs, method: str, path: str) -> None:
    answer = programs.call(method, f"{BRAND}{path}", {"accent": None}, key="")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "api-key-wanted")


@every_route
def test_with_every_scope_but_the_one(programs: Programs, method: str, path: str) -> None:
    key = programs.key_with(*(one for one in SCOPES if one != "brand"))
    answer = programs.call(method, f"{BRAND}{path}", {"accent": None}, key=key)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope-missing")
