"""An issuer's keys: created → active → retired, and what happens when one was stolen.

The keyring holds private halves by opaque ids; here is which of them belong to whom and since when. Rotation leaves
every earlier credential verifying: a retired key stays in `assertionMethod` of did.json (Controlled Identifiers 1.0
section 2.1.1: a method that is missing from the latest document is invalid).

An issuer may have post-quantum keys (ML-DSA-44) beside its ordinary ones. They live separately: each is replaced by one
of its own kind, and an issuer signs a second token of each credential exactly while it has an active post-quantum key.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection

from credentials.core.did import hosted_issuer_url
from credentials.core.did_document import PublishedKey, jwk_method_id, multikey_method_id, write_did_document
from credentials.core.instants import format_instant
from credentials.core.issuer_metadata import write_issuer_metadata
from credentials.core.keys import PublicKey
from credentials.core.mechanism import MethodType
from credentials.issuer import happenings
from credentials.issuer.errors import KeyInUse, KeysFrozen, KeyUnknown, NoActiveKey
from credentials.issuer.means import Means, new_id, require_issuer
from credentials.issuer.recovery import recovering
from credentials.keyring.signer import KeyAlgorithm
from credentials.store import freezing, issuers, signing_keys
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import POST_QUANTUM, SigningKey

Within = Callable[[Connection, SigningKey], None]
"""Something that is done in the transaction of a change, with the key as it is after it."""


def nothing_more(connection: Connection, key: SigningKey) -> None:
    """Nothing is done beside the change."""
    del connection, key


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


@recovering
def keys(means: Means, slug: str) -> list[SigningKey]:
    """All keys of an issuer, oldest first. Raises IssuerUnknown."""
    with read(means.engine) as connection:
        return current_keys(means, connection, require_issuer(means, connection, slug))


@recovering
def create_key(means: Means, slug: str, algorithm: KeyAlgorithm = "Ed25519") -> SigningKey:
    """Make and publish a key that does not sign yet; the next rotation takes it. Raises IssuerUnknown, KeysFrozen."""
    with read(means.engine) as connection:
        issuer = require_issuer(means, connection, slug)
        _demand_thawed(connection, issuer)
    key = make_key(means, issuer.id, algorithm)
    with write(means.engine) as connection:
        _locked_keys(means, connection, slug)
        _demand_thawed(connection, issuer)
        signing_keys.add(connection, key)
    means.high_water.add_parties([issuer], [key])
    return key


@recovering
def rotate_key(
    means: Means, slug: str, algorithm: KeyAlgorithm | None = None, within: Within = nothing_more
) -> SigningKey:
    """Sign with another key from now on, and retire the one in use. Returns the new active key.

    Takes the key that `create_key` made last, if one of this algorithm waits, else makes one. `algorithm` None keeps
    the ordinary kind in use; ML-DSA-44 replaces the post-quantum key, or begins with one. `within` is done in the same
    transaction, with the new key. Raises IssuerUnknown, KeysFrozen.
    """
    return _rotate(means, slug, algorithm, within, thawed=True)


def _rotate(
    means: Means, slug: str, algorithm: KeyAlgorithm | None, within: Within = nothing_more, *, thawed: bool
) -> SigningKey:
    """`thawed`: only for an issuer that may have new keys."""
    with write(means.engine) as connection:
        issuer, every = _locked_keys(means, connection, slug)
        if thawed:
            _demand_thawed(connection, issuer)
        key = _waiting([one for one in every if one.is_post_quantum is (algorithm == POST_QUANTUM)], algorithm)
        if key is None:
            key = make_key(means, issuer.id, algorithm or _kind(signing_keys.active(every)))
            signing_keys.add(connection, key)
        after = _activate(connection, key, every, means.now())
        happenings.rotated(means, connection, issuer, after[0])
        within(connection, after[0])
    means.high_water.add_parties([issuer], after)
    return after[0]


def _demand_thawed(connection: Connection, issuer: Issuer) -> None:
    """Raise KeysFrozen while a proof of the issuer's domain fails."""
    frozen = freezing.frozen(connection, issuer.id)
    if frozen is not None:
        raise KeysFrozen(f"{issuer.slug}, since {format_instant(frozen[0])}: {frozen[1]}")


def _kind(key: SigningKey | None) -> KeyAlgorithm:
    return "P-256" if key and key.algorithm == "P-256" else "Ed25519"


def _waiting(every: Sequence[SigningKey], algorithm: str | None) -> SigningKey | None:
    waiting = (key for key in reversed(every) if key.state == "created" and key.compromised_since is None)
    return next((key for key in waiting if algorithm in (None, key.algorithm)), None)


def _activate(connection: Connection, key: SigningKey, every: Sequence[SigningKey], now: datetime) -> list[SigningKey]:
    """The key in use from now on, then those that it replaces."""
    after = [replace(key, state="active", activated_at=now)]
    replaced = (one for one in every if one.state == "active" and one.is_post_quantum is key.is_post_quantum)
    after += [replace(one, state="retired", retired_at=now) for one in replaced]
    for one in after:
        signing_keys.change(connection, one.id, asdict(one))
    return after


