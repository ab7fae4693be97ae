"""Bring the database's tables to this version, in code: no configuration file, no command of another tool.

Nearly always they are at it, which a look at one row and at the names of the program's files shows. The library that
changes them takes longer to load than that, so it waits until there is something to change.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from credentials.store.engine import read, write
from credentials.store.errors import SchemaOutdated

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_POSTGRESQL_LOCK = 7_300_114_021
"""Any fixed number of our own: the advisory lock that makes two starting processes migrate one after the other."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Create or upgrade every table, in one transaction, to `revision`. Two processes may call it at once.

    Raises SchemaOutdated when the database was made by a newer version, and the store's errors.
    """
    if current(engine) == head():
        return
    with write(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
        _refuse_newer(_revision(connection))
        import_module("credentials.store.migrating").upgrade(connection, revision)


def current(engine: Engine) -> str | None:
    """The revision the database is at, None when it has no tables yet."""
    with read(engine) as connection:
        return _revision(connection)


def head() -> str:
    """The revision this version of the program needs."""
    return _revisions()[-1]


def require_current(engine: Engine) -> None:
    """Raise SchemaOutdated unless the database is exactly at `head`."""
    found = current(engine)
    if found != head():
        raise SchemaOutdated(f"the database is at {found or 'nothing'}, this version needs {head()}")


@cache
def _revisions() -> list[str]:
    """All revisions, in order: each is named at the head of its file's name. Found out once."""
    found = sorted(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))
    if not found:
        raise SchemaOutdated("the program's own migrations are missing")
    return found


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in _revisions():
        raise SchemaOutdated(f"the database is at {revision}, which this version does not know")
