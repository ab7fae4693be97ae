"""The supervisor's words as an endorsement of the credential that carries them, signed by the company's own key.

It must be signed before the credential is written down, for its bytes stand inside it. So it is signed in the
transaction that records the credential's intent: what is rolled back leaves a signature that nobody has, about a
credential that does not exist, and what is committed has the exact token in the stored bytes. After a crash the
credential resumes to the same ones.
"""

from __future__ import annotations

from datetime import datetime

from credentials.core.endorsement import write_endorsement
from credentials.core.securing import Unsigned
from credentials.issuer.compose import TEST_ONLY
from credentials.issuer.draft import Draft
from credentials.issuer.forms import COMPACT, Documents
from credentials.issuer.means import Means
from credentials.issuer.signing import prepare, sign_checked
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey


def endorsements(
    means: Means, issuer: Issuer, draft: Draft, credential_id: str, key: SigningKey, now: datetime
) -> tuple[str, ...]:
    """The tokens that the credential with this id carries: one where there are words to endorse, else none.

    `now` is in whole seconds. Raises SelfCheckFailed and a KeyringError.
    """
    if not draft.endorse or not draft.supervisor_words:
        return ()
    unsigned = write_endorsement(
        credential=means.credential_url(credential_id),
        issuer=issuer.did,
        issuer_name=issuer.name,
        words=draft.supervisor_words,
        now=now,
        note=TEST_ONLY if issuer.sandbox else None,
    )
    to_sign = prepare(means, COMPACT, Documents(Unsigned.parse(unsigned)), credential_id, issuer, key, now)
    return (sign_checked(means.signer, to_sign, means.signer.public_key(key.key_id)).decode("ascii"),)
