"""`credentials verify`: what it takes, what it says, how it exits."""

import io
import re
import shutil
import sys
from pathlib import Path

import pytest

from credentials.cli.invocation import Invocation
from credentials.core import base64url
from credentials.portfolio.qr import qr_address, qr_png
from credentials.store.credentials import by_id
from credentials.store.engine import read, write
from credentials.store.tables import published_list
from tests.cli.conftest import BASE_URL, Credentials, Demo

OUTCOMES = [
    ("genuine", 0, "GENUINE"),
    ("revoked", 1, "REVOKED"),
    ("expired", 1, "EXPIRED"),
    ("tampered", 1, "TAMPERED"),
]


@pytest.mark.parametrize(("name", "code", "state"), OUTCOMES)
def test_link(name: str, code: int, state: str, demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("verify", "--data", demo.folder, getattr(demo.links, name))

    assert (outcome.code, outcome.out.split(" ")[0], outcome.err) == (code, state, "")


@pytest.mark.parametrize(("name", "code", "state"), OUTCOMES)
def test_json(name: str, code: int, state: str, demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("verify", "--json", "--data", demo.folder, getattr(demo.links, name))

    assert (outcome.code, outcome.json()["state"]) == (code, state)
    assert ("credential" in outcome.json()) is (name != "tampered")


@pytest.mark.parametrize("name", ["genuine", "revoked", "tampered"])
def test_file(name: str, demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "token.jwt").write_bytes(demo.token(name))

    outcome = credentials("verify", tmp_path / "token.jwt", "--data", demo.folder)

    assert outcome.out.startswith(name.upper())


def test_standard_input(demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(demo.token("genuine"))))

    assert credentials("verify", "-", "--data", demo.folder).code == 0


def test_id_and_token_as_text(demo: Demo, credentials: Credentials) -> None:
    for text in (demo.links.genuine.rsplit("/", 1)[1].lower(), demo.token("genuine").decode()):
        assert credentials("verify", text, "--data", demo.folder).code == 0


def test_code(demo: Demo, credentials: Credentials) -> None:
    listed = credentials("verify", "--json", demo.links.genuine, "--data", demo.folder).json()
    code = _code_of(demo, listed["credential"]["id"])

    assert credentials("verify", code, "--data", demo.folder).code == 0


def _code_of(demo: Demo, url: str) -> str:
    with Invocation(demo.folder, as_json=False).service() as service, read(service.engine) as connection:
        stored = by_id(connection, url.rsplit("/", 1)[1])
    assert stored is not None
    return stored.code


def test_photo_of_a_qr_code(demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(qr_png(qr_address(BASE_URL, demo.links.revoked.rsplit("/", 1)[1])))

    assert credentials("verify", tmp_path / "photo.png", "--data", demo.folder).out.startswith("REVOKED")


def test_what_was_signed_is_shown_when_the_signature_holds(demo: Demo, credentials: Credentials) -> None:
    out = credentials("verify", demo.links.genuine, "--data", demo.folder).out

    assert all(text in out for text in ("northwind.example", "Demand forecast for 40 bakery", "Zoë Brännström", "40"))


def test_a_tampered_one_shows_none_of_its_fields(demo: Demo, credentials: Credentials) -> None:
    out = credentials("verify", demo.links.tampered, "--data", demo.folder).out

    assert not re.search("Kim|Novak|Leaflet|Northwind|northwind", out)


def test_every_check_is_listed(demo: Demo, credentials: Credentials) -> None:
    out = credentials("verify", demo.links.genuine, "--data", demo.folder).out

    assert [int(number) for number in re.findall(r"^ ?(\d+) ", out, re.MULTILINE)] == list(range(1, 20))


def test_without_a_data_folder_documents_are_handed_over(
    demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = list(_documents(demo, "genuine", tmp_path))

    outcome = credentials("verify", tmp_path / "genuine.jwt", "--offline", *options)

    # Nobody here confirmed the domain: the signature is good, and that is all that can be said.
    assert (outcome.code, outcome.out.split(" ")[0]) == (2, "UNCONFIRMED_ISSUER")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == []


def test_a_revoked_one_is_seen_offline(
    demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = credentials("verify", tmp_path / "revoked.jwt", "--offline", *_documents(demo, "revoked", tmp_path))

    assert (outcome.code, outcome.out.split(" ")[0]) == (1, "REVOKED")


def _documents(demo: Demo, name: str, folder: Path) -> list[str]:
    """Save a token and what is needed to verify it offline; the options that hand it over."""
    token = demo.token(name)
    (folder / f"{name}.jwt").write_bytes(token)
    payload = base64url.decode(token.split(b".")[1]).decode()
    lists = set(re.findall(r'"statusListCredential":"([^"]+)"', payload))
    options = []
    for number, url in enumerate([f"{demo.links.issuer}/did.json", *sorted(lists)]):
        (folder / f"{name}-{number}").write_bytes(demo.published(url))
        # The DID of a service at http://127.0.0.1:8123 still resolves to https: did:web knows nothing else.
        address = url.replace("http:", "https:") if url.endswith("did.json") else url
        options += ["--document", f"{address}={folder / f'{name}-{number}'}"]
    return options


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and its mode."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["genuine", "revoked"])
def test_a_data_folder_that_merely_lies_there_is_not_believed(
    name: str, own_demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token.jwt").write_bytes(own_demo.token(name))
    before = contents(tmp_path)
    monkeypatch.chdir(tmp_path)

    outcome = credentials("verify", "token.jwt", "--offline")

    assert (outcome.code, outcome.out.split(" ")[0]) == (2, "NO_KEY")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("named", ["option", "variable"])
def test_a_data_folder_that_is_named_is_believed_and_not_changed(
    named: str, own_demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token.jwt").write_bytes(own_demo.token("genuine"))
    before = contents(tmp_path)
    options = ["--data", own_demo.folder]
    if named == "variable":
        monkeypatch.setenv("CREDENTIALS_DATA_DIR", str(own_demo.folder))
        monkeypatch.setenv("CREDENTIALS_KEYS_DIR", str(own_demo.folder / "keys"))
        options = []

    outcome = credentials("verify", tmp_path / "token.jwt", *options)

    assert (outcome.code, outcome.out.split(" ")[0], outcome.err) == (0, "GENUINE", "")
    assert contents(tmp_path) == before


def test_a_list_that_must_be_signed_anew_is_not_kept(own_demo: Demo, credentials: Credentials) -> None:
    database = own_demo.folder / "credentials.sqlite3"
    with Invocation(own_demo.folder, as_json=False).service() as service, write(service.engine) as connection:
        connection.execute(published_list.delete())
    before = database.read_bytes()

    outcome = credentials("verify", own_demo.links.revoked, "--data", own_demo.folder)

    assert (outcome.code, outcome.out.split(" ")[0], outcome.err) == (1, "REVOKED", "")
    assert database.read_bytes() == before


def test_a_running_service_is_read_as_it_is_now(own_demo: Demo, credentials: Credentials) -> None:
    with Invocation(own_demo.folder, as_json=False).service() as service:
        service.issuer.revoke(own_demo.links.genuine.rsplit("/", 1)[1], "Issued in error.")
        assert (own_demo.folder / "credentials.sqlite3-wal").exists()
        assert credentials("verify", own_demo.links.genuine, "--data", own_demo.folder).out.startswith("REVOKED")


def test_a_folder_that_is_none_is_an_error_and_stays_as_it_is(credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for folder in (tmp_path / "data", tmp_path / "nowhere"):
        outcome = credentials("verify", "e30.e30.e30", "--data", folder)
        assert (outcome.code, outcome.err.count("\n")) == (65, 1)
        assert outcome.err.endswith("[no-data-folder]\n")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["data"]


@pytest.mark.parametrize(
    ("missing", "exit_code", "error_code"),
    [
        ("keys/master.secret", 69, "master-secret-missing"),
        ("keys", 69, "key-missing"),
        ("credentials.sqlite3", 69, "database-unreachable"),
        ("service.json", 65, "no-data-folder"),
    ],
)
def test_a_damaged_folder_is_not_mended(
    missing: str, exit_code: int, error_code: str, own_demo: Demo, credentials: Credentials
) -> None:
    lost = own_demo.folder / missing
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    before = contents(own_demo.folder)

    outcome = credentials("verify", own_demo.links.genuine, "--data", own_demo.folder)

    assert (outcome.code, outcome.err.count("\n")) == (exit_code, 1)
    assert outcome.err.endswith(f"[{error_code}]\n")
    assert contents(own_demo.folder) == before
    assert not lost.exists()


def test_a_database_of_another_version_is_not_migrated(own_demo: Demo, credentials: Credentials) -> None:
    with Invocation(own_demo.folder, as_json=False).service() as service, write(service.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    before = contents(own_demo.folder)

    assert "[schema-outdated]" in credentials("verify", own_demo.links.genuine, "--data", own_demo.folder).err
    assert contents(own_demo.folder) == before


def test_the_link_of_a_service_of_ones_own_says_what_to_do(demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("verify", demo.links.genuine)

    assert (outcome.code, outcome.err.count("\n")) == (65, 1)
    assert "give --data FOLDER of that service" in outcome.err


def test_without_anything_at_hand_nothing_can_be_said(
    demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token.jwt").write_bytes(demo.token("genuine"))

    outcome = credentials("verify", "token.jwt", "--offline")

    assert (outcome.code, outcome.out.split(" ")[0]) == (2, "NO_KEY")


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 100, b"not a token", b"e30.e30.", b'{"a":1,"a":2}', b"\xff\xfe" * 50, b"[" * 5000, b"x" * 9_000_000],
    ids=["empty", "zeros", "words", "stub", "twice", "utf-16", "deep", "huge"],
)
def test_what_cannot_be_read_is_indeterminate(data: bytes, credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)

    outcome = credentials("verify", tmp_path / "file")

    assert (outcome.code, outcome.out.split(" ")[0]) == (2, "UNREADABLE")
    assert "Traceback" not in outcome.err


def test_json_of_what_cannot_be_read_is_one_document(credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"?")

    outcome = credentials("verify", "--json", tmp_path / "file")

    assert outcome.json()["state"] == "UNREADABLE"


@pytest.mark.parametrize(
    ("text", "exit_code", "error_code"),
    [
        ("nosuch.jwt", 65, "no-such-file"),
        ("http://elsewhere.example/c/x", 65, "link-refused"),
        ("https://user@elsewhere.example/", 65, "link-refused"),
        ("ZZZZ-ZZZZ-ZZ", 65, "nothing-here"),
        ("https://127.0.0.1/c/x.jwt", 69, "address-refused"),
    ],
)
def test_what_leads_to_no_credential_is_an_error(
    text: str, exit_code: int, error_code: str, demo: Demo, credentials: Credentials
) -> None:
    outcome = credentials("verify", text, "--data", demo.folder)

    assert (outcome.code, outcome.out) == (exit_code, "")
    assert outcome.err.startswith("error: ")
    assert outcome.err.endswith(f"[{error_code}]\n")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("document", ["x", "file", "no-address=file", "=x"])
def test_a_document_needs_an_address(document: str, credentials: Credentials) -> None:
    assert credentials("verify", "x", "--document", document).code == 64


def test_a_document_that_is_not_there(credentials: Credentials, tmp_path: Path) -> None:
    outcome = credentials("verify", "x", "--document", f"https://a.example/did.json={tmp_path / 'none'}")

    assert (outcome.code, outcome.err.count("\n")) == (65, 1)


def test_no_colour_in_a_pipe_nor_where_it_is_not_wanted(
    demo: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b" not in credentials("verify", demo.links.genuine, "--data", demo.folder).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", credentials("verify", demo.links.genuine, "--data", demo.folder).out)
