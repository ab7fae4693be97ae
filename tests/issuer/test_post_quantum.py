"""A second token beside the first, signed with ML-DSA-44: optional, by keys with a life of their own, released once."""

import json
import threading
from datetime import timedelta
from typing import Final

import msgspec
import pytest

from credentials.core.did_document import parse_did_document
from credentials.core.jws import parse_compact
from credentials.core.securing import MECHANISMS, VerifiedCredential
from credentials.issuer import release, signing
from credentials.issuer.errors import KeyInUse, SelfCheckFailed
from credentials.issuer.forms import POST_QUANTUM
from credentials.issuer.intents import Recorded, record
from credentials.issuer.lookup import find
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from credentials.store.signing_keys import SigningKey
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.readers import released, verified
from tests.store.snapshots import Snapshots

PQ: Final = "ML-DSA-44"


@pytest.fixture
def second(service: IssuerService) -> SigningKey:
    """The post-quantum key that acme now has beside its ordinary one."""
    return service.rotate_key("acme", PQ)


def body(service: IssuerService, credential_id: str) -> bytes | None:
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, credential_id, POST_QUANTUM)
    return None if form is None else form.body


def second_token(service: IssuerService, credential_id: str) -> VerifiedCredential:
    secured = body(service, credential_id)
    assert secured is not None
    return verified(service, secured)


def in_use(service: IssuerService) -> list[str]:
    return sorted(key.algorithm for key in service.keys("acme") if key.state == "active")


