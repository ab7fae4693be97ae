"""A small world of real issuers: real keys, key documents, credentials, status lists and stories. Nothing is faked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.signing import SigningKey

from credentials.core import strict_json
from credentials.core.achievement import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Criteria,
    Evidence,
    Profile,
    named,
    to_bytes,
)
from credentials.core.credential import StatusEntry
from credentials.core.did import did_web_to_url
from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.errors import BadInstant
from credentials.core.instants import parse_instant
from credentials.core.jws import compact, signing_input
from credentials.core.keys import PublicKey
from credentials.core.securing import MECHANISMS, Unsigned
from credentials.core.status_list import MIN_ENTRIES, status_list_credential
from credentials.core.status_story import StatusEvent, assemble_story, story_payload, story_signing_input
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.verify import verify

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ISSUED = datetime(2026, 3, 16, tzinfo=UTC)
DAY = timedelta(days=1)
BASE = "https://credentials.example"
CREDENTIAL_ID = f"{BASE}/c/0123456789ABCDEFGHJKMNPQRS"
SUCCESSOR = f"{BASE}/c/1123456789ABCDEFGHJKMNPQRS"
INDEX = 4711


class Ed25519Key:
    """A real Ed25519 key pair; the same one for the same seed byte."""

    algorithm = "Ed25519"

    def __init__(self, seed: int = 1) -> None:
        self._key = SigningKey(bytes([seed]) * 32)
        self.public = PublicKey.ed25519(bytes(self._key.verify_key))

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data).signature


class P256Key:
    """A real P-256 key pair; the same one for the same seed."""

    algorithm = "P-256"

    def __init__(self, seed: int = 1) -> None:
        self._key = ec.derive_private_key(seed + 1000, ec.SECP256R1())
        self.public = PublicKey.p256(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint))

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


Key = Ed25519Key | P256Key


@dataclass
class Issuer:
    """An issuer with its keys by name; `revoked` says which were reported stolen."""

    did: str
    keys: dict[str, Key] = field(default_factory=lambda: {"k1": Ed25519Key()})
    revoked: dict[str, datetime] = field(default_factory=dict)

    def document(self) -> bytes:
        published = [PublishedKey(name, key.public, self.revoked.get(name)) for name, key in self.keys.items()]
        return write_did_document(self.did, published)

    def method(self, name: str = "k1") -> str:
        """The id of a key: in a did:key, the key is its own name."""
        return f"{self.did}#{self.did.removeprefix('did:key:') if self.did.startswith('did:key:') else name}"

    def secure(
        self,
        unsigned: bytes,
        *,
        name: str = "k1",
        method: str | None = None,
        mechanism: str = "vc+jwt",
        created: datetime = ISSUED,
    ) -> bytes:
        """`unsigned` in the form of a mechanism, signed with the key of that name."""
        key, chosen = self.keys[name], MECHANISMS[mechanism]
        prepared = chosen.prepare(
            Unsigned.parse(unsigned),
            verification_method=method or self.method(name),
            algorithm=key.algorithm,
            created=created,
        )
        return chosen.assemble(prepared, key.sign(prepared.signing_input))

    def proof(self, unsigned: Mapping[str, Any], mechanism: str = "eddsa-jcs-2022", **options: Any) -> dict[str, Any]:
        """One embedded proof over a document."""
        secured = self.secure(strict_json.dump(unsigned), mechanism=mechanism, **options)
        proof: dict[str, Any] = strict_json.parse_object(secured, max_bytes=1 << 20)["proof"][0]
        return proof

    def sign_raw(self, header: Mapping[str, str], payload: bytes, *, name: str = "k1") -> bytes:
        """Exact payload bytes under an exact header."""
        data = signing_input(header, payload)
        return compact(data, self.keys[name].sign(data))

    def status_list(
        self,
        purpose: str = "revocation",
        set_indexes: Iterable[int] = (),
        *,
        url: str | None = None,
        name: str = "k1",
        issuer: str | None = None,
        built: datetime = NOW - timedelta(minutes=1),
        lasts: timedelta = timedelta(hours=1),
        ttl: timedelta = timedelta(minutes=5),
        size: int = MIN_ENTRIES,
        mechanism: str = "vc+jwt",
    ) -> bytes:
        unsigned = status_list_credential(
            list_url=url or list_url(purpose),
            issuer=issuer or self.did,
            purpose=purpose,
            set_indexes=set_indexes,
            size=size,
            valid_from=built,
            valid_until=built + lasts,
            ttl=ttl,
        )
        document = strict_json.parse_object(unsigned, max_bytes=1 << 20)
        document["credentialSubject"]["id"] = f"{document['id']}#list"
        return self.secure(strict_json.dump(document), name=name, mechanism=mechanism, created=built)

    def story(
        self, *events: StatusEvent, name: str = "k1", issuer: str | None = None, about: str = CREDENTIAL_ID
    ) -> bytes:
        payload = story_payload(issuer or self.did, about, events, NOW)
        key = self.keys[name]
        data = story_signing_input(payload, verification_method=self.method(name), algorithm=key.algorithm)
        return assemble_story(data, key.sign(data))


def list_url(purpose: str) -> str:
    return f"{BASE}/status/{purpose}"


def entry(purpose: str = "revocation", index: int = INDEX) -> StatusEntry:
    return StatusEntry(
        id=f"{list_url(purpose)}#{index}",
        type="BitstringStatusListEntry",
        status_purpose=purpose,
        status_list_index=str(index),
        status_list_credential=list_url(purpose),
        status_reference=f"{CREDENTIAL_ID}/status",
    )


def achievement(
    did: str,
    *,
    statuses: tuple[StatusEntry, ...] | None = None,
    valid_from: datetime = ISSUED,
    valid_until: datetime | None = None,
) -> AchievementCredential:
    """A finished micro-internship, as it is issued."""
    return AchievementCredential(
        id=CREDENTIAL_ID,
        name="Market report on cargo bikes",
        issuer=Profile(id=did, name="Acme Cargo GmbH"),
        valid_from=valid_from,
        valid_until=valid_until,
        credential_subject=AchievementSubject(
            id="urn:uuid:6f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11",
            identifier=(named("Ana Souza"),),
            activity_start_date=ISSUED - 30 * DAY,
            activity_end_date=ISSUED - DAY,
            role="Analyst",
            narrative="Careful, curious and on time.",
            source=Profile(id="urn:uuid:7f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11", name="Lena Vogt"),
            achievement=Achievement(
                id="urn:uuid:8f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11",
                name="Market report on cargo bikes",
                description="Sizes the market for cargo bikes in three cities.",
                criteria=Criteria(narrative="A report of 20 pages with sources, accepted by the company."),
                achievement_type="Fieldwork",
                tag=("market research", "spreadsheets"),
            ),
        ),
        evidence=(Evidence(id=f"{BASE}/evidence/1", name="Report", description="20 pages, public."),),
        credential_status=(entry("revocation"), entry("suspension")) if statuses is None else statuses or None,
    )


@dataclass
class World:
    """One issuer, what it published, and a verifier that believes it; change what you need before you ask."""

    issuer: Issuer = field(default_factory=lambda: Issuer("did:web:acme.example"))
    published: dict[str, bytes] = field(default_factory=dict)
    policy: TrustPolicy = field(default_factory=TrustPolicy)
    now: datetime = NOW

    def __post_init__(self) -> None:
        if self.issuer.did.startswith("did:web:"):
            self.published.setdefault(did_web_to_url(self.issuer.did), self.issuer.document())
        self.publish_list("revocation")
        self.publish_list("suspension")

    def publish_document(self) -> None:
        """Publish the issuer's keys as they are now."""
        self.published[did_web_to_url(self.issuer.did)] = self.issuer.document()

    def publish_list(self, purpose: str, set_indexes: Iterable[int] = (), **options: Any) -> None:
        self.published[list_url(purpose)] = self.issuer.status_list(purpose, set_indexes, **options)

    def publish_story(self, *events: StatusEvent, **options: Any) -> None:
        self.published[f"{CREDENTIAL_ID}/status"] = self.issuer.story(*events, **options)

    def token(self, **options: Any) -> bytes:
        return self.secured("vc+jwt", **options)

    def secured(self, mechanism: str, **options: Any) -> bytes:
        """The credential in the form of any mechanism."""
        return self.issuer.secure(to_bytes(achievement(self.issuer.did, **options)), mechanism=mechanism)

    def sign_document(self, document: Mapping[str, Any], *, claims: Mapping[str, Any] | None = None) -> bytes:
        """Any payload at all, really signed: for what a careless or hostile issuer may make.

        Without `claims` it has those of a credential, as far as the document says what they repeat.
        """
        header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": self.issuer.method()}
        added = claims_of(document) if claims is None else claims
        return self.issuer.sign_raw(header, strict_json.dump({**added, **document, **(claims or {})}))

    def document(self, **options: Any) -> dict[str, Any]:
        """The unsigned credential as JSON."""
        return strict_json.parse_object(to_bytes(achievement(self.issuer.did, **options)), max_bytes=1 << 20)

    def resolver(self) -> StaticResolver:
        return StaticResolver(self.published, clock=lambda: self.now)

    def verify(self, data: bytes | str | Mapping[str, Any], **options: Any) -> Report:
        return verify(data, resolver=self.resolver(), policy=self.policy, now=self.now, **options)


def claims_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The registered claims that repeat what `document` says; none that it does not say."""
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    own = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": document.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
    }
    with contextlib.suppress(BadInstant):
        own["nbf"] = int(parse_instant(document.get("validFrom")).timestamp())
    return {name: value for name, value in own.items() if isinstance(value, str | int)}


def confirming(did: str, domain: str = "acme.example") -> TrustPolicy:
    """A policy in which an operator confirmed one hosted issuer."""
    return TrustPolicy(confirmed={did: Confirmation(domain, "operator", ISSUED)})
