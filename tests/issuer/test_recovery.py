"""An older database put back under a running service: nothing is un-revoked, no index is handed out twice."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from credentials.core.status_story import parse_story
from credentials.issuer.errors import CredentialUnknown, PublishedRecordDamaged, StatusConflict
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.conftest import BASE
from tests.issuer.readers import bit, places, released
from tests.store.snapshots import Snapshots, SqliteSnapshots


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
    assert found.lacks() == "1 event, 2 counters"
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
