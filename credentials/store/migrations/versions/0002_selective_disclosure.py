"""What the selectively disclosable forms of a credential secure, and the Token Status Lists as last published."""

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table; what is there stays as it is."""
    op.add_column("credential", sa.Column("full_document", sa.LargeBinary(), nullable=True))
    op.create_table(
        "published_token_list",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_published_token_list")),
    )


def downgrade() -> None:
    """Drop both. The private parts of credentials are lost here; whoever holds an SD-JWT still has them."""
    op.drop_table("published_token_list")
    op.drop_column("credential", "full_document")
