"""Which API key wrote an award or brought a list: a program is never one of two people, whenever two are wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns. Of what is there, nobody can say any more whether a program wrote it."""
    op.add_column("award", sa.Column("key_id", sa.Text(), nullable=True))
    op.add_column("bulk_upload", sa.Column("key_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """There is no way back: what programs wrote would be forgotten."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
