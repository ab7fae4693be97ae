"""Which forms a credential gets, which document each of them secures, and under which name of the key.

The public forms secure the public document. The selectively disclosable ones secure the full one, and go to the
candidate alone; no address serves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from credentials.core.credential import StatusEntry
from credentials.core.did import hosted_issuer_url
from credentials.core.sd_jwt_vc_claims import sd_jwt_vc_claims
from credentials.core.securing import MECHANISMS, SD_JWT_VC, VC_JWT, VC_JWT_PQ, VC_SD_JWT, Unsigned
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.keys import active_key, method_id, post_quantum_key
from credentials.issuer.means import Means
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey

COMPACT: Final = VC_JWT.name
"""The form that every credential has, whatever its key."""
POST_QUANTUM: Final = VC_JWT_PQ.name
"""The token that an issuer with a post-quantum key makes besides, with that key."""
SELECTIVE_FORMS: Final[tuple[str, ...]] = (VC_SD_JWT.name, SD_JWT_VC.name)

_EMBEDDED: Final = {"Ed25519": "eddsa-rdfc-2022", "P-256": "ecdsa-rdfc-2019"}
"""The embedded proof that a kind of key makes: what wallets take."""


class Documents(NamedTuple):
    """A credential as anyone may see it, and the bytes with all that is private where it has forms for that."""

    public: Unsigned
    full: bytes | None = None


def signers_of(issuer: Issuer, keys: Sequence[SigningKey]) -> Iterator[tuple[str, SigningKey]]:
    """Each public form that an issuer makes of a credential now, and the key that signs it. Raises NoActiveKey."""
    key, second = active_key(issuer, keys), post_quantum_key(keys)
    yield COMPACT, key
    yield embedded_of(key), key
    if second is not None:
        yield POST_QUANTUM, second


def selective_signers_of(issuer: Issuer, keys: Sequence[SigningKey]) -> Iterator[tuple[str, SigningKey]]:
    """Each form made besides of a credential with something private, and its key. Raises NoActiveKey."""
    key = active_key(issuer, keys)
    yield from ((form, key) for form in SELECTIVE_FORMS)


def embedded_of(key: SigningKey) -> str:
    """The form with an embedded proof that a key signs, by its mechanism's name."""
    return _EMBEDDED[key.algorithm]


def form_under(form: str, key: SigningKey) -> str:
    """The form that takes the place of `form` when another key signs: an embedded proof is of the key's own suite."""
    return embedded_of(key) if form in _EMBEDDED.values() else form


def secured_by(means: Means, form: str, documents: Documents, issuer: Issuer) -> Unsigned:
    """What a form secures. Raises SelfCheckFailed for a selective form of a credential without its full document."""
    if form not in SELECTIVE_FORMS:
        return documents.public
    if documents.full is None:
        raise SelfCheckFailed(f"a credential without its full document cannot get the form {form}")
    full = Unsigned.parse(documents.full)
    return full if form == VC_SD_JWT.name else _claims(means, full, hosted_issuer_url(issuer.did))


def key_name(form: str, issuer: Issuer, key: SigningKey) -> str:
    """The verification method that a form names: in an SD-JWT VC, the key in the issuer's own metadata."""
    if form == SD_JWT_VC.name:
        return f"{hosted_issuer_url(issuer.did)}#{key.name}"
    return method_id(issuer, key, MECHANISMS[form].method_type)


def _claims(means: Means, full: Unsigned, issuer_url: str) -> Unsigned:
    """The full document as the claims of an SD-JWT VC, with its place in the Token Status List of the same index."""
    statuses = full.credential.statuses
    claims = sd_jwt_vc_claims(
        full.data,
        vct=means.credential_type,
        issuer=issuer_url,
        list_url=token_list_url(statuses),
        index=statuses[0].index,
    )
    return SD_JWT_VC.unsigned(claims)


def token_list_url(statuses: tuple[StatusEntry, ...]) -> str:
    """The Token Status List that says what the bitstring lists of these entries say, revocation first.

    Both names are in its address: nothing else has to be remembered to know which lists belong together.
    """
    revocation, *others = statuses
    held = "".join(f"/{entry.list_url.rpartition('/')[2]}" for entry in others)
    return f"{revocation.list_url}/token{held}"
