"""Letters at rest: one lease at a time, no text once a letter is out, and pages without gap or repeat."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from credentials.store import mail
from credentials.store.engine import read, write
from credentials.store.mail import Mail
from tests.accounts.actors import at_once
from tests.store.rows import DAY, NOW, SECOND

LEASE = timedelta(minutes=2)
LETTER = Mail(
    id="m",
    kind="claim",
    address="a@x",
    issuer_id=None,
    subject_id=None,
    subject="Yours",
    body=b"sealed",
    state="queued",
    attempts=0,
    due_at=NOW,
    created_at=NOW,
)

DUE: list[tuple[str, dict[str, Any], bool]] = [
    ("due now", {}, True),
    ("due a second ago", {"due_at": NOW - SECOND}, True),
    ("due in a second", {"due_at": NOW + SECOND}, False),
    ("leased", {"leased_until": NOW + SECOND}, False),
    ("the lease ends now", {"leased_until": NOW}, True),
    ("kept", {"state": "kept"}, False),
    ("sent", {"state": "sent"}, False),
    ("failed", {"state": "failed"}, False),
    ("bounced", {"state": "bounced"}, False),
]


def test_what_is_due_is_what_can_be_taken(engine: Engine) -> None:
    with write(engine) as connection:
        for why, changes, _ in DUE:
            mail.add(connection, replace(LETTER, id=why, **changes))
        ready = {why for why, _, good in DUE if good}
        found = mail.due(connection, NOW, 100)
        assert (set(found), found[0]) == (ready, "due a second ago")
        assert len(mail.due(connection, NOW, 2)) == 2
        assert {why for why, _, _ in DUE if mail.lease(connection, why, NOW, NOW + LEASE)} == ready
        assert mail.lease(connection, "no such letter", NOW, NOW + LEASE) is None
        assert mail.due(connection, NOW, 100) == []


def test_of_several_at_once_one_sends_it(engine: Engine) -> None:
    with write(engine) as connection:
        mail.add(connection, LETTER)

    def lease() -> bool:
        with write(engine) as connection:
            return mail.lease(connection, "m", NOW, NOW + LEASE) is not None

    assert sorted(map(str, at_once(*[lease] * 3))) == ["False", "False", "True"]


def test_a_lease_stands_until_somebody_else_has_it_or_it_is_over(engine: Engine) -> None:
    with write(engine) as connection:
        mail.add(connection, LETTER)
        first = mail.lease(connection, "m", NOW, NOW + LEASE)
        assert first is not None
        assert mail.is_held(connection, first)
        second = mail.lease(connection, "m", NOW + LEASE, NOW + 2 * LEASE)
        assert second is not None
        assert [mail.is_held(connection, one) for one in (first, second)] == [False, True]
        mail.postponed(connection, "m", 1, NOW + DAY, "451")
        assert not mail.is_held(connection, second)
        assert mail.due(connection, NOW + LEASE, 9) == []
        assert mail.due(connection, NOW + DAY, 9) == ["m"]


def test_no_text_is_left_of_a_letter_that_is_out(engine: Engine) -> None:
    others = replace(LETTER, id="other")
    with write(engine) as connection:
        for own in ("sent", "failed", "bounced"):
            mail.add(connection, replace(LETTER, id=own, leased_until=NOW + LEASE, problem="451"))
        mail.add(connection, others)
        mail.sent(connection, "sent", NOW + SECOND)
        mail.ended(connection, "failed", "failed", "550", NOW + SECOND)
        mail.ended(connection, "bounced", "bounced", "550", NOW + SECOND)
        found = {own: mail.by_id(connection, own) for own in ("sent", "failed", "bounced")}
        counted = mail.counts(connection)
        assert mail.by_id(connection, "other") == others
    over = replace(LETTER, body=None)
    assert found == {
        "sent": replace(over, id="sent", state="sent", sent_at=NOW + SECOND),
        "failed": replace(over, id="failed", state="failed", problem="550"),
        "bounced": replace(over, id="bounced", state="bounced", problem="550", bounced_at=NOW + SECOND),
    }
    assert counted == {"sent": 1, "failed": 1, "bounced": 1, "queued": 1}


def test_only_what_was_kept_with_its_text_waits_for_a_new_server(engine: Engine) -> None:
    later = NOW + DAY
    with write(engine) as connection:
        mail.add(connection, replace(LETTER, id="old", state="kept", created_at=NOW - SECOND))
        mail.add(connection, replace(LETTER, id="new", state="kept"))
        mail.add(connection, replace(LETTER, id="over", state="failed", created_at=NOW - DAY))
        mail.erase_kept(connection, NOW)
        bodies = {one.id: one.body for one in mail.newest(connection, 9)}
        assert bodies == {"old": None, "new": b"sealed", "over": b"sealed"}
        assert mail.queue_kept(connection, later) == 1
        assert mail.queue_kept(connection, later) == 0
        assert (mail.due(connection, later - SECOND, 9), mail.due(connection, later, 9)) == ([], ["new"])


def place(seen: list[Mail]) -> tuple[datetime, str] | None:
    return (seen[-1].created_at, seen[-1].id) if seen else None


@pytest.mark.parametrize(("states", "expected"), [
    ((), ["f", "d", "e", "a", "b", "c"]),
    (("sent",), ["d", "a", "c"]),
    (("queued", "sent"), ["f", "d", "e", "a", "b", "c"]),
    (("bounced",), []),
])  # fmt: skip
def test_the_newest_page_by_page(engine: Engine, states: tuple[str, ...], expected: list[str]) -> None:
    made = [("a", 0, "sent"), ("b", 0, "queued"), ("c", 0, "sent"), ("d", 1, "sent"), ("e", 1, "queued"),
            ("f", 2, "queued")]  # fmt: skip
    with write(engine) as connection:
        for own, at, state in made:
            mail.add(connection, replace(LETTER, id=own, created_at=NOW + at * SECOND, state=state))  # type: ignore[arg-type]
    seen: list[Mail] = []
    with read(engine) as connection:
        # A page that repeats a letter must not keep the test going for ever.
        while len(seen) < 20 and (page := mail.newest(connection, 2, states, place(seen))):
            seen += page
    assert [one.id for one in seen] == expected


def test_only_this_kind_of_letter_to_this_address_is_turned_off(engine: Engine) -> None:
    asked = [("a@x", "news"), ("a@x", "claim"), ("A@x", "news"), ("b@x", "news"), ("", ""), ("%", "news")]
    with write(engine) as connection:
        mail.unsubscribe(connection, "a@x", "news", NOW)
        mail.unsubscribe(connection, "a@x", "news", NOW + DAY)
        found = [mail.is_unsubscribed(connection, *one) for one in asked]
    assert found == [True, False, False, False, False, False]
