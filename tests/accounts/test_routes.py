"""The pages of signing in: what they refuse, what they keep of what was typed, and whose session ends."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from credentials.accounts.routes import FORM_BYTES
from credentials.store import people
from credentials.store.engine import read
from tests.web.staff import Browser
from tests.web.test_signing_in import ANA, COOKIE, Door, cookie_of, registered, set_cookies, taken
from tests.web.test_signing_in import door as door

BEN = "ben@school.example"


def holding(door: Door, cookie: str) -> Browser:
    """A browser with a cookie that somebody else's had."""
    found = door.nobody()
    found.client.set_cookie(COOKIE, cookie, domain="credentials.example", secure=True)
    return found


def second_step(door: Door) -> tuple[Browser, str]:
    """A browser after a link to an account with a passkey, and the ticket of its second step."""
    found = door.asked()
    page = taken(found, door.letters.path(ANA)).text
    return found, page.rpartition('name="ticket" value="')[2].partition('"')[0]


def test_a_refused_name_is_shown_again_and_the_link_stays_good(door: Door) -> None:
    found = door.asked()
    path = door.letters.path(ANA)
    for name in ("", "  ", "A" * 201, "\u202eAna"):
        answer = found.post(path, path, name=name)
        assert (answer.status_code, COOKIE in set_cookies(answer)) == (422, False)
    with read(door.service.engine) as connection:
        assert people.by_address(connection, ANA) is None

    assert found.post(path, path, name="Ana").status_code == 303


def test_links_for_something_else_lead_to_their_own_pages_and_are_not_taken_here(door: Door) -> None:
    found = door.person()
    found.post("/account/addresses", "/account", address="ana@home.example")
    token = door.letters.path("ana@home.example").rpartition("/")[2]
    answer = door.nobody().get(f"/link/{token}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/account/addresses/{token}")
    refused = door.nobody().post(f"/link/{token}", "/sign-in", name="Eve")
    assert (refused.status_code, COOKIE in set_cookies(refused)) == (403, False)
    assert found.get(f"/account/addresses/{token}").status_code == 200


def test_whoever_signs_in_over_another_session_ends_it(door: Door) -> None:
    found = door.person()
    before = cookie_of(found)
    found.post("/sign-in", "/account", address=BEN)
    taken(found, door.letters.path(BEN))

    assert cookie_of(found) != before
    assert "ben@school.example" in found.get("/account").text
    assert holding(door, before).get("/account").status_code == 303


def test_signing_out_ends_this_session_alone(door: Door) -> None:
    here, there = door.person(), door.person()
    gone = cookie_of(here)
    here.post("/sign-out", "/account")

    assert holding(door, gone).get("/account").status_code == 303
    assert there.get("/account").status_code == 200
    assert here.post("/sign-out", "/sign-in").status_code == 401


def without_token(found: Browser, path: str, **form: str) -> TestResponse:
    return found.client.post(path, data=form, headers={"Referer": "https://evil.example/"}, base_url=found.base_url)


def test_no_other_site_signs_anybody_in_or_out(door: Door) -> None:
    found, nobody = door.person(), door.nobody()
    waiting = door.asked(BEN)
    answers = [
        without_token(found, "/sign-out"),
        without_token(waiting, door.letters.path(BEN), name="Ben"),
        without_token(nobody, "/sign-in", address=ANA),
        without_token(nobody, "/sign-in/code", ticket="", code=""),
        without_token(nobody, "/sign-in/passkey", ticket="", answer=""),
    ]

    assert {one.status_code for one in answers} <= {400, 403}
    assert not any(COOKIE in set_cookies(one) for one in answers)
    assert found.get("/account").status_code == 200


def test_a_wrong_code_costs_the_link_and_sets_no_cookie(door: Door) -> None:
    _made, codes = registered(door, door.person())
    found, ticket = second_step(door)
    answers = [
        found.post("/sign-in/code", "/sign-in", ticket=ticket, code="00000-00000"),
        found.post("/sign-in/code", "/sign-in", ticket=ticket, code=codes[0]),
        found.post("/sign-in/code", "/sign-in", code=codes[0]),
    ]

    assert {one.status_code for one in answers} == {403}
    assert cookie_of(found) == ""
    assert found.get("/account").status_code == 303


@pytest.mark.parametrize("path", ["/sign-in/passkey", "/sign-in/again"])
@pytest.mark.parametrize(("size", "status"), [(FORM_BYTES - 1000, 403), (FORM_BYTES, 413)])
def test_an_answer_is_read_up_to_a_size(size: int, status: int, path: str, door: Door) -> None:
    answer = door.person().post(path, "/account", ticket="x", answer="x" * size)

    assert (answer.status_code, COOKIE in set_cookies(answer)) == (status, False)


def test_proving_again_is_for_whoever_is_signed_in(door: Door) -> None:
    nobody = door.nobody()
    answers = [nobody.get("/sign-in/again"), nobody.post("/sign-in/again", "/sign-in", ticket="x", answer="{}")]

    assert [one.status_code for one in answers] == [303, 401]
    assert answers[0].headers["Location"].startswith("/sign-in?next=")
    assert COOKIE not in set_cookies(answers[1])
