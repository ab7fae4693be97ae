"""The part of migration 0006 that makes the tables of `credentials.store.tables.afterwards`."""

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant


def create() -> None:
    """Create the tables, parents before children."""
    _create_brand()
    _create_attention()
    _create_reference()
    _create_question()
    _create_next_step()


def _create_brand() -> None:
    op.create_table(
        "brand",
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=True),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_small", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_brand_issuer_id")),
        sa.PrimaryKeyConstraint("issuer_id", name=op.f("pk_brand")),
    )


def _create_attention() -> None:
    op.create_table(
        "attention",
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_attention_issuer_id")),
        sa.PrimaryKeyConstraint("issuer_id", "day", name=op.f("pk_attention")),
    )


def _create_reference() -> None:
    op.create_table(
        "reference",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("supervisor_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_reference_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_reference_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reference_person_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_reference_supervisor_id")),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_reference")),
        sa.UniqueConstraint("id", name=op.f("uq_reference_id")),
    )
    op.create_index(op.f("ix_reference_supervisor_id"), "reference", ["supervisor_id"], unique=False)


def _create_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("confirm_digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer_digest", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["reference.engagement_id"], name=op.f("fk_question_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_question_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("confirm_digest", name=op.f("uq_question_confirm_digest")),
        sa.UniqueConstraint("answer_digest", name=op.f("uq_question_answer_digest")),
    )
    op.create_index(op.f("ix_question_engagement_id"), "question", ["engagement_id"], unique=False)
    op.create_index(op.f("ix_question_created_at"), "question", ["created_at"], unique=False)
    op.create_index("ix_question_canonical_created_at", "question", ["canonical", "created_at"], unique=False)


def _create_next_step() -> None:
    op.create_table(
        "next_step",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_next_step_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_next_step_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_next_step_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_next_step_project_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_next_step_created_by")),
        sa.PrimaryKeyConstraint("engagement_id", "number", name=op.f("pk_next_step")),
    )
