"""The receipt of a submission: what it says, its signature by the service's own key, and what a crash left unsigned.

What shall be signed is recorded with the submission, in one transaction; then it is signed. A crash in between is
mended by the sweep, or by whoever asks for the receipt first: Ed25519 gives the same bytes again. Nothing is signed
that is not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.core.micro_internship import sri as sri_of_sha384
from credentials.core.submission_receipt import CONFIDENTIAL, Item, Party, Receipt, write_receipt
from credentials.issuer import own
from credentials.projects.agreeing.document import read_agreement, sri
from credentials.projects.delivering.errors import ReceiptWaits, SubmissionUnknown
from credentials.projects.parties import Party as Acting
from credentials.projects.parties import find
from credentials.projects.terms import TermsDeliverable
from credentials.store import engagements, issuers, submissions
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.files import StoredFile
from credentials.store.issuers import Issuer
from credentials.store.submissions import Submission, SubmittedItem

LEFT_ALONE = timedelta(seconds=30)
"""A receipt younger than this is being signed by whoever took the submission."""


_NO_FILES: Mapping[str, StoredFile] = MappingProxyType({})


class Handed(NamedTuple):
    """A submission that is being made: by its engagement, under an agreement, with its items and their files by id."""

    engagement: Engagement
    agreement: Agreement
    submission: Submission
    items: tuple[SubmittedItem, ...]
    files: Mapping[str, StoredFile] = _NO_FILES


def with_intent(means: Means, connection: Connection, issuer: Issuer, handed: Handed) -> Submission:
    """The submission with what shall be signed of it; in the caller's transaction, by the service's own `issuer`."""
    unsigned = write_receipt(_receipt(handed, issuer))
    made = handed.submission
    moment = made.created_at.replace(microsecond=0)
    to_sign = own.intend(means.issuer.means, connection, issuer, unsigned, _subject(made), moment)
    return replace(
        made,
        receipt_unsigned=unsigned,
        receipt_template=to_sign.prepared.template,
        receipt_key=to_sign.intent.key_id,
    )


def _subject(submission: Submission) -> str:
    return f"receipt:{submission.engagement_id}:{submission.number}"


def _receipt(handed: Handed, issuer: Issuer) -> Receipt:
    document = read_agreement(handed.agreement.document)
    deliverables = document.terms.deliverables
    return Receipt(
        id=uuid4().urn,
        submission=uuid4().urn,
        issuer=issuer.did,
        issuer_name=issuer.name,
        title=document.terms.title,
        engagement=handed.engagement.id,
        agreement=handed.agreement.number,
        agreement_digest=sri(handed.agreement.document),
        number=handed.submission.number,
        at=handed.submission.created_at.replace(microsecond=0),
        deadline=handed.engagement.ends_on,
        late=handed.submission.late,
        by=Party(name=document.candidate.name),
        to=Party(id=document.company.id, name=document.company.name, domain=document.company.domain),
        items=tuple(_item(deliverables[one.deliverable], one, handed.files) for one in handed.items),
    )


def _item(deliverable: TermsDeliverable, one: SubmittedItem, files: Mapping[str, StoredFile]) -> Item:
    """What is confidential is there by its digest: whoever has the file, or the link, can show that it is the one."""
    secret, url = deliverable.visibility == "confidential", one.url or ""
    name = CONFIDENTIAL if secret else deliverable.name
    if one.file_id is None:
        return Item(deliverable=name, digest=sri(url.encode())) if secret else Item(deliverable=name, url=url)
    file = files[one.file_id]
    digest = sri_of_sha384(file.sha384)
    if secret:
        return Item(deliverable=name, size=file.size, digest=digest)
    return Item(deliverable=name, name=file.name, size=file.size, media_type=file.media_type, digest=digest)


def sign(means: Means, engagement_id: str, number: int) -> bytes:
    """The receipt of a submission, signed now if it was not. Raises SubmissionUnknown, ReceiptWaits, a KeyringError.

    Should the key have been reported stolen before anything was released, another one signs.
    """
    issuer_means = means.issuer.means
    with write(means.accounts.engine) as connection:
        found = submissions.by_number(connection, engagement_id, number, lock=True)
        if found is None:
            raise SubmissionUnknown(where="submission")
        if found.receipt is not None:
            return found.receipt
        found = _still_good(means, connection, found)
        if found.receipt_unsigned is None or found.receipt_template is None or found.receipt_key is None:
            raise ReceiptWaits(where="receipt")
    signed = own.sign_recorded(
        issuer_means,
        unsigned=found.receipt_unsigned,
        template=found.receipt_template,
        key_id=found.receipt_key,
        subject=_subject(found),
        now=found.created_at,
    )
    return _kept(means, found, signed)


def _kept(means: Means, signed_of: Submission, signed: bytes) -> bytes:
    """Keep the receipt, unless another one of the same intent was kept, or the key was found stolen, meanwhile."""
    with write(means.accounts.engine) as connection:
        now = submissions.by_number(connection, signed_of.engagement_id, signed_of.number, lock=True)
        if now is None or now.receipt is not None:
            return now.receipt or signed if now is not None else signed
        if now.receipt_key != signed_of.receipt_key or own.is_stolen(
            means.issuer.means, connection, signed_of.receipt_key or ""
        ):
            raise ReceiptWaits(where="receipt")
        submissions.keep_receipt(connection, now, signed)
    return signed


def _still_good(means: Means, connection: Connection, found: Submission) -> Submission:
    """The submission, with a new intent where the key of the old one was stolen."""
    issuer_means = means.issuer.means
    if found.receipt_key is None or not own.is_stolen(issuer_means, connection, found.receipt_key):
        return found
    company = issuers.by_id(connection, found.issuer_id)
    slug = own.TEST_SLUG if company is not None and company.sandbox else own.SLUG
    issuer, unsigned = issuers.by_slug(connection, slug), found.receipt_unsigned
    if issuer is None or unsigned is None:
        return found
    to_sign = own.intend(issuer_means, connection, issuer, unsigned, _subject(found), found.created_at)
    template, key = to_sign.prepared.template, to_sign.intent.key_id
    submissions.intend(connection, found, unsigned, template, key)
    return replace(found, receipt_template=template, receipt_key=key)


def receipt_of(means: Means, party: Acting, engagement_id: str, number: int) -> bytes:
    """A receipt, for its two sides, at any time and whatever became of the work.

    Raises EngagementUnknown, SubmissionUnknown, ReceiptWaits, a KeyringError.
    """
    with read(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id)
    return sign(means, engagement.id, number)


def due(means: Means, now: datetime, limit: int) -> list[str]:
    """The submissions whose receipt a crash left unsigned, as `engagement:number`."""
    with read(means.accounts.engine) as connection:
        waiting = submissions.without_receipt(connection, now - LEFT_ALONE, limit)
    return [f"{engagement_id}:{number}" for engagement_id, number in waiting]


def run(means: Means, row_id: str) -> None:
    """Sign one of them. An unknown one does nothing."""
    engagement_id, _, number = row_id.partition(":")
    with read(means.accounts.engine) as connection:
        known = engagements.by_id(connection, engagement_id)
    if known is not None:
        sign(means, engagement_id, int(number))
