"""What waits to be done: mail, webhooks, checks of domains. The truth of each task is its row, never a queue."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from credentials.store.columns import Instant
from credentials.store.tables.base import metadata

mail = Table(
    "mail",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("issuer_id", Text),
    Column("subject_id", Text, index=True),
    Column("subject", Text, nullable=False),
    # Sealed, and erased once the mail is out: it may hold a link that opens an account.
    Column("body", LargeBinary),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("bounced_at", Instant),
    Column("problem", Text),
    Index("ix_mail_state_due_at", "state", "due_at"),
)

unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("address", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    # The secret before the last rotation, sealed too: it signs beside the new one until then.
    Column("former_secret", LargeBinary),
    Column("former_until", Instant),
    Column("failing_since", Instant),
    Column("ended_at", Instant),
    Column("ended_reason", Text),
)

webhook_message = Table(
    "webhook_message",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer_id", Text, ForeignKey("issuer.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    # Happens once: the event's own name, such as credential.issued:<id>.
    Column("event", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    UniqueConstraint("issuer_id", "event"),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("message_id", Text, ForeignKey("webhook_message.id"), primary_key=True),
    Column("webhook_id", Text, ForeignKey("webhook.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("answered", Integer),
    Column("problem", Text),
    Column("delivered_at", Instant),
    Index("ix_webhook_delivery_state_due_at", "state", "due_at"),
    Index("ix_webhook_delivery_webhook_id", "webhook_id"),
)
