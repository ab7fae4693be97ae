"""What holders said is wrong, as kept: one open for each credential, in pages, and what goes with an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from credentials.issuer.service import IssuerService
from credentials.store import closing, disputes, handovers, migrate
from credentials.store.disputes import Dispute
from credentials.store.engine import open_engine, read, write
from credentials.store.handovers import Handover
from credentials.store.tables import handover
from tests.drafts import numbered_draft
from tests.issuer.conftest import clock, keyring, published, service
from tests.store.rows import NOW, SECOND, add_person
from tests.store.test_migrate import old_rows

__all__ = ["clock", "keyring", "published", "service"]


@pytest.fixture
def credential(service: IssuerService) -> str:
    return service.issue("acme", numbered_draft(1)).id


def made(service: IssuerService, credential: str, own: str, at: datetime = NOW, **changes: str) -> Dispute:
    issuer = service.issuer("acme").id
    values: dict[str, Any] = {"reason": "wrong", "words": f"Words of {own}.", **changes}
    return Dispute(id=own, issuer_id=issuer, credential_id=credential, created_at=at, changed_at=at, **values)


def listed(connection: Connection, service: IssuerService, state: str | None = None) -> list[Dispute]:
    return disputes.page_of_issuer(connection, service.issuer("acme").id, state, None, 100)


def test_what_is_said_again_takes_the_place_of_what_is_open(service: IssuerService, credential: str) -> None:
    with write(service.means.engine) as connection:
        first = disputes.say(connection, made(service, credential, "A", proposal='{"hours":"1"}'))
        again = disputes.say(connection, made(service, credential, "B", NOW + SECOND, reason="not-me"))
    with read(service.means.engine) as connection:
        (found,) = listed(connection, service)

    assert (first, again, found.id) == ("A", "A", "A")
    assert (found.words, found.reason, found.proposal) == ("Words of B.", "not-me", None)
    assert (found.created_at, found.changed_at) == (NOW, NOW + SECOND)


def test_what_is_said_after_an_answer_is_new(service: IssuerService, credential: str) -> None:
    with write(service.means.engine) as connection:
        disputes.say(connection, made(service, credential, "A"))
        disputes.answered(connection, credential, "No.", NOW + SECOND)
        disputes.answered(connection, credential, "Twice.", NOW + 2 * SECOND)
        disputes.say(connection, made(service, credential, "B", NOW + 3 * SECOND))
        disputes.corrected(connection, credential, credential, NOW + 4 * SECOND)
        disputes.answered(connection, credential, "Late.", NOW + 5 * SECOND)
        found = listed(connection, service)

    assert [(one.id, one.state, one.answer, one.successor_id) for one in found] == [
        ("B", "corrected", None, credential),
        ("A", "answered", "No.", None),
    ]
    assert [one.changed_at - NOW for one in found] == [4 * SECOND, SECOND]


def test_settling_what_nobody_said_does_nothing(service: IssuerService, credential: str) -> None:
    with write(service.means.engine) as connection:
        disputes.answered(connection, credential, "No.", NOW)
        disputes.corrected(connection, credential, credential, NOW)
        assert listed(connection, service) == []


def test_pages_and_states(service: IssuerService) -> None:
    issuer = service.issuer("acme").id
    ids = [service.issue("acme", numbered_draft(number)).id for number in range(5)]
    with write(service.means.engine) as connection:
        for number, own in enumerate(ids):
            # Two of them in one moment, in the order of their ids.
            disputes.say(connection, made(service, own, f"D{number}", NOW + (number // 2) * SECOND))
        disputes.answered(connection, ids[0], "", NOW)
        first = disputes.page_of_issuer(connection, issuer, None, None, 2)
        place = (first[-1].created_at, first[-1].id)
        rest = disputes.page_of_issuer(connection, issuer, None, place, 9)
        settled = [one.id for one in listed(connection, service, "answered")]
        assert disputes.page_of_issuer(connection, "another", None, None, 9) == []
        assert disputes.by_id(connection, "another", "D1") is None
        assert disputes.by_id(connection, issuer, "D9") is None

    assert [one.id for one in [*first, *rest]] == ["D4", "D2", "D3", "D0", "D1"]
    assert settled == ["D0"]


def test_what_is_settled_goes_with_the_account_of_whoever_holds_it(service: IssuerService) -> None:
    issuer = service.issuer("acme").id
    ids = [service.issue("acme", numbered_draft(number)).id for number in range(4)]
    with write(service.means.engine) as connection:
        for own in ("ann", "bob"):
            add_person(connection, own)
        for number, own in enumerate(ids):
            handovers.put(connection, Handover(credential_id=own, issuer_id=issuer, address="a@b.example"))
            if number < 3:
                handovers.claimed(connection, own, "bob" if number == 2 else "ann", NOW)
            disputes.say(connection, made(service, own, f"D{number}"))
            if number != 1:
                disputes.answered(connection, own, "No.", NOW)
        closing.erase(connection, "ann", "Somebody", NOW)
        disputes.forget(connection, "")

        # An open one, somebody else's, and one of a credential that nobody took.
        assert [one.id for one in listed(connection, service)] == ["D1", "D2", "D3"]


def test_what_an_older_version_kept_open_is_told_on(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    migrate.upgrade(engine, "0001")
    said = [
        ("C", "That’s not me.", None, NOW),
        ("D", "The hours.", '{"hours":"4"}', NOW + timedelta(days=1)),
        ("E", None, None, None),
    ]
    with write(engine) as connection:
        for statement, values in old_rows(b"{}", b"x")[:3]:
            connection.execute(text(statement), values)
        for own in ("D", "E"):
            copied = text(
                "INSERT INTO credential (id, code, issuer_id, candidate_id, draft_digest, title, visibility, "
                "created_at, unsigned) SELECT :own, :own, issuer_id, candidate_id, draft_digest, title, visibility, "
                "created_at, unsigned FROM credential WHERE id = 'C'"
            )
            connection.execute(copied, {"own": own})
    migrate.upgrade(engine, "0007")
    with write(engine) as connection:
        for own, words, proposal, at in said:
            values = {"credential_id": own, "issuer_id": "I", "address": "a@b.example"}
            connection.execute(handover.insert(), values | {"dispute": words, "proposal": proposal, "disputed_at": at})
    migrate.upgrade(engine)
    with read(engine) as connection:
        found = disputes.page_of_issuer(connection, "I", "open", None, 9)
    engine.dispose()

    assert [(one.id, one.credential_id, one.reason, one.words, one.proposal, one.created_at) for one in found] == [
        ("D", "D", "wrong", "The hours.", '{"hours":"4"}', NOW + timedelta(days=1)),
        ("C", "C", "not-me", "That’s not me.", None, NOW),
    ]
