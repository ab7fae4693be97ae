"""A company's colour and logo: who may choose them, what is refused, where they show, and when they do not."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import Engine

from credentials.console.branding.changing import LARGEST_LOGO, drawn
from credentials.console.branding.errors import LogoUnusable
from credentials.issuer.registration import withdraw_confirmation
from credentials.portfolio.branding import SIDES
from credentials.store import brands
from credentials.store.brands import Brand
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.issuers import add as add_issuer
from tests.console.conftest import Desk
from tests.files.drawing import picture, png_claiming, webp_claiming
from tests.projects.at_work import NOW

PAGE = "/console/acme/brand"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def send_logo(desk: Desk, data: bytes, name: str = "logo.png") -> int:
    """Send a logo as the owner; returns the status."""
    return desk.owner.post(f"{PAGE}/logo", logo=(io.BytesIO(data), name)).status_code


def send_colour(desk: Desk, text: str) -> tuple[int, str]:
    """Send a colour as the owner; returns status and page."""
    answer = desk.owner.post(f"{PAGE}/colour", accent=text)
    return answer.status_code, answer.text


def test_the_colour_and_the_logo_stand_by_the_name_everywhere(desk: Desk) -> None:
    assert send_colour(desk, "1F4583")[0] == 303
    assert send_logo(desk, picture("JPEG", (300, 100), comment=b"a canary")) == 303
    nobody = desk.nobody()

    for path in ("/issuers/acme", f"/c/{desk.issued_id}"):
        page = nobody.get(path).text
        assert '<link rel="stylesheet" href="/issuers/acme/brand.css">' in page, path
        assert 'src="/issuers/acme/logo-' in page, path
        assert "style=" not in page
    for size, side in SIDES.items():
        answer = nobody.get(f"/issuers/acme/logo-{size}.png")
        drawn = Image.open(io.BytesIO(answer.data), formats=["PNG"])
        assert (answer.mimetype, drawn.size, drawn.info) == ("image/png", (side, side), {})
        assert b"canary" not in answer.data
    sheet = nobody.get("/issuers/acme/brand.css")
    assert sheet.mimetype == "text/css"
    assert ".branded { --accent: #1f4583; }" in sheet.text


def test_what_is_kept_by_a_browser_is_asked_for_anew(desk: Desk) -> None:
    send_colour(desk, "#1f4583")
    first = desk.nobody().get("/issuers/acme/brand.css")
    again = {"If-None-Match": first.headers["ETag"]}
    client, base = desk.app.test_client(), desk.service.base_url

    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get("/issuers/acme/brand.css", headers=again, base_url=base).status_code == 304
    send_colour(desk, "#7a1f4a")
    assert client.get("/issuers/acme/brand.css", headers=again, base_url=base).status_code == 200


def test_a_candidate_s_page_has_the_logo_of_each_company(desk: Desk) -> None:
    send_logo(desk, picture())
    link = desk.service.portfolio.credential(desk.issued_id).links.portfolio
    assert link is not None

    assert 'class="logo" src="/issuers/acme/logo-small.png"' in desk.nobody().get(link).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#ffff00", ("1.04 : 1", "#797900")),
        ("#ffffff", ("1.02 : 1", "#747474")),
        ("#7fdba3", ("1.62 : 1", "#4a8060")),
    ],
)
def test_a_faint_colour_is_refused_with_its_ratio_and_the_nearest_that_passes(
    desk: Desk, text: str, said: tuple[str, str]
) -> None:
    status, page = send_colour(desk, text)

    assert status == 422
    assert "too faint" in page
    assert said[0] in page
    assert f'value="{text}"' in page
    assert "brand.css" not in page
    assert said[1] in page


@pytest.mark.parametrize("text", ["red", "#12", "url(x)", '"><script>', "#1f4583}"])
def test_text_that_is_no_colour_is_refused(desk: Desk, text: str) -> None:
    status, page = send_colour(desk, text)

    assert (status, "not a colour" in page) == (422, True)
    assert "<script>" not in page
    assert desk.nobody().get("/issuers/acme/brand.css").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(20),
        b"%PDF-1.7",
        b"<html><img src=x></html>",
        png_claiming(60_000, 60_000),
        webp_claiming(16_384, 16_384),
        picture()[:-30],
    ],
    ids=["nothing", "gif", "pdf", "html", "png bomb", "webp bomb", "cut off"],
)
def test_what_is_no_small_picture_is_no_logo(desk: Desk, data: bytes) -> None:
    assert send_logo(desk, data) == 422
    assert desk.nobody().get("/issuers/acme/logo-large.png").status_code == 404


def test_a_picture_of_too_many_bytes_is_not_looked_at() -> None:
    with pytest.raises(LogoUnusable):
        drawn(picture() + bytes(LARGEST_LOGO))


@pytest.mark.parametrize("name", ["logo.svg", "logo.png"])
def test_an_svg_is_refused_and_the_reason_is_told(desk: Desk, name: str) -> None:
    answer = desk.owner.post(f"{PAGE}/logo", logo=(io.BytesIO(SVG), name))

    assert answer.status_code == 422
    assert "An SVG can hold programs" in answer.text


def test_a_form_without_a_file_says_so(desk: Desk) -> None:
    assert "Choose a picture" in desk.owner.post(f"{PAGE}/logo").text


def test_colour_and_logo_can_be_taken_back(desk: Desk) -> None:
    send_colour(desk, "#1f4583")
    send_logo(desk, picture())
    assert send_colour(desk, " ")[0] == 303
    assert desk.owner.post(f"{PAGE}/logo/remove").status_code == 303

    page = desk.nobody().get("/issuers/acme").text
    assert "brand.css" not in page
    assert "logo-" not in page
    for name in ("brand.css", "logo-large.png", "logo-small.png"):
        assert desk.nobody().get(f"/issuers/acme/{name}").status_code == 404


def test_the_audit_trail_tells_who_changed_it(desk: Desk) -> None:
    send_colour(desk, "#1f4583")
    send_logo(desk, picture())
    trail = desk.owner.get("/console/acme/trail").text

    assert "brand.colour-changed" in trail
    assert "brand.logo-changed" in trail
    assert "#1f4583" in trail


@pytest.mark.parametrize("path", ["/colour", "/logo", "/logo/remove"])
def test_only_an_owner_may(desk: Desk, path: str) -> None:
    author = desk.invited("author@acme.example", "author", "reviewer", "signer")

    assert author.post(PAGE + path, accent="#1f4583").status_code == 403
    assert author.get(PAGE).status_code == 403
    assert "/brand" not in author.get("/console/acme").text


def test_a_suspended_company_shows_no_brand(desk: Desk) -> None:
    send_colour(desk, "#1f4583")
    send_logo(desk, picture())
    desk.service.issuer.suspend_issuer("acme", "A question about it")

    for path in ("/issuers/acme", f"/c/{desk.issued_id}", PAGE):
        page = desk.owner.get(path).text
        assert "brand.css" not in page, path
        assert 'class="logo"' not in page, path
    for name in ("brand.css", "logo-large.png", "logo-small.png"):
        assert desk.nobody().get(f"/issuers/acme/{name}").status_code == 404


def test_a_company_that_nobody_confirmed_shows_no_brand(desk: Desk) -> None:
    send_colour(desk, "#1f4583")
    send_logo(desk, picture())
    withdraw_confirmation(desk.service.issuer.means, "acme")

    for path in ("/issuers/acme", f"/c/{desk.issued_id}"):
        page = desk.nobody().get(path).text
        assert "brand.css" not in page, path
        assert "logo-" not in page, path
    assert "once <a" in desk.owner.get(PAGE).text


def test_a_withdrawn_credential_shows_no_brand(desk: Desk) -> None:
    send_logo(desk, picture())
    desk.service.issuer.revoke(desk.issued_id, "Issued in error")

    assert "logo-" not in desk.nobody().get(f"/c/{desk.issued_id}").text


def test_a_look_is_kept_and_written_over(engine: Engine) -> None:
    issuer = Issuer(
        id="I", slug="acme", name="Acme", url=None, did="did:web:a", suspends=False, sandbox=False, created_at=NOW
    )
    with write(engine) as connection:
        add_issuer(connection, issuer)
        brands.put(connection, Brand(issuer_id="I", accent="#1f4583", changed_at=NOW))
        brands.put(connection, Brand(issuer_id="I", logo=b"l", logo_small=b"s", changed_at=NOW))
    with read(engine) as connection:
        found, parts = brands.of_issuer(connection, "I"), brands.parts(connection, ["I", "J"])

    assert found == Brand(issuer_id="I", logo=b"l", logo_small=b"s", changed_at=NOW)
    assert parts == {"I": brands.Parts(None, True)}
