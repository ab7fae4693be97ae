"""Sign stored intents, check the own signature through the strict front door, and only then release.

The order, for every batch: the intents are committed; the marks outside the database are raised; the signatures are
made and verified; the secured forms are inserted. A form that is there already stays: at most one is ever released.
"""

from collections.abc import Sequence
from typing import Any

from credentials.core.errors import CredentialError
from credentials.core.keys import PublicKey
from credentials.core.securing import MECHANISMS, Prepared
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.means import Means, require_issuer
from credentials.issuer.recovery import reconcile
from credentials.keyring.signer import Signer
from credentials.store import credentials
from credentials.store.credentials import SigningIntent
from credentials.store.engine import read, write
from credentials.store.status import StatusList

RESUME_BATCH = 500


def release(means: Means, intents: Sequence[SigningIntent], lists: Sequence[StatusList]) -> int:
    """Sign and release committed intents of one issuer; `lists` are its status lists as committed. Returns how many.

    Raises SelfCheckFailed, a KeyringError, PublishedRecordUnwritable and the store's errors; then nothing of the batch
    is released and `resume` finishes it.
    """
    if not intents:
        return 0
    raise_marks(means, lists)
    forms = _sign(means, intents)
    with write(means.engine) as connection:
        credentials.release(connection, forms)
    return len(forms)


def raise_marks(means: Means, lists: Sequence[StatusList]) -> None:
    """Record outside the database which lists there are, and how far they are allotted."""
    means.high_water.add_lists(lists)
    for issuer_id in {one.issuer_id for one in lists}:
        counts = {one.id: one.allotted for one in lists if one.issuer_id == issuer_id}
        means.high_water.raise_allotted(issuer_id, counts)


def resume(means: Means, slug: str | None = None) -> int:
    """Sign and release the intents that a crash left behind, of one issuer or of all. Returns how many.

    Safe beside other workers: each claims what no other holds. Raises as `release` does, and IssuerUnknown.
    """
    reconcile(means)
    issuer_id = None
    if slug is not None:
        with read(means.engine) as connection:
            issuer_id = require_issuer(connection, slug).id
    total = 0
    while finished := _resume_batch(means, issuer_id):
        total += finished
    return total


def _resume_batch(means: Means, issuer_id: str | None) -> int:
    with write(means.engine) as connection:
        intents = credentials.claim_unreleased(connection, issuer_id=issuer_id, limit=RESUME_BATCH)
        credentials.release(connection, _sign(means, intents))
    return len(intents)


def _sign(means: Means, intents: Sequence[SigningIntent]) -> list[dict[str, Any]]:
    """Sign all, then check all: each step over the whole batch keeps its code and data in the processor's cache."""
    now = means.now()
    secured = [sign_unchecked(means.signer, intent) for intent in intents]
    keys = {key_id: means.signer.public_key(key_id) for key_id in {intent.key_id for intent in intents}}
    for intent, body in zip(intents, secured, strict=True):
        check_own(intent, body, keys[intent.key_id])
    return [
        {
            "credential_id": intent.credential_id,
            "format": intent.format,
            "media_type": MECHANISMS[intent.format].media_type,
            "released_at": now,
            "body": body,
        }
        for intent, body in zip(intents, secured, strict=True)
    ]


def sign_unchecked(signer: Signer, intent: SigningIntent) -> bytes:
    """The secured form of an intent, not to be shown to anyone before `check_own`."""
    prepared = Prepared(intent.signing_input, intent.template)
    return MECHANISMS[intent.format].assemble(prepared, signer.sign(intent.key_id, intent.signing_input))


def check_own(intent: SigningIntent, secured: bytes, key: PublicKey) -> None:
    """Take a form made here through the strict front door and verify it. Raises SelfCheckFailed.

    The data model was checked when the intent was prepared, from the same bytes.
    """
    prepared = Prepared(intent.signing_input, intent.template)
    try:
        MECHANISMS[intent.format].check_own(prepared, secured, key)
    except CredentialError as error:
        raise SelfCheckFailed(f"{intent.credential_id}: {error}", where=error.code) from error


def sign_checked(signer: Signer, intent: SigningIntent, key: PublicKey) -> bytes:
    """The secured form of one intent, signed and checked. Raises SelfCheckFailed."""
    secured = sign_unchecked(signer, intent)
    check_own(intent, secured, key)
    return secured
