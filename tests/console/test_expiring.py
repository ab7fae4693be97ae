"""Holder and author are told of a credential's end 30 and 7 days before, once each, and of nothing that is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from credentials.console import expiring
from credentials.store.engine import write
from tests.console.conftest import OWNER, Desk
from tests.console.test_awarding import award
from tests.console.test_correcting import corrected
from tests.drafts import numbered_draft

HOLDER = "ana@mail.example"
SUBJECT = "is current until"


def ending(desk: Desk, days: int = 90, **changes: object) -> tuple[str, datetime]:
    """A credential whose last day is in some days: its id, and the moment at which it ends."""
    last = desk.service.clock() + timedelta(days=days)
    number = award(desk.owner, "sign", valid_until=last.date().isoformat(), **changes).partition("new=")[2]
    return number, datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)


def sweep(desk: Desk, at: datetime) -> int:
    """Remind everybody who is due at a moment; how many credentials that is."""
    accounts = replace(desk.service.desk.accounts, clock=lambda: at)
    means = replace(desk.service.desk, accounts=accounts)
    found = expiring.due(means, at, 10)
    for one in found:
        expiring.remind(means, one)
    return len(found)


def told(desk: Desk) -> list[str]:
    """Who got a letter about an end."""
    return sorted(to for to, letter in desk.sent() if SUBJECT in letter.subject)


def test_both_are_told_at_each_mark_and_once(desk: Desk) -> None:
    number, end = ending(desk)
    seen = [sweep(desk, end - timedelta(days=left)) for left in (31, 30, 29, 8, 7, 6, 1)]

    assert seen == [0, 1, 0, 0, 1, 0, 0]
    assert told(desk) == sorted([HOLDER, OWNER] * 2)
    letter = next(letter for to, letter in desk.sent() if to == HOLDER and SUBJECT in letter.subject)
    assert letter.action is not None
    assert letter.action.url.endswith(f"/c/{number}")
    last = end - timedelta(days=1)
    assert f"{last.day} {last:%b} {last.year}" in letter.subject


def test_after_a_standstill_only_the_nearer_mark_is_told(desk: Desk) -> None:
    _, end = ending(desk)

    assert (sweep(desk, end - timedelta(days=3)), sweep(desk, end - timedelta(days=2))) == (1, 0)
    assert told(desk) == sorted([HOLDER, OWNER])


def test_a_mark_before_the_signature_is_left_out(desk: Desk) -> None:
    _, end = ending(desk, days=20)
    sweep(desk, desk.service.clock() + timedelta(minutes=1))
    assert told(desk) == []

    sweep(desk, end - timedelta(days=7))
    assert told(desk) == sorted([HOLDER, OWNER])


def withdrawn(desk: Desk, number: str) -> None:
    desk.service.issuer.revoke(number, "Issued in error")


def replaced(desk: Desk, number: str) -> None:
    corrected(desk, number)  # the new one has no end


@pytest.mark.parametrize("over", [withdrawn, replaced])
def test_nobody_is_told_of_what_counts_no_more(desk: Desk, over: Callable[[Desk, str], None]) -> None:
    number, end = ending(desk)
    over(desk, number)

    assert sweep(desk, end - timedelta(days=30)) == 0
    expiring.remind(desk.service.desk, number)
    assert told(desk) == []


def test_a_withdrawal_between_looking_and_writing_counts(desk: Desk) -> None:
    number, end = ending(desk)
    at = end - timedelta(days=7)
    means = replace(desk.service.desk, accounts=replace(desk.service.desk.accounts, clock=lambda: at))
    assert expiring.due(means, at, 10) == [number]
    withdrawn(desk, number)
    expiring.remind(means, number)

    assert told(desk) == []


def test_what_has_ended_and_what_has_no_end_is_left_alone(desk: Desk) -> None:
    award(desk.owner, "sign")
    number, end = ending(desk)

    assert sweep(desk, end) == 0
    expiring.remind(desk.service.desk, number.lower())
    assert told(desk) == []


def test_whoever_turned_reminders_off_gets_none_and_the_other_does(desk: Desk) -> None:
    _, end = ending(desk)
    with write(desk.service.engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO unsubscribed (address, kind, at) VALUES (?, 'reminder', '2026-01-01')", (HOLDER,)
        )
    sweep(desk, end - timedelta(days=7))

    assert told(desk) == [OWNER]


def test_the_author_is_told_and_after_them_the_owners(desk: Desk) -> None:
    author = desk.invited("writer@acme.example", "author", "signer")
    last = desk.service.clock() + timedelta(days=90)
    award(author, "sign", valid_until=last.date().isoformat())
    sweep(desk, last - timedelta(days=25))
    assert told(desk) == sorted([HOLDER, "writer@acme.example"])

    with write(desk.service.engine) as connection:
        connection.exec_driver_sql("DELETE FROM membership WHERE roles NOT LIKE '%owner%'")
    sweep(desk, last - timedelta(days=5))
    assert told(desk) == sorted([HOLDER, HOLDER, OWNER, "writer@acme.example"])


def test_of_what_a_program_issued_the_owners_are_told(desk: Desk) -> None:
    end = desk.service.clock() + timedelta(days=60)
    for number, address in ((1, None), (2, "b@mail.example")):
        desk.service.issuer.issue("acme", replace(numbered_draft(number), valid_until=end, recipient_email=address))

    assert sweep(desk, end - timedelta(days=30)) == 2
    assert told(desk) == sorted(["b@mail.example", OWNER, OWNER])


def test_the_list_says_until_when_each_is_current(desk: Desk) -> None:
    _, end = ending(desk)
    last = end - timedelta(days=1)

    page = desk.owner.get("/console/acme/issued").text
    assert f'expires on <time datetime="{last.date().isoformat()}"' in page
