"""An older database put back under a running service: nothing is un-revoked, no index is handed out twice."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from credentials.core.did_document import parse_did_document
from credentials.core.securing import MECHANISMS, VerifiedCredential
from credentials.core.status_list import parse_status_list_credential
from credentials.core.status_story import parse_story
from credentials.issuer.errors import CredentialUnknown, PublishedRecordDamaged, StatusConflict
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.conftest import BASE, Clock
from tests.store.snapshots import PostgresqlSnapshots, Snapshots, SqliteSnapshots


@pytest.fixture
def snapshots(
    database_kind: str, database_url: str, engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Snapshots]:
    if database_kind == "sqlite":
        yield SqliteSnapshots(database_url, tmp_path, by_rename=False)
        return
    made = PostgresqlSnapshots(database_url, request.getfixturevalue("postgresql_admin"), engine)
    yield made
    made.drop_all()


def released(service: IssuerService, credential_id: str) -> VerifiedCredential:
    """A released credential, verified under its issuer's published keys."""
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, credential_id, "vc+jwt")
    assert form is not None
    mechanism = MECHANISMS[form.format]
    presented = mechanism.read(form.body)
    document = parse_did_document(service.did_document("acme"), presented.issuer)
    return mechanism.verify(presented, document.assertion_key(presented.verification_method).key)


def bit(service: IssuerService, verified: VerifiedCredential, purpose: str = "revocation") -> bool:
    """The bit as a verifier sees it now."""
    entry = next(one for one in verified.credential.statuses if one.purpose == purpose)
    listed = MECHANISMS["vc+jwt"].read(service.status_list(entry.list_url.rsplit("/", 1)[1]))
    return parse_status_list_credential(listed.document, purpose=purpose, now=service.means.now()).is_set(entry.index)


def places(verified: VerifiedCredential) -> set[tuple[str, int]]:
    return {(entry.list_url, entry.index) for entry in verified.credential.statuses}


def test_a_restore_takes_back_no_revocation(service: IssuerService, snapshots: Snapshots) -> None:
    one = released(service, service.issue("acme", numbered_draft(1)).id)
    credential_id = str(one.credential.id).rsplit("/", 1)[1]
    assert not bit(service, one)
    copy = snapshots.take()
    service.revoke(credential_id, "Wrong person")
    snapshots.put_back(copy)
    assert bit(service, one)
    assert parse_story(service.status_story(credential_id)).events[0].reason == "Wrong person"
    with pytest.raises(StatusConflict):
        service.revoke(credential_id, "Again")


def test_the_story_alone_notices_a_restore(service: IssuerService, snapshots: Snapshots) -> None:
    issued = service.issue("acme", numbered_draft(1))
    copy = snapshots.take()
    service.suspend(issued.id, "Under review")
    snapshots.put_back(copy)
    assert [event.kind for event in parse_story(service.status_story(issued.id)).events] == ["suspended"]
    service.lift(issued.id, "Cleared")
    kinds = [event.kind for event in parse_story(service.status_story(issued.id)).events]
    assert kinds == ["suspended", "lifted"]


def test_an_event_on_a_restored_database_follows_the_lost_ones(service: IssuerService, snapshots: Snapshots) -> None:
    issued = service.issue("acme", numbered_draft(1))
    copy = snapshots.take()
    service.suspend(issued.id, "Under review")
    snapshots.put_back(copy)
    with pytest.raises(StatusConflict):
        service.suspend(issued.id, "Under review again")


def test_a_restore_hands_out_no_index_twice(service: IssuerService, snapshots: Snapshots) -> None:
    before = released(service, service.issue("acme", numbered_draft(1)).id)
    copy = snapshots.take()
    lost = [released(service, one.id) for one in service.issue_many("acme", keyed_drafts(20, 2))]
    snapshots.put_back(copy)
    after = [released(service, one.id) for one in service.issue_many("acme", keyed_drafts(20, 100))]
    handed_out = [place for one in [before, *lost, *after] for place in places(one)]
    assert len(handed_out) == len(set(handed_out))
    old_lists = {list_url for one in [before, *lost] for list_url, _ in places(one)}
    assert not old_lists & {list_url for one in after for list_url, _ in places(one)}


def test_a_list_opened_since_the_backup_keeps_being_served(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()  # the issuer has no list yet
    lost = released(service, service.issue("acme", numbered_draft(1)).id)
    service.revoke(str(lost.credential.id).rsplit("/", 1)[1], "Wrong person")
    snapshots.put_back(copy)
    assert bit(service, lost)
    with pytest.raises(CredentialUnknown):
        service.revoke("0" * 26, "Never issued")


def test_the_standing_tells_before_and_after(service: IssuerService, snapshots: Snapshots) -> None:
    service.issue("acme", numbered_draft(1))
    copy = snapshots.take()
    service.revoke(service.issue("acme", numbered_draft(2)).id, "Wrong person")
    assert not service.status().behind
    snapshots.put_back(copy)
    found = service.status()
    assert found.behind
    assert found.missing_events == 1
    assert found.stale_counters == 2
    assert found.recovered_at is None
    assert service.reconcile()
    found = service.status()
    assert not found.behind
    assert found.recovered_at == service.means.now()
    assert not service.reconcile()


def test_a_service_that_never_stopped_is_never_behind(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1))
    service.revoke(issued.id, "Wrong person")
    assert not service.reconcile()
    assert service.status().recovered_at is None