@recovering
def retire_key(means: Means, slug: str, name: str, within: Within = nothing_more) -> SigningKey:
    """Let a key sign no more; what it signed keeps verifying. `within` is done in the same transaction.

    An issuer can do without a post-quantum key, but not without its ordinary one. Raises IssuerUnknown, KeyUnknown,
    and KeyInUse for the active ordinary one: rotate instead.
    """
    with write(means.engine) as connection:
        issuer, key = _named(means, connection, slug, name)
        if key.state == "active" and not key.is_post_quantum:
            raise KeyInUse(f"{name} signs for {slug}")
        retired = replace(key, state="retired", retired_at=key.retired_at or means.now())
        signing_keys.change(connection, key.id, asdict(retired))
        within(connection, retired)
    means.high_water.add_parties([issuer], [retired])
    return retired


@recovering
def report_compromise(means: Means, slug: str, name: str, since: datetime, within: Within = nothing_more) -> SigningKey:
    """Publish that a key was in foreign hands since a moment; if it is in use it is replaced first.

    Every signature of it that cannot prove to be older stops counting. An issuer that may have no new keys gets this
    one all the same: without it, its status lists could not be signed. It is replaced in a transaction before: a crash
    in between leaves a rotation, and the theft to be reported again. `within` is done in the one that publishes the
    theft, with the stolen key. Raises IssuerUnknown, KeyUnknown.
    """
    with read(means.engine) as connection:
        in_use = _named(means, connection, slug, name)[1]
    if in_use.state == "active":
        _rotate(means, slug, POST_QUANTUM if in_use.is_post_quantum else None, thawed=False)
    with write(means.engine) as connection:
        issuer, key = _named(means, connection, slug, name)
        earliest = min(since.astimezone(UTC), key.compromised_since or since)
        retired_at = key.retired_at or means.now()
        stolen = replace(key, state="retired", retired_at=retired_at, compromised_since=earliest)
        signing_keys.change(connection, key.id, asdict(stolen))
        within(connection, stolen)
    means.high_water.add_parties([issuer], [stolen])
    return stolen


def _locked_keys(means: Means, connection: Connection, slug: str) -> tuple[Issuer, list[SigningKey]]:
    """An issuer and its keys; nobody else changes them, or signs an intent with them, until the transaction ends."""
    issuer = require_issuer(means, connection, slug)
    issuers.lock(connection, issuer.id)
    return issuer, current_keys(means, connection, issuer)


def _named(means: Means, connection: Connection, slug: str, name: str) -> tuple[Issuer, SigningKey]:
    issuer, every = _locked_keys(means, connection, slug)
    for key in every:
        if key.name == name:
            return issuer, key
    raise KeyUnknown(f"{slug} has no key {name!r}")


def current_keys(means: Means, connection: Connection, issuer: Issuer) -> list[SigningKey]:
    """An issuer's keys, oldest first. Raises DatabaseBehind when more was published about them."""
    every = signing_keys.of_issuer(connection, issuer.id)
    means.high_water.check_keys(issuer.id, every)
    return every


def active_key(issuer: Issuer, every: Sequence[SigningKey]) -> SigningKey:
    """The one of an issuer's ordinary keys that signs now. Raises NoActiveKey."""
    key = signing_keys.active(every)
    if key is None:
        raise NoActiveKey(f"{issuer.slug} has no active key")
    return key


def post_quantum_key(every: Sequence[SigningKey]) -> SigningKey | None:
    """The one of an issuer's keys that signs the second token now, or None for an issuer without such tokens."""
    return signing_keys.active(every, post_quantum=True)


def public_key(key: SigningKey) -> PublicKey:
    """The public half, as published."""
    return PublicKey.from_jwk(msgspec.json.decode(key.public_jwk))


def method_id(issuer: Issuer, key: SigningKey, method_type: MethodType = "JsonWebKey") -> str:
    """The id of the key in the issuer's DID document, in the spelling that a mechanism names."""
    own_name = issuer.did.startswith("did:key:")  # a key that is its own DID has one spelling
    named = multikey_method_id if method_type == "Multikey" and not own_name else jwk_method_id
    return named(issuer.did, key.name)


@recovering
def issuer_metadata(means: Means, slug: str) -> bytes:
    """The issuer's JWT VC Issuer Metadata: every key it ever had but those that were stolen. Raises IssuerUnknown."""
    with read(means.engine) as connection:
        issuer = require_issuer(means, connection, slug)
        every = current_keys(means, connection, issuer)
    means.high_water.add_parties([issuer], every)
    published = [PublishedKey(name=key.name, key=public_key(key), revoked=key.compromised_since) for key in every]
    return write_issuer_metadata(hosted_issuer_url(issuer.did), published)


@recovering
def did_document(means: Means, slug: str) -> bytes:
    """The issuer's did.json: every key it ever had, twice (JsonWebKey and Multikey). Raises IssuerUnknown."""
    with read(means.engine) as connection:
        issuer = require_issuer(means, connection, slug)
        every = current_keys(means, connection, issuer)
    means.high_water.add_parties([issuer], every)
    published = [PublishedKey(name=key.name, key=public_key(key), revoked=key.compromised_since) for key in every]
    return write_did_document(issuer.did, published)
