"""Files over HTTP: an attachment that no browser runs, for those whom it concerns, at its own address alone."""

import hashlib
from base64 import b64encode
from io import BytesIO

import pytest

from credentials.store import files as rows
from credentials.store.engine import write
from credentials.store.files import FileVisibility, StoredFile
from tests.console.conftest import Desk, desk
from tests.files.drawing import picture
from tests.web.staff import Browser

__all__ = ["desk"]


def uploaded(desk: Desk, content: bytes, name: str, visibility: FileVisibility | None = None) -> StoredFile:
    """A file of acme; with a visibility, one that a shown credential lists."""
    with desk.service.engine.connect() as connection:
        person = connection.exec_driver_sql("SELECT person_id FROM membership").scalar_one()
    visitor = _Uploader(person)
    issuer = desk.service.issuer.issuer("acme").id
    made = desk.service.files.receive(BytesIO(content), name, "award:x", issuer, visitor)  # type: ignore[arg-type]
    if visibility is not None:
        with write(desk.service.engine) as connection:
            rows.list_in(connection, issuer, made.id, desk.issued_id, visibility)
    return made


class _Uploader:
    """Whoever founded acme."""

    def __init__(self, person_id: str) -> None:
        self.person_id = person_id
        self.actor = type("Actor", (), {"name": f"person:{person_id}", "origin": ""})()


def path(found: StoredFile) -> str:
    return f"/files/{found.id}/{found.name}"


HOSTILE = [
    (b"<!DOCTYPE html><script>alert(1)</script>", "page.html"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"),
    (b"<?xml version='1.0'?><a/>", "feed.xml"),
    (b"GIF89a/*<script>alert(1)</script>*/=1", "both.html"),
    (b"%PDF-1.4 <html><script>alert(1)</script>", "both.pdf"),
    (picture() + b"<script>alert(1)</script>", "both.png"),
    (b"alert(1)", "code.js"),
    (b"MZ\x90\x00", "setup.exe"),
]


@pytest.mark.parametrize(("content", "name"), HOSTILE, ids=[name for _, name in HOSTILE])
def test_no_browser_runs_what_was_uploaded(content: bytes, name: str, desk: Desk) -> None:
    answer = desk.nobody().get(path(uploaded(desk, content, name, "public")))

    assert answer.status_code == 200
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not any(word in answer.headers["Content-Type"] for word in ("html", "svg", "xml", "script"))
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_its_bytes_its_size_and_its_digest(desk: Desk) -> None:
    content = b"\x00\x01" * 500_000
    answer = desk.owner.get(path(uploaded(desk, content, "data.bin")))

    assert answer.data == content
    assert answer.headers["Content-Length"] == "1000000"
    assert answer.headers["Repr-Digest"] == f"sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    etag = answer.headers["ETag"]
    again = desk.owner.client.get(answer.request.path, headers={"If-None-Match": etag}, base_url=desk.service.base_url)
    assert (again.status_code, again.data) == (304, b"")
    head = desk.owner.client.head(answer.request.path, base_url=desk.service.base_url)
    assert (head.headers["Content-Length"], head.data) == ("1000000", b"")


@pytest.mark.parametrize("name", ['a"b.txt', "naïve レポート.txt", "a;b=c.txt", "x\r\nSet-Cookie: a=b.txt", "100%.txt"])
def test_no_name_leaves_its_header(name: str, desk: Desk) -> None:
    found = uploaded(desk, b"words", name)
    answer = desk.owner.get(desk.service.files.url(found).removeprefix(desk.service.base_url))

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    assert answer.headers["Content-Disposition"].count("\n") == 0


def test_to_others_there_is_no_such_file(desk: Desk) -> None:
    found = uploaded(desk, picture(), "photo.png", "confidential")
    missing = path(found).replace(found.id, "0" * 26)
    for who in (desk.nobody(), desk.person("eve@mail.example")):
        for where in (path(found), f"/files/{found.id}.png"):
            answer = who.get(where)
            assert answer.status_code == 404
            assert found.id not in answer.text.replace(where, "")
        assert told(who, path(found)) == told(who, missing)
    assert desk.owner.get(path(found)).status_code == 200


def told(who: Browser, where: str) -> str:
    """What a page says, but for the address that was asked."""
    return who.client.get(where, headers={"Accept": "application/json"}).json["code"]  # type: ignore[index, no-any-return]


@pytest.mark.parametrize("name", ["other.txt", "report.html", "report.txt/", "REPORT.TXT", ""])
def test_another_name_is_another_address(name: str, desk: Desk) -> None:
    found = uploaded(desk, b"words", "report.txt", "public")

    assert desk.nobody().get(path(found)).status_code == 200
    assert desk.nobody().get(f"/files/{found.id}/{name}").status_code == 404


def test_a_preview_is_a_png_and_nothing_else(desk: Desk) -> None:
    found = uploaded(desk, picture("WEBP", (40, 30)), "photo.webp", "public")
    answer = desk.nobody().get(f"/files/{found.id}.png")

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.data.startswith(b"\x89PNG")
    assert desk.nobody().get(f"/files/{uploaded(desk, b'words', 'a.txt', 'public').id}.png").status_code == 404


def test_a_file_is_hidden_with_its_credential(desk: Desk) -> None:
    found = uploaded(desk, b"words", "report.txt", "public")
    desk.service.issuer.set_visibility(desk.issued_id, "private")

    assert desk.nobody().get(path(found)).status_code == 404
    assert desk.owner.get(path(found)).status_code == 200
