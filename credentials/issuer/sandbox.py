"""The issuers of a sandbox: keys of its own, whatever is offered, everything a test.

One is a hosted did:web as real issuers are; two are did:keys, for clients that cannot reach this service to look a key
up. All are marked `sandbox`, so every verification of ours says TEST.
"""

from dataclasses import replace
from typing import Final

from credentials.issuer.keys import make_key
from credentials.issuer.means import Means, new_id
from credentials.issuer.registration import Registration, create_issuer, every_issuer
from credentials.keyring.signer import KeyAlgorithm
from credentials.store import issuers, signing_keys
from credentials.store.engine import write
from credentials.store.issuers import Issuer

NAME: Final = "Sandbox (test only)"
HOSTED: Final = "sandbox"
KEY_SLUGS: Final[dict[KeyAlgorithm, str]] = {"Ed25519": "sandbox-key", "P-256": "sandbox-key-p256"}


def real_issuers(means: Means) -> list[Issuer]:
    """Issuers that are none of a sandbox's."""
    return [one for one in every_issuer(means) if not one.sandbox]


def prepare(means: Means) -> list[Issuer]:
    """Make those of the sandbox's issuers that are missing, and return all, by slug."""
    known = {one.slug for one in every_issuer(means)}
    if HOSTED not in known:
        create_issuer(means, Registration(HOSTED, NAME, None, algorithm="Ed25519", suspends=True, sandbox=True))
    for algorithm, slug in KEY_SLUGS.items():
        if slug not in known:
            _create_key_issuer(means, slug, algorithm)
    return every_issuer(means)


def _create_key_issuer(means: Means, slug: str, algorithm: KeyAlgorithm) -> Issuer:
    """An issuer whose DID is its one key."""
    owner = new_id()
    key = make_key(means, owner, algorithm, state="active")
    did = means.signer.public_key(key.key_id).to_did_key()
    named = replace(key, name=did.removeprefix("did:key:"))
    issuer = Issuer(
        id=owner, slug=slug, name=NAME, url=None, did=did, suspends=True, sandbox=True, created_at=means.now()
    )
    with write(means.engine) as connection:
        issuers.add(connection, issuer)
        signing_keys.add(connection, named)
    means.high_water.add_parties([issuer], [named])
    return issuer
