"""Facts about the database itself, such as the base address it was made for: a small table of names and values."""

from sqlalchemy import Connection, select

from credentials.store.inserting import conflict_aware
from credentials.store.tables import meta


def get(connection: Connection, key: str) -> str | None:
    """The value of a fact, or None."""
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()


def put(connection: Connection, key: str, value: str) -> None:
    """Set a fact."""
    statement = conflict_aware(connection, meta).values(key=key, value=value)
    changed = {"value": statement.excluded["value"]}
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed))
