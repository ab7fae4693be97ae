"""Issuers, their keys, what they issued and what became of it.

A credential is *released* when its rows in `secured_form` exist. Nothing here is edited in place but an issuer's
standing, a key's state, a list's allotment counter and closing, and the cached published list.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from credentials.store.columns import Instant
from credentials.store.tables.base import metadata

issuer = Table(
    "issuer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("url", Text),
    Column("did", Text, nullable=False, unique=True),
    Column("suspends", Boolean, nullable=False),
    Column("confirmed_domain", Text),
    Column("confirmed_level", Text),
    Column("confirmed_at", Instant),
    Column("confirmed_note", Text),
    Column("suspended_at", Instant),
    Column("suspended_reason", Text),
    # A suspension stands until a later reinstatement, and the other way round: neither is ever erased.
    Column("reinstated_at", Instant),
    Column("reinstated_note", Text),
    Column("sandbox", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

signing_key = Table(
    "signing_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("key_id", Text, nullable=False, unique=True),
    Column("algorithm", Text, nullable=False),
    Column("public_jwk", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("activated_at", Instant),
    Column("retired_at", Instant),
    Column("compromised_since", Instant),
    UniqueConstraint("issuer_id", "name"),
)

candidate = Table(
    "candidate",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("created_at", Instant, nullable=False),
    Column("joined_into", Text, ForeignKey("candidate.id"), index=True),
    UniqueConstraint("issuer_id", "email"),
)

credential = Table(
    "credential",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False),
    Column("candidate_id", Text, ForeignKey("candidate.id"), nullable=False, index=True),
    Column("idempotency_key", Text),
    Column("draft_digest", LargeBinary, nullable=False),
    Column("title", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("valid_until", Instant, index=True),
    Column("unsigned", LargeBinary, nullable=False),
    Column("full_document", LargeBinary),
    UniqueConstraint("issuer_id", "idempotency_key"),
)

status_list = Table(
    "status_list",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("seed", LargeBinary, nullable=False),
    Column("allotted", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
)

status_entry = Table(
    "status_entry",
    metadata,
    Column("list_id", Text, ForeignKey("status_list.id"), primary_key=True),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("credential_id", Text, ForeignKey("credential.id"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    sqlite_with_rowid=False,
)

signing_intent = Table(
    "signing_intent",
    metadata,
    Column("credential_id", Text, ForeignKey("credential.id"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("template", LargeBinary, nullable=False),
)

secured_form = Table(
    "secured_form",
    metadata,
    Column("credential_id", Text, ForeignKey("credential.id"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

status_event = Table(
    "status_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, nullable=False),
    # No foreign key: an event replayed after a restore may concern a credential the old database never knew.
    Column("credential_id", Text, nullable=False),
    Column("list_id", Text, ForeignKey("status_list.id"), nullable=False),
    Column("idx", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("private_note", Text, nullable=False),
    Column("successor", Text),
    Column("idempotency_key", Text),
    Column("request_digest", Text),
    UniqueConstraint("credential_id", "position"),
    UniqueConstraint("issuer_id", "idempotency_key"),
    Index("ix_status_event_list_id", "list_id"),
)

correction = Table(
    "correction",
    metadata,
    # The corrected credential, and the one that it takes the place of: each has one successor at most.
    Column("successor_id", Text, ForeignKey("credential.id"), primary_key=True),
    Column("credential_id", Text, ForeignKey("credential.id"), nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("private_note", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    # When the old one said so, or could not because it was withdrawn meanwhile.
    Column("settled_at", Instant),
)

expiry_reminder = Table(
    "expiry_reminder",
    metadata,
    # The letters about a credential's end were written when this many days were left.
    Column("credential_id", Text, ForeignKey("credential.id"), primary_key=True),
    Column("days", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)

published_list = Table(
    "published_list",
    metadata,
    Column("list_id", Text, ForeignKey("status_list.id"), primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("built_at", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("embedded", LargeBinary, nullable=False),
)

published_token_list = Table(
    "published_token_list",
    metadata,
    # No foreign key: it names one list or two.
    Column("list_id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("built_at", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
    # Who answers for what it does in projects. No foreign key: an API key may outlive its person.
    Column("person_id", Text),
)

repeated_call = Table(
    "repeated_call",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    # SHA-256 of the method, the path and the body.
    Column("digest", LargeBinary, nullable=False),
    # Drawn when the call came first: what it makes can be found again by it, should the answer be lost.
    Column("number", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    # The answer, once there is one.
    Column("status", Integer),
    Column("body", LargeBinary),
    Column("media_type", Text),
    Column("location", Text),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
