"""The migrations make exactly the tables that the code uses, and refuse a database from the future."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from credentials.store import migrate
from credentials.store.engine import open_engine, read, write
from credentials.store.errors import SchemaOutdated
from credentials.store.tables import metadata


def test_upgrade_makes_exactly_the_tables_of_the_code(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    assert migrate.current(engine) is None
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.head()
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_database_without_tables_is_outdated(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    with pytest.raises(SchemaOutdated):
        migrate.require_current(engine)
    with pytest.raises(SchemaOutdated), read(engine) as connection:
        connection.execute(text("SELECT slug FROM issuer"))
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    with write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="9999"):
        migrate.upgrade(engine)
    engine.dispose()
