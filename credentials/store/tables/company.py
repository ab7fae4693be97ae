"""Who a company is, by what it proved, and what people reported of it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from credentials.store.columns import Instant
from credentials.store.tables.base import metadata

domain_proof = Table(
    "domain_proof",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("domain", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("created_at", Instant, nullable=False),
    # The token must be found by then; once found, the proof stands for as long as each check finds it again.
    Column("expires_at", Instant, nullable=False),
    Column("proved_at", Instant),
    Column("checked_at", Instant),
    Column("failing_since", Instant),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    UniqueConstraint("issuer_id", "domain", "method"),
    Index("ix_domain_proof_due_at", "due_at"),
)

resemblance = Table(
    "resemblance",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("what", Text, primary_key=True),
    Column("resembles", Text, primary_key=True),
    Column("how", Text, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("cleared_at", Instant),
    Column("cleared_by", Text),
    Column("cleared_note", Text),
)

abuse_report = Table(
    "abuse_report",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("address", Text),
    Column("created_at", Instant, nullable=False),
    Column("handled_at", Instant),
    Column("handled_by", Text),
    Column("outcome", Text),
    Index("ix_abuse_report_subject_id", "subject_id"),
)

signature_stamp = Table(
    "signature_stamp",
    metadata,
    Column("credential_id", Text, ForeignKey("credential.id"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("token", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

award = Table(
    "award",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("author_id", Text, ForeignKey("person.id"), nullable=False),
    Column("approver_id", Text, ForeignKey("person.id")),
    Column("state", Text, nullable=False),
    # What was typed, as it was typed.
    Column("form", Text, nullable=False),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    Column("credential_id", Text, ForeignKey("credential.id"), unique=True),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # The API key that wrote what it says; none once a person did.
    Column("key_id", Text),
)

handover = Table(
    "handover",
    metadata,
    # How a credential reached its holder.
    Column("credential_id", Text, ForeignKey("credential.id"), primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("mail_id", Text),
    Column("sent_at", Instant),
    Column("opened_at", Instant),
    Column("claimed_at", Instant),
    Column("claimed_by", Text, ForeignKey("person.id")),
    Column("disputed_at", Instant),
    Column("dispute", Text),
    # JSON: what the holder would have stand there, by field.
    Column("proposal", Text),
    Column("reminded_at", Instant),
)

dispute = Table(
    "dispute",
    metadata,
    # What a holder said is wrong, and how it was answered. Of a credential one at most is open.
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("credential_id", Text, ForeignKey("credential.id"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    # JSON: what the holder would have stand there, by field.
    Column("proposal", Text),
    Column("answer", Text),
    Column("successor_id", Text, ForeignKey("credential.id")),
)

column_mapping = Table(
    "column_mapping",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    # The digest of the headings: a list with the same ones is read the same way.
    Column("headings", Text, primary_key=True),
    Column("reading", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

bulk_upload = Table(
    "bulk_upload",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    # Lines of the file, rows seen so far, those that can be issued, those that are.
    Column("lines", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("good", Integer, nullable=False),
    Column("issued", Integer, nullable=False),
    # JSON: which column is what, the order of dates, the cells that were put right.
    Column("reading", Text, nullable=False),
    Column("leased_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # The API key that brought it, if one did.
    Column("key_id", Text),
)
