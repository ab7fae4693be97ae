"""A receipt for work that was handed in: a credential of its own type, and no completion credential.

A plain credential of the VC Data Model 2.0: what it says of the submission stands in `credentialSubject`, in words that
W3C's context for undefined terms lets stand (VC 2.0 section 5.2, appendix B.2). It has no status entry, for nobody may
withdraw it, and says nothing of whether the work was accepted. What was handed in stands there by its digest, or by its
link unless that is confidential.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.credential import CONTEXT_V2
from credentials.core.instants import format_instant

TYPE: Final = "SubmissionReceipt"
SUBJECT_TYPE: Final = "Submission"
UNDEFINED_TERMS: Final = "https://www.w3.org/ns/credentials/undefined-terms/v2"
DESCRIPTION: Final = "A receipt for work that was handed in. It does not say that the work was accepted."
CONFIDENTIAL: Final = "A confidential deliverable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side: its name, and for a company its DID and the domain it had proved."""

    name: str
    id: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was handed in. `digest` is an SRI expression: of a file's bytes, or of a confidential link's."""

    deliverable: str
    url: str = ""
    name: str = ""
    size: int | None = None
    media_type: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt says. `id` and `submission` are random URNs.

    `at` is in whole seconds, UTC; `deadline` is the last day that is not late, in UTC.
    """

    id: str
    submission: str
    issuer: str
    issuer_name: str
    title: str
    engagement: str
    agreement: int
    agreement_digest: str
    number: int
    at: datetime
    deadline: date
    late: bool
    by: Party
    to: Party
    items: tuple[Item, ...]


def write_receipt(receipt: Receipt) -> bytes:
    """The unsigned credential, to the byte."""
    moment = format_instant(receipt.at)
    return strict_json.dump(
        {
            "@context": [CONTEXT_V2, UNDEFINED_TERMS],
            "id": receipt.id,
            "type": ["VerifiableCredential", TYPE],
            "name": receipt.title,
            "description": DESCRIPTION,
            "issuer": {"id": receipt.issuer, "name": receipt.issuer_name},
            "validFrom": moment,
            "credentialSubject": {
                "id": receipt.submission,
                "type": SUBJECT_TYPE,
                "engagement": receipt.engagement,
                "agreement": {"number": receipt.agreement, "digest": receipt.agreement_digest},
                "submission": receipt.number,
                "handedInAt": moment,
                "deadline": receipt.deadline.isoformat(),
                "late": receipt.late,
                "handedInBy": _party(receipt.by),
                "handedInTo": _party(receipt.to),
                "items": [_item(one) for one in receipt.items],
            },
        }
    )


def _party(one: Party) -> dict[str, Any]:
    return _present({"id": one.id, "name": one.name, "domain": one.domain})


def _item(one: Item) -> dict[str, Any]:
    return _present(
        {
            "deliverable": one.deliverable,
            "link": one.url,
            "fileName": one.name,
            "size": one.size,
            "mediaType": one.media_type,
            "digest": one.digest,
        }
    )


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", None)}


def is_receipt(types: Collection[str]) -> bool:
    """Whether a credential of these types is a receipt for work that was handed in."""
    return TYPE in types


def tells_of_submission(document: Mapping[str, Any]) -> bool:
    """As `is_receipt`, of a document that was read already."""
    stated = document.get("type")
    return isinstance(stated, list) and is_receipt([one for one in stated if isinstance(one, str)])
