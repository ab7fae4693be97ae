"""What a key shall sign, the signing, and the check of the own signature. Nothing here touches the database.

The general case is many signatures at once. They are made on all processors: the libraries that sign and verify let
other threads of Python run meanwhile.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain
from typing import Final, NamedTuple

from credentials.core.errors import CredentialError
from credentials.core.jws import SIGNING_ALGORITHMS
from credentials.core.keys import PublicKey
from credentials.core.securing import MECHANISMS, Prepared
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.forms import SELECTIVE_FORMS, Documents, key_name, secured_by
from credentials.issuer.means import Means
from credentials.keyring.signer import Signer
from credentials.store.credentials import SecuredForm, SigningIntent, Waiting
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey

_ENTROPY_BYTES: Final = 32
_SHARE: Final = 128
"""How many forms one thread takes at a time: less would cost more to hand over than is won."""

_THREADS: Final = min(4, os.cpu_count() or 1)


class ToSign(NamedTuple):
    """An intent as it is stored, and the exact bytes that follow from it."""

    intent: SigningIntent
    prepared: Prepared


def prepare(
    means: Means, form: str, documents: Documents, subject: str, issuer: Issuer, key: SigningKey, now: datetime
) -> ToSign:
    """What `key` shall sign so that a document is secured in a form. `subject`: the id of the credential or list.

    Salts are drawn here, once: what is prepared is stored before it is signed.
    """
    prepared = MECHANISMS[form].prepare(
        secured_by(means, form, documents, issuer),
        verification_method=key_name(form, issuer, key),
        algorithm=SIGNING_ALGORITHMS[key.algorithm],
        created=now,
        entropy=os.urandom(_ENTROPY_BYTES) if form in SELECTIVE_FORMS else b"",
    )
    return ToSign(SigningIntent(subject, form, key.key_id, now, prepared.template), prepared)


def restore(waiting: Waiting) -> ToSign:
    """What a stored intent asks for: the same bytes as when it was recorded."""
    intent, unsigned = waiting
    return ToSign(intent, MECHANISMS[intent.format].restore(unsigned, intent.template))


def sign_all(signer: Signer, batch: Sequence[ToSign], now: datetime) -> list[SecuredForm]:
    """The secured forms of a batch, each signed and checked. Raises SelfCheckFailed and a KeyringError."""
    if len(batch) <= _SHARE or _THREADS == 1:
        return forms_of(batch, bodies_of(signer, batch), now)
    shares = [batch[start : start + _SHARE] for start in range(0, len(batch), _SHARE)]
    with ThreadPoolExecutor(_THREADS, "signing") as pool:
        return forms_of(batch, chain.from_iterable(pool.map(lambda share: bodies_of(signer, share), shares)), now)


def bodies_of(signer: Signer, batch: Sequence[ToSign]) -> list[bytes]:
    """What `sign_all` makes, without what is stored beside it. Raises as it does.

    Each step over the whole batch: its code and data stay in the processor's cache.
    """
    keys = {key_id: signer.public_key(key_id) for key_id in {one.intent.key_id for one in batch}}
    bodies = [sign_unchecked(signer, one) for one in batch]
    for one, body in zip(batch, bodies, strict=True):
        check_own(one, body, keys[one.intent.key_id])
    return bodies


def forms_of(batch: Sequence[ToSign], bodies: Iterable[bytes], now: datetime) -> list[SecuredForm]:
    """A batch as it is stored, signed at `now`."""
    return [_form(one.intent, body, now) for one, body in zip(batch, bodies, strict=True)]


def _form(intent: SigningIntent, body: bytes, now: datetime) -> SecuredForm:
    return SecuredForm(intent.credential_id, intent.format, MECHANISMS[intent.format].media_type, now, body)


def sign_unchecked(signer: Signer, one: ToSign) -> bytes:
    """The secured form of an intent, not to be shown to anyone before `check_own`."""
    intent, prepared = one
    return MECHANISMS[intent.format].assemble(prepared, signer.sign(intent.key_id, prepared.signing_input))


def check_own(one: ToSign, secured: bytes, key: PublicKey) -> None:
    """Take a form made here through the strict front door and verify it. Raises SelfCheckFailed.

    The data model was checked when the intent was prepared, from the same bytes.
    """
    intent, prepared = one
    try:
        MECHANISMS[intent.format].check_own(prepared, secured, key)
    except CredentialError as error:
        raise SelfCheckFailed(f"{intent.credential_id}: {error}", where=error.code) from error


def sign_checked(signer: Signer, one: ToSign, key: PublicKey) -> bytes:
    """The secured form of one intent, signed and checked. Raises SelfCheckFailed."""
    secured = sign_unchecked(signer, one)
    check_own(one, secured, key)
    return secured
