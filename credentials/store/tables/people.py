"""People, how they sign in, and what they may do for which company. A company is an issuer: they share one id."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from credentials.store.columns import Instant
from credentials.store.tables.base import metadata

person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("handle", LargeBinary, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
)

person_address = Table(
    "person_address",
    metadata,
    # A row is an address whose holder opened a link that was sent there: an unproved one is never kept.
    Column("canonical", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("proved_at", Instant, nullable=False),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

spent_ticket = Table(
    "spent_ticket",
    metadata,
    # A signed ticket (the challenge of a passkey, say) is good once: this is the trace that it was used.
    Column("digest", LargeBinary, primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("person_id", Text, ForeignKey("person.id")),
    Column("subject_id", Text),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_link_address", "address"),
)

session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("method", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("proved_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

organisation = Table(
    "organisation",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("four_eyes", Boolean, nullable=False),
    Column("keys_frozen_at", Instant),
    Column("keys_frozen_reason", Text),
    Column("created_at", Instant, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_membership_person_id", "person_id"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("invited_by", Text, ForeignKey("person.id")),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("withdrawn_at", Instant),
)

operator = Table(
    "operator",
    metadata,
    Column("person_id", Text, ForeignKey("person.id"), primary_key=True),
    Column("created_at", Instant, nullable=False),
)

oidc_provider = Table(
    "oidc_provider",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("client_secret", LargeBinary, nullable=False),
    Column("domain", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

oidc_identity = Table(
    "oidc_identity",
    metadata,
    Column("issuer_id", Text, ForeignKey("issuer.id"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
)

audit_event = Table(
    "audit_event",
    metadata,
    # Append-only: triggers of the database refuse to change or delete a row.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("issuer_id", Text, index=True),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("origin", Text, nullable=False),
)
