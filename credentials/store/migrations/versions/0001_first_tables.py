"""The first tables: issuers and their keys, candidates, credentials with their intents, status lists, API keys."""

import sqlalchemy as sa
from alembic import op

from credentials.store.columns import Instant

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, parents before children."""
    _create_issuer()
    _create_candidate()
    _create_meta()
    _create_api_key()
    _create_credential()
    _create_signing_key()
    _create_status_list()
    _create_published_list()
    _create_secured_form()
    _create_signing_intent()
    _create_status_entry()
    _create_status_event()


def downgrade() -> None:
    """Drop every table, children before parents. All data is lost."""
    for name in (
        "status_event",
        "status_entry",
        "signing_intent",
        "secured_form",
        "published_list",
        "status_list",
        "signing_key",
        "credential",
        "api_key",
        "meta",
        "candidate",
        "issuer",
    ):
        op.drop_table(name)


def _create_candidate() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("joined_into", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_candidate_issuer_id")),
        sa.ForeignKeyConstraint(["joined_into"], ["candidate.id"], name=op.f("fk_candidate_joined_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("issuer_id", "email", name=op.f("uq_candidate_issuer_id_email")),
        sa.UniqueConstraint("slug", name=op.f("uq_candidate_slug")),
    )
    op.create_index(op.f("ix_candidate_joined_into"), "candidate", ["joined_into"], unique=False)


def _create_issuer() -> None:
    op.create_table(
        "issuer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("suspends", sa.Boolean(), nullable=False),
        sa.Column("confirmed_domain", sa.Text(), nullable=True),
        sa.Column("confirmed_level", sa.Text(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("confirmed_note", sa.Text(), nullable=True),
        sa.Column("suspended_at", Instant(), nullable=True),
        sa.Column("suspended_reason", sa.Text(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer")),
        sa.UniqueConstraint("did", name=op.f("uq_issuer_did")),
        sa.UniqueConstraint("slug", name=op.f("uq_issuer_slug")),
    )


def _create_meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )


def _create_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("last_used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_api_key_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_index(op.f("ix_api_key_issuer_id"), "api_key", ["issuer_id"], unique=False)


def _create_credential() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("draft_digest", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=True),
        sa.Column("unsigned", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_credential_candidate_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_credential_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("code", name=op.f("uq_credential_code")),
        sa.UniqueConstraint("issuer_id", "idempotency_key", name=op.f("uq_credential_issuer_id_idempotency_key")),
    )
    op.create_index(op.f("ix_credential_candidate_id"), "credential", ["candidate_id"], unique=False)


def _create_signing_key() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_jwk", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("activated_at", Instant(), nullable=True),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.Column("compromised_since", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_signing_key_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("issuer_id", "name", name=op.f("uq_signing_key_issuer_id_name")),
        sa.UniqueConstraint("key_id", name=op.f("uq_signing_key_key_id")),
    )


def _create_status_list() -> None:
    op.create_table(
        "status_list",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("allotted", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_status_list_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
    )
    op.create_index(op.f("ix_status_list_issuer_id"), "status_list", ["issuer_id"], unique=False)


def _create_published_list() -> None:
    op.create_table(
        "published_list",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_published_list_list_id")),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_published_list")),
    )


def _create_secured_form() -> None:
    op.create_table(
        "secured_form",
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("released_at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_secured_form_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", "format", name=op.f("pk_secured_form")),
    )


def _create_signing_intent() -> None:
    op.create_table(
        "signing_intent",
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("verification_method", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("signing_input", sa.LargeBinary(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_signing_intent_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", "format", name=op.f("pk_signing_intent")),
    )


def _create_status_entry() -> None:
    op.create_table(
        "status_entry",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_status_entry_credential_id")),
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_status_entry_list_id")),
        sa.PrimaryKeyConstraint("list_id", "idx", name=op.f("pk_status_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_status_entry_credential_id"), "status_entry", ["credential_id"], unique=False)


def _create_status_event() -> None:
    op.create_table(
        "status_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_status_event_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_event")),
        sa.UniqueConstraint("credential_id", "position", name=op.f("uq_status_event_credential_id_position")),
        sa.UniqueConstraint("issuer_id", "idempotency_key", name=op.f("uq_status_event_issuer_id_idempotency_key")),
    )
    op.create_index("ix_status_event_list_id", "status_event", ["list_id"], unique=False)