def test_a_lost_record_is_written_anew_from_the_database(service: IssuerService, published: Path) -> None:
    issued = service.issue("acme", numbered_draft(1))
    service.revoke(issued.id, "Wrong person")
    journal = (published / "journal.jsonl").read_bytes()
    for path in (*published.glob("allotted/*"), published / "journal.jsonl"):
        path.unlink()
    means = service.means
    again = IssuerService(means.engine, means.signer, BASE, HighWaterMark(published), means.clock)
    assert not again.reconcile()
    assert sorted((published / "journal.jsonl").read_bytes().splitlines()) == sorted(journal.splitlines())


def test_a_damaged_record_stops_publishing_and_says_so(service: IssuerService, published: Path) -> None:
    issued = service.issue("acme", numbered_draft(1))
    with (published / "journal.jsonl").open("ab") as file:
        file.write(b'{"event": 7}\n')
    with pytest.raises(PublishedRecordDamaged):
        service.revoke(issued.id, "Wrong person")
    with pytest.raises(PublishedRecordDamaged):
        service.status()


def test_a_file_put_in_the_place_of_another_is_seen_at_once(
    engine: Engine, service: IssuerService, database_kind: str, database_url: str, tmp_path: Path
) -> None:
    if database_kind != "sqlite":
        pytest.skip("a server's files are not replaced under it")
    snapshots = SqliteSnapshots(database_url, tmp_path, by_rename=True)
    one = released(service, service.issue("acme", numbered_draft(1)).id)
    copy = snapshots.take()
    lost = released(service, service.issue("acme", numbered_draft(2)).id)
    service.revoke(str(one.credential.id).rsplit("/", 1)[1], "Wrong person")
    snapshots.put_back(copy)
    after = released(service, service.issue("acme", numbered_draft(3)).id)
    assert bit(service, one)
    assert not places(after) & (places(one) | places(lost))


@pytest.mark.parametrize("seed", range(4))
def test_random_histories(
    service: IssuerService, snapshots: Snapshots, clock: Clock, published: Path, seed: int, database_kind: str
) -> None:
    """Issue, revoke, hold, lift, restart, back up and restore at random, and look at all there ever was."""
    if database_kind == "postgresql" and seed:
        pytest.skip("one history: copying a server's databases is slow")
    chance = random.Random(seed)  # noqa: S311
    history = History(service, snapshots, published, chance)
    for _ in range(30):
        clock.advance(seconds=chance.randrange(0, 3000))
        chance.choices(history.steps, weights=history.weights)[0]()
    history.restore()
    history.check()


class History:
    """What was published, as its readers remember it, whatever happens to the database."""

    def __init__(self, service: IssuerService, snapshots: Snapshots, published: Path, chance: random.Random) -> None:
        self.service, self.snapshots, self.published, self.chance = service, snapshots, published, chance
        self.seen: dict[str, VerifiedCredential] = {}
        self.revoked: set[str] = set()
        self.held: set[str] = set()
        self.copies = [snapshots.take()]
        self.steps = (self.issue, self.revoke, self.hold, self.restart, self.back_up, self.restore, self.check)
        self.weights = (6, 4, 4, 1, 2, 3, 2)
        self.number = 0

    def issue(self) -> None:
        count = self.chance.randrange(1, 6)
        for one in self.service.issue_many("acme", keyed_drafts(count, self.number)):
            self.seen[one.id] = released(self.service, one.id)
        self.number += count
        handed_out = [place for one in self.seen.values() for place in places(one)]
        assert len(handed_out) == len(set(handed_out))

    def _any(self) -> str | None:
        """A credential that the database still has."""
        with read(self.service.means.engine) as connection:
            here = [own for own in self.seen if own not in self.revoked and credentials.by_id(connection, own)]
        return self.chance.choice(here) if here else None

    def revoke(self) -> None:
        if own := self._any():
            self.service.revoke(own, "Withdrawn")
            self.revoked.add(own)

    def hold(self) -> None:
        own = self._any()
        if own is None:
            return
        if own in self.held:
            self.service.lift(own, "Cleared")
            self.held.discard(own)
        else:
            self.service.suspend(own, "Under review")
            self.held.add(own)

    def restart(self) -> None:
        means = self.service.means
        record = HighWaterMark(self.published)
        self.service = IssuerService(means.engine, means.signer, means.base_url, record, means.clock)
        self.service.resume()

    def back_up(self) -> None:
        self.copies.append(self.snapshots.take())

    def restore(self) -> None:
        self.snapshots.put_back(self.chance.choice(self.copies))

    def check(self) -> None:
        for own, verified in self.seen.items():
            assert bit(self.service, verified) == (own in self.revoked)
            assert bit(self.service, verified, "suspension") == (own in self.held)
