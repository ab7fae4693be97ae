"""A database restored from before a key was stolen, an issuer was made or suspended, an API key was revoked."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from credentials.accounts.api_keys import make_key, revoke_key
from credentials.core.did_document import parse_did_document
from credentials.issuer.errors import IssuerSuspended, RecordContradicts, SlugTaken
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.store import api_keys, issuers, status
from credentials.store.engine import read, write
from credentials.store.tables import issuer as issuer_table
from credentials.store.tables import signing_key
from tests.drafts import numbered_draft
from tests.issuer.conftest import BASE
from tests.issuer.readers import bit, released
from tests.store.snapshots import Snapshots


def revoked_names(service: IssuerService) -> set[str]:
    """The keys that did.json says were stolen."""
    did = service.issuer("acme").did
    document = parse_did_document(service.did_document("acme"), did)
    return {one.id.split("#")[1] for one in document.methods if one.revoked and "multikey" not in one.id}


def steal(service: IssuerService) -> str:
    """Report the key in use stolen; its name."""
    (name,) = (key.name for key in service.keys("acme") if key.state == "active")
    service.report_compromise("acme", name, service.means.now() - timedelta(days=1))
    return name


def test_a_restore_brings_no_stolen_key_back(service: IssuerService, snapshots: Snapshots) -> None:
    service.issue("acme", numbered_draft(1))
    copy = snapshots.take()
    name = steal(service)
    after = service.issue("acme", numbered_draft(2)).id
    method = released(service, after).verification_method
    snapshots.put_back(copy)
    assert revoked_names(service) == {name}
    states = {f"{service.issuer('acme').did}#{key.name}": key.state for key in service.keys("acme")}
    assert states.pop(method) == "active"
    assert list(states.values()) == ["retired"]


def test_nothing_is_signed_with_a_stolen_key_after_a_restore(service: IssuerService, snapshots: Snapshots) -> None:
    """Even if nothing else was published since the backup, and issuing is the first thing that happens."""
    service.issue("acme", numbered_draft(1))
    copy = snapshots.take()
    name = steal(service)
    snapshots.put_back(copy)
    issued = released(service, service.issue("acme", numbered_draft(2)).id)
    assert not issued.verification_method.endswith(f"#{name}")


def test_a_list_signed_before_the_theft_is_not_served_after_a_restore(
    service: IssuerService, snapshots: Snapshots
) -> None:
    one = released(service, service.issue("acme", numbered_draft(1)).id)
    assert not bit(service, one)  # now there is a list to keep
    copy = snapshots.take()
    steal(service)
    snapshots.put_back(copy)
    assert not bit(service, one)  # which looks at who signed it


def test_keys_made_since_the_backup_come_back_as_they_were(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    service.rotate_key("acme")
    waiting = service.create_key("acme", "P-256")
    retired = service.retire_key("acme", service.create_key("acme").name)
    before = service.keys("acme")
    snapshots.put_back(copy)
    assert service.keys("acme") == before
    assert {waiting, retired} <= set(before)
    assert service.rotate_key("acme", "P-256").name == waiting.name


def test_an_issuer_made_since_the_backup_comes_back(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    made = service.create_issuer("beta", "Beta")
    confirmed = service.confirm("beta", "beta.example")
    lost = released(service, service.issue("beta", numbered_draft(1)).id)
    service.revoke(str(lost.credential.id).rsplit("/", 1)[1], "Wrong person")
    snapshots.put_back(copy)
    assert bit(service, lost)
    assert service.issuer("beta") == replace(confirmed, id=made.id)
    assert not service.status().behind
    with pytest.raises(SlugTaken):
        service.create_issuer("beta", "Another Beta")


def test_its_slug_cannot_be_taken_in_the_meantime(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    made = service.create_issuer("beta", "Beta")
    snapshots.put_back(copy)
    with pytest.raises(SlugTaken):
        service.create_issuer("beta", "Another Beta")
    assert service.issuer("beta").id == made.id


def test_one_restore_closes_lists_once(service: IssuerService, snapshots: Snapshots, published: Path) -> None:
    service.issue("acme", numbered_draft(1))
    copy = snapshots.take()
    service.create_issuer("beta", "Beta")
    service.revoke(service.issue("beta", numbered_draft(2)).id, "Wrong person")
    snapshots.put_back(copy)
    for number in range(3):
        means = service.means
        again = IssuerService(means.engine, means.signer, BASE, HighWaterMark(published), means.clock)
        again.resume()
        again.issue("acme", numbered_draft(10 + number))
        with read(means.engine) as connection:
            lists = status.of_issuer(connection, service.issuer("acme").id)
        assert len(lists) == 4  # two purposes: those of before, and those opened after the one restore
        assert sum(one.closed_at is not None for one in lists) == 2


def test_a_suspended_issuer_stays_suspended(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    service.suspend_issuer("acme", "Fraud")
    snapshots.put_back(copy)
    with pytest.raises(IssuerSuspended):
        service.issue("acme", numbered_draft(1))
    assert service.issuer("acme").suspended_reason == "Fraud"


def test_a_reinstated_issuer_stays_reinstated(service: IssuerService, snapshots: Snapshots) -> None:
    service.suspend_issuer("acme", "Fraud")
    copy = snapshots.take()
    service.reinstate_issuer("acme", "It was not them")  # in the same second
    snapshots.put_back(copy)
    assert not service.issuer("acme").is_suspended
    service.issue("acme", numbered_draft(1))


def test_a_copy_from_between_brings_no_issuer_back(service: IssuerService, snapshots: Snapshots) -> None:
    """Suspended, reinstated, copied, suspended again: the last word is the last suspension."""
    service.suspend_issuer("acme", "Fraud")
    service.reinstate_issuer("acme", "It was not them")
    copy = snapshots.take()
    service.suspend_issuer("acme", "It was them after all")
    snapshots.put_back(copy)
    with pytest.raises(IssuerSuspended):
        service.issue("acme", numbered_draft(1))
    assert service.issuer("acme").suspended_reason == "It was them after all"


def test_a_copy_from_before_both_knows_both(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    service.suspend_issuer("acme", "Fraud")
    reinstated = service.reinstate_issuer("acme", "It was not them")
    snapshots.put_back(copy)
    assert service.issuer("acme") == reinstated


def test_reinstating_after_a_restore_finds_the_suspension_first(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    suspended = service.suspend_issuer("acme", "Fraud")
    snapshots.put_back(copy)
    reinstated = service.reinstate_issuer("acme", "It was not them")
    assert reinstated.suspended_at == suspended.suspended_at
    assert not service.issuer("acme").is_suspended


def test_suspending_after_a_restore_is_later_than_what_was_lost(service: IssuerService, snapshots: Snapshots) -> None:
    service.suspend_issuer("acme", "Fraud")
    copy = snapshots.take()
    service.reinstate_issuer("acme", "It was not them")
    snapshots.put_back(copy)
    service.suspend_issuer("acme", "Again")
    snapshots.put_back(copy)
    assert service.issuer("acme").is_suspended
    assert service.issuer("acme").suspended_reason == "Again"


def test_every_issuer_says_so_too(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    service.suspend_issuer("acme", "Fraud")
    snapshots.put_back(copy)
    assert [one.suspended_reason for one in service.issuers()] == ["Fraud"]


def test_the_last_confirmation_holds(service: IssuerService, snapshots: Snapshots) -> None:
    service.confirm("acme", "wrong.example")
    copy = snapshots.take()
    corrected = service.confirm("acme", "acme.example")  # in the same second
    snapshots.put_back(copy)
    assert service.issuer("acme") == corrected


def test_a_revoked_api_key_stays_revoked(service: IssuerService, snapshots: Snapshots, published: Path) -> None:
    now = service.means.now()
    made = make_key(service.means.engine, "acme", ["issue"], label="HR", now=now)
    copy = snapshots.take()
    revoke_key(service.means.engine, "acme", made.key.id, now, publish=service.means.high_water.add_revoked_api_keys)
    snapshots.put_back(copy)
    assert HighWaterMark(published).is_revoked_api_key(made.key.id)
    assert service.status().lacks() == "1 API key revocation"
    service.reconcile()
    with read(service.means.engine) as connection:
        (key,) = api_keys.of_issuer(connection, service.issuer("acme").id)
    assert key.revoked_at == now


def test_another_issuer_of_the_slug_is_left_alone_and_told(service: IssuerService, published: Path) -> None:
    """Two data folders that share one record by mistake: nothing is mixed, nothing is closed again and again."""
    service.issue("acme", numbered_draft(1))
    acme = service.issuer("acme")
    beta = service.create_issuer("beta", "Beta")
    with write(service.means.engine) as connection:
        connection.execute(delete(signing_key).where(signing_key.c.issuer_id == beta.id))
        connection.execute(delete(issuer_table).where(issuer_table.c.id == beta.id))
        issuers.add(connection, replace(beta, id="0" * 26))
    for _ in range(2):
        service.reconcile()
        with read(service.means.engine) as connection:
            assert all(one.closed_at is None for one in status.of_issuer(connection, acme.id))
            found = issuers.by_slug(connection, "beta")
        assert found is not None
        assert found.id == "0" * 26
        assert service.status().lacks() == "1 issuer, 1 key"
        assert service.status().recovered_at is None
    HighWaterMark(published).add_parties([replace(beta, id="2" * 26, slug="gamma", did=beta.did)], [])
    with pytest.raises(RecordContradicts):
        service.issuer("gamma")
