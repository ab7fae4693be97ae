"""Indexes come at random, each once; a full list is followed by another."""

import pytest

from credentials.issuer import allotment
from credentials.issuer.allotment import allot, lock_lists
from credentials.issuer.service import IssuerService
from credentials.store import status
from credentials.store.engine import read, write
from tests.drafts import keyed_drafts, numbered_draft


def test_a_full_list_is_closed_and_followed_by_another(service: IssuerService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allotment, "LIST_SIZE", 16)
    assert len(list(service.issue_many("acme", keyed_drafts(40), batch=25))) == 40
    with read(service.means.engine) as connection:
        lists = status.allotments(connection).values()
    assert sorted(one.allotted for one in lists) == [8, 8, 16, 16, 16, 16]
    assert all((one.closed_at is None) == (one.allotted < 16) for one in lists)


def test_places_are_spread_and_never_repeat(service: IssuerService) -> None:
    means = service.means
    with write(means.engine) as connection:
        places = allot(connection, means.high_water, service.issuer("acme"), 2_000, means.now())
    indexes = [place.index for place in places]
    assert len(set(indexes)) == 2_000
    assert indexes != sorted(indexes)
    assert max(indexes) > allotment.LIST_SIZE * 0.9
    assert min(indexes) < allotment.LIST_SIZE * 0.1
    assert {purpose for place in places for purpose, _ in place.lists} == {"revocation", "suspension"}


def test_an_issuer_that_does_not_suspend_has_one_entry_as_an_object(service: IssuerService) -> None:
    service.create_issuer("plain", "Plain", suspends=False)
    issued = service.issue("plain", numbered_draft(1))
    with read(service.means.engine) as connection:
        assert [entry.purpose for entry in status.entries(connection, issued.id)] == ["revocation"]


def test_each_issuer_has_its_own_lists_and_seeds(service: IssuerService) -> None:
    service.create_issuer("other", "Other")
    means = service.means
    with write(means.engine) as connection:
        ours = lock_lists(connection, means.high_water, service.issuer("acme"), means.now())
        theirs = lock_lists(connection, means.high_water, service.issuer("other"), means.now())
    assert not {one.id for one in ours} & {one.id for one in theirs}
    assert ours[0].seed != theirs[0].seed
    assert all(one.size == 131_072 for one in ours + theirs)
