"""A micro-internship's life before its credential: project, application, engagement, and what each of them leaves."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from credentials.store.columns import Instant
from credentials.store.tables.base import metadata

file = Table(
    "file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    # What it belongs to: award:<id> or engagement:<id>. Whoever may see that may see the file.
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("sha384", LargeBinary, nullable=False),
    # Whether a small PNG of it was made, to be shown.
    Column("preview", Boolean, nullable=False),
    # Who may have it once a signed credential lists it: anyone, whoever has the link, or nobody but the two parties.
    Column("visibility", Text, nullable=False),
    Column("credential_id", Text, ForeignKey("credential.id"), index=True),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index("ix_file_issuer_id_subject", "issuer_id", "subject"),
)

project = Table(
    "project",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("author_id", Text, ForeignKey("person.id"), nullable=False),
    Column("state", Text, nullable=False),
    # What was typed, as it was typed; the columns below it are read from it, to be searched.
    Column("form", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("remote", Boolean, nullable=False),
    Column("ends_on", Date),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Index("ix_project_state_opened_at", "state", "opened_at"),
)

application = Table(
    "application",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    # The address of the portfolio page that the candidate chose to show.
    Column("portfolio", Text),
    Column("answer", Text),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("project_id", "person_id"),
)

engagement = Table(
    "engagement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False, index=True),
    Column("application_id", Text, ForeignKey("application.id"), nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("award_id", Text, ForeignKey("award.id"), unique=True),
    Column("ended_reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("reminded_at", Instant),
    Column("leased_until", Instant),
)

agreement = Table(
    "agreement",
    metadata,
    # The first version is what work begins by, each later one an amendment.
    Column("engagement_id", Text, ForeignKey("engagement.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    # Canonical JSON, kept byte for byte; its SHA-256 is what both accept.
    Column("document", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    # Which of the two sides proposed it: company or candidate. One person can be on both.
    Column("side", Text, nullable=False),
    Column("proposed_by", Text, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("company_accepted_at", Instant),
    Column("company_accepted_by", Text, ForeignKey("person.id")),
    Column("candidate_accepted_at", Instant),
    Column("refused_at", Instant),
    Column("refused_by", Text, ForeignKey("person.id")),
    Column("refused_reason", Text),
)

submission = Table(
    "submission",
    metadata,
    Column("engagement_id", Text, ForeignKey("engagement.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("note", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    # Which agreement was in force: its deliverables are what the items are counted by.
    Column("agreement_number", Integer, nullable=False),
    # What is signed and by which key, kept before it is signed; then the signed receipt, kept byte for byte.
    Column("receipt_unsigned", LargeBinary),
    Column("receipt_template", LargeBinary),
    Column("receipt_key", Text),
    Column("receipt", LargeBinary),
    Column("reviewed_at", Instant),
    Column("reviewed_by", Text, ForeignKey("person.id")),
)

submitted_item = Table(
    "submitted_item",
    metadata,
    Column("engagement_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    # Which deliverable of the agreement it is, counted from 0, and which of its files or links.
    Column("deliverable", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("file_id", Text, ForeignKey("file.id")),
    Column("url", Text),
    ForeignKeyConstraint(["engagement_id", "number"], ["submission.engagement_id", "submission.number"]),
)

deliverable_review = Table(
    "deliverable_review",
    metadata,
    Column("engagement_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("deliverable", Integer, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("agreement_number", Integer, nullable=False),
    ForeignKeyConstraint(["engagement_id", "number"], ["submission.engagement_id", "submission.number"]),
)

assessment = Table(
    "assessment",
    metadata,
    Column("engagement_id", Text, ForeignKey("engagement.id"), primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    # What the candidate wrote of the work, and what the supervisor made of it (empty: nothing so far).
    Column("description", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("ratings", Text, nullable=False),
    Column("words", Text, nullable=False),
    # Never signed, never exported, never shown to the candidate.
    Column("private_comment", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

payment = Table(
    "payment",
    metadata,
    Column("engagement_id", Text, ForeignKey("engagement.id"), primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("paid_on", Date),
    Column("reference", Text),
    Column("recorded_by", Text, ForeignKey("person.id")),
    Column("confirmed_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("reminded", Integer, nullable=False),
    Index("ix_payment_state_due_on", "state", "due_on"),
)
