"""Status at rest: a place is given once, a story has one order, and an older list never takes the place of a newer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, Engine, Table, update
from sqlalchemy.exc import IntegrityError, StatementError

from credentials.store import signing_keys, status
from credentials.store.engine import read, write
from credentials.store.signing_keys import SigningKey
from credentials.store.status import Entry, PublishedList, RecordedEvent, StatusList
from credentials.store.tables import published_list, published_token_list, signing_key
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_credential

TABLES = pytest.mark.parametrize("table", [published_list, published_token_list], ids=lambda table: table.name)


def listed(own: str, **more: object) -> StatusList:
    values: dict[str, object] = {"issuer_id": ACME, "purpose": "revocation", "size": 8, "seed": b"s" * 32}
    return StatusList(id=own, **({"allotted": 0, "created_at": NOW} | values | more))  # type: ignore[arg-type]


def event(own: str, position: int, **more: object) -> RecordedEvent:
    """A revocation of credential `one`, whose place in list `a` is 3."""
    values: dict[str, object] = {
        "issuer_id": ACME,
        "credential_id": "one",
        "list_id": "a",
        "idx": 3,
        "purpose": "revocation",
        "kind": "revoked",
        "at": NOW,
        "reason": "",
        "private_note": "",
    }
    return RecordedEvent(id=own, position=position, **(values | more))  # type: ignore[arg-type]


def built(events: int, at: datetime = NOW, key: str = "key-1", body: bytes = b"new") -> PublishedList:
    until = NOW + DAY
    return PublishedList(list_id="a", key_id=key, events=events, built_at=at, valid_until=until, body=body)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two companies; acme has the lists `a` and `b` and the credentials `one` and `two`."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    with write(engine) as connection:
        status.add_list(connection, listed("a"))
        status.add_list(connection, listed("b", purpose="suspension"))
        for own in ("one", "two"):
            add_credential(connection, own)
    return engine


def test_a_list_that_is_there_stays_as_it_is(kept: Engine) -> None:
    with write(kept) as connection:
        status.add_list(connection, listed("a", size=16, seed=b"x" * 32, allotted=7, issuer_id=OTHER))
        assert status.by_id(connection, "a") == listed("a")
        assert [status.by_id(connection, own) for own in ("", "A", "a ", "%", "_")] == [None] * 5


def test_lists_of_one_moment_come_in_one_order(kept: Engine) -> None:
    with write(kept) as connection:
        status.add_list(connection, listed("0"))
        status.add_list(connection, listed("z", created_at=NOW - SECOND))
        status.add_list(connection, listed("theirs", issuer_id=OTHER))
        assert [one.id for one in status.of_issuer(connection, ACME)] == ["z", "0", "a", "b"]
        assert [one.id for one in status.of_issuer(connection, OTHER)] == ["theirs"]
        assert status.of_issuer(connection, "id-of-nobody") == []
        assert status.allotments(connection).keys() == {"a", "b", "0", "z", "theirs"}


def test_only_the_named_list_moves_and_closes_once(kept: Engine) -> None:
    with write(kept) as connection:
        status.set_allotted(connection, "a", 5)
        status.set_allotted(connection, "unknown", 6)
        status.close(connection, [], NOW)
        status.close(connection, ["a", "unknown"], NOW + SECOND)
        status.close(connection, ["a"], NOW + DAY)
        assert status.allotments(connection) == {
            "a": listed("a", allotted=5, closed_at=NOW + SECOND),
            "b": listed("b", purpose="suspension"),
        }


@pytest.mark.parametrize(
    "second",
    [
        Entry("a", 3, "two", "revocation"),
        Entry("a", 3, "one", "revocation"),
        Entry("a", 4, "unknown", "revocation"),
        Entry("unknown", 3, "two", "revocation"),
    ],
    ids=["another's place", "its own again", "no credential", "no list"],
)
def test_a_place_is_given_once_and_a_batch_whole(kept: Engine, second: Entry) -> None:
    first = Entry("a", 3, "one", "revocation")
    with write(kept) as connection:
        status.add_entries(connection, [first])
    with pytest.raises(IntegrityError), write(kept) as connection:
        status.add_entries(connection, [Entry("a", 0, "two", "revocation"), second])
    with read(kept) as connection:
        assert status.entries(connection, "one") == [first]
        assert status.entries(connection, "two") == []


def test_a_place_leads_to_its_credential_alone(kept: Engine) -> None:
    with write(kept) as connection:
        status.add_entries(connection, [])
        status.add_entries(connection, [Entry("b", 3, "one", "suspension"), Entry("a", 0, "one", "revocation")])
        status.add_entries(connection, [Entry("b", 0, "two", "suspension")])
        assert [entry.purpose for entry in status.entries(connection, "one")] == ["revocation", "suspension"]
        places = {("a", 0): "one", ("b", 3): "one", ("b", 0): "two", ("a", 3): None, ("a", -1): None, ("A", 0): None}
        assert {place: status.credential_at(connection, *place) for place in places} == places
        assert [status.entries(connection, own) for own in ("", "ONE", "%")] == [[], [], []]


def test_a_story_is_told_in_its_own_order_whatever_the_clock_said(kept: Engine) -> None:
    later = {"kind": "lifted", "at": NOW - DAY}
    with write(kept) as connection:
        status.add_event(connection, event("z", 1, kind="suspended"))
        status.add_event(connection, event("a", 3, kind="revoked", at=NOW - 2 * DAY, list_id="b"))
        status.add_event(connection, event("m", 2, **later))
        status.add_event(connection, event("other", 1, credential_id="gone-in-a-restore", successor="two"))
        assert [one.id for one in status.story(connection, "one")] == ["z", "m", "a"]
        assert [one.successor for one in status.story(connection, "gone-in-a-restore")] == ["two"]
        assert [one.id for one in status.events_of_list(connection, "a")] == ["other", "z", "m"]
        counts = {own: status.count_events(connection, own) for own in ("a", "b", "unknown", "")}
        assert counts == {"a": 3, "b": 1, "unknown": 0, "": 0}
        assert status.event_ids(connection) == {"a", "m", "z", "other"}
        assert status.story(connection, "ONE") == []


@pytest.mark.parametrize(
    "second",
    [
        event("e-1", 2),
        event("e-2", 1),
        event("e-2", 1, issuer_id=OTHER, list_id="b"),
        event("e-2", 2, idempotency_key="again"),
        event("e-2", 2, list_id="unknown"),
    ],
    ids=["id", "position", "another's position", "idempotency key", "no list"],
)
def test_an_event_is_recorded_once(kept: Engine, second: RecordedEvent) -> None:
    first = event("e-1", 1, idempotency_key="again")
    with write(kept) as connection:
        status.add_event(connection, first)
    with pytest.raises(IntegrityError), write(kept) as connection:
        status.add_event(connection, second)
    with read(kept) as connection:
        assert status.story(connection, "one") == [first]


def test_two_that_take_the_next_position_at_once_do_not_both_get_it(kept: Engine) -> None:
    def record(own: str) -> None:
        with write(kept) as connection:
            status.add_event(connection, event(own, 1))

    answers = at_once(lambda: record("e-1"), lambda: record("e-2"))
    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "NoneType"]


def test_an_idempotency_key_is_its_companys_own(kept: Engine) -> None:
    mine = event("mine", 1, idempotency_key="k", request_digest="aa")
    theirs = event("theirs", 1, idempotency_key="k", issuer_id=OTHER, credential_id="two", list_id="b")
    with write(kept) as connection:
        for one in (mine, theirs, event("none", 2), event("none-2", 3)):
            status.add_event(connection, one)
        assert status.by_idempotency_key(connection, ACME, "k") == mine
        assert status.by_idempotency_key(connection, OTHER, "k") == theirs
        wrong = [(ACME, "K"), (ACME, "k "), (ACME, "%"), (ACME, ""), ("id-of-nobody", "k")]
        assert [status.by_idempotency_key(connection, *which) for which in wrong] == [None] * 5


def test_a_moment_is_kept_as_utc_and_never_without_a_zone(kept: Engine) -> None:
    abroad = NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    with write(kept) as connection:
        status.add_event(connection, event("e", 1, at=abroad))
        assert status.story(connection, "one")[0].at.isoformat() == NOW.isoformat()
    with pytest.raises(StatementError, match="time zone"), write(kept) as connection:
        status.add_event(connection, event("f", 2, at=NOW.replace(tzinfo=None)))


PUBLISHED = [
    ("more events", built(3, NOW - DAY), True),
    ("newer", built(2, NOW + SECOND), True),
    ("another key", built(2, NOW, "key-2"), True),
    ("more events by another key", built(3, NOW - DAY, "key-2"), True),
    ("fewer events", built(1, NOW + DAY), False),
    ("fewer events by another key", built(1, NOW + DAY, "key-2"), False),
    ("as old", built(2, NOW), False),
    ("older", built(2, NOW - SECOND), False),
]


@TABLES
def test_an_older_list_never_takes_the_place_of_a_newer(kept: Engine, table: Table) -> None:
    first = built(2, body=b"first")
    for name, candidate, taken in PUBLISHED:
        with write(kept) as connection:
            connection.execute(table.delete())
            status.publish(connection, first, table)
            status.publish(connection, candidate, table)
            assert status.published(connection, "a", table) == (candidate if taken else first), name


@TABLES
def test_of_lists_published_at_once_the_one_with_most_events_stays(kept: Engine, table: Table) -> None:
    def publish(events: int) -> None:
        with write(kept) as connection:
            status.publish(connection, built(events), table)

    assert at_once(*[lambda events=events: publish(events) for events in (1, 3, 2)]) == [None] * 3
    with read(kept) as connection:
        assert status.published(connection, "a", table) == built(3)


def add_key(connection: Connection, own: str, issuer_id: str = ACME) -> None:
    key = SigningKey(
        id=own, issuer_id=issuer_id, name=own, key_id=own, algorithm="EdDSA", public_jwk="{}", state="active",
        created_at=NOW, activated_at=NOW,
    )  # fmt: skip
    signing_keys.add(connection, key)


@TABLES
@pytest.mark.parametrize(("stolen", "there"), [("key-1", False), ("key-2", True), (None, True)])
def test_a_list_by_a_stolen_key_is_not_there(kept: Engine, table: Table, stolen: str | None, there: bool) -> None:
    with write(kept) as connection:
        add_key(connection, "key-1")
        add_key(connection, "key-2")
        status.publish(connection, built(1), table)
        which = signing_key.c.key_id == stolen
        connection.execute(update(signing_key).where(which).values(compromised_since=NOW + DAY))
        assert status.published(connection, "a", table) == (built(1) if there else None)
        status.publish(connection, replace(built(1), key_id="key-new"), table)  # signed anew, with no more news
        assert status.published(connection, "a", table) == built(1, key="key-new")
        assert [status.published(connection, own, table) for own in ("b", "A", "", "%")] == [None] * 4


def test_the_two_kinds_of_list_do_not_answer_for_each_other(kept: Engine) -> None:
    both = replace(built(1), embedded=b"{}")
    with write(kept) as connection:
        status.publish(connection, both)
        assert status.published(connection, "a", published_token_list) is None
        status.publish(connection, both, published_token_list)
        assert status.published(connection, "a", published_token_list) == built(1)
        assert status.published(connection, "a") == both
    with pytest.raises(IntegrityError), write(kept) as connection:
        status.publish(connection, replace(both, list_id="unknown"))
