"""What signing in gives away: no secret in a log or a kept page, and nothing of whether an address is known."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable

from sqlalchemy import event
from werkzeug.test import TestResponse

from credentials.store import people
from credentials.store.engine import write
from tests.web.test_signing_in import ANA, Door, cookie_of, door, taken

__all__ = ["door"]


def test_no_token_no_address_and_no_name_is_logged(door: Door) -> None:
    found = door.person()
    secrets = [door.letters.path(ANA).rpartition("/")[2], cookie_of(found), ANA, "Ana Souza"]
    found.get(door.letters.path(ANA))
    found.post("/account/addresses", "/account", address="ana@home.example")
    path = door.letters.path("ana@home.example")
    taken(found, f"/account/addresses/{path.rpartition('/')[2]}")
    secrets += [path.rpartition("/")[2], "ana@home.example"]
    found.post("/sign-in/code", "/account", ticket="ticket-canary", code="code-canary")
    found.post("/sign-out", "/account")
    log = door.site.log.getvalue()

    assert "/link/<token>" in log
    assert [one for one in (*secrets, "ticket-canary", "code-canary") if one in log] == []


def test_no_page_that_holds_a_secret_is_kept_or_told(door: Door) -> None:
    found = door.person()
    path = door.letters.path(ANA)
    for answer in (found.get("/account"), found.get("/welcome"), found.get(path), door.nobody().get("/sign-in")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def statements(door: Door, call: Callable[[], object]) -> list[str]:
    """The SQL that a call runs, without its values."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(door.service.engine, "before_cursor_execute", note)
    call()
    event.remove(door.service.engine, "before_cursor_execute", note)
    return seen


def test_known_and_unknown_addresses_cost_the_same_statements(door: Door) -> None:
    door.person(ANA)
    door.asked("ben@school.example")
    found = door.nobody()
    token = found.token("/sign-in")
    headers = {"Referer": f"{door.service.base_url}/sign-in"}

    def ask(address: str) -> Callable[[], TestResponse]:
        form = {"csrf_token": token, "address": address}
        return lambda: found.client.post("/sign-in", data=form, headers=headers, base_url=door.service.base_url)

    known, unknown = (statements(door, ask(one)) for one in (ANA, "ben@school.example"))
    assert known == unknown
    assert len(known) > 4
    pages = [re.sub(r'value="[^"]+"|<bdi>[^<]*</bdi>', "", ask(one)().text) for one in (ANA, "ben@school.example")]
    assert pages[0] == pages[1]
    assert [letter.subject for _to, letter in door.letters.sent[-2:]] == ["Sign in to credentials.example"] * 2


def test_known_and_unknown_addresses_take_as_long(door: Door) -> None:
    """The medians of interleaved pairs: whatever slows the machine meets both alike."""
    known = [f"known-{number}@school.example" for number in range(40)]
    for number, address in enumerate(known):
        with write(door.service.engine) as connection:
            person = people.Person(id=f"p{number}", name="P", handle=b"%d" % number, created_at=door.service.clock())
            people.add(connection, person)
            people.add_address(
                connection,
                people.Address(
                    canonical=address, person_id=person.id, address=address, first=True, proved_at=person.created_at
                ),
            )
    found = door.nobody()
    token, headers = found.token("/sign-in"), {"Referer": f"{door.service.base_url}/sign-in"}

    def seconds(address: str) -> float:
        begun = time.perf_counter()
        form = {"csrf_token": token, "address": address}
        found.client.post("/sign-in", data=form, headers=headers, base_url=door.service.base_url)
        return time.perf_counter() - begun

    pairs = []
    for turn in range(5):
        for number, address in enumerate(known):
            other = f"other-{number}@school.example"
            order = (address, other) if (turn + number) % 2 else (other, address)
            spent = {one: seconds(one) for one in order}
            pairs.append((spent[address], spent[other]))
    ratio = statistics.median(one for one, _other in pairs) / statistics.median(other for _one, other in pairs)

    assert len(pairs) == 200
    assert 0.8 < ratio < 1.25
