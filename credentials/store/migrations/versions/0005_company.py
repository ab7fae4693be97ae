"""Proofs of who a company is, reports of abuse, awards and how they are handed over."""

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, parents before children."""
    _create_domain_proof()
    _create_resemblance()
    _create_abuse_report()
    _create_signature_stamp()
    _create_award()
    _create_handover()
    _create_bulk_upload()
    op.add_column("issuer", sa.Column("reinstated_at", Instant(), nullable=True))
    op.add_column("issuer", sa.Column("reinstated_note", sa.Text(), nullable=True))


def downgrade() -> None:
    """There is no way back: what is in these tables would be lost."""
    raise NotImplementedError("restore the backup that was made before the upgrade")


def _create_domain_proof() -> None:
    op.create_table(
        "domain_proof",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("proved_at", Instant(), nullable=True),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_domain_proof_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_proof")),
        sa.UniqueConstraint("issuer_id", "domain", "method", name=op.f("uq_domain_proof_issuer_id_domain_method")),
    )
    op.create_index("ix_domain_proof_due_at", "domain_proof", ["due_at"], unique=False)


def _create_resemblance() -> None:
    op.create_table(
        "resemblance",
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("resembles", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("cleared_at", Instant(), nullable=True),
        sa.Column("cleared_by", sa.Text(), nullable=True),
        sa.Column("cleared_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_resemblance_issuer_id")),
        sa.PrimaryKeyConstraint("issuer_id", "what", "resembles", name=op.f("pk_resemblance")),
    )


def _create_abuse_report() -> None:
    op.create_table(
        "abuse_report",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_report")),
    )
    op.create_index("ix_abuse_report_subject_id", "abuse_report", ["subject_id"], unique=False)


def _create_signature_stamp() -> None:
    op.create_table(
        "signature_stamp",
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_signature_stamp_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", "format", name=op.f("pk_signature_stamp")),
    )


def _create_award() -> None:
    op.create_table(
        "award",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_award_approver_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_award_author_id")),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_award_credential_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_award_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_award_credential_id")),
    )
    op.create_index(op.f("ix_award_issuer_id"), "award", ["issuer_id"], unique=False)


def _create_handover() -> None:
    op.create_table(
        "handover",
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("disputed_at", Instant(), nullable=True),
        sa.Column("dispute", sa.Text(), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name=op.f("fk_handover_claimed_by")),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_handover_credential_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_handover_issuer_id")),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_issuer_id"), "handover", ["issuer_id"], unique=False)


def _create_bulk_upload() -> None:
    op.create_table(
        "bulk_upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_bulk_upload_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bulk_upload_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_upload")),
    )
    op.create_index(op.f("ix_bulk_upload_issuer_id"), "bulk_upload", ["issuer_id"], unique=False)
