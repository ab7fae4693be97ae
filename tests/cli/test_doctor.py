"""`credentials doctor`: it finds each thing that can be broken, says what to do, and changes nothing."""

import os
import shutil
import sqlite3
import time
from collections import namedtuple
from pathlib import Path

import pytest

from credentials.cli import doctor
from credentials.cli.doctor import ENOUGH_BYTES
from tests.cli.conftest import Credentials, Demo

Usage = namedtuple("Usage", ["total", "used", "free"])


def problems(credentials: Credentials, folder: Path) -> dict[str, str]:
    """What the doctor finds wrong: id → code. Every problem must say what to do."""
    outcome = credentials("doctor", "--json", "--data", folder)
    wrong = [finding for finding in outcome.json()["findings"] if not finding["ok"]]
    assert all(finding["advice"] and finding["detail"] for finding in wrong)
    assert outcome.code == (1 if wrong else 0)
    assert outcome.json()["ok"] is not bool(wrong)
    return {finding["id"]: finding["code"] for finding in wrong}


def test_all_is_well(demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("doctor", "--data", demo.folder)

    assert outcome.code == 0
    assert [line.split()[0] for line in outcome.out.splitlines()] == ["ok"] * 8 + ["advice"]


def test_a_record_in_one_folder_with_the_database(
    own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A backup of the whole folder would take the record along, and a restore of it would take it back."""
    line = credentials("doctor", "--data", own_demo.folder).out.splitlines()[-1]
    assert "CREDENTIALS_PUBLISHED_DIR" in line
    apart = tmp_path / "apart"
    shutil.move(own_demo.folder / "published", apart)
    monkeypatch.setenv("CREDENTIALS_PUBLISHED_DIR", str(apart))
    line = credentials("doctor", "--data", own_demo.folder).out.splitlines()[-1]
    assert line.startswith("ok")
    assert str(apart) in line


@pytest.mark.parametrize("name", ["", "credentials.sqlite3"])
def test_a_folder_or_database_open_to_others(name: str, own_demo: Demo, credentials: Credentials) -> None:
    (own_demo.folder / name).chmod(0o750)

    assert problems(credentials, own_demo.folder) == {"privacy": "data-folder-too-open"}


def test_it_changes_nothing(own_demo: Demo, credentials: Credentials) -> None:
    before = _contents(own_demo.folder)
    credentials("doctor", "--data", own_demo.folder)

    assert _contents(own_demo.folder) == before


def _contents(folder: Path) -> dict[str, bytes]:
    """Every file but the write-ahead log's, which SQLite makes and removes as it likes."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_no_data_folder_and_none_is_made(credentials: Credentials, tmp_path: Path) -> None:
    assert problems(credentials, tmp_path / "none") == {"data folder": "no-data-folder"}
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_cannot_be_used(demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_LOG_LEVEL", "loud")

    assert problems(credentials, demo.folder) == {"settings": "setting-invalid"}


def test_another_base_address(demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_BASE_URL", "https://other.example")

    assert problems(credentials, demo.folder)["data folder"] == "base-url-fixed"


def test_a_disk_nearly_full(demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "disk_usage", lambda _path: Usage(10**12, 10**12, ENOUGH_BYTES - 1))

    assert problems(credentials, demo.folder) == {"disk": "disk-nearly-full"}


def test_a_clock_behind_its_files(own_demo: Demo, credentials: Credentials) -> None:
    tomorrow = time.time() + 86_400
    os.utime(own_demo.folder / "service.json", (tomorrow, tomorrow))

    assert problems(credentials, own_demo.folder) == {"clock": "clock-behind"}


def test_a_clock_a_few_seconds_behind_is_let_pass(own_demo: Demo, credentials: Credentials) -> None:
    soon = time.time() + 30
    os.utime(own_demo.folder / "service.json", (soon, soon))

    assert problems(credentials, own_demo.folder) == {}


def test_a_clock_that_jumps(demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_drift", lambda: -3600.0)

    assert problems(credentials, demo.folder) == {"clock": "clock-jumps"}


def test_a_database_that_is_none(own_demo: Demo, credentials: Credentials) -> None:
    database = own_demo.folder / "credentials.sqlite3"
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    database.write_bytes(b"no database at all" * 1000)

    assert problems(credentials, own_demo.folder)["database"] == "database-damaged"


def test_an_empty_database(own_demo: Demo, credentials: Credentials) -> None:
    for path in own_demo.folder.glob("credentials.sqlite3*"):
        path.unlink()

    assert problems(credentials, own_demo.folder)["database"] == "schema-outdated"


def test_a_locked_database(own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LOCK_WAIT_SECONDS", 0.1)
    other = sqlite3.connect(own_demo.folder / "credentials.sqlite3")
    other.execute("BEGIN IMMEDIATE")
    try:
        assert problems(credentials, own_demo.folder) == {"database": "database-locked"}
    finally:
        other.close()


def test_keys_gone(own_demo: Demo, credentials: Credentials) -> None:
    shutil.rmtree(own_demo.folder / "keys")

    assert problems(credentials, own_demo.folder) == {"keys": "key-missing"}
    assert not (own_demo.folder / "keys").exists()


def test_one_key_gone(own_demo: Demo, credentials: Credentials) -> None:
    next((own_demo.folder / "keys").glob("*.key")).unlink()

    assert problems(credentials, own_demo.folder) == {"keys": "key-missing"}


def test_the_secret_gone(own_demo: Demo, credentials: Credentials) -> None:
    (own_demo.folder / "keys" / "master.secret").unlink()

    assert problems(credentials, own_demo.folder) == {"keys": "master-secret-missing"}


def test_keys_open_to_others(own_demo: Demo, credentials: Credentials) -> None:
    next((own_demo.folder / "keys").glob("*.key")).chmod(0o644)

    assert problems(credentials, own_demo.folder) == {"keys": "key-file-too-open"}


def test_a_wrong_passphrase(own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_PASSPHRASE", "not the right one")

    assert problems(credentials, own_demo.folder) == {"keys": "wrong-passphrase"}


def test_a_database_older_than_what_was_published(own_demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    with sqlite3.connect(own_demo.folder / "credentials.sqlite3") as live, sqlite3.connect(tmp_path / "old") as copy:
        live.backup(copy)
    credentials("revoke", own_demo.links.genuine, "--reason", "Issued in error", "--data", own_demo.folder)
    for path in own_demo.folder.glob("credentials.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "old", own_demo.folder / "credentials.sqlite3")
    (own_demo.folder / "credentials.sqlite3").chmod(0o600)

    assert problems(credentials, own_demo.folder) == {"published": "database-older-than-published"}
    assert problems(credentials, own_demo.folder)  # looking did not repair it
