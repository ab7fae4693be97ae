"""The pages over HTTP: what is sent, to whom, in which form, how large, and that nothing typed becomes markup."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from credentials.core.securing import MECHANISMS
from credentials.verifier.states import State
from credentials.web.app import create_app
from tests.portfolio.conftest import BASE_URL, Shown
from tests.portfolio.samples import FIELDS, TITLE, issue, set_visibility, signed_bytes

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BUDGET = 14_000
HOSTILE = 'A <script>alert("x")</script> & <b>\'"`={{7654321*987654}}'


@pytest.fixture(scope="module")
def client(shown: Shown) -> FlaskClient:
    return create_app(shown.service, log_stream=io.StringIO()).test_client()


@pytest.fixture(scope="module")
def style_bytes(client: FlaskClient) -> int:
    """The style sheet's size on the wire, compressed."""
    with client.get("/static/style.css") as answer:
        assert answer.mimetype == "text/css"
        return len(gzip.compress(answer.data, 6))


class Reader(HTMLParser):
    """Collects elements, attributes and the text that people see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.elements: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return answer.text


def every_page(shown: Shown) -> Iterator[str]:
    yield from ("/", "/verify", "/issuers/kveik", "/issuers/self-named", "/issuers/dropped")
    for number in shown.states.values():
        yield from (f"/c/{number}", f"/c/{number}/status")
    link = shown.service.portfolio.credential(shown.states["GENUINE"]).links.portfolio
    assert link is not None
    yield from (link, f"{link}?skill=nothing")


def test_pages_keep_to_the_strict_policy(client: FlaskClient, shown: Shown) -> None:
    for path in every_page(shown):
        read = Reader(page(client, path))
        named = {name for _, name, _ in read.attributes}
        assert not [name for name in named if name == "style" or name.startswith("on")], path
        assert "style" not in read.elements
        inside = [value for tag, name, value in read.attributes if name == "src" or (tag, name) == ("link", "href")]
        assert all(value.startswith(("/", f"{BASE_URL}/c/")) for value in inside), (path, inside)
        assert read.elements.count("h1") == 1, path
        assert ("html", "lang", "en") in read.attributes


def test_pages_set_no_cookie_and_are_not_kept(client: FlaskClient, shown: Shown) -> None:
    for path in every_page(shown):
        answer = client.get(path, headers=HTML)
        assert "Set-Cookie" not in answer.headers, path
        if path.startswith(("/c/", "/p/", "/issuers/")):
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("state", list(State))
def test_credential_pages_fit_the_budget(client: FlaskClient, shown: Shown, state: str, style_bytes: int) -> None:
    html = gzip.compress(page(client, f"/c/{shown.states[state]}").encode(), 6)

    assert len(html) + style_bytes <= BUDGET


def test_the_verify_page_fits_the_budget(client: FlaskClient, shown: Shown, style_bytes: int) -> None:
    token = signed_bytes(shown.service, shown.states["GENUINE"]).decode()
    result = client.post("/verify", data={"credential": token})

    assert len(gzip.compress(client.get("/verify").data, 6)) + style_bytes <= BUDGET
    assert len(gzip.compress(result.data, 6)) + style_bytes <= BUDGET


@pytest.mark.parametrize("state", list(State))
def test_title_and_band_say_the_state(client: FlaskClient, shown: Shown, state: str) -> None:
    html = page(client, f"/c/{shown.states[state]}")
    headline = re.search(r'<h1 id="verdict">(.*?)</h1>', html)
    title = re.search(r"<title>(.*?)</title>", html)

    assert headline is not None
    assert title is not None
    assert title[1].startswith(headline[1])
    assert f'data-state="{state}"' in html
    assert ('class="band good"' in html) is (state == "GENUINE")


@pytest.mark.parametrize("state", ["TAMPERED", "NOT_THEIR_KEY", "NO_KEY", "UNREADABLE"])
def test_hidden_states_show_no_field(client: FlaskClient, shown: Shown, state: str) -> None:
    html = page(client, f"/c/{shown.states[state]}") + page(client, f"/c/{shown.states[state]}/status")
    text = Reader(html).text

    assert not [field for field in FIELDS if field in text or field in html]


def test_what_was_signed_is_text_and_never_markup(client: FlaskClient, shown: Shown) -> None:
    number = issue(
        shown.service, "kveik", project_title=HOSTILE, recipient_name=HOSTILE, supervisor_words=HOSTILE,
        summary=HOSTILE, supervisor_name=HOSTILE, role=HOSTILE, skills=(HOSTILE, "B"),
    )  # fmt: skip
    html = page(client, f"/c/{number}")
    read = Reader(html)

    assert HOSTILE in read.text
    assert "<b>'" not in html
    assert [tag for tag in read.elements if tag == "script"] == ["script"]  # the page's own module
    assert "7559820752934" not in html  # the product: a template was run


def test_a_program_gets_the_signed_form(client: FlaskClient, shown: Shown) -> None:
    number = shown.states["GENUINE"]
    body = signed_bytes(shown.service, number)
    for path, accept in ((f"/c/{number}.jwt", "*/*"), (f"/c/{number}", "application/vc+jwt"), (f"/C/{number}.jwt", "")):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.data == body
        assert answer.mimetype == "application/vc+jwt"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "accept", ["text/html", "*/*", "", "image/png, */*;q=0.1", "application/vc+jwt;q=0.1, text/html", "text/*"]
)
def test_everyone_else_gets_the_page(client: FlaskClient, shown: Shown, accept: str) -> None:
    assert client.get(f"/c/{shown.states['GENUINE']}", headers={"Accept": accept}).mimetype == "text/html"


@pytest.mark.parametrize("accept", ["image/png", "application/vc+jwt;q=0", "application/pdf"])
def test_whoever_takes_nothing_of_it_is_told_what_there_is(client: FlaskClient, shown: Shown, accept: str) -> None:
    answer = client.get(f"/c/{shown.states['GENUINE']}", headers={"Accept": accept})
    assert (answer.status_code, answer.get_json()["code"]) == (406, "not-acceptable")
    assert "text/html" in answer.get_json()["detail"]
    assert "application/vc+jwt" in answer.get_json()["detail"]


def test_every_answer_of_the_negotiated_address_says_that_it_was_negotiated(client: FlaskClient, shown: Shown) -> None:
    for accept in ("text/html", "application/vc+jwt", "application/jwt"):
        answer = client.get(f"/c/{shown.states['GENUINE']}", headers={"Accept": accept})
        assert (answer.mimetype, "Accept" in answer.vary) == (accept, True)


def test_every_released_form_has_an_address_of_its_own(client: FlaskClient, shown: Shown) -> None:
    number = shown.states["GENUINE"]
    for form in shown.service.portfolio.forms(number):
        path = f"/c/{number}.{MECHANISMS[form.format].extension}"
        answer = client.get(path, headers={"Accept": "image/png"})
        assert (answer.status_code, answer.mimetype, answer.data) == (200, form.media_type, form.body)


def test_what_was_not_issued_has_none(client: FlaskClient, shown: Shown) -> None:
    for ending in ("cbor", "jwt.jwt", "vc", "JWT "):
        assert client.get(f"/c/{shown.states['GENUINE']}.{ending}").status_code == 404


def test_ids_are_case_blind_and_so_is_the_path(client: FlaskClient, shown: Shown) -> None:
    number = shown.states["GENUINE"]
    for path in (f"/C/{number}", f"/c/{number.lower()}"):
        assert f'<link rel="canonical" href="{BASE_URL}/c/{number}">' in page(client, path)


def test_the_qr_code_holds_the_address(client: FlaskClient, shown: Shown) -> None:
    number = shown.states["GENUINE"]
    picture = client.get(f"/c/{number}.qr.png")
    vector = client.get(f"/c/{number}.qr.svg")

    assert (picture.mimetype, vector.mimetype) == ("image/png", "image/svg+xml")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    assert [code.text for code in read] == [f"{BASE_URL}/c/{number}".upper()]


def test_a_code_redirects_to_its_page(client: FlaskClient, shown: Shown) -> None:
    number = shown.states["GENUINE"]
    code = shown.service.portfolio.credential(number).links.code

    answer = client.get(f"/v/{code}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/c/{number}")


@pytest.mark.parametrize(
    "path",
    [
        "/c/x", "/c/" + "0" * 26, "/c/" + "0" * 26 + ".jwt", "/c/" + "0" * 26 + ".qr.svg", "/c/" + "0" * 26 + ".qr.png",
        "/v/0000000000", "/v/x", "/p/nobody", "/issuers/nobody", "/covers/x.svg", "/covers/" + "G" * 64 + ".svg",
        "/c/" + "0" * 26 + "/status", "/c/%00", "/c/" + "9" * 3000, "/p/%2e%2e%2fetc", "/c/" + "0" * 26 + ".exe",
    ],
)  # fmt: skip
def test_nothing_is_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)

    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Traceback" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert client.get(path).mimetype in ("application/problem+json", "text/html")


def test_a_private_credential_is_a_404_in_every_form(client: FlaskClient, shown: Shown) -> None:
    number = issue(shown.service, "kveik")
    code = shown.service.portfolio.credential(number).links.code
    set_visibility(shown.service, number, "private")

    for path in (f"/c/{number}", f"/c/{number}.jwt", f"/c/{number}.qr.svg", f"/c/{number}.qr.png", f"/v/{code}"):
        assert client.get(path).status_code == 404, path
    assert TITLE not in client.get(f"/c/{number}/status", headers=HTML).text


def test_unlisted_pages_ask_search_engines_to_stay_away(client: FlaskClient, shown: Shown) -> None:
    number = issue(shown.service, "kveik")
    robots = '<meta name="robots" content="noindex">'
    assert robots in page(client, f"/c/{number}")
    set_visibility(shown.service, number, "public")
    assert robots not in page(client, f"/c/{number}")


def test_the_story_is_a_page_for_people_and_signed_for_programs(client: FlaskClient, shown: Shown) -> None:
    path = f"/c/{shown.states['REVOKED']}/status"
    told = Reader(page(client, path)).text
    signed = client.get(path)

    assert "Withdrawn" in told
    assert "Issued to the wrong person." in told
    assert signed.mimetype == "application/status-story+jwt"
    assert signed.data.count(b".") == 2
    assert "Accept" in signed.headers["Vary"]


def test_covers_are_kept_for_ever(client: FlaskClient) -> None:
    answer = client.get(f"/covers/{'ab' * 32}.svg")

    assert answer.mimetype == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]


def test_nothing_typed_is_lost_when_it_cannot_be_read(client: FlaskClient) -> None:
    typed = "not a credential <b>&\n  second line"
    answer = client.post("/verify", data={"credential": typed}, headers=HTML)
    read = Reader(answer.text)

    assert answer.status_code in (200, 400, 404, 422)
    if "/verify" in answer.text and 'role="alert"' in answer.text:
        assert typed in read.text
    assert "Traceback" not in answer.text


def test_the_landing_page_lists_a_demonstration(client: FlaskClient, shown: Shown) -> None:
    assert "Samples to open" not in page(client, "/")
    file = shown.service.settings.data_dir / "demo.json"
    file.write_text(json.dumps({"genuine": f"{BASE_URL}/c/{shown.states['GENUINE']}"}))
    try:
        assert f'<a href="/c/{shown.states["GENUINE"]}">Genuine</a>' in page(client, "/")
    finally:
        file.unlink()


def test_every_post_of_a_page_is_refused(client: FlaskClient, shown: Shown) -> None:
    for path in (f"/c/{shown.states['GENUINE']}", "/p/x", "/issuers/kveik", "/"):
        assert client.post(path).status_code == 405
