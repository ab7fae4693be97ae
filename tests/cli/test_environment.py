"""A bad environment, made for real: one line that says what to do, the right exit code, no traceback."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from credentials.cli.invocation import Invocation
from credentials.cli.serve import open_keys
from credentials.store.engine import open_engine
from tests.cli.conftest import Credentials, Demo, Outcome

COMMAND = (sys.executable, "-m", "credentials.cli")
NORTHWIND = "northwind-bakeries"


def assert_one_line(outcome: Outcome, exit_code: int, error_code: str) -> None:
    """Nothing but one line on standard error that ends with its code."""
    assert (outcome.err.count("\n"), outcome.out) == (1, ""), outcome
    assert outcome.err.startswith("error: ")
    assert outcome.err.endswith(f"[{error_code}]\n"), outcome
    assert outcome.code == exit_code


def mounted(options: str, folder: Path, *arguments: object) -> Outcome:
    """Run a command with a file system of its own over `folder`, in a mount namespace that ends with it."""
    if shutil.which("unshare") is None:
        pytest.skip("needs util-linux")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    mount = f'mount {options} && exec "$@"'
    shell = ["unshare", "--mount", *user, "sh", "-c", mount.replace("FOLDER", str(folder)), "sh"]
    probe = subprocess.run([*shell, "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("this machine lets nobody mount")
    command = [*shell, *COMMAND, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    return Outcome(done.returncode, done.stdout, done.stderr)


def read_only(folder: Path, *arguments: object) -> Outcome:
    """The folder, which nobody can write: not even root."""
    return mounted('--bind "FOLDER" "FOLDER" && mount -o remount,bind,ro "FOLDER"', folder, *arguments)


def full(folder: Path, *arguments: object) -> Outcome:
    """An empty folder on a disk of 256 KiB."""
    return mounted('-t tmpfs -o size=256k,mode=700 none "FOLDER"', folder, *arguments)


def test_wrong_passphrase(own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_PASSPHRASE", "not the right one")
    outcome = credentials("keys", "rotate", "--issuer", NORTHWIND, "--data", own_demo.folder)

    assert_one_line(outcome, 77, "wrong-passphrase")
    assert "not the right one" not in outcome.err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_nothing_is_served_with_a_wrong_passphrase(
    command: str, own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_PASSPHRASE", "not the right one")

    assert_one_line(credentials(command, "--data", own_demo.folder), 77, "wrong-passphrase")


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("error_code", ["key-file-damaged", "key-missing"])
def test_nothing_is_served_when_a_key_that_signs_does_not_open(
    command: str, error_code: str, own_demo: Demo, credentials: Credentials
) -> None:
    key = next((own_demo.folder / "keys").glob("*.key"))
    if error_code == "key-missing":
        key.unlink()
    else:
        key.write_bytes(key.read_bytes()[:-8])

    assert_one_line(credentials(command, "--data", own_demo.folder), 69, error_code)


def test_a_retired_key_that_is_gone_is_a_warning(
    own_demo: Demo, credentials: Credentials, capsys: pytest.CaptureFixture[str]
) -> None:
    with Invocation(own_demo.folder, as_json=False).service() as service:
        retired = service.issuer.keys(NORTHWIND)[0]
        service.issuer.rotate_key(NORTHWIND)
    (own_demo.folder / "keys" / f"{retired.key_id}.key").unlink()
    with Invocation(own_demo.folder, as_json=False).service() as service:
        capsys.readouterr()
        open_keys(service)
    said = capsys.readouterr().err

    assert said.startswith(f"warning: a key that does not sign cannot be opened: {NORTHWIND}, {retired.name} (retired)")
    assert said.count("\n") == 1


def test_passphrase_too_short(own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_PASSPHRASE", "x")

    outcome = credentials("keys", "list", "--issuer", NORTHWIND, "--data", own_demo.folder)

    assert_one_line(outcome, 78, "passphrase-too-short")


def test_missing_secret(own_demo: Demo, credentials: Credentials) -> None:
    (own_demo.folder / "keys" / "master.secret").unlink()

    outcome = credentials("keys", "rotate", "--issuer", NORTHWIND, "--data", own_demo.folder)

    assert_one_line(outcome, 69, "master-secret-missing")


def test_missing_key(own_demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    for path in (own_demo.folder / "keys").glob("*.key"):
        path.unlink()
    row = "Name,Project,Summary,Start,End,Supervisor\nLena Aalto,Tea menu,Made it.,2026-03-02,2026-03-13,Omar\n"
    (tmp_path / "rows.csv").write_text(row, encoding="utf-8")

    outcome = credentials("issue", "--issuer", NORTHWIND, tmp_path / "rows.csv", "--data", own_demo.folder)

    assert outcome.code == 69
    assert outcome.err.splitlines()[-1].endswith("[key-missing]")
    assert "Traceback" not in outcome.err


def test_key_file_open_to_others(own_demo: Demo, credentials: Credentials) -> None:
    (own_demo.folder / "keys" / "master.secret").chmod(0o644)

    assert_one_line(credentials("issuer", "list", "--data", own_demo.folder), 77, "key-file-too-open")


def test_locked_database(own_demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = open_engine.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "lock_wait_seconds", 0.1)
    other = sqlite3.connect(own_demo.folder / "credentials.sqlite3")
    other.execute("BEGIN IMMEDIATE")
    try:
        outcome = credentials("revoke", own_demo.links.genuine, "--reason", "x", "--data", own_demo.folder)
    finally:
        other.close()

    assert_one_line(outcome, 75, "database-locked")


def test_damaged_database(own_demo: Demo, credentials: Credentials) -> None:
    for path in own_demo.folder.glob("credentials.sqlite3*"):
        path.unlink()
    (own_demo.folder / "credentials.sqlite3").write_bytes(b"no database" * 1000)

    assert_one_line(credentials("issuer", "list", "--data", own_demo.folder), 69, "database-damaged")


def test_unreachable_database(credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DATABASE_URL", "postgresql://nobody:secret-word@127.0.0.1:1/none")
    outcome = credentials("issuer", "list", "--data", tmp_path / "data")

    assert outcome.code == 69
    assert outcome.err.splitlines()[-1].endswith("[database-unreachable]")
    assert "secret-word" not in outcome.err


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url", "sqlite://"])
def test_unusable_database(url: str, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DATABASE_URL", url)
    outcome = credentials("issuer", "list", "--data", tmp_path / "data")

    assert outcome.code in (69, 78)
    assert "Traceback" not in outcome.err


def test_read_only_database(own_demo: Demo) -> None:
    outcome = read_only(own_demo.folder, "revoke", own_demo.links.genuine, "--reason", "x", "--data", own_demo.folder)

    # SQLite cannot make the files beside a database there, and says only that it cannot open it.
    assert_one_line(outcome, 69, "database-unreachable")
    assert "can be written" in outcome.err


def test_read_only_place_for_a_new_folder(tmp_path: Path) -> None:
    outcome = read_only(tmp_path, "issuer", "list", "--data", tmp_path / "data")

    assert outcome.code == 73
    assert outcome.err.count("\n") == 1


def test_full_disk(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()

    outcome = full(tmp_path / "full", "demo", "--data", tmp_path / "full" / "data", "--port", "8199")

    assert outcome.code == 73
    assert "Traceback" not in outcome.err
    assert outcome.err.splitlines()[-1].startswith("error: ")


def test_data_folder_is_a_file(credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    outcome = credentials("issuer", "list", "--data", tmp_path / "data")

    assert outcome.code in (64, 73)
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("command", [("serve",), ("demo",)])
def test_taken_port(command: tuple[str, ...], credentials: Credentials, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = credentials(*command, "--port", port, "--data", tmp_path / "data")

    assert outcome.code == 69
    line = outcome.err.splitlines()[-1]
    assert line.endswith("[port-taken]")
    assert "is free" in line


def test_another_base_address(demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_BASE_URL", "https://other.example")

    assert_one_line(credentials("issuer", "list", "--data", demo.folder), 78, "base-url-fixed")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "ftp://x"),
        ("BASE_URL", "https://x.example/path"),
        ("LOG_LEVEL", "loud"),
        ("OUTBOUND_TIMEOUT", "-1"),
        ("MAX_UPLOAD_BYTES", "many"),
        ("TRUSTED_PROXIES", "300.1.1.1"),
        ("RATE_LOOKUP", "often"),
    ],
)
def test_settings_that_cannot_be_used(
    name: str, value: str, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CREDENTIALS_{name}", value)
    outcome = credentials("issuer", "list", "--data", tmp_path / "data")

    assert_one_line(outcome, 78, "setting-invalid")
    assert f"CREDENTIALS_{name}" in outcome.err
    assert not (tmp_path / "data").exists()


def test_an_error_with_json_is_one_document(credentials: Credentials, tmp_path: Path, demo: Demo) -> None:
    outcome = credentials("keys", "list", "--json", "--issuer", "nobody", "--data", demo.folder)

    assert outcome.json()["error"]["code"] == "issuer-unknown"
    assert (outcome.code, outcome.err.count("\n")) == (65, 1)


def test_a_reader_that_goes_away(demo: Demo) -> None:
    command = f"{sys.executable} -m credentials.cli verify --data '{demo.folder}' '{demo.links.genuine}' | true"

    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert done.stderr == ""
