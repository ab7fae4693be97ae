"""Open the database and its transactions.

- SQLite: write-ahead log, `synchronous=FULL` (NORMAL can lose a committed credential on power loss), foreign keys on,
  and every writing transaction begins with `BEGIN IMMEDIATE`, so that two writers queue and never dead-lock.
- PostgreSQL through psycopg 3, with a limit on how long a lock is waited for.

`read` and `write` are the only ways to a connection; both turn a driver's errors into `credentials.store.errors`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError

from credentials.store.errors import DatabaseUnreachable, translated

LOCK_WAIT_SECONDS = 30
"""How long a transaction waits for another one's lock before it says `database-locked`."""

_PRAGMAS = (
    # A credential's bytes fill two pages of this size and five of the usual one. Only a new file takes it on.
    "page_size=16384",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-16000",
    # In pages of 16 KiB: a bulk issue writes four megabytes a commit, and need not be copied back after each.
    "wal_autocheckpoint=4000",
)


def open_engine(url: str, *, lock_wait_seconds: float = LOCK_WAIT_SECONDS, read_only: bool = False) -> Engine:
    """An engine for a SQLAlchemy URL (`sqlite:////path/file.db` or `postgresql://user@host/name`).

    Connects lazily: nothing is read or written yet. With `read_only` the database itself refuses every change
    (`write` raises DatabaseReadOnly) and no file is made. Raises DatabaseUnreachable when the URL cannot be used.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, lock_wait_seconds, read_only=read_only)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed, lock_wait_seconds, read_only=read_only)
    raise DatabaseUnreachable(f"{parsed.get_backend_name()} databases are not supported, only sqlite and postgresql")


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        # The URL may carry a password: never repeat it.
        raise DatabaseUnreachable("the database setting is not a URL such as sqlite:////path/file.db") from error


def _open_sqlite(url: URL, lock_wait_seconds: float, *, read_only: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnreachable("the database setting names no file")
    opened = url.set(database=_for_reading(url.database), query={"uri": "true"}) if read_only else url
    engine = create_engine(opened, connect_args={"timeout": lock_wait_seconds})
    _reconnect_when_replaced(engine, url.database)
    event.listen(engine, "connect", _leave_begin_to_us if read_only else _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if not read_only:
        event.listen(engine, "do_connect", lambda *_: _make_private(str(url.database)))
    return engine


def _make_private(path: str) -> None:
    """Make the file, if it is missing, before SQLite does: for its owner only, as are the log and index beside it.

    (SQLite gives those the mode of the file itself.) What keeps the file from being made, SQLite will meet and say.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _for_reading(path: str) -> str:
    """The file's URI for a connection that changes nothing, not even beside it (https://www.sqlite.org/uri.html).

    Without a write-ahead log nobody has the database open. SQLite would make one only to read; `immutable` keeps it
    from that. With one, it must be read, for it holds the newest rows.
    """
    in_use = Path(f"{path}-wal").exists()
    return f"file:{quote(str(Path(path).absolute()))}?mode=ro" + ("" if in_use else "&immutable=1")


def _leave_begin_to_us(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the "begin" listener alone says BEGIN


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    _leave_begin_to_us(connection, record)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reconnect_when_replaced(engine: Engine, path: str) -> None:
    """Drop a pooled connection once another file lies at the path: a restored backup must be seen at once."""

    def remember(_connection: object, record: Any) -> None:
        record.info["inode"] = _inode(path)

    def compare(_connection: object, record: Any, _proxy: object) -> None:
        if record.info.get("inode") != _inode(path):
            # All idle ones at once, before a new one opens: SQLite removes the write-ahead log by its name when the
            # last connection to a file closes, and by then that name must not belong to the new file.
            engine.pool.dispose()
            raise DisconnectionError("the database file was replaced")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _inode(path: str) -> int | None:
    try:
        return os.stat(path).st_ino  # noqa: PTH116  (once per checkout: no Path object for it)
    except OSError:
        return None


def _open_postgresql(url: URL, lock_wait_seconds: float, *, read_only: bool) -> Engine:
    milliseconds = int(lock_wait_seconds * 1000)
    options = f"-c lock_timeout={milliseconds} -c timezone=UTC"
    options += " -c default_transaction_read_only=on" if read_only else ""
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10, "options": options})


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; on SQLite it takes no write lock. Rolled back at the end."""
    with _translating(), engine.connect().execution_options(reading=True) as connection:
        yield connection


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: commits at the end of the block, rolls back when it raises."""
    with _translating(), engine.begin() as connection:
        yield connection


@contextmanager
def _translating() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error
