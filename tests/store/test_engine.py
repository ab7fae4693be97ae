"""What goes wrong with a database for real, and the one line that says what to do."""

import multiprocessing
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from credentials.core.errors import Unavailable
from credentials.store import facts
from credentials.store.engine import open_engine, read, write
from credentials.store.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DiskFull,
    SchemaOutdated,
)
from credentials.store.migrate import upgrade

NOBODY = 65534
HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="credentials-store-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def put_something(url: str, amount: int = 10) -> None:
    engine = open_engine(url, lock_wait_seconds=0.2)
    try:
        with write(engine) as connection:
            facts.put(connection, "fact", "x" * amount)
    finally:
        engine.dispose()


def outcome_elsewhere(work: Callable[[], None]) -> str:
    """The code of the error that `work` ends with in a process of its own, which may give up its rights first."""
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()

    def child() -> None:
        try:
            work()
        except Unavailable as error:
            results.put(error.code)
        else:
            results.put("none")

    process = context.Process(target=child)
    process.start()
    process.join()
    assert process.exitcode == 0
    return str(results.get())


def test_a_lock_held_by_another_process(sqlite_url: str) -> None:
    path = str(make_url(sqlite_url).database)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseLocked):
            put_something(sqlite_url)
        assert holder.stdin is not None
        holder.stdin.close()
    put_something(sqlite_url)


def test_readers_do_not_wait_for_a_writer(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, lock_wait_seconds=0.2)
    with write(engine) as writing, read(engine) as reading:
        facts.put(writing, "fact", "new")
        assert facts.get(reading, "fact") is None
    engine.dispose()


def test_a_lock_held_on_a_server(database_url: str) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("see above for files")
    holder = create_engine(database_url)
    with holder.begin() as connection:
        connection.execute(text("LOCK TABLE meta IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseLocked):
            put_something(database_url)
    holder.dispose()


def test_a_server_that_takes_no_writes(database_url: str, postgresql_admin: Engine) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("see below for files")
    with postgresql_admin.connect() as connection:
        name = make_url(database_url).database
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    with pytest.raises(DatabaseReadOnly):
        put_something(database_url)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user")
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o777, 0o444), (0o555, 0o444), (0o555, 0o666)])
def test_a_file_or_folder_without_permission(open_folder: Path, folder_mode: int, file_mode: int) -> None:
    url = f"sqlite:///{open_folder / 'service.db'}"
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    (open_folder / "service.db").chmod(file_mode)
    open_folder.chmod(folder_mode)

    def as_nobody() -> None:
        os.setuid(NOBODY)
        put_something(url)

    assert outcome_elsewhere(as_nobody) == "database-read-only"
    open_folder.chmod(0o755)


def test_a_file_that_may_not_grow(sqlite_url: str) -> None:
    def with_a_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        put_something(sqlite_url, 1_000_000)

    assert outcome_elsewhere(with_a_limit) == "disk-full"
    put_something(sqlite_url)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to mount a file system")
def test_a_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        url = f"sqlite:///{disk / 'service.db'}"
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        with pytest.raises(DiskFull):
            put_something(url, 10_000_000)
        put_something(url)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable):
        put_something(f"sqlite:///{tmp_path / 'nowhere' / 'service.db'}")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable):
        put_something(f"postgresql://nobody@/service?host={tmp_path}")


def test_a_database_that_is_not_there(postgresql_admin: Engine) -> None:
    url = postgresql_admin.url.set(database="never_made").render_as_string(hide_password=False)
    with pytest.raises(DatabaseUnreachable):
        put_something(url)


@pytest.mark.parametrize("url", ["", "no url", "sqlite://", "sqlite:///:memory:", "mysql://a:secret@b/c"])
def test_a_setting_that_names_no_database(url: str) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        open_engine(url)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    path.write_bytes(b"not a database, but long enough to be looked at " * 100)
    with pytest.raises(DatabaseDamaged):
        put_something(f"sqlite:///{path}")


def test_tables_that_are_not_there(empty_database_url: str) -> None:
    with pytest.raises(SchemaOutdated):
        put_something(empty_database_url)


def test_a_mistake_of_ours_stays_loud(engine: Engine) -> None:
    with pytest.raises(Exception, match="syntax") as caught, write(engine) as connection:
        connection.execute(text("NOT SQL"))
    assert not isinstance(caught.value, Unavailable)


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    def half_done() -> None:
        with write(engine) as connection:
            facts.put(connection, "fact", "half done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with read(engine) as connection:
        assert facts.get(connection, "fact") is None


def test_sqlite_survives_a_power_cut(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with write(engine) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        other = sqlite3.connect(str(make_url(sqlite_url).database), timeout=0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    engine.dispose()


@pytest.mark.parametrize("name", ["plain.db", "a b%23#é.db"])
def test_a_database_opened_to_be_read_is_not_changed(name: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / name}"
    engine = open_engine(url)
    with write(engine) as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
    reader = open_engine(url, read_only=True)
    for words in ("seen", "through the log"):
        with write(engine) as connection:
            connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})
        with read(reader) as connection:
            assert connection.execute(text("SELECT words FROM note ORDER BY rowid DESC")).scalar() == words
    reader.dispose()
    engine.dispose()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    closed = open_engine(url, read_only=True)
    with read(closed) as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 2
    with pytest.raises(DatabaseReadOnly), write(closed) as connection:
        connection.execute(text("INSERT INTO note VALUES ('more')"))
    closed.dispose()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_database_that_is_not_there_is_not_made_to_be_read(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'none.db'}", read_only=True)
    with pytest.raises(DatabaseUnreachable), read(engine):
        pass
    assert list(tmp_path.iterdir()) == []
