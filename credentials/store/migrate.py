"""Bring the database's tables to this version, in code: no configuration file, no command of another tool."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from credentials.store.engine import read, write
from credentials.store.errors import SchemaOutdated

_MIGRATIONS = Path(__file__).parent / "migrations"
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
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def current(engine: Engine) -> str | None:
    """The revision the database is at, None when it has no tables yet."""
    with read(engine) as connection:
        return _revision(connection)


@cache
def head() -> str:
    """The revision this version of the program needs. Found out once: the program's files do not change under it."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise SchemaOutdated("the program's own migrations are missing")
    return newest


def require_current(engine: Engine) -> None:
    """Raise SchemaOutdated unless the database is exactly at `head`."""
    found = current(engine)
    if found != head():
        raise SchemaOutdated(f"the database is at {found or 'nothing'}, this version needs {head()}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaOutdated(f"the database is at {revision}, which this version does not know")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
