"""What a key shall sign, the signing, and the check of the own signature. Nothing here touches the database.

The general case is many signatures at once: every step goes over the whole batch, so that its code and data stay in
the processor's cache.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from credentials.core.errors import CredentialError
from credentials.core.jws import SIGNING_ALGORITHMS
from credentials.core.keys import PublicKey
from credentials.core.securing import MECHANISMS, Prepared, Unsigned
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.keys import active_key, method_id, post_quantum_key
from credentials.keyring.signer import Signer
from credentials.store.credentials import SecuredForm, SigningIntent, Waiting
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey

COMPACT: Final = "vc+jwt"
"""The form that every credential has, whatever its key."""

POST_QUANTUM: Final = "vc+jwt;pq"
"""The token that an issuer with a post-quantum key makes besides, with that key."""

_EMBEDDED: Final = {"Ed25519": "eddsa-rdfc-2022", "P-256": "ecdsa-rdfc-2019"}
"""The embedded proof that a kind of key makes: what wallets take."""


class ToSign(NamedTuple):
    """An intent as it is stored, and the exact bytes that follow from it."""

    intent: SigningIntent
    prepared: Prepared


def signers_of(issuer: Issuer, keys: Sequence[SigningKey]) -> Iterator[tuple[str, SigningKey]]:
    """Each form that an issuer makes of a credential now, by its mechanism's name, and the key that signs it.

    Raises NoActiveKey.
    """
    key, second = active_key(issuer, keys), post_quantum_key(keys)
    yield COMPACT, key
    yield embedded_of(key), key
    if second is not None:
        yield POST_QUANTUM, second


def embedded_of(key: SigningKey) -> str:
    """The form with an embedded proof that a key signs, by its mechanism's name."""
    return _EMBEDDED[key.algorithm]


def form_under(form: str, key: SigningKey) -> str:
    """The form that takes the place of `form` when another key signs: an embedded proof is of the key's own suite."""
    return embedded_of(key) if form in _EMBEDDED.values() else form


def prepare(form: str, unsigned: Unsigned, subject: str, issuer: Issuer, key: SigningKey, now: datetime) -> ToSign:
    """What `key` shall sign so that `unsigned` is secured in a form. `subject`: the id of the credential or list."""
    mechanism = MECHANISMS[form]
    prepared = mechanism.prepare(
        unsigned,
        verification_method=method_id(issuer, key, mechanism.method_type),
        algorithm=SIGNING_ALGORITHMS[key.algorithm],
        created=now,
    )
    return ToSign(SigningIntent(subject, form, key.key_id, now, prepared.template), prepared)


def restore(waiting: Waiting) -> ToSign:
    """What a stored intent asks for: the same bytes as when it was recorded."""
    intent, unsigned = waiting
    return ToSign(intent, MECHANISMS[intent.format].restore(unsigned, intent.template))


def sign_all(signer: Signer, batch: Sequence[ToSign], now: datetime) -> list[SecuredForm]:
    """The secured forms of a batch, each signed and checked. Raises SelfCheckFailed and a KeyringError."""
    keys = {key_id: signer.public_key(key_id) for key_id in {one.intent.key_id for one in batch}}
    bodies = [sign_unchecked(signer, one) for one in batch]
    for one, body in zip(batch, bodies, strict=True):
        check_own(one, body, keys[one.intent.key_id])
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
