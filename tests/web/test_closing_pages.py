"""The page on which a person closes their account: what it says, what it wants, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from urllib.parse import urlsplit

import pytest

from credentials.accounts import sessions
from credentials.store import handovers, people
from credentials.store.engine import read, write
from credentials.store.handovers import Handover
from credentials.web.people import cookie_name
from tests.drafts import keyed_drafts
from tests.web.cast import CLIENT, Cast, assemble
from tests.web.conftest import open_site
from tests.web.staff import Browser, browser

PAGE = "/account/close"
NUMBERS = count(1000)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A website with everybody in it."""
    made = assemble(open_site(tmp_path_factory.mktemp("closing") / "data", rate_sign_in=""))
    yield made
    made.site.service.close()


def somebody(cast: Cast, name: str = "leaver") -> tuple[str, Browser]:
    """A new person, and their browser."""
    cast.ids[name] = cast.person(name)
    found = browser(cast.app, cast.site.service)
    from_cookie(cast, found, cast.cookie(name))
    return cast.ids[name], found


def from_cookie(cast: Cast, found: Browser, value: str) -> None:
    """Let a browser have a session."""
    host = urlsplit(found.base_url).hostname or ""
    found.client.set_cookie(cookie_name(cast.site.service.accounts), value, domain=host, secure=True)


def held(cast: Cast, person_id: str) -> str:
    """The id of a credential that somebody took as theirs, its page public."""
    service, now = cast.site.service, cast.site.service.clock()
    number = next(iter(service.issuer.issue_many("acme", keyed_drafts(1, next(NUMBERS))))).id
    service.issuer.set_visibility(number, "public")
    issuer = service.issuer.issuer("acme")
    with write(service.engine) as connection:
        handovers.put(connection, Handover(credential_id=number, issuer_id=issuer.id, address="a@mail.example"))
        handovers.claimed(connection, number, person_id, now)
    return number


def closed(cast: Cast, person_id: str) -> bool:
    with read(cast.site.service.engine) as connection:
        found = people.by_id(connection, person_id)
    assert found is not None
    return found.closed_at is not None


def test_somebody_without_work_closes_it_in_two_presses(cast: Cast) -> None:
    person_id, found = somebody(cast)
    page = found.get(PAGE)
    answer = found.post(PAGE, PAGE, work="leave")

    assert (page.status_code, answer.status_code) == (200, 200)
    assert "Your account is closed" in answer.text
    assert closed(cast, person_id)
    assert found.get("/account").status_code in (302, 303)


@pytest.mark.parametrize(("said", "status"), [("hide", 404), ("leave", 200)])
def test_what_is_said_of_the_work_is_done(cast: Cast, said: str, status: int) -> None:
    person_id, found = somebody(cast)
    number = held(cast, person_id)
    assert f"/c/{number}.jwt" in found.get(PAGE).text
    found.post(PAGE, PAGE, work=said)
    nobody = browser(cast.app, cast.site.service)

    assert closed(cast, person_id)
    assert nobody.get(f"/c/{number}").status_code == status


@pytest.mark.parametrize("said", ["", "yes", "hide\0", "HIDE"])
def test_what_is_not_said_is_asked_for(cast: Cast, said: str) -> None:
    person_id, found = somebody(cast)
    held(cast, person_id)
    answer = found.post(PAGE, PAGE, work=said)

    assert answer.status_code in (400, 422)
    assert not closed(cast, person_id)


def test_the_only_owner_is_led_to_the_people_of_the_company(cast: Cast) -> None:
    found = browser(cast.app, cast.site.service)
    from_cookie(cast, found, cast.cookie("outsider"))
    page = found.get(PAGE).text
    answer = found.post(PAGE, "/account", work="leave")

    assert 'href="/console/other/people"' in page
    assert "Close my account for good" not in page
    assert answer.status_code == 422
    assert not closed(cast, cast.ids["outsider"])


def test_a_proof_of_long_ago_is_not_enough(cast: Cast) -> None:
    person_id, found = somebody(cast)
    service = cast.site.service
    with write(service.engine) as connection:
        long_ago = service.clock().replace(year=service.clock().year) - sessions.RECENT * 2
        from_cookie(cast, found, sessions.begin(connection, person_id, "link", CLIENT, long_ago).cookie)
    page, answer = found.get(PAGE), found.post(PAGE, "/account", work="leave")

    assert page.status_code in (303, 403)
    assert answer.status_code in (303, 403)
    assert not closed(cast, person_id)


def test_nobody_closes_it_without_a_token(cast: Cast) -> None:
    person_id, found = somebody(cast)
    answer = found.client.post(PAGE, data={"work": "leave"}, base_url=found.base_url)

    assert answer.status_code in (400, 403)
    assert not closed(cast, person_id)
