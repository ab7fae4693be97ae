"""What verifiers fetch: which bits stand, how long a built list is served, and what nobody may learn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from credentials.core.errors import BadIdentifier, CredentialError
from credentials.core.status_story import parse_story
from credentials.issuer import publish
from credentials.issuer.errors import CredentialUnknown, StatusListUnknown
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.publish import LIST_VALIDITY, REBUILD_AFTER, is_fresh, set_bits
from credentials.issuer.service import IssuerService
from credentials.keyring.files import FileKeyring
from credentials.store import status
from credentials.store.engine import open_engine, read
from credentials.store.migrate import upgrade
from credentials.store.status import EventKind, PublishedList, RecordedEvent
from tests.drafts import numbered_draft
from tests.issuer.conftest import BASE, Clock, keyring

__all__ = ["keyring"]  # fixture

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NEVER = "0" * 26


def event(idx: int, position: int, kind: EventKind, days: int = 0) -> RecordedEvent:
    return RecordedEvent(
        id=f"{idx}-{position}", issuer_id="acme", credential_id=str(idx), list_id="a", idx=idx, purpose="suspension",
        position=position, kind=kind, at=NOW + timedelta(days=days), reason="r", private_note="secret",
    )  # fmt: skip


STORIES: list[tuple[list[EventKind], list[int]]] = [
    ([], []),
    (["revoked"], [7]),
    (["replaced"], [7]),
    (["suspended"], [7]),
    (["lifted"], []),
    (["suspended", "lifted"], []),
    (["suspended", "lifted", "suspended"], [7]),
    (["suspended", "lifted", "revoked"], [7]),
]


@pytest.mark.parametrize(("kinds", "bits"), STORIES, ids=lambda value: "-".join(map(str, value)) or "none")
def test_the_last_event_decides_in_whatever_order_they_are_read(kinds: list[EventKind], bits: list[int]) -> None:
    # The clock ran backwards meanwhile: the position decides, not the time.
    events = [event(7, position, kind, days=-position) for position, kind in enumerate(kinds, 1)]
    for order in permutations(events):
        assert set_bits(order) == bits


def test_each_credential_has_its_own_last_event_and_bits_are_in_order() -> None:
    events = [event(9, 1, "revoked"), event(0, 1, "suspended"), event(0, 2, "lifted"), event(3, 5, "replaced")]
    assert set_bits(reversed(events)) == set_bits(iter(events)) == [3, 9]


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(0), True),
        (REBUILD_AFTER - timedelta(microseconds=1), True),
        (REBUILD_AFTER, False),
        (LIST_VALIDITY, False),
        (timedelta(days=900), False),
        (-timedelta(microseconds=1), False),
        (-LIST_VALIDITY, False),
    ],
    ids=str,
)
def test_a_list_is_served_while_it_is_neither_old_nor_of_tomorrow(age: timedelta, fresh: bool) -> None:
    cached = PublishedList(list_id="a", key_id="k", events=0, built_at=NOW - age, valid_until=NOW, body=b"")
    assert is_fresh(cached, NOW) is fresh


# With a service of its own -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, keyring: FileKeyring, clock: Clock) -> Iterator[IssuerService]:
    """One issuer, which suspends, on SQLite: nothing here is a matter of the database."""
    folder: Path = tmp_path_factory.mktemp("publish")
    engine = open_engine(f"sqlite:///{folder / 'service.db'}")
    upgrade(engine)
    made = IssuerService(engine, keyring, BASE, HighWaterMark(folder / "published"), clock)
    made.create_issuer("acme", "Acme Analytics", "https://acme.example")
    yield made
    engine.dispose()


def list_of(service: IssuerService, credential_id: str) -> str:
    with read(service.means.engine) as connection:
        (own, *_) = [one for one in status.entries(connection, credential_id) if one.purpose == "revocation"]
    return own.list_id


@pytest.mark.parametrize("list_id", ["", "unknown", "%", "../a", NEVER, "a" * 10_000, "a'--"], ids=lambda own: own[:9])
def test_a_list_that_is_not_there(service: IssuerService, list_id: str) -> None:
    with pytest.raises(StatusListUnknown):
        publish.status_list(service.means, list_id)


@pytest.mark.parametrize(
    ("own", "error"),
    [
        (NEVER, CredentialUnknown),
        ("", BadIdentifier),
        ("0" * 25, BadIdentifier),
        ("0" * 27, BadIdentifier),
        ("../" + NEVER, BadIdentifier),
        (f"{NEVER}\n", BadIdentifier),
        ("U" * 26, BadIdentifier),
    ],
    ids=repr,
)
def test_a_story_that_is_not_there(service: IssuerService, own: str, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        publish.status_story(service.means, own)


def test_a_list_is_signed_again_for_news_and_for_age_alone(service: IssuerService, clock: Clock) -> None:
    own = service.issue("acme", numbered_draft(1)).id
    list_id = list_of(service, own)
    first = publish.status_list(service.means, list_id)
    assert first.valid_until - first.built_at == LIST_VALIDITY
    clock.now += REBUILD_AFTER - SECOND
    assert publish.status_list(service.means, list_id) == first
    clock.now += SECOND
    second = publish.status_list(service.means, list_id)
    assert (second.built_at, second.events) == (clock.now, first.events)
    service.revoke(own, "Report was copied.", "Told by Kim.")
    third = publish.status_list(service.means, list_id)
    assert (third.built_at, third.events) == (clock.now, first.events + 1)
    assert publish.status_list(service.means, list_id) == third


def test_a_story_has_no_private_note_and_lower_case_finds_it(service: IssuerService) -> None:
    own = service.issue("acme", numbered_draft(2)).id
    assert publish.story(service.means, own.lower()) == []
    service.revoke(own, "Report was copied.", "Told by Kim.")
    told = publish.status_story(service.means, own.lower())
    payload = parse_story(told).jws.payload
    assert (b"copied" in payload, b"Kim" in payload) == (True, False)
    assert [one.private_note for one in publish.story(service.means, own)] == ["Told by Kim."]
    (shown,) = publish.public_events(service.means, publish.story(service.means, own))
    assert (shown.reason, shown.successor) == ("Report was copied.", None)
