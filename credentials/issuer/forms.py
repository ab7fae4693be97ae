"""Which forms a credential gets, and what each of them secures, under which name of the key.

The public forms secure the public document. The selectively disclosable ones secure the full one, and go to the
candidate alone; no address serves them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from credentials.core import strict_json
from credentials.core.credential import StatusEntry, parse_credential
from credentials.core.did import hosted_issuer_url
from credentials.core.jws import MAX_TOKEN_BYTES, SIGNING_ALGORITHMS
from credentials.core.mechanism import Prepared
from credentials.core.sd_jwt_vc_claims import sd_jwt_vc_claims
from credentials.core.securing import MECHANISMS, SD_JWT_VC, VC_JWT, VC_SD_JWT
from credentials.issuer.draft import Draft
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.keys import method_id
from credentials.issuer.means import Means
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey

PUBLIC_FORMS: Final[tuple[str, ...]] = (VC_JWT.name,)
"""The forms that every credential gets, by their mechanism's name. The first is served as its token."""
SELECTIVE_FORMS: Final[tuple[str, ...]] = (VC_SD_JWT.name, SD_JWT_VC.name)

_ENTROPY_BYTES: Final = 32


def forms_of(issuer: Issuer, draft: Draft) -> tuple[str, ...]:
    """The forms a new credential gets: the selective ones only where something is private or the issuer asks."""
    del issuer
    return PUBLIC_FORMS + SELECTIVE_FORMS if draft.selective or draft.private else PUBLIC_FORMS


@dataclass(frozen=True, slots=True)
class Documents:
    """A credential's unsigned bytes: as anyone may see it, and with all that is private where it has such forms."""

    public: bytes
    full: bytes | None = None


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a mechanism prepared, and the key's name and algorithm in it."""

    prepared: Prepared
    method: str
    algorithm: str


def prepare_form(means: Means, form: str, documents: Documents, issuer: Issuer, key: SigningKey) -> ToSign:
    """What `key` shall sign for one form. Salts are drawn here, once: what is prepared is stored before it is signed.

    Raises SelfCheckFailed for a selective form of a credential without its full document, and as the mechanism does.
    """
    unsigned, method = documents.public, method_id(issuer, key)
    if form in SELECTIVE_FORMS:
        if documents.full is None:
            raise SelfCheckFailed(f"a credential without its full document cannot get the form {form}")
        unsigned = documents.full
    if form == SD_JWT_VC.name:
        issuer_url = hosted_issuer_url(issuer.did)
        unsigned, method = _claims(means, unsigned, issuer_url), f"{issuer_url}#{key.name}"
    algorithm = SIGNING_ALGORITHMS[key.algorithm]
    prepared = MECHANISMS[form].prepare(
        unsigned,
        verification_method=method,
        algorithm=algorithm,
        created=means.now(),
        entropy=os.urandom(_ENTROPY_BYTES) if form in SELECTIVE_FORMS else b"",
    )
    return ToSign(prepared, method, algorithm)


def _claims(means: Means, full: bytes, issuer_url: str) -> bytes:
    """The full document as the claims of an SD-JWT VC, with its place in the Token Status List of the same index."""
    statuses = parse_credential(strict_json.parse_object(full, max_bytes=MAX_TOKEN_BYTES), full).statuses
    return sd_jwt_vc_claims(
        full,
        vct=means.credential_type,
        issuer=issuer_url,
        list_url=token_list_url(statuses),
        index=statuses[0].index,
    )


def token_list_url(statuses: tuple[StatusEntry, ...]) -> str:
    """The Token Status List that says what the bitstring lists of these entries say, revocation first.

    Both names are in its address: nothing else has to be remembered to know which lists belong together.
    """
    revocation, *others = statuses
    held = "".join(f"/{entry.list_url.rpartition('/')[2]}" for entry in others)
    return f"{revocation.list_url}/token{held}"
