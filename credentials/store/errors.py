"""What can go wrong with the database, each one line that says what to do.

SQLAlchemy's and the drivers' errors never leave the store: `translated` turns them into this family.
"""

import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError

from credentials.core.errors import BadInput, Unavailable


class DatabaseLocked(Unavailable):
    """Another process held the write lock for longer than the busy timeout."""

    code = "database-locked"
    title = "The database is busy"
    advice = "Another program holds it. Stop that program, or try again in a moment."


class DatabaseReadOnly(Unavailable):
    """The database, its folder or its server refuses writes."""

    code = "database-read-only"
    title = "The database cannot be written"
    advice = "Give this user write permission on the database file and its folder, or point to a writable server."


class DiskFull(Unavailable):
    """No room left (or a quota reached) where the database lives."""

    code = "disk-full"
    title = "The disk is full"
    advice = "Free some space where the data folder lives, then run the same command again: it resumes."


class DatabaseUnreachable(Unavailable):
    """The file cannot be opened, or the server does not answer or does not let us in."""

    code = "database-unreachable"
    title = "The database cannot be reached"
    advice = "Check the database setting: its folder exists and can be written, or its server runs and lets us in."


class SchemaOutdated(Unavailable):
    """The tables are older (or newer) than this version of the program."""

    code = "schema-outdated"
    title = "The database's tables do not fit this version"
    advice = "Back up the data folder, then start the service once with this version: it brings the tables up to date."


class DatabaseDamaged(Unavailable):
    """The file is no database, or its pages do not hold together."""

    code = "database-damaged"
    title = "The database file is damaged"
    advice = "Restore it from the latest backup; what was published since is replayed from the published folder."


class CopyElsewhere(BadInput):
    """The database is PostgreSQL, whose own command copies it."""

    code = "copy-elsewhere"
    title = "This database is copied by its own command"
    advice = "Run pg_dump, then `credentials backup --done`, so that the operator’s page knows of it."


_SQLITE_KINDS: tuple[tuple[str, type[Unavailable]], ...] = (
    ("SQLITE_BUSY", DatabaseLocked),
    ("SQLITE_LOCKED", DatabaseLocked),
    ("SQLITE_READONLY", DatabaseReadOnly),
    ("SQLITE_PERM", DatabaseReadOnly),
    ("SQLITE_FULL", DiskFull),
    ("SQLITE_IOERR", DiskFull),
    ("SQLITE_CANTOPEN", DatabaseUnreachable),
    ("SQLITE_CORRUPT", DatabaseDamaged),
    ("SQLITE_NOTADB", DatabaseDamaged),
)
"""Result codes by the beginning of their name; https://www.sqlite.org/rescode.html. An I/O error is a file-size limit,
a quota or a failing disk: the advice for a full disk is the first thing to look at."""

_POSTGRESQL_KINDS: tuple[tuple[str, type[Unavailable]], ...] = (
    ("55P03", DatabaseLocked),
    ("57014", DatabaseLocked),
    ("40P01", DatabaseLocked),
    ("25006", DatabaseReadOnly),
    ("42501", DatabaseReadOnly),
    ("53100", DiskFull),
    ("42P01", SchemaOutdated),
    ("42703", SchemaOutdated),
    ("08", DatabaseUnreachable),
    ("28", DatabaseUnreachable),
    ("3D", DatabaseUnreachable),
    ("53", DatabaseUnreachable),
    ("57P", DatabaseUnreachable),
)
"""SQLSTATE by its beginning; PostgreSQL documentation, appendix A."""


def translated(error: DBAPIError) -> Unavailable | None:
    """The store's own error for a driver's, or None when it is a programming error that should stay loud."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _from_sqlite(original)
    return _from_postgresql(original)


def _from_sqlite(original: sqlite3.Error) -> Unavailable | None:
    name = getattr(original, "sqlite_errorname", "") or ""
    for beginning, kind in _SQLITE_KINDS:
        if name.startswith(beginning):
            return kind(str(original), where=name)
    if str(original).startswith(("no such table", "no such column")):
        return SchemaOutdated(str(original))
    return None


def _from_postgresql(original: Any) -> Unavailable | None:
    state = getattr(original, "sqlstate", None)
    message = str(original).strip().splitlines()
    detail = message[0] if message else "no answer"
    if state is None:
        return DatabaseUnreachable(detail) if type(original).__name__ == "OperationalError" else None
    for beginning, kind in _POSTGRESQL_KINDS:
        if state.startswith(beginning):
            return kind(detail, where=state)
    return None
