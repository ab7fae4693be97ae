"""Random histories with backups put back at random: whatever was published stays so."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.core.did_document import parse_did_document
from credentials.core.securing import VerifiedCredential
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.conftest import Clock
from tests.issuer.readers import bit, places, released
from tests.store.snapshots import Snapshots


@pytest.mark.parametrize("seed", range(6))
def test_random_histories(
    service: IssuerService, snapshots: Snapshots, clock: Clock, published: Path, seed: int, database_kind: str
) -> None:
    """Issue, revoke, hold, hide, show, rotate, report theft, found and suspend issuers, restart, back up, restore."""
    if database_kind == "postgresql" and seed:
        pytest.skip("one history: copying a server's databases is slow")
    chance = random.Random(seed)  # noqa: S311
    history = History(service, snapshots, published, chance)
    for _ in range(40):
        clock.advance(seconds=chance.randrange(0, 3000))
        chance.choices(history.steps, weights=history.weights)[0]()
    history.restore()
    history.check()
    assert not history.service.reconcile()
    assert not history.service.status().behind
    with read(service.means.engine) as connection:
        here = credentials.visibilities(connection, history.hidden)
    assert set(here.values()) <= {"private"}


class History:
    """What was published, as its readers remember it, whatever happens to the database."""

    def __init__(self, service: IssuerService, snapshots: Snapshots, published: Path, chance: random.Random) -> None:
        self.service, self.snapshots, self.published, self.chance = service, snapshots, published, chance
        self.seen: dict[str, VerifiedCredential] = {}
        self.revoked: set[str] = set()
        self.held: set[str] = set()
        self.hidden: set[str] = set()
        self.key_in_use = service.keys("acme")[0].name
        self.keys = {self.key_in_use}
        self.stolen: set[str] = set()
        self.issuers = {"acme": service.issuer("acme").id}
        self.suspended: set[str] = set()
        self.copies = [snapshots.take()]
        self.steps = (
            self.issue, self.revoke, self.hold, self.hide, self.rotate, self.report_theft, self.found,
            self.suspend_issuer, self.reinstate_issuer, self.restart, self.back_up, self.restore, self.check,
        )  # fmt: skip
        self.weights = (6, 4, 4, 3, 2, 1, 1, 2, 2, 1, 2, 4, 2)
        self.number = 0

    def issue(self) -> None:
        count = self.chance.randrange(1, 6)
        for one in self.service.issue_many("acme", keyed_drafts(count, self.number)):
            self.seen[one.id] = released(self.service, one.id)
            assert self.seen[one.id].verification_method.endswith(f"#{self.key_in_use}")
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

    def hide(self) -> None:
        """Make one private, or show it again."""
        own = self._any()
        if own is None:
            return
        if own in self.hidden:
            self.service.set_visibility(own, self.chance.choice(("public", "unlisted")))
            self.hidden.discard(own)
        else:
            self.service.set_visibility(own, "private")
            self.hidden.add(own)

    def rotate(self) -> None:
        self.key_in_use = self.service.rotate_key("acme").name
        self.keys.add(self.key_in_use)

    def report_theft(self) -> None:
        name = self.chance.choice(sorted(self.keys))
        self.service.report_compromise("acme", name, self.service.means.now() - timedelta(days=1))
        self.stolen.add(name)
        active = [key.name for key in self.service.keys("acme") if key.state == "active"]
        assert len(active) == 1
        self.key_in_use = active[0]
        self.keys.add(self.key_in_use)

    def found(self) -> None:
        slug = f"company-{len(self.issuers)}"
        self.issuers[slug] = self.service.create_issuer(slug, slug).id
        self.service.issue(slug, numbered_draft(0))

    def suspend_issuer(self) -> None:
        if others := sorted(self.issuers.keys() - {"acme"}):
            slug = self.chance.choice(others)
            self.service.suspend_issuer(slug, "Fraud")
            self.suspended.add(slug)

    def reinstate_issuer(self) -> None:
        if others := sorted(self.issuers.keys() - {"acme"}):
            slug = self.chance.choice(others)
            self.service.reinstate_issuer(slug, "Cleared")
            self.suspended.discard(slug)

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
        self.check_parties()
        for own, verified in self.seen.items():
            assert bit(self.service, verified) == (own in self.revoked)
            assert bit(self.service, verified, "suspension") == (own in self.held)
            assert self.service.means.high_water.is_private(own) == (own in self.hidden)
        with read(self.service.means.engine) as connection:
            here = credentials.visibilities(connection, self.seen)
        hidden_here = all(here[own] == "private" for own in self.hidden & here.keys())
        assert hidden_here or self.service.status().missing.visibilities

    def check_parties(self) -> None:
        did = self.service.issuer("acme").did
        document = parse_did_document(self.service.did_document("acme"), did)
        for name in self.keys:
            assert (document.assertion_key(f"{did}#{name}").revoked is not None) == (name in self.stolen)
        for slug, own in self.issuers.items():
            found = self.service.issuer(slug)
            assert found.id == own
            assert found.is_suspended == (slug in self.suspended)
