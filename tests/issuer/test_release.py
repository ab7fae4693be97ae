"""What a crash left, and what a stolen key was asked to sign: finished so that every promise still holds."""

from datetime import timedelta
from pathlib import Path

from credentials.core.securing import MECHANISMS
from credentials.core.status_story import parse_story
from credentials.issuer import publish, release
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.intents import Recorded, record
from credentials.issuer.service import IssuerService
from credentials.store import credentials, status
from credentials.store.credentials import StoredCredential
from credentials.store.engine import read
from credentials.store.tables import signing_intent
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.conftest import Clock
from tests.issuer.readers import method_of, places, released
from tests.store.snapshots import Snapshots


def crash_after_recording(service: IssuerService, count: int = 3) -> Recorded:
    """Commit intents, and go no further."""
    return record(service.means, "acme", list(keyed_drafts(count)))


def report_theft(service: IssuerService) -> None:
    (name,) = (key.name for key in service.keys("acme") if key.state == "active")
    service.report_compromise("acme", name, service.means.now() - timedelta(days=1))


def stored(service: IssuerService, credential_id: str) -> tuple[StoredCredential | None, set[bytes]]:
    """A credential's row, and what is stored of each of its forms beside that."""
    with read(service.means.engine) as connection:
        rows = connection.execute(signing_intent.select().where(signing_intent.c.credential_id == credential_id))
        return credentials.by_id(connection, credential_id), {row.template for row in rows}


def test_resume_raises_the_marks_before_it_releases(service: IssuerService, published: Path) -> None:
    recorded = crash_after_recording(service)
    assert release._resume_batch(service.means, None) == 6  # another worker, which starts before the crash
    record_outside = HighWaterMark(published)
    marks = record_outside.allotted(service.issuer("acme").id)
    assert marks == {one.id: one.allotted for one in recorded.lists}
    assert all(record_outside.knows_list(one.id) for one in recorded.lists)


def test_what_another_worker_resumed_is_not_handed_out_again(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    crash_after_recording(service)
    release._resume_batch(service.means, None)
    with read(service.means.engine) as connection:
        lost = {one for row in connection.execute(signing_intent.select()) for one in [row.credential_id]}
    taken = {place for own in lost for place in places(released(service, own))}
    snapshots.put_back(copy)
    again = released(service, service.issue("acme", numbered_draft(50)).id)
    assert not taken & places(again)


def test_resume_signs_nothing_with_a_stolen_key(service: IssuerService) -> None:
    recorded = crash_after_recording(service)
    before = {one.id: stored(service, one.id) for one in recorded.issued}
    report_theft(service)
    assert service.resume() == 6
    for own, (row, templates) in before.items():
        after, signed = stored(service, own)
        assert after == row  # id, code, unsigned bytes
        assert len(signed) == 2
        assert not signed & templates
        presented = MECHANISMS["vc+jwt"].read(form_of(service, own))
        assert method_of(service, presented).revoked is None
        assert released(service, own).credential.statuses


def form_of(service: IssuerService, credential_id: str) -> bytes:
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, credential_id, "vc+jwt")
    assert form is not None
    return form.body


def test_the_places_in_the_lists_stay(service: IssuerService) -> None:
    recorded = crash_after_recording(service, 1)
    report_theft(service)
    service.resume()
    with read(service.means.engine) as connection:
        document = MECHANISMS["vc+jwt"].read(form_of(service, recorded.issued[0].id)).payload
        kept = credentials.by_id(connection, recorded.issued[0].id)
    assert kept is not None
    assert kept.unsigned.rstrip(b"}") in document  # the registered claims are all that was added


def test_a_retry_signs_nothing_with_a_stolen_key(service: IssuerService) -> None:
    recorded = crash_after_recording(service)
    report_theft(service)
    again = list(service.issue_many("acme", keyed_drafts(3)))
    assert [one.id for one in again] == [one.id for one in recorded.issued]
    for one in again:
        assert method_of(service, MECHANISMS["vc+jwt"].read(form_of(service, one.id))).revoked is None


def test_a_theft_reported_between_recording_and_releasing(service: IssuerService) -> None:
    recorded = crash_after_recording(service)
    report_theft(service)
    assert release.release(service.means, recorded.to_sign, recorded.lists) == 6
    for one in recorded.issued:
        assert method_of(service, MECHANISMS["vc+jwt"].read(form_of(service, one.id))).revoked is None
    assert service.resume() == 0


def test_what_a_stolen_key_signed_and_released_before_stays_as_it_is(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1))
    before = form_of(service, issued.id)
    report_theft(service)
    assert service.resume() == 0
    assert form_of(service, issued.id) == before


def test_a_rotation_alone_changes_no_intent(service: IssuerService) -> None:
    recorded = crash_after_recording(service, 1)
    one = next(waiting for waiting in recorded.to_sign if waiting.intent.format == "vc+jwt")
    service.rotate_key("acme")
    assert service.resume() == 2
    assert form_of(service, one.intent.credential_id).startswith(one.prepared.signing_input)


def test_a_theft_answered_with_another_kind_of_key_changes_the_embedded_proof(service: IssuerService) -> None:
    """A P-256 key makes no eddsa-rdfc-2022 proof: the form that takes its place is made instead of it."""
    recorded = crash_after_recording(service, 1)
    service.create_key("acme", "P-256")
    report_theft(service)
    assert service.resume() == 2
    with read(service.means.engine) as connection:
        forms = credentials.every_form(connection, recorded.issued[0].id)
    assert [form.format for form in forms] == ["ecdsa-rdfc-2019", "vc+jwt"]
    assert method_of(service, MECHANISMS["ecdsa-rdfc-2019"].read(forms[0].body)).revoked is None
    assert service.resume() == 0


def list_key(service: IssuerService, credential_id: str) -> bool:
    """Whether the key that signed the credential's list, as served now, is reported stolen."""
    entry = released(service, credential_id).credential.statuses[0]
    listed = MECHANISMS["vc+jwt"].read(service.status_list(entry.list_url.rsplit("/", 1)[1]))
    return method_of(service, listed).revoked is not None


def test_no_list_of_a_stolen_key_is_served(service: IssuerService) -> None:
    """At once, in the very second of the report, and for a list that nothing happened to."""
    issued = service.issue("acme", numbered_draft(1)).id
    assert not list_key(service, issued)
    report_theft(service)
    assert not list_key(service, issued)
    own = released(service, issued).credential.statuses[0].list_url.rsplit("/", 1)[1]
    with read(service.means.engine) as connection:
        assert status.published(connection, own) is not None  # and need not be signed again for the next who asks


def test_a_slow_worker_cannot_bring_it_back(service: IssuerService, clock: Clock) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    own = released(service, issued).credential.statuses[0].list_url.rsplit("/", 1)[1]
    with read(service.means.engine) as connection:
        slow = publish._view(service.means, connection, own)
    report_theft(service)
    service.status_list(own)
    clock.advance(seconds=5)
    publish.keep(service.means, publish._build(service.means, slow, service.means.now()))
    assert not list_key(service, issued)
    assert service.status_list(own) == service.status_list(own)


def test_no_story_of_a_stolen_key_is_told(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    service.suspend(issued, "Under review")
    before = parse_story(service.status_story(issued))
    report_theft(service)
    after = parse_story(service.status_story(issued))
    stolen = {f"{service.issuer('acme').did}#{key.name}" for key in service.keys("acme") if key.compromised_since}
    assert before.verification_method in stolen
    assert after.verification_method not in stolen
