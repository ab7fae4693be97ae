"""Who signs in with a link alone gets as far as the setting says; what the second step takes can always be made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from credentials.accounts import sessions
from credentials.accounts.organisations import invite_owner
from credentials.store import tables
from credentials.store.engine import read, write
from credentials.web.app import create_app
from credentials.web.composition import open_service
from credentials.web.people import cookie_name
from credentials.web.settings import load_settings
from tests.web.cast import CLIENT, Cast, assemble
from tests.web.conftest import open_site
from tests.web.staff import Browser, browser, with_letters
from tests.web.test_every_role import FORM_LIMITS, code_of, path_of, routes, who_may
from tests.web.test_signing_in import Door, ceremony_of, cookie_of, registered, taken

OWNER = "owner@acme.example"


@pytest.fixture(scope="module", params=["staff", "everybody", "nobody"])
def strict(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A website that wants a second step of some, with everybody in it."""
    folder = tmp_path_factory.mktemp("strict") / "data"
    made = assemble(open_site(folder, **FORM_LIMITS, second_step=request.param))
    yield made
    made.site.service.close()


def cookie(cast: Cast, who: str, method: str) -> str:
    """The cookie of a new session of somebody who signed in by a method."""
    service = cast.site.service
    with write(service.engine) as connection:
        return sessions.begin(connection, cast.ids[who], method, CLIENT, service.clock()).cookie


@pytest.mark.parametrize("method", ["link", "provider", "", "passkey", "recovery", "provider-in-two-steps"])
def test_one_step_opens_what_the_setting_says_and_no_more(strict: Cast, method: str) -> None:
    wanted, wrong = strict.site.service.settings.second_step, []
    one_step = method in ("link", "provider", "")
    for verb, rule, declaration in routes(strict):
        kind = declaration.caller.kind
        if not declaration.caller.signs_in or declaration.first_step:
            continue
        shut = one_step and (wanted == "everybody" or (wanted == "staff" and kind != "person"))
        who = who_may(declaration)
        answer = strict.ask(verb, path_of(strict, rule, "own", who), cookie(strict, who, method))
        if (code_of(answer) == "second-step-wanted") != shut:
            wrong.append(f"{verb} {rule.rule}: {answer.status_code} {code_of(answer)}")

    assert wrong == []


def test_what_leads_to_a_second_step_is_open_after_the_first(strict: Cast) -> None:
    open_after_one = {rule.rule for _verb, rule, declaration in routes(strict) if declaration.first_step}

    assert open_after_one == {"/welcome", "/sign-in/again", "/sign-out", "/account/passkeys", "/account/codes"}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A website as it is without settings: staff sign in with two steps."""
    site = open_site(tmp_path / "data", rate_sign_in="", second_step=None)
    service, letters = with_letters(site.service)
    assert service.settings.second_step == "staff"
    invite_owner(service.accounts, service.issuer.issuer("acme"), OWNER)
    yield Door(site, service, create_app(service, log_stream=site.log), letters)
    service.close()


def joined(door: Door) -> Browser:
    """The owner of acme, who opened the link of the invitation and nothing else."""
    found, path = door.nobody(), door.letters.path(OWNER)
    assert taken(found, path).status_code == 303
    return found


def test_an_owner_makes_a_passkey_and_is_in(door: Door) -> None:
    found = joined(door)
    assert found.get("/account").status_code == 200
    led = found.get("/console/acme/people?x=y")
    assert led.headers["Location"] == "/welcome?next=/console/acme/people%3Fx%3Dy"
    page = found.get(led.headers["Location"]).text
    assert "Not now" not in page
    before = cookie_of(found)

    registered(door, found)

    assert cookie_of(found) not in ("", before)
    assert found.get("/console/acme/people").status_code == 200
    thief = door.nobody()
    thief.client.set_cookie("__Host-signed-in", before, domain="credentials.example", secure=True)
    assert thief.get("/account").status_code == 303


def test_codes_are_a_second_step_without_javascript(door: Door) -> None:
    found = joined(door)
    page = found.post("/account/codes", "/welcome", next="/console/acme").text
    codes = page.split('<li class="mono">')[1:]
    assert len(codes) == 10
    assert 'href="/console/acme">I have kept them' in page
    assert found.get("/console/acme").status_code == 200

    again = door.asked(OWNER)
    step = taken(again, door.letters.path(OWNER))
    assert "One more step" in step.text
    assert "data-passkey" not in step.text
    assert again.get("/console/acme").headers["Location"].startswith("/sign-in?")
    ticket = step.text.rpartition('name="ticket" value="')[2].partition('"')[0]
    assert again.post("/sign-in/code", "/sign-in", ticket=ticket, code=codes[0].partition("<")[0]).status_code == 303
    assert again.get("/console/acme").status_code == 200


def test_the_last_passkey_takes_the_codes_with_it(door: Door) -> None:
    found = joined(door)
    registered(door, found)
    path = found.get("/account").text.partition("/account/passkeys/")[2].partition("/remove")[0]
    assert found.post(f"/account/passkeys/{path}/remove", "/account").status_code == 303

    again = door.asked(OWNER)
    assert taken(again, door.letters.path(OWNER)).headers["Location"] == "/welcome"
    assert again.get("/console/acme").headers["Location"].startswith("/welcome?")


def test_a_session_of_before_the_passkey_changes_nothing_that_guards_the_account(door: Door) -> None:
    thief = joined(door)
    door.asked(OWNER)
    owner = door.nobody()
    taken(owner, door.letters.path(OWNER))
    registered(door, owner)

    for path, form in (
        ("/account/passkeys", {"ticket": "x", "answer": "y"}),
        ("/account/codes", {}),
        ("/account/addresses", {"address": "eve@mail.example"}),
        ("/account/sessions/end-others", {}),
    ):
        answer = thief.post(path, "/account", **form)
        assert (answer.status_code, "proof-wanted" in answer.text) == (403, True), path
    led = thief.get("/account/passkeys").headers["Location"]
    assert led.startswith("/sign-in/again?")
    assert thief.get("/console/acme").headers["Location"].startswith("/sign-in/again?")
    ceremony = ceremony_of(thief.get(led).text)
    assert thief.post("/sign-in/again", "/account", ticket=ceremony.ticket, answer="{}").status_code == 403
    assert owner.get("/console/acme").status_code == 200


def test_a_holder_needs_no_second_step(door: Door) -> None:
    assert door.person().get("/account").status_code == 200


def test_a_service_without_a_name_cannot_want_one(tmp_path: Path) -> None:
    site = open_site(tmp_path / "data", rate_sign_in="", base_url="http://127.0.0.1:8790", second_step="everybody")
    service, letters = with_letters(site.service)
    app = create_app(service, log_stream=site.log)
    invite_owner(service.accounts, service.issuer.issuer("acme"), OWNER)
    found, path = browser(app, service), letters.path(OWNER)
    assert found.post(path, path, name="Olga").status_code == 303

    assert cookie_name(service.accounts) == "signed-in"
    assert found.get("/console/acme").status_code == 200
    service.close()


def test_a_fresh_service_has_no_account_and_no_key(tmp_path: Path) -> None:
    service = open_service(load_settings(data_dir=tmp_path / "data", base_url="https://credentials.example"))

    with read(service.engine) as connection:
        for table in (tables.person, tables.operator, tables.session, tables.api_key, tables.link):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0, table.name
    service.close()
