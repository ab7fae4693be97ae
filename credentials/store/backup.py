"""A consistent copy of a database that is in use, and when the last one was made."""

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from credentials.core.instants import format_instant, parse_instant
from credentials.store import facts
from credentials.store.engine import read, write
from credentials.store.errors import CopyElsewhere

_LAST = "last-backup"


def copy_database(engine: Engine, path: Path) -> None:
    """Write a copy of an SQLite database to a path where nothing is; its owner alone may read it.

    The copy is of one moment, whatever is written meanwhile (https://www.sqlite.org/lang_vacuum.html#vacuuminto).
    Raises CopyElsewhere for PostgreSQL, which has a command of its own, and the store's errors.
    """
    if engine.dialect.name != "sqlite":
        raise CopyElsewhere
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    # Past SQLAlchemy, which would begin a transaction, and in one there is no VACUUM.
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()


def is_in_use(path: Path) -> bool:
    """Whether somebody has an SQLite database open for writing, or could: its log is there, or its lock is taken."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def note_backup(engine: Engine, now: datetime) -> None:
    """Remember that a backup was made."""
    with write(engine) as connection:
        facts.put(connection, _LAST, format_instant(now))


def last_backup(engine: Engine) -> datetime | None:
    """When a backup was made last, as far as the service was told."""
    with read(engine) as connection:
        return _noted(connection)


def _noted(connection: Connection) -> datetime | None:
    found = facts.get(connection, _LAST)
    return None if found is None else parse_instant(found)
