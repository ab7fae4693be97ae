"""Who may see a credential is its holder's choice; no backup that is put back makes it easier to see."""

from pathlib import Path

import pytest

from credentials.core.errors import BadIdentifier
from credentials.issuer.errors import CredentialUnknown, PublishedRecordUnwritable
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.record import more_private
from credentials.issuer.service import IssuerService
from credentials.store import credentials, status
from credentials.store.credentials import Visibility
from credentials.store.engine import read, write
from tests.drafts import numbered_draft
from tests.store.snapshots import Snapshots


@pytest.fixture
def issued(service: IssuerService) -> str:
    return service.issue("acme", numbered_draft(1)).id


def seen(service: IssuerService, credential_id: str) -> Visibility:
    with read(service.means.engine) as connection:
        return credentials.visibilities(connection, [credential_id])[credential_id]


def test_it_is_set_and_recorded_at_once(service: IssuerService, issued: str, published: Path) -> None:
    assert (seen(service, issued), HighWaterMark(published).visibility(issued)) == ("unlisted", None)
    for wanted in ("private", "public", "unlisted", "private"):
        service.set_visibility(issued.lower(), wanted)
        record = HighWaterMark(published)
        assert (seen(service, issued), record.visibility(issued)) == (wanted, wanted)
        assert record.is_private(issued) == (wanted == "private")


def test_saying_it_again_adds_nothing_to_the_record(service: IssuerService, issued: str, published: Path) -> None:
    service.set_visibility(issued, "private")
    before = (published / "journal.jsonl").read_bytes()
    service.set_visibility(issued, "private")
    service.reconcile()
    assert (published / "journal.jsonl").read_bytes() == before


def test_of_what_is_unknown(service: IssuerService, published: Path) -> None:
    with pytest.raises(CredentialUnknown):
        service.set_visibility("0" * 26, "private")
    with pytest.raises(BadIdentifier):
        service.set_visibility("nonsense", "private")
    assert HighWaterMark(published).visibility("0" * 26) is None


def test_what_cannot_be_recorded_is_not_done(service: IssuerService, issued: str, published: Path) -> None:
    journal = published / "journal.jsonl"
    journal.rename(journal.with_suffix(".kept"))
    journal.mkdir()
    with pytest.raises(PublishedRecordUnwritable):
        service.set_visibility(issued, "public")
    assert seen(service, issued) == "unlisted"


def test_a_restore_shows_nothing_that_was_hidden(service: IssuerService, issued: str, snapshots: Snapshots) -> None:
    service.set_visibility(issued, "public")
    copy = snapshots.take()
    service.set_visibility(issued, "private")
    snapshots.put_back(copy)
    assert service.means.high_water.is_private(issued)  # known before anything is mended
    assert service.status().lacks() == "1 visibility change"
    assert service.reconcile().visibilities == (issued,)
    assert seen(service, issued) == "private"
    assert not service.status().behind
    service.set_visibility(issued, "public")
    assert not service.reconcile()
    assert seen(service, issued) == "public"


def test_less_than_private_counts_too(service: IssuerService, issued: str, snapshots: Snapshots) -> None:
    service.set_visibility(issued, "public")
    copy = snapshots.take()
    service.set_visibility(issued, "unlisted")
    snapshots.put_back(copy)
    service.reconcile()
    assert seen(service, issued) == "unlisted"


def test_a_restore_leaves_hidden_what_was_shown_since(
    service: IssuerService, issued: str, snapshots: Snapshots
) -> None:
    """The safe side of the doubt: the holder shows it again."""
    service.set_visibility(issued, "private")
    copy = snapshots.take()
    service.set_visibility(issued, "public")
    snapshots.put_back(copy)
    service.reconcile()
    assert seen(service, issued) == "private"
    assert service.means.high_water.visibility(issued) == "public"  # which an even older copy does not change


def test_a_credential_that_the_backup_does_not_have_is_no_gap(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    service.set_visibility(service.issue("acme", numbered_draft(2)).id, "private")
    snapshots.put_back(copy)
    service.reconcile()
    assert not service.status().behind


def test_what_was_hidden_before_there_was_a_record_is_recorded_at_the_next_start(
    service: IssuerService, issued: str, snapshots: Snapshots
) -> None:
    copy = snapshots.take()
    with write(service.means.engine) as connection:
        credentials.set_visibility(connection, issued, "private")
    service.reconcile()
    snapshots.put_back(copy)
    service.reconcile()
    assert seen(service, issued) == "private"


def test_a_crash_between_record_and_database_closes_no_list(service: IssuerService, issued: str) -> None:
    service.means.high_water.add_visibilities({issued: "private"})
    assert service.reconcile().visibilities == (issued,)
    assert seen(service, issued) == "private"
    with read(service.means.engine) as connection:
        assert all(one.closed_at is None for one in status.allotments(connection).values())
    assert service.status().recovered_at is None


def test_many_are_asked_about_at_once(service: IssuerService, issued: str) -> None:
    names = [f"{number:026d}" for number in range(1200)]
    with read(service.means.engine) as connection:
        assert credentials.visibilities(connection, [*names, issued]) == {issued: "unlisted"}
        assert credentials.private(connection) == []


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("public", None, "public"),
        ("public", "unlisted", "unlisted"),
        ("unlisted", "private", "private"),
        ("private", "public", "private"),
        ("private", "private", "private"),
    ],
)
def test_the_more_private_of_two(one: Visibility, other: Visibility | None, joined: Visibility) -> None:
    assert more_private(one, other) == joined
    assert other is None or more_private(other, one) == joined
