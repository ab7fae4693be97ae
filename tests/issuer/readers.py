"""What others see of an issuing service: credentials verified under the published keys, bits read from signed lists."""

from credentials.core.did_document import VerificationMethod, parse_did_document
from credentials.core.mechanism import Presented
from credentials.core.securing import MECHANISMS, VerifiedCredential
from credentials.core.status_list import parse_status_list_credential
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read


def released(service: IssuerService, credential_id: str) -> VerifiedCredential:
    """A released credential, verified under its issuer's published keys."""
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, credential_id, "vc+jwt")
    assert form is not None
    return verified(service, form.body)


def verified(service: IssuerService, body: bytes) -> VerifiedCredential:
    """Signed bytes, verified under a key that their issuer publishes now."""
    presented = MECHANISMS["vc+jwt"].read(body)
    return MECHANISMS["vc+jwt"].verify(presented, method_of(service, presented).key)


def method_of(service: IssuerService, presented: Presented) -> VerificationMethod:
    """What the issuer's did.json says now about the key that signed something."""
    document = parse_did_document(service.did_document(presented.issuer.rsplit(":", 1)[1]), presented.issuer)
    return document.assertion_key(presented.verification_method)


def bit(service: IssuerService, verified: VerifiedCredential, purpose: str = "revocation") -> bool:
    """The bit as a verifier sees it now, in a list that no stolen key signed."""
    entry = next(one for one in verified.credential.statuses if one.purpose == purpose)
    listed = MECHANISMS["vc+jwt"].read(service.status_list(entry.list_url.rsplit("/", 1)[1]))
    assert method_of(service, listed).revoked is None
    return parse_status_list_credential(listed.document, purpose=purpose, now=service.means.now()).is_set(entry.index)


def places(verified: VerifiedCredential) -> set[tuple[str, int]]:
    return {(entry.list_url, entry.index) for entry in verified.credential.statuses}
