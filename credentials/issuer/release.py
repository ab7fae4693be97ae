"""Sign stored intents, check the own signature through the strict front door, and only then release.

The order, for every batch: the intents are committed; the marks outside the database are raised; the signatures are
made and verified; the secured forms are inserted. A form that is there already stays: at most one is ever released.
Nothing signed with a key that was reported stolen meanwhile is released: it is prepared and signed anew.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from credentials.core.securing import Unsigned
from credentials.issuer import happenings
from credentials.issuer.forms import Documents, form_under, selective_signers_of, signers_of
from credentials.issuer.keys import active_key, current_keys
from credentials.issuer.means import Means, require_issuer
from credentials.issuer.recovery import raise_marks, reconcile, recovering
from credentials.issuer.signing import ToSign, prepare, restore, sign_all
from credentials.store import credentials, issuers, signing_keys, status
from credentials.store.credentials import SecuredForm, Waiting
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.status import StatusList

RESUME_BATCH = 500


def release(means: Means, batch: Sequence[ToSign], lists: Sequence[StatusList]) -> int:
    """Sign and release committed intents of one issuer; `lists` are its status lists as committed. Returns how many.

    Raises SelfCheckFailed, a KeyringError, PublishedRecordUnwritable and the store's errors; then nothing of the batch
    is released and `resume` finishes it.
    """
    if not batch:
        return 0
    mark(means, lists)
    return store(means, batch, sign_all(means.signer, batch, means.now()), lists)


def mark(means: Means, lists: Sequence[StatusList]) -> None:
    """Raise the marks outside the database: before anything is signed. Raises PublishedRecordUnwritable."""
    means.high_water.add_lists(lists)
    raise_marks(means.high_water, lists)


def store(means: Means, batch: Sequence[ToSign], forms: Sequence[SecuredForm], lists: Sequence[StatusList]) -> int:
    """Release the forms that were signed and checked of a batch. Returns how many; raises as `release`."""
    with write(means.engine) as connection:
        stolen = signing_keys.stolen(connection, {one.intent.key_id for one in batch})
        if not stolen:
            credentials.release(connection, forms)
            happenings.issued(means, connection, lists[0].issuer_id, [one.credential_id for one in forms])
    if stolen:
        ids = {one.intent.credential_id for one in batch}
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


def _finish(means: Means, claim: Callable[[Connection], list[Waiting]]) -> int:
    """Sign and release what `claim` locks, in one transaction.

    Whoever recorded it may have crashed before the marks were raised: they are raised here, before anything is signed.
    """
    with write(means.engine) as connection:
        claimed = claim(connection)
        owners = issuers.of_credentials(connection, {one.intent.credential_id for one in claimed})
        for issuer in {one.id: one for one in owners.values()}.values():
            _publish_party(means, connection, issuer)
        batch = _under_good_keys(means, connection, claimed, owners)
        forms = sign_all(means.signer, batch, means.now())
        credentials.release(connection, forms)
        for issuer_id in sorted({one.id for one in owners.values()}):
            ids = [one.credential_id for one in forms if owners[one.credential_id].id == issuer_id]
            happenings.issued(means, connection, issuer_id, ids)
    return len(batch)


def _publish_party(means: Means, connection: Connection, issuer: Issuer) -> None:
    """Record an issuer, its keys and its lists, as committed, outside the database."""
    means.high_water.add_parties([issuer], current_keys(means, connection, issuer))
    lists = status.of_issuer(connection, issuer.id)
    means.high_water.add_lists(lists)
    raise_marks(means.high_water, lists)


def _under_good_keys(
    means: Means, connection: Connection, claimed: Sequence[Waiting], owners: Mapping[str, Issuer]
) -> list[ToSign]:
    """What to sign, that of a key that was reported stolen since prepared anew under the key in use now.

    Only what is around the credential changes: its id, its places in the lists, its unsigned bytes stay.
    """
    stolen = signing_keys.stolen(connection, {one.intent.key_id for one in claimed})
    again = (
        _prepare_anew(means, connection, one, owners[one.intent.credential_id])
        if one.intent.key_id in stolen
        else restore(one)
        for one in claimed
    )
    return [one for one in again if one is not None]


def _prepare_anew(means: Means, connection: Connection, waiting: Waiting, issuer: Issuer) -> ToSign | None:
    """The intent under the key in use now; None, and forgotten, if the issuer has no key for this form any more."""
    intent, unsigned = waiting
    keys = current_keys(means, connection, issuer)
    form = form_under(intent.format, active_key(issuer, keys))
    key = dict([*signers_of(issuer, keys), *selective_signers_of(issuer, keys)]).get(form)
    if key is None:
        credentials.drop_intent(connection, intent)
        return None
    documents = Documents(Unsigned.parse(unsigned), credentials.full_document(connection, intent.credential_id))
    again = prepare(means, form, documents, intent.credential_id, issuer, key, means.now())
    credentials.replace_intent(connection, intent.format, again.intent)
    return again
