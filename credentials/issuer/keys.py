"""An issuer's keys: created → active → retired, and what happens when one was stolen.

The keyring holds private halves by opaque ids; here is which of them belong to whom and since when. Rotation leaves
every earlier credential verifying: a retired key stays in `assertionMethod` of did.json (Controlled Identifiers 1.0
section 2.1.1: a method that is missing from the latest document is invalid).
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection

from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.keys import PublicKey
from credentials.issuer.errors import KeyInUse, KeyUnknown, NoActiveKey
from credentials.issuer.means import Means, new_id, require_issuer
from credentials.keyring.signer import KeyAlgorithm
from credentials.store import issuers, signing_keys
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey


def make_key(
    means: Means, issuer_id: str, algorithm: KeyAlgorithm, *, state: Literal["created", "active"] = "created"
) -> SigningKey:
    """Create a private key in the keyring and describe it; nothing is stored in the database yet.

    A crash right after leaves a key that nobody uses. Raises a KeyringError.
    """
    key_id = means.signer.create(algorithm)
    public = means.signer.public_key(key_id)
    now = means.now()
    return SigningKey(
        id=new_id(),
        issuer_id=issuer_id,
        # From the key itself, so that no two keys can ever share a name, whatever is restored.
        name=f"key-{public.thumbprint()[:12]}",
        key_id=key_id,
        algorithm=algorithm,
        public_jwk=msgspec.json.encode(public.to_jwk()).decode(),
        state=state,
        created_at=now,
        activated_at=now if state == "active" else None,
    )


def keys(means: Means, slug: str) -> list[SigningKey]:
    """All keys of an issuer, oldest first. Raises IssuerUnknown."""
    with read(means.engine) as connection:
        return signing_keys.of_issuer(connection, require_issuer(connection, slug).id)


def create_key(means: Means, slug: str, algorithm: KeyAlgorithm = "Ed25519") -> SigningKey:
    """Make and publish a key that does not sign yet; the next rotation takes it. Raises IssuerUnknown."""
    with read(means.engine) as connection:
        issuer = require_issuer(connection, slug)
    key = make_key(means, issuer.id, algorithm)
    with write(means.engine) as connection:
        signing_keys.add(connection, key)
    return key


def rotate_key(means: Means, slug: str, algorithm: KeyAlgorithm | None = None) -> SigningKey:
    """Sign with another key from now on, and retire the one in use. Returns the new active key.

    Takes the key that `create_key` made last, if one of this algorithm waits, else makes one. `algorithm` None keeps
    the kind in use. Raises IssuerUnknown.
    """
    with read(means.engine) as connection:
        issuer = require_issuer(connection, slug)
        waiting = _waiting(connection, issuer.id, algorithm)
        in_use = signing_keys.active(connection, issuer.id)
    fresh = None if waiting else make_key(means, issuer.id, algorithm or _kind(in_use))
    with write(means.engine) as connection:
        issuers.lock(connection, issuer.id)
        if fresh:
            signing_keys.add(connection, fresh)
        return _activate(connection, fresh or waiting, means.now())  # type: ignore[arg-type]  # one of them is a key


def _kind(key: SigningKey | None) -> KeyAlgorithm:
    return "P-256" if key and key.algorithm == "P-256" else "Ed25519"


def _waiting(connection: Connection, issuer_id: str, algorithm: str | None) -> SigningKey | None:
    waiting = [key for key in signing_keys.of_issuer(connection, issuer_id) if key.state == "created"]
    return next((key for key in reversed(waiting) if algorithm in (None, key.algorithm)), None)


def _activate(connection: Connection, key: SigningKey, now: datetime) -> SigningKey:
    for other in signing_keys.of_issuer(connection, key.issuer_id):
        if other.state == "active" and other.id != key.id:
            signing_keys.change(connection, other.id, {"state": "retired", "retired_at": now})
    signing_keys.change(connection, key.id, {"state": "active", "activated_at": now})
    return replace(key, state="active", activated_at=now)


def retire_key(means: Means, slug: str, name: str) -> SigningKey:
    """Let a key sign no more; what it signed keeps verifying.

    Raises IssuerUnknown, KeyUnknown, and KeyInUse for the active one: rotate instead.
    """
    with write(means.engine) as connection:
        key = _require_key(connection, slug, name)
        if key.state == "active":
            raise KeyInUse(f"{name} signs for {slug}")
        if key.state == "retired":
            return key
        now = means.now()
        signing_keys.change(connection, key.id, {"state": "retired", "retired_at": now})
        return replace(key, state="retired", retired_at=now)


def report_compromise(means: Means, slug: str, name: str, since: datetime) -> SigningKey:
    """Publish that a key was in foreign hands since a moment; if it is in use it is replaced first.

    Every signature of it that cannot prove to be older stops counting. Raises IssuerUnknown, KeyUnknown.
    """
    with read(means.engine) as connection:
        in_use = _require_key(connection, slug, name).state == "active"
    if in_use:
        rotate_key(means, slug)
    with write(means.engine) as connection:
        key = _require_key(connection, slug, name)
        earliest = min(since.astimezone(UTC), key.compromised_since or since)
        changed = {"state": "retired", "retired_at": key.retired_at or means.now(), "compromised_since": earliest}
        signing_keys.change(connection, key.id, changed)
        return _require_key(connection, slug, name)


def _require_key(connection: Connection, slug: str, name: str) -> SigningKey:
    issuer = require_issuer(connection, slug)
    issuers.lock(connection, issuer.id)
    for key in signing_keys.of_issuer(connection, issuer.id):
        if key.name == name:
            return key
    raise KeyUnknown(f"{slug} has no key {name!r}")


def active_key(connection: Connection, issuer: Issuer) -> SigningKey:
    """The key that signs for an issuer now. Raises NoActiveKey."""
    key = signing_keys.active(connection, issuer.id)
    if key is None:
        raise NoActiveKey(f"{issuer.slug} has no active key")
    return key


def public_key(key: SigningKey) -> PublicKey:
    """The public half, as published."""
    return PublicKey.from_jwk(msgspec.json.decode(key.public_jwk))


def method_id(issuer: Issuer, key: SigningKey) -> str:
    """The verification method that `kid` names: the JsonWebKey form of the key in the issuer's DID document."""
    return f"{issuer.did}#{key.name}"


def did_document(means: Means, slug: str) -> bytes:
    """The issuer's did.json: every key it ever had, twice (JsonWebKey and Multikey). Raises IssuerUnknown."""
    with read(means.engine) as connection:
        issuer = require_issuer(connection, slug)
        every = signing_keys.of_issuer(connection, issuer.id)
    published = [PublishedKey(name=key.name, key=public_key(key), revoked=key.compromised_since) for key in every]
    return write_did_document(issuer.did, published)
