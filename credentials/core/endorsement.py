"""Words on somebody's work as a credential of their own: an Open Badges EndorsementCredential (appendix B.9).

It is about the credential that carries it: the subject's `id` is that credential's, so it cannot be moved to another.
It is secured as a `vc+jwt` and stands in `endorsementJwt` (Open Badges 3.0 section 8.2), so that the credential's own
signature covers it to the byte. It has no status of its own: it counts as long as the credential around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.achievement import CONTEXTS
from credentials.core.credential import Credential
from credentials.core.errors import EndorsesAnother, NotAnEndorsement
from credentials.core.instants import format_instant
from credentials.core.strict_json import Said, may_have, members

TYPE: Final = "EndorsementCredential"
SUBJECT_TYPE: Final = "EndorsementSubject"
NAME: Final = "What the supervisor says of the work"
TOKENS: Final = "endorsementJwt"
EMBEDDED: Final = "endorsement"


class Endorsed(msgspec.Struct, frozen=True):
    """The words of an endorsement that held, and the id of the issuer that signed it; `words` may be empty.

    `own`: that is the issuer of the credential itself.
    """

    issuer: str
    words: str
    own: bool = False


def write_endorsement(
    *, credential: str, issuer: str, issuer_name: str, words: str, now: datetime, note: str | None = None
) -> bytes:
    """The unsigned endorsement of the credential with this `id`, to the byte.

    `words` are what is said, in Markdown (appendix B.9, endorsementComment); `now` is in whole seconds; `note` is what
    else a reader must know of it, such as that it is a test.
    """
    return strict_json.dump(
        {
            "@context": list(CONTEXTS),
            "id": f"{credential}#endorsement",
            "type": ["VerifiableCredential", TYPE],
            "name": NAME,
            **({"description": note} if note else {}),
            "issuer": {"id": issuer, "type": ["Profile"], "name": issuer_name},
            "validFrom": format_instant(now),
            "credentialSubject": {"id": credential, "type": [SUBJECT_TYPE], "endorsementComment": words},
        }
    )


def carried(said: Said) -> list[Any]:
    """The endorsements that a credential carries, as they stand there and not believed: tokens, and objects."""
    if not (may_have(said, TOKENS) or may_have(said, EMBEDDED)):
        return []
    document = members(said)
    found: list[Any] = []
    for name in (TOKENS, EMBEDDED):
        stated = document.get(name)
        # What was left out of a selectively disclosed array is null.
        found += [one for one in (stated if isinstance(stated, list) else [stated]) if one is not None]
    return found


def endorsed_by(endorsement: Credential, about: Credential, *, own: bool) -> Endorsed:
    """What an endorsement says of the credential `about`; `own` as in `Endorsed`.

    Raises NotAnEndorsement for another kind of credential, EndorsesAnother for one that is about something else.
    """
    subject = endorsement.document.get("credentialSubject")
    if TYPE not in endorsement.types or not isinstance(subject, Mapping):
        raise NotAnEndorsement(f"{TYPE} is not among its types, or it has no one subject", where="/type")
    if endorsement.subject_id not in _names(about):
        raise EndorsesAnother("it is about something else than this credential", where="/credentialSubject/id")
    words = subject.get("endorsementComment")
    return Endorsed(endorsement.issuer_id, words.strip() if isinstance(words, str) else "", own)


def _names(credential: Credential) -> set[str]:
    """The ids of the credential and of its achievement, which an endorsement may be about.

    The person is not among them: what was said of a person was not said of this work.
    """
    subject = credential.document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    named = achievement.get("id") if isinstance(achievement, Mapping) else None
    return {one for one in (credential.id, named) if isinstance(one, str)}
