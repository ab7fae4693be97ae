"""Look whether a proof holds now: a file, a text in the name service, or a DID document.

A look ends in one of four ways. `found`: it holds. `missing`: whoever answered does not say it. `moved`: a sign that
the domain is in other hands (another token, other keys, the name is gone, its host is no public one).
`unseen`: nobody answered, so nothing is known. Each but the first carries the code of a problem.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from credentials.core.did_document import MAX_DOCUMENT_BYTES, DidDocument, parse_did_document
from credentials.core.errors import CredentialError
from credentials.identity.ladder import DNS, FILE, KEY_GRACE
from credentials.identity.name_server import Texts, Trouble
from credentials.issuer.keys import public_key
from credentials.store.domain_proofs import DomainProof
from credentials.store.signing_keys import SigningKey

LABEL: Final = "credentials-verification"
CHALLENGE_LABEL: Final = "_credentials-challenge"
"""Underscored, so that it is no host's name (RFC 8552)."""
LONGEST_FILE: Final = 1024

Found = Literal["found", "missing", "moved", "unseen"]

# What the outbound client says when it was answered, and not with what was asked for.
_MISSING: Final = frozenset({"not-found-there", "redirect-refused", "answer-too-large", "location-refused"})
_MOVED: Final = frozenset({"address-refused"})
_TROUBLE: Final[dict[Trouble, Found]] = {
    "name-server-failed": "unseen",
    "too-many-texts": "unseen",
    "leads-elsewhere": "missing",
    "name-gone": "moved",
}


class Answer(Protocol):
    """A complete answer: its bytes, and its media type in lower case without parameters."""

    @property
    def body(self) -> bytes:
        """The bytes."""
        ...

    @property
    def media_type(self) -> str:
        """The media type, empty when none was named."""
        ...


class Fetch(Protocol):
    """The one client that makes requests to others' servers: https only, public addresses only, no redirects."""

    def get(self, url: str, *, accept: str, max_bytes: int | None = None) -> Answer:
        """Fetch `url`. Raises a CredentialError whose code says what went wrong."""
        ...


class Names(Protocol):
    """The name service."""

    def texts(self, name: str, domain: str) -> Texts:
        """The texts of a name beneath a domain."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """How a look ended, and for all but `found` the code of the problem."""

    found: Found
    problem: str | None = None


def statement(token: str) -> str:
    """What must stand in the file or in the name service."""
    return f"{LABEL}={token}"


def file_url(domain: str, slug: str) -> str:
    """Where the file is looked for (RFC 8615)."""
    return f"https://{domain}/.well-known/{LABEL}-{slug}.txt"


def challenge_name(domain: str) -> str:
    """The name whose texts are looked at."""
    return f"{CHALLENGE_LABEL}.{domain}"


def own_did(domain: str) -> str:
    """The DID of a domain itself."""
    return f"did:web:{domain}"


def document_url(domain: str) -> str:
    """Where a domain's own DID document is (did:web method, section 2.5.2)."""
    return f"https://{domain}/.well-known/did.json"


def look(
    proof: DomainProof, slug: str, keys: Collection[SigningKey], fetch: Fetch, names: Names, now: datetime
) -> Look:
    """Look for one proof of an issuer with this slug and these keys. Never raises for what others answer."""
    if proof.method == DNS:
        return _texts(names.texts(challenge_name(proof.domain), proof.domain), statement(proof.token))
    try:
        if proof.method == FILE:
            return _file(fetch.get(file_url(proof.domain, slug), accept="text/plain", max_bytes=LONGEST_FILE), proof)
        return _document(fetch, proof.domain, keys, now)
    except CredentialError as error:
        return Look(_meaning(error.code), error.code)


def _meaning(code: str) -> Found:
    return "moved" if code in _MOVED else "missing" if code in _MISSING else "unseen"


def _texts(texts: Texts, wanted: str) -> Look:
    if texts.trouble is not None:
        return Look(_TROUBLE[texts.trouble], texts.trouble)
    return _among(texts.found, wanted)


def _file(answer: Answer, proof: DomainProof) -> Look:
    """The file holds the one line and nothing else, so that no page that shows visitors' words can pass for it."""
    if answer.media_type != "text/plain":
        return Look("missing", "not-plain-text")
    return _among((answer.body.strip(),), statement(proof.token))


def _among(found: Collection[bytes], wanted: str) -> Look:
    if any(hmac.compare_digest(text, wanted.encode()) for text in found):
        return Look("found")
    ours = any(text.startswith(f"{LABEL}=".encode()) for text in found)
    return Look("moved", "other-token") if ours else Look("missing", "text-missing")


def _document(fetch: Fetch, domain: str, keys: Collection[SigningKey], now: datetime) -> Look:
    accept = "application/did+json, application/json"
    answer = fetch.get(document_url(domain), accept=accept, max_bytes=MAX_DOCUMENT_BYTES)
    try:
        document = parse_did_document(answer.body, own_did(domain))
    except CredentialError:
        return Look("missing", "not-a-did-document")
    return _lists(document, keys, now)


def _lists(document: DidDocument, keys: Collection[SigningKey], now: datetime) -> Look:
    """It lists, for signing credentials, every key in use but the newest ones, and no stolen key as a good one."""
    listed = {method.key.thumbprint() for method in document.methods if method.id in document.assertion_method}
    good = {
        method.key.thumbprint()
        for method in document.methods
        if method.id in document.assertion_method and method.revoked is None
    }
    stolen = {public_key(key).thumbprint() for key in keys if key.compromised_since is not None}
    ours = {public_key(key).thumbprint(): key for key in keys if key.compromised_since is None}
    wanted = {name for name, key in ours.items() if key.state != "created" and now - _begun(key) > KEY_GRACE}
    if not good & ours.keys():
        return Look("moved", "other-keys")
    if good & stolen:
        return Look("missing", "stolen-key-listed")
    return Look("missing", "keys-missing") if wanted - listed else Look("found")


def _begun(key: SigningKey) -> datetime:
    return key.activated_at or key.created_at
