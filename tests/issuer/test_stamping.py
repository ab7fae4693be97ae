"""Every signature gets a timestamp after its release, sooner or later; no release waits for one or fails by it."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import update

from credentials.core.error_kinds import Unavailable
from credentials.core.timestamp_errors import TimestampMismatch, TimestampUntrusted
from credentials.core.timestamps import accept_answer, check_token, timestamp_request
from credentials.issuer.service import IssuerService
from credentials.issuer.stamping import REST, Stamper, stamp_of, stamped_bytes
from credentials.store import stamps
from credentials.store.engine import read
from credentials.store.stamps import SignatureStamp
from credentials.store.tables import secured_form
from tests.issuer.conftest import Clock, MakeDraft
from tests.timestamp_authority import TimestampAuthority, make_root

PUBLIC = ["eddsa-rdfc-2022", "vc+jwt"]


class AuthorityAway(Unavailable):
    """No answer."""

    code = "test-authority-away"
    title = "The authority is away"
    advice = "Try again."


@dataclass
class Asked:
    """A real authority without a network between; it goes away once it was asked `only` times."""

    authority: TimestampAuthority = field(default_factory=TimestampAuthority)
    only: int = 1_000
    stamped: list[bytes] = field(default_factory=list)

    def __call__(self, data: bytes) -> bytes:
        if len(self.stamped) >= self.only:
            raise AuthorityAway
        self.stamped.append(data)
        nonce = len(self.stamped)
        answer = self.authority.answer(timestamp_request(data, nonce))
        return accept_answer(answer, data, nonce, self.authority.roots)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def stamper(service: IssuerService, asked: Asked, clock: Clock) -> Stamper:
    return Stamper(service.means.engine, asked, clock)


def kept(service: IssuerService, credential_id: str) -> list[SignatureStamp]:
    with read(service.means.engine) as connection:
        return stamps.of_credential(connection, credential_id)


def test_every_form_of_a_credential_is_stamped(
    service: IssuerService, stamper: Stamper, asked: Asked, draft: MakeDraft, clock: Clock
) -> None:
    service.rotate_key("acme", "ML-DSA-44")
    issued = service.issue("acme", draft(selective=True))
    assert stamper.due(clock(), 10) == [issued.id]
    with read(service.means.engine) as connection:
        missing = stamps.unstamped(connection, issued.id, ("vc+jwt", "vc+jwt;pq", "vc+sd-jwt", "eddsa-rdfc-2022"))

    assert stamper.run(issued.id) == 4

    found = {one.format: one for one in kept(service, issued.id)}
    assert sorted(found) == ["eddsa-rdfc-2022", "vc+jwt", "vc+jwt;pq", "vc+sd-jwt"]
    for one in missing:
        told = check_token(found[one.format].token, stamped_bytes(one), asked.authority.roots)
        assert told.latest == asked.authority.at + timedelta(seconds=1)
    assert len(set(asked.stamped)) == 4
    assert {one.at for one in found.values()} == {clock()}


def test_what_is_stamped_is_not_stamped_again(
    service: IssuerService, stamper: Stamper, draft: MakeDraft, clock: Clock
) -> None:
    issued = service.issue("acme", draft())
    stamper.run(issued.id)
    before = kept(service, issued.id)

    assert stamper.run(issued.id) == 0
    assert stamper.due(clock(), 10) == []
    assert kept(service, issued.id) == before


def test_the_first_of_two_stays(service: IssuerService, stamper: Stamper, draft: MakeDraft, clock: Clock) -> None:
    """Two workers may ask at once; the older timestamp is the better one."""
    issued = service.issue("acme", draft())
    stamper.run(issued.id)
    first = kept(service, issued.id)[0]
    with service.means.engine.begin() as connection:
        stamps.keep(connection, SignatureStamp(issued.id, first.format, b"later", clock()))

    assert kept(service, issued.id)[0] == first


def test_an_authority_that_is_away_delays_nothing(
    service: IssuerService, stamper: Stamper, asked: Asked, draft: MakeDraft, clock: Clock
) -> None:
    asked.only = 0

    issued = service.issue("acme", draft())

    assert service.issue("acme", draft()).id != issued.id
    with pytest.raises(AuthorityAway):
        stamper.run(issued.id)
    assert kept(service, issued.id) == []
    assert stamper.due(clock(), 10) == []  # it rests
    clock.advance(seconds=REST.total_seconds())
    assert issued.id in stamper.due(clock(), 10)
    asked.only = 1_000
    assert stamper.run(issued.id) == 2


def test_what_was_taken_before_a_failure_stays(
    service: IssuerService, stamper: Stamper, asked: Asked, draft: MakeDraft
) -> None:
    asked.only = 1
    issued = service.issue("acme", draft())
    with pytest.raises(AuthorityAway):
        stamper.run(issued.id)
    assert len(kept(service, issued.id)) == 1

    asked.only = 2

    assert stamper.run(issued.id) == 1
    assert [one.format for one in kept(service, issued.id)] == PUBLIC


def test_after_a_rest_what_is_new_is_due(
    service: IssuerService, stamper: Stamper, draft: MakeDraft, clock: Clock
) -> None:
    assert stamper.due(clock(), 10) == []
    issued = service.issue("acme", draft())

    assert stamper.due(clock() + REST - timedelta(seconds=1), 10) == []
    assert stamper.due(clock() + REST, 10) == [issued.id]


def test_the_newest_come_first_and_no_more_than_asked_for(
    service: IssuerService, stamper: Stamper, draft: MakeDraft, clock: Clock
) -> None:
    ids = []
    for _ in range(3):
        ids.append(service.issue("acme", draft()).id)
        clock.advance(minutes=1)

    assert stamper.missing(2) == [ids[2], ids[1]]


@pytest.mark.parametrize("since", [-1, 1])
def test_for_a_stolen_key_it_is_too_late(
    service: IssuerService, stamper: Stamper, draft: MakeDraft, clock: Clock, since: int
) -> None:
    issued = service.issue("acme", draft())
    (key,) = service.keys("acme")
    service.report_compromise("acme", key.name, clock() + timedelta(days=since))

    assert stamper.missing(10) == []
    assert stamper.run(issued.id) == 0


def test_tests_need_none(service: IssuerService, stamper: Stamper, draft: MakeDraft) -> None:
    service.create_issuer("trial", "Trial", sandbox=True)
    issued = service.issue("trial", draft())

    assert stamper.missing(10) == []
    assert stamper.run(issued.id) == 0


def test_what_is_recorded_and_not_released_is_not_stamped(stamper: Stamper) -> None:
    assert stamper.run("0" * 26) == 0


def test_a_liar_is_not_believed(service: IssuerService, draft: MakeDraft, clock: Clock, asked: Asked) -> None:
    issued = service.issue("acme", draft())
    unknown = TimestampAuthority(root=make_root())
    forgetful = TimestampAuthority(change=lambda info: info.pop("nonce"))

    def by_unknown(data: bytes) -> bytes:
        return accept_answer(unknown.answer(timestamp_request(data, 1)), data, 1, asked.authority.roots)

    for stamp, error in ((by_unknown, TimestampUntrusted), (Asked(forgetful), TimestampMismatch)):
        with pytest.raises(error):
            Stamper(service.means.engine, stamp, clock).run(issued.id)
    assert kept(service, issued.id) == []


def test_a_damaged_form_holds_up_nobody(
    service: IssuerService, stamper: Stamper, draft: MakeDraft, clock: Clock
) -> None:
    """Somebody changed its bytes in the database: the others get theirs, also the other form of the same."""
    whole = service.issue("acme", draft())
    clock.advance(minutes=1)
    damaged = service.issue("acme", draft())
    which = (secured_form.c.credential_id == damaged.id) & (secured_form.c.format == "vc+jwt")
    with service.means.engine.begin() as connection:
        connection.execute(update(secured_form).where(which).values(body=b"rubbish"))

    assert stamper.run(damaged.id) == 1

    assert stamper.missing(1) == [whole.id]
    assert stamper.run(whole.id) == 2
    assert stamper.due(clock(), 10) == []


def test_the_operator_gets_one(service: IssuerService, stamper: Stamper, draft: MakeDraft) -> None:
    issued = service.issue("acme", draft())
    assert stamp_of(service.means, issued.id, "vc+jwt") is None
    stamper.run(issued.id)

    assert stamp_of(service.means, issued.id.lower(), "vc+jwt") == kept(service, issued.id)[1].token
    assert stamp_of(service.means, issued.id, "dc+sd-jwt") is None
