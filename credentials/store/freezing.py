"""Whether an issuer may have new keys: since when, and why, it may not."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from credentials.store.inserting import conflict_aware
from credentials.store.tables import organisation as table


def freeze(connection: Connection, issuer_id: str, at: datetime, reason: str) -> None:
    """Let an issuer have no new keys. One that is frozen already stays so since then, for the reason given now."""
    statement = conflict_aware(connection, table).values(issuer_id=issuer_id, four_eyes=False, created_at=at)
    connection.execute(statement.on_conflict_do_nothing())
    change = update(table).where(table.c.issuer_id == issuer_id)
    connection.execute(change.where(table.c.keys_frozen_at.is_(None)).values(keys_frozen_at=at))
    connection.execute(change.values(keys_frozen_reason=reason))


def thaw(connection: Connection, issuer_id: str) -> bool:
    """Let an issuer have new keys again; False when it might anyway."""
    which = (table.c.issuer_id == issuer_id) & table.c.keys_frozen_at.is_not(None)
    change = update(table).where(which).values(keys_frozen_at=None, keys_frozen_reason=None)
    return connection.execute(change).rowcount == 1


def frozen(connection: Connection, issuer_id: str) -> tuple[datetime, str] | None:
    """Since when and why an issuer may have no new keys, or None when it may."""
    query = select(table.c.keys_frozen_at, table.c.keys_frozen_reason).where(
        table.c.issuer_id == issuer_id, table.c.keys_frozen_at.is_not(None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.keys_frozen_at, row.keys_frozen_reason or "")