def test_an_issuer_without_such_a_key_makes_no_second_token(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    assert body(service, issued) is None
    assert find(service.means, "acme", issued).post_quantum is None


def test_both_tokens_say_the_same(service: IssuerService, second: SigningKey) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    one, other = released(service, issued), second_token(service, issued)
    assert (one.algorithm, other.algorithm) == ("EdDSA", PQ)
    assert one.credential.document == other.credential.document
    assert other.verification_method == f"{service.issuer('acme').did}#{second.name}"
    held = find(service.means, "acme", issued)
    assert (held.form is not None, held.post_quantum is not None) == (True, True)


def test_a_company_may_begin_with_both(service: IssuerService) -> None:
    service.create_issuer("both", "Both", post_quantum=True)
    assert [key.algorithm for key in service.keys("both") if key.state == "active"].count(PQ) == 1
    issued = service.issue("both", numbered_draft(1)).id
    assert second_token(service, issued).algorithm == PQ


def test_a_slug_that_is_taken_leaves_no_keys_behind(service: IssuerService) -> None:
    before = service.means.signer.list()
    with pytest.raises(Exception, match="acme"):
        service.create_issuer("acme", "Another", post_quantum=True)
    assert service.means.signer.list() == before


def test_the_key_is_published_as_both_kinds_of_method(service: IssuerService, second: SigningKey) -> None:
    did = service.issuer("acme").did
    document = parse_did_document(service.did_document("acme"), did)
    jwk, multikey = (document.assertion_key(f"{did}#{second.name}{end}") for end in ("", "-multikey"))
    assert (jwk.type, multikey.type) == ("JsonWebKey", "Multikey")
    assert jwk.key == multikey.key
    assert jwk.key.algorithm == PQ


def test_the_two_kinds_are_rotated_apart(service: IssuerService, second: SigningKey) -> None:
    first = service.issue("acme", numbered_draft(1)).id
    ordinary = service.rotate_key("acme")
    assert (ordinary.algorithm, in_use(service)) == ("Ed25519", ["Ed25519", PQ])
    assert service.rotate_key("acme", "P-256").algorithm == "P-256"
    again = service.rotate_key("acme", PQ)
    assert again.name != second.name
    assert in_use(service) == [PQ, "P-256"]
    for issued in (first, service.issue("acme", numbered_draft(2)).id):
        assert released(service, issued).algorithm == ("EdDSA" if issued == first else "ES256")
        assert second_token(service, issued).algorithm == PQ


def test_a_waiting_key_is_taken_by_a_rotation_of_its_own_kind_only(service: IssuerService) -> None:
    waiting = service.create_key("acme", PQ)
    assert service.rotate_key("acme").name != waiting.name
    assert body(service, service.issue("acme", numbered_draft(1)).id) is None
    assert service.rotate_key("acme", PQ).name == waiting.name


def test_retiring_the_key_ends_the_second_token_and_breaks_none(service: IssuerService, second: SigningKey) -> None:
    before = service.issue("acme", numbered_draft(1)).id
    assert service.retire_key("acme", second.name).state == "retired"
    assert body(service, service.issue("acme", numbered_draft(2)).id) is None
    assert second_token(service, before).algorithm == PQ
    ordinary = next(key for key in service.keys("acme") if key.state == "active")
    with pytest.raises(KeyInUse):
        service.retire_key("acme", ordinary.name)


def test_a_stolen_key_is_replaced_by_one_of_its_kind(service: IssuerService, second: SigningKey) -> None:
    since = service.means.now() - timedelta(days=1)
    assert service.report_compromise("acme", second.name, since).compromised_since == since
    assert in_use(service) == ["Ed25519", PQ]
    issued = service.issue("acme", numbered_draft(1)).id
    assert second_token(service, issued).verification_method.rpartition("#")[2] != second.name


def test_lists_and_stories_stay_with_the_ordinary_key(service: IssuerService, second: SigningKey) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    service.suspend(issued, "Under review")
    entry = released(service, issued).credential.statuses[0]
    for token in (service.status_list(entry.list_url.rsplit("/", 1)[1]), service.status_story(issued)):
        assert parse_compact(token).header["alg"] == "EdDSA"


# Released once ------------------------------------------------------------------------------------------------------


def crash_after_recording(service: IssuerService, count: int = 3) -> Recorded:
    return record(service.means, "acme", list(keyed_drafts(count)))


def test_signing_again_gives_another_signature(service: IssuerService, second: SigningKey) -> None:
    """Why the first that is released must stay: nothing would make the second the same."""
    assert service.means.signer.sign(second.key_id, b"x") != service.means.signer.sign(second.key_id, b"x")


def test_a_crash_before_the_release_resumes_to_one_of_each(service: IssuerService, second: SigningKey) -> None:
    recorded = crash_after_recording(service)
    assert len(recorded.to_sign) == 9
    assert service.resume() == 9
    for one in recorded.issued:
        assert released(service, one.id).credential.document == second_token(service, one.id).credential.document
    assert service.resume() == 0


def test_a_crash_after_the_release_changes_nothing(service: IssuerService, second: SigningKey) -> None:
    """The worker that released did not live to say so, and another one does it all again."""
    recorded = crash_after_recording(service)
    release.release(service.means, recorded.to_sign, recorded.lists)
    before = [body(service, one.id) for one in recorded.issued]
    assert release.release(service.means, recorded.to_sign, recorded.lists) == 9
    assert [one.id for one in service.issue_many("acme", keyed_drafts(3))] == [one.id for one in recorded.issued]
    assert [body(service, one.id) for one in recorded.issued] == before
    assert None not in before


def test_of_two_signatures_made_at_once_one_is_released(service: IssuerService, second: SigningKey) -> None:
    recorded = crash_after_recording(service, 1)
    together, seen = threading.Barrier(4), []

    def work() -> None:
        together.wait()
        release.release(service.means, recorded.to_sign, recorded.lists)
        seen.append(body(service, recorded.issued[0].id))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(seen) == 4
    assert len(set(seen)) == 1
    assert second_token(service, recorded.issued[0].id).algorithm == PQ


def test_a_theft_before_the_release_is_signed_anew_with_the_new_key(service: IssuerService, second: SigningKey) -> None:
    recorded = crash_after_recording(service)
    service.report_compromise("acme", second.name, service.means.now())
    assert service.resume() == 9
    for one in recorded.issued:
        assert second_token(service, one.id).verification_method.rpartition("#")[2] != second.name


def test_a_theft_of_a_key_that_nothing_replaced_leaves_the_first_token_alone(
    service: IssuerService, second: SigningKey
) -> None:
    recorded = crash_after_recording(service)
    service.retire_key("acme", second.name)
    service.report_compromise("acme", second.name, service.means.now())
    assert service.resume() == 6
    for one in recorded.issued:
        assert released(service, one.id).algorithm == "EdDSA"
        assert body(service, one.id) is None
    assert service.resume() == 0


def test_a_signature_that_is_none_is_never_released(service: IssuerService, second: SigningKey) -> None:
    recorded = crash_after_recording(service, 1)
    (one,) = [waiting for waiting in recorded.to_sign if waiting.intent.format == POST_QUANTUM]
    public = service.means.signer.public_key(second.key_id)
    good = signing.sign_unchecked(service.means.signer, one)
    signing.check_own(one, good, public)
    for bad in (good[:-8], good[:-2] + b"AA", good.replace(b".", b"", 1), b"x" + good[1:]):
        with pytest.raises(SelfCheckFailed):
            signing.check_own(one, bad, public)
    other = msgspec.structs.replace(one.prepared, signing_input=one.prepared.signing_input + b"x")
    with pytest.raises(SelfCheckFailed):
        signing.check_own(one._replace(prepared=other), good, public)


def test_the_header_names_the_key_and_nothing_else(service: IssuerService, second: SigningKey) -> None:
    secured = body(service, service.issue("acme", numbered_draft(1)).id)
    assert secured is not None
    kid = f"{service.issuer('acme').did}#{second.name}"
    assert dict(parse_compact(secured).header) == {"alg": PQ, "typ": "vc+jwt", "cty": "vc", "kid": kid}
    assert MECHANISMS[POST_QUANTUM].recognises(secured)


def test_a_restore_brings_the_key_back(service: IssuerService, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    key = service.rotate_key("acme", PQ)
    snapshots.put_back(copy)
    assert [one.name for one in service.keys("acme") if one.is_post_quantum] == [key.name]
    assert json.loads(key.public_jwk)["kty"] == "AKP"
    assert second_token(service, service.issue("acme", numbered_draft(5)).id).algorithm == PQ
