"""What outlives the work: how a company looks, who stands as a reference, what is asked of them, what comes next."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from credentials.store.columns import Instant
from credentials.store.tables.base import metadata

brand = Table(
    "brand",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    # `#rrggbb`, measured against the light ground when it was set.
    Column("accent", Text),
    # The same picture as two square PNGs, drawn here from what was uploaded.
    Column("logo", LargeBinary),
    Column("logo_small", LargeBinary),
    Column("changed_at", Instant, nullable=False),
)

attention = Table(
    "attention",
    metadata,
    # How often pages of an issuer's credentials were looked at on a day, and how often one was verified. No visitors.
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("looked", Integer, nullable=False),
    Column("verified", Integer, nullable=False),
)

reference = Table(
    "reference",
    metadata,
    Column("engagement_id", Text, ForeignKey("engagement.id"), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    # Who is asked to stand as a reference: whoever accepted the work.
    Column("supervisor_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    # Whether the candidate lets the credential's page say so.
    Column("shown", Boolean, nullable=False),
    # How many questions were passed on and answered. The questions themselves go.
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

question = Table(
    "question",
    metadata,
    Column("id", Text, primary_key=True),
    Column("engagement_id", Text, ForeignKey("reference.engagement_id"), nullable=False, index=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("company", Text, nullable=False),
    # Never shown to anybody: the answer is sent there.
    Column("address", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False),
    # What is kept of the two links: that of the asker, and that of whoever answers.
    Column("confirm_digest", LargeBinary, nullable=False, unique=True),
    Column("answer_digest", LargeBinary, unique=True),
    Column("created_at", Instant, nullable=False, index=True),
    Index("ix_question_canonical_created_at", "canonical", "created_at"),
)

next_step = Table(
    "next_step",
    metadata,
    Column("engagement_id", Text, ForeignKey("engagement.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    # project: a further one, `project_id` its draft; job: the columns below it.
    Column("kind", Text, nullable=False),
    Column("project_id", Text, ForeignKey("project.id")),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_by", Text, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
