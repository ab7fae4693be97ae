"""Several secured forms of each credential: what each asks to sign beside the unsigned bytes, and lists in more forms.

- `credential.full_document`: what the selectively disclosable forms secure
- `signing_intent`: the signing input is no longer repeated; a template says what the unsigned bytes do not
- `published_list`: each list with an embedded proof too; `published_token_list`: the Token Status Lists
"""

import base64
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

_AT_A_TIME = 500
_INTENT = sa.table(
    "signing_intent",
    sa.column("credential_id", sa.Text()),
    sa.column("format", sa.Text()),
    sa.column("signing_input", sa.LargeBinary()),
    sa.column("template", sa.LargeBinary()),
)
_CREDENTIAL = sa.table("credential", sa.column("id", sa.Text()), sa.column("unsigned", sa.LargeBinary()))


def upgrade() -> None:
    """Add what is new, and write each intent in the new way. Published lists are dropped: they are built when asked."""
    op.add_column("credential", sa.Column("full_document", sa.LargeBinary(), nullable=True))
    _write_templates()
    for name in ("algorithm", "verification_method", "signing_input"):
        op.drop_column("signing_intent", name)
    op.drop_table("published_list")
    _create_published_list(sa.Column("embedded", sa.LargeBinary(), nullable=False))
    op.create_table(
        "published_token_list",
        *_published_columns(),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_published_token_list")),
    )


def downgrade() -> None:
    """There is no way back: an older version knows none of the further forms, and private parts would be lost."""
    raise NotImplementedError("restore the backup that was made before the upgrade")


def _published_columns() -> Iterator[sa.Column[object]]:
    yield sa.Column("list_id", sa.Text(), nullable=False)
    yield sa.Column("key_id", sa.Text(), nullable=False)
    yield sa.Column("events", sa.BigInteger(), nullable=False)
    yield sa.Column("built_at", Instant(), nullable=False)
    yield sa.Column("valid_until", Instant(), nullable=False)
    yield sa.Column("body", sa.LargeBinary(), nullable=False)


def _create_published_list(*further: sa.Column[object]) -> None:
    op.create_table(
        "published_list",
        *_published_columns(),
        *further,
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_published_list_list_id")),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_published_list")),
    )


def _write_templates() -> None:
    """The template of each `vc+jwt`, the only form so far, a few at a time."""
    connection = op.get_bind()
    joined = sa.join(_INTENT, _CREDENTIAL, _CREDENTIAL.c.id == _INTENT.c.credential_id)
    query = (
        sa.select(_INTENT.c.credential_id, _INTENT.c.format, _INTENT.c.signing_input, _CREDENTIAL.c.unsigned)
        .select_from(joined)
        .order_by(_INTENT.c.credential_id)
        .limit(_AT_A_TIME)
    )
    last = ""
    while rows := connection.execute(query.where(_INTENT.c.credential_id > last)).all():
        for row in rows:
            which = (_INTENT.c.credential_id == row.credential_id) & (_INTENT.c.format == row.format)
            template = _template(row.signing_input, row.unsigned)
            connection.execute(sa.update(_INTENT).where(which).values(template=template))
        last = rows[-1].credential_id


def _template(signing_input: bytes, unsigned: bytes) -> bytes:
    """The header, a dot, and the claims that stand behind the unsigned members of the payload."""
    header, _, body = signing_input.partition(b".")
    payload = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
    return header + b".{" + payload[len(unsigned.rstrip()) :]
