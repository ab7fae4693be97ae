"""Projects, applications, engagements, files and corrections: a micro-internship's life around its credential."""

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant
from credentials.store.migrations import afterwards

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

_AGREED = ("engagement_id", "number", "issuer_id", "document", "digest", "side", "proposed_by", "created_at")
_SUBMITTED = ("engagement_id", "number", "issuer_id", "note", "late", "created_at", "agreement_number")


def upgrade() -> None:
    """Create the tables, parents before children, and say who answers for an API key."""
    op.add_column("api_key", sa.Column("person_id", sa.Text(), nullable=True))
    _create_repeated_call()
    _create_file()
    _create_project()
    _create_application()
    _create_engagement()
    _create_agreement()
    _create_submission()
    _create_submitted_item()
    _create_deliverable_review()
    _create_assessment()
    _create_payment()
    _create_correction()
    _create_expiry_reminder()
    afterwards.create()
    _keep("agreement", _AGREED, ("company_accepted_at", "candidate_accepted_at", "refused_at"))
    _keep("submission", _SUBMITTED, ("receipt",))


def downgrade() -> None:
    """There is no way back: what is in these tables would be lost."""
    raise NotImplementedError("restore the backup that was made before the upgrade")


def _create_repeated_call() -> None:
    op.create_table(
        "repeated_call",
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_repeated_call_issuer_id")),
        sa.PrimaryKeyConstraint("issuer_id", "key", name=op.f("pk_repeated_call")),
    )
    op.create_index(op.f("ix_repeated_call_at"), "repeated_call", ["at"], unique=False)


def _create_file() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sha384", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.Boolean(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_file_credential_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_file_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_file_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    op.create_index("ix_file_issuer_id_subject", "file", ["issuer_id", "subject"], unique=False)
    op.create_index(op.f("ix_file_credential_id"), "file", ["credential_id"], unique=False)


def _create_project() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_project_issuer_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_project_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index("ix_project_issuer_id", "project", ["issuer_id"], unique=False)
    op.create_index("ix_project_state_opened_at", "project", ["state", "opened_at"], unique=False)


def _create_application() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("portfolio", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_application_project_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_application_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("project_id", "person_id", name=op.f("uq_application_project_id_person_id")),
    )
    op.create_index("ix_application_issuer_id", "application", ["issuer_id"], unique=False)
    op.create_index("ix_application_person_id", "application", ["person_id"], unique=False)


def _create_engagement() -> None:
    op.create_table(
        "engagement",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("award_id", sa.Text(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_engagement_issuer_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_engagement_project_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_engagement_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_engagement_person_id")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_engagement_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("award_id", name=op.f("uq_engagement_award_id")),
        sa.UniqueConstraint("application_id", name=op.f("uq_engagement_application_id")),
    )
    op.create_index("ix_engagement_issuer_id", "engagement", ["issuer_id"], unique=False)
    op.create_index("ix_engagement_person_id", "engagement", ["person_id"], unique=False)
    op.create_index("ix_engagement_project_id", "engagement", ["project_id"], unique=False)


def _create_agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("company_accepted_at", Instant(), nullable=True),
        sa.Column("company_accepted_by", sa.Text(), nullable=True),
        sa.Column("candidate_accepted_at", Instant(), nullable=True),
        sa.Column("refused_at", Instant(), nullable=True),
        sa.Column("refused_by", sa.Text(), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_agreement_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_agreement_issuer_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_agreement_proposed_by")),
        sa.ForeignKeyConstraint(["company_accepted_by"], ["person.id"], name=op.f("fk_agreement_company_accepted_by")),
        sa.ForeignKeyConstraint(["refused_by"], ["person.id"], name=op.f("fk_agreement_refused_by")),
        sa.PrimaryKeyConstraint("engagement_id", "number", name=op.f("pk_agreement")),
    )


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("agreement_number", sa.Integer(), nullable=False),
        sa.Column("receipt_unsigned", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_template", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_key", sa.Text(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_submission_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_submission_issuer_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_submission_reviewed_by")),
        sa.PrimaryKeyConstraint("engagement_id", "number", name=op.f("pk_submission")),
    )


def _create_submitted_item() -> None:
    op.create_table(
        "submitted_item",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deliverable", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id", "number"],
            ["submission.engagement_id", "submission.number"],
            name=op.f("fk_submitted_item_engagement_id"),
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_submitted_item_issuer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_submitted_item_file_id")),
        sa.PrimaryKeyConstraint("engagement_id", "number", "deliverable", "place", name=op.f("pk_submitted_item")),
    )


def _create_deliverable_review() -> None:
    op.create_table(
        "deliverable_review",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deliverable", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agreement_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id", "number"],
            ["submission.engagement_id", "submission.number"],
            name=op.f("fk_deliverable_review_engagement_id"),
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_deliverable_review_issuer_id")),
        sa.PrimaryKeyConstraint("engagement_id", "number", "deliverable", name=op.f("pk_deliverable_review")),
    )


def _create_assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("ratings", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("private_comment", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_assessment_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_assessment_issuer_id")),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_assessment")),
    )


def _create_payment() -> None:
    op.create_table(
        "payment",
        sa.Column("engagement_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_payment_engagement_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_payment_issuer_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_payment_recorded_by")),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_state_due_on", "payment", ["state", "due_on"], unique=False)


def _create_correction() -> None:
    op.create_table(
        "correction",
        sa.Column("successor_id", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["successor_id"], ["credential.id"], name=op.f("fk_correction_successor_id")),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_correction_credential_id")),
        sa.PrimaryKeyConstraint("successor_id", name=op.f("pk_correction")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_correction_credential_id")),
    )


def _create_expiry_reminder() -> None:
    op.create_table(
        "expiry_reminder",
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_expiry_reminder_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", "days", name=op.f("pk_expiry_reminder")),
    )
    op.create_index("ix_credential_valid_until", "credential", ["valid_until"], unique=False)


def _keep(table: str, fixed: tuple[str, ...], once: tuple[str, ...]) -> None:
    """Let the database itself refuse to delete a row, to change what is `fixed`, to set twice what is set `once`."""
    changed = " OR ".join(
        f"(OLD.{name} IS NOT NULL AND (NEW.{name} IS NULL OR NEW.{name} <> OLD.{name}))" for name in once
    )
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {', '.join(fixed)} ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_once BEFORE UPDATE ON {table} WHEN {changed} {refuse}")
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    refuse = f"EXECUTE FUNCTION {table}_refuse()"
    op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {', '.join(fixed)} ON {table} FOR EACH STATEMENT {refuse}"
    )
    op.execute(f"CREATE TRIGGER {table}_once BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {refuse}")
