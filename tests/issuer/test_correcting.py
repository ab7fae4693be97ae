"""A corrected credential takes the place of the old one: once, for the same holder, whatever crashes in between."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from credentials.core.achievement import parse_achievement
from credentials.core.errors import BadIdentifier, CredentialError
from credentials.core.status_story import parse_story
from credentials.issuer.correcting import Correcting, correct, settle
from credentials.issuer.errors import (
    CredentialUnknown,
    DraftRefused,
    HolderChanged,
    IdempotencyConflict,
    IssuerSuspended,
    ReasonMissing,
    StatusConflict,
)
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.intents import Issued
from credentials.issuer.lookup import find
from credentials.issuer.service import IssuerService
from credentials.store import candidates, corrections, credentials, showing
from credentials.store.engine import read
from tests.issuer.conftest import Clock, MakeDraft
from tests.issuer.test_status import bits
from tests.store.snapshots import Snapshots

REASON = "A name was misspelt"


def wanted(make: MakeDraft, before: Issued, **changes: object) -> Correcting:
    """The credential with another name and title."""
    fixed = make(recipient_name="Ana Maria Lima", project_title="Churn report, corrected")
    made = Correcting(slug="acme", credential_id=before.id, draft=fixed, reason=REASON, note="she wrote to us")
    return replace(made, **changes)  # type: ignore[arg-type]


def kinds(service: IssuerService, credential_id: str) -> list[str]:
    return [event.kind for event in service.story(credential_id)]


def test_the_old_one_leads_to_the_new_one(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    service.set_visibility(before.id, "public")
    after = service.correct(wanted(draft, before))

    assert after.id != before.id
    assert after.portfolio_slug == before.portfolio_slug
    assert bits(service, before.id) == {"revocation": True, "suspension": False}
    assert bits(service, after.id) == {"revocation": False, "suspension": False}
    (told,) = parse_story(service.status_story(before.id)).events
    assert (told.kind, told.reason, told.successor) == ("replaced", REASON, after.url)
    assert b"she wrote" not in service.status_story(before.id)
    stored = find(service.means, "acme", after.id).stored
    assert stored.visibility == "public"
    assert parse_achievement(json.loads(stored.unsigned)).credential_subject.name == "Ana Maria Lima"


def test_the_portfolio_shows_the_new_one_in_its_place(service: IssuerService, draft: MakeDraft) -> None:
    before, other = service.issue("acme", draft()), service.issue("acme", draft(project_title="Another one"))
    after = service.correct(wanted(draft, before))
    with read(service.means.engine) as connection:
        stored = credentials.by_id(connection, after.id)
        assert stored is not None
        shown = {one.id for one in showing.of_candidate(connection, stored.candidate_id, "vc+jwt", 9)}
        owner = candidates.by_id(connection, stored.candidate_id)

    assert shown == {after.id, other.id}
    assert owner is not None
    assert owner.name == "Ana Maria Lima"


def test_a_holder_without_an_address_keeps_the_portfolio(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft(recipient_email=None))
    fixed = draft(recipient_email=None, recipient_name="Ana M. Lima")

    assert service.correct(wanted(draft, before, draft=fixed)).portfolio_slug == before.portfolio_slug


def test_what_nobody_may_see_stays_so(
    service: IssuerService, draft: MakeDraft, published: Path, snapshots: Snapshots
) -> None:
    before = service.issue("acme", draft())
    service.set_visibility(before.id, "private")
    after = service.correct(wanted(draft, before))

    assert find(service.means, "acme", after.id).stored.visibility == "private"
    assert HighWaterMark(published).is_private(after.id)


def test_asked_for_twice_it_happens_once(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    first, again = (service.correct(wanted(draft, before)) for _ in range(2))

    assert (again.id, again.repeated) == (first.id, True)
    assert kinds(service, before.id) == ["replaced"]


def test_a_second_correction_corrects_the_first(service: IssuerService, draft: MakeDraft) -> None:
    first = service.issue("acme", draft())
    second = service.correct(wanted(draft, first))
    third = service.correct(wanted(draft, second, draft=draft(project_title="Third")))

    assert [service.story(one.id)[-1].successor for one in (first, second)] == [second.id, third.id]
    assert kinds(service, third.id) == []


@pytest.mark.parametrize("event", ["revoke", "suspend", "lift"])
def test_nothing_more_happens_to_what_was_replaced(service: IssuerService, draft: MakeDraft, event: str) -> None:
    before = service.issue("acme", draft())
    service.correct(wanted(draft, before))
    with pytest.raises(StatusConflict):
        getattr(service, event)(before.id, "Why not")

    assert kinds(service, before.id) == ["replaced"]


def test_one_on_hold_can_be_corrected(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    service.suspend(before.id, "We look into it")
    after = service.correct(wanted(draft, before))

    assert kinds(service, before.id) == ["suspended", "replaced"]
    assert bits(service, after.id) == {"revocation": False, "suspension": False}


REFUSED: dict[str, tuple[dict[str, object], type[CredentialError]]] = {
    "no reason": ({"reason": "  "}, ReasonMissing),
    "a reason of two lines": ({"reason": "a\nb"}, ReasonMissing),
    "an endless note": ({"note": "n" * 2001}, ReasonMissing),
    "an unknown one": ({"credential_id": "0" * 26}, CredentialUnknown),
    "no id": ({"credential_id": "' OR 1=1 --"}, BadIdentifier),
    "another issuer's": ({"slug": "other"}, CredentialUnknown),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_changes_nothing(service: IssuerService, draft: MakeDraft, case: str) -> None:
    service.create_issuer("other", "Other Ltd")
    before, (changes, error) = service.issue("acme", draft()), REFUSED[case]
    with pytest.raises(error):
        service.correct(wanted(draft, before, **changes))

    assert kinds(service, before.id) == []
    with read(service.means.engine) as connection:
        assert corrections.of_credential(connection, before.id) is None


def test_it_goes_to_nobody_else(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    with pytest.raises(HolderChanged):
        service.correct(wanted(draft, before, draft=draft(recipient_email="eve@mail.example")))
    unknown = service.issue("acme", draft(recipient_email=None))
    with pytest.raises(HolderChanged):
        service.correct(wanted(draft, unknown, draft=draft()))

    assert kinds(service, before.id) == kinds(service, unknown.id) == []


def test_a_draft_that_cannot_be_signed_changes_nothing(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    with pytest.raises(DraftRefused):
        service.correct(wanted(draft, before, draft=draft(project_title="")))

    assert service.correct(wanted(draft, before)).repeated is False


def test_what_was_withdrawn_is_not_corrected(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    service.revoke(before.id, "Issued in error")
    with pytest.raises(StatusConflict):
        service.correct(wanted(draft, before))

    assert kinds(service, before.id) == ["revoked"]


@pytest.mark.parametrize("key", [None, "api:two"])
def test_there_is_one_successor(service: IssuerService, draft: MakeDraft, key: str | None) -> None:
    before = service.issue("acme", draft())
    after = service.correct(wanted(draft, before, idempotency_key="api:one"))
    with pytest.raises(StatusConflict):
        service.correct(wanted(draft, before, draft=draft(project_title="Else"), idempotency_key=key))

    assert [event.successor for event in service.story(before.id)] == [after.id]


def test_one_key_stands_for_one_correction(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    service.correct(wanted(draft, before))
    with pytest.raises(IdempotencyConflict):
        service.correct(wanted(draft, before, draft=draft(project_title="Something else")))


def test_a_suspended_issuer_corrects_nothing(service: IssuerService, draft: MakeDraft) -> None:
    before = service.issue("acme", draft())
    service.suspend_issuer("acme", "We do not know who they are")
    with pytest.raises(IssuerSuspended):
        service.correct(wanted(draft, before))


class Stopped(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("where", ["release", "settle"])
def test_a_crash_in_between_is_mended_at_the_start(
    service: IssuerService, draft: MakeDraft, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = service.issue("acme", draft())

    def stop(*_: object) -> None:
        raise Stopped

    target = "release.release" if where == "release" else "settle"
    with monkeypatch.context() as patched:
        patched.setattr(f"credentials.issuer.correcting.{target}", stop)
        with pytest.raises(Stopped):
            correct(service.means, wanted(draft, before))
    assert kinds(service, before.id) == []
    service.resume()

    (event,) = service.story(before.id)
    assert event.kind == "replaced"
    assert find(service.means, "acme", event.successor or "").form is not None
    assert service.correct(wanted(draft, before)).id == event.successor


def test_a_withdrawal_in_between_wins(
    service: IssuerService, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = service.issue("acme", draft())
    with monkeypatch.context() as patched:
        patched.setattr("credentials.issuer.correcting.settle", lambda _means: 0)
        service.correct(wanted(draft, before))
    service.revoke(before.id, "Issued in error")

    assert settle(service.means) == 1
    assert settle(service.means) == 0
    assert kinds(service, before.id) == ["revoked"]


def test_a_restored_backup_does_not_bring_the_old_one_back(
    service: IssuerService, draft: MakeDraft, snapshots: Snapshots
) -> None:
    before = service.issue("acme", draft())
    kept = snapshots.take()
    after = service.correct(wanted(draft, before))
    snapshots.put_back(kept)
    service.reconcile()

    assert bits(service, before.id)["revocation"] is True
    assert [event.successor for event in service.story(before.id)] == [after.id]


def test_corrections_at_once_end_in_one(service: IssuerService, draft: MakeDraft, clock: Clock) -> None:
    before = service.issue("acme", draft())
    outcomes: list[object] = []
    ready = threading.Barrier(4)

    def run(number: int) -> None:
        ready.wait()
        try:
            made = service.correct(wanted(draft, before, draft=draft(project_title=f"Version {number}")))
        except CredentialError as error:
            outcomes.append(error)
        else:
            outcomes.append(made.id)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    made = [one for one in outcomes if isinstance(one, str)]
    assert len(made) == 1, outcomes
    assert [event.successor for event in service.story(before.id)] == made
