"""What holders say is wrong, and how it was answered: a row for each, that stays."""

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and a row in it for each dispute that is open. Of those that were answered nothing was kept."""
    op.create_table(
        "dispute",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("successor_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_dispute_issuer_id")),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_dispute_credential_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["credential.id"], name=op.f("fk_dispute_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_issuer_id"), "dispute", ["issuer_id"])
    op.create_index(op.f("ix_dispute_credential_id"), "dispute", ["credential_id"])
    # A credential has one open dispute at most, so its id serves for that of the dispute.
    op.execute(
        "INSERT INTO dispute (id, issuer_id, credential_id, reason, words, created_at, changed_at, state, proposal) "
        "SELECT credential_id, issuer_id, credential_id, "
        "CASE WHEN dispute = 'That’s not me.' THEN 'not-me' ELSE 'wrong' END, "
        "dispute, disputed_at, disputed_at, 'open', proposal "
        "FROM handover WHERE dispute IS NOT NULL AND disputed_at IS NOT NULL"
    )


def downgrade() -> None:
    """There is no way back: what was answered would be forgotten."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
