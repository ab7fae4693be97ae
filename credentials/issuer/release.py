"""Sign stored intents, check the own signature through the strict front door, and only then release.

The order, for every batch: the intents are committed; the marks outside the database are raised; the signatures are
made and verified; the secured forms are inserted. A form that is there already stays: at most one is ever released.
Nothing signed with a key that was reported stolen meanwhile is released: it is prepared and signed anew.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from credentials.core.errors import CredentialError
from credentials.core.keys import PublicKey
from credentials.core.securing import MECHANISMS, Prepared
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.forms import Documents, prepare_form
from credentials.issuer.keys import active_key, current_keys
from credentials.issuer.means import Means, require_issuer
from credentials.issuer.recovery import raise_marks, reconcile, recovering
from credentials.keyring.signer import Signer
from credentials.store import credentials, issuers, signing_keys, status
from credentials.store.credentials import SigningIntent
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import StatusList

RESUME_BATCH = 500


def release(means: Means, intents: Sequence[SigningIntent], lists: Sequence[StatusList]) -> int:
    """Sign and release committed intents of one issuer; `lists` are its status lists as committed. Returns how many.

    Raises SelfCheckFailed, a KeyringError, PublishedRecordUnwritable and the store's errors; then nothing of the batch
    is released and `resume` finishes it.
    """
    if not intents:
        return 0
    means.high_water.add_lists(lists)
    raise_marks(means.high_water, lists)
    forms = _sign(means, intents)
    with write(means.engine) as connection:
        stolen = signing_keys.stolen(connection, {one.key_id for one in intents})
        if not stolen:
            credentials.release(connection, forms)
    if stolen:
        ids = {one.credential_id for one in intents}
        _finish(means, lambda connection: credentials.wait_for_unreleased(connection, ids=ids))
    return len(forms)


@recovering
def resume(means: Means, slug: str | None = None) -> int:
    """Sign and release the intents that a crash left behind, of one issuer or of all. Returns how many.

    Safe beside other workers: each claims what no other holds. Raises as `release` does, and IssuerUnknown.
    """
    reconcile(means)
    issuer_id = None
    if slug is not None:
        with read(means.engine) as connection:
            issuer_id = require_issuer(means, connection, slug).id
    total = 0
    while finished := _resume_batch(means, issuer_id):
        total += finished
    return total


def _resume_batch(means: Means, issuer_id: str | None) -> int:
    return _finish(
        means,
        lambda connection: credentials.claim_unreleased(connection, issuer_id=issuer_id, limit=RESUME_BATCH),
    )


def _finish(means: Means, claim: Callable[[Connection], list[SigningIntent]]) -> int:
    """Sign and release what `claim` locks, in one transaction.

    Whoever recorded it may have crashed before the marks were raised: they are raised here, before anything is signed.
    """
    with write(means.engine) as connection:
        claimed = claim(connection)
        owners = issuers.of_credentials(connection, {one.credential_id for one in claimed})
        for issuer in {one.id: one for one in owners.values()}.values():
            _publish_party(means, connection, issuer)
        intents = _under_good_keys(means, connection, claimed, owners)
        credentials.release(connection, _sign(means, intents))
    return len(intents)


def _publish_party(means: Means, connection: Connection, issuer: Issuer) -> None:
    """Record an issuer, its keys and its lists, as committed, outside the database."""
    means.high_water.add_parties([issuer], current_keys(means, connection, issuer))
    lists = status.of_issuer(connection, issuer.id)
    means.high_water.add_lists(lists)
    raise_marks(means.high_water, lists)


def _under_good_keys(
    means: Means, connection: Connection, claimed: Sequence[SigningIntent], owners: Mapping[str, Issuer]
) -> list[SigningIntent]:
    """The intents, those of a key that was reported stolen since prepared anew under the key in use now.

    Only what is around the credential changes: its id, its places in the lists, its unsigned bytes stay.
    """
    stolen = signing_keys.stolen(connection, {one.key_id for one in claimed})
    return [
        _prepare_anew(means, connection, one, owners[one.credential_id]) if one.key_id in stolen else one
        for one in claimed
    ]


def _prepare_anew(means: Means, connection: Connection, intent: SigningIntent, issuer: Issuer) -> SigningIntent:
    stored = credentials.by_id(connection, intent.credential_id)
    if stored is None:
        raise SelfCheckFailed(f"{intent.credential_id}: an intent without its credential")
    key = active_key(issuer, current_keys(means, connection, issuer))
    documents = Documents(stored.unsigned, stored.full_document)
    again = prepare_intent(means, intent.format, documents, stored.id, issuer, key)
    credentials.replace_intent(connection, again)
    return again


def prepare_intent(
    means: Means, form: str, documents: Documents, subject: str, issuer: Issuer, key: SigningKey
) -> SigningIntent:
    """What `key` shall sign so that a document is secured in a form. `subject`: the id of the credential or list."""
    to_sign = prepare_form(means, form, documents, issuer, key)
    return SigningIntent(
        credential_id=subject,
        format=form,
        key_id=key.key_id,
        algorithm=to_sign.algorithm,
        verification_method=to_sign.method,
        created_at=means.now(),
        signing_input=to_sign.prepared.signing_input,
        template=to_sign.prepared.template,
    )


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
