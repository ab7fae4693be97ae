"""What a file is, whatever it is called: hostile ones get no type that a browser runs."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.files.sniffing import BYTES, HEAD_BYTES, media_type, served_type

ACTIVE = ("html", "svg", "xml", "javascript", "css")


def zipped(*names: str) -> bytes:
    """A ZIP with files of these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made.getvalue()


def open_document(kind: str) -> bytes:
    """The beginning of an OpenDocument file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", kind)
    return made.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x00\x00\x00\x00xxxx", BYTES),
        (b"GIF89a", "image/gif"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (zipped("a.txt"), "application/zip"),
        (
            zipped("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (zipped("[Content_Types].xml"), "application/zip"),
        (
            open_document("application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
        (open_document("text/html"), "application/zip"),
        (b"plain words\n", "text/plain"),
        (b"\xef\xbb\xbfname,project\n", "text/plain"),
        ("naïve".encode(), "text/plain"),
        ("naïve".encode("latin-1"), BYTES),
        (b"a\x00b", BYTES),
        (b"", BYTES),
        (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
        (b"\xef\xbb\xbf  \n<script>alert(1)</script>", "text/html"),
        (b"<!-- --><svg onload=alert(1)>", "image/svg+xml"),
        (b'<?xml version="1.0"?><x:svg xmlns:x="a">', "image/svg+xml"),
        (b'<?xml version="1.0"?><note/>', "application/xml"),
        (b'<?xml version="1.0"?><html xmlns="a">', "text/html"),
        (b"<a href=javascript:1>", "text/html"),
    ],
)
def test_the_first_bytes_decide(head: bytes, kind: str) -> None:
    assert media_type(head) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b'<?xml version="1.0"?><?xml-stylesheet href="javascript:1"?><a/>',
        b"<script>1</script>",
    ],
)
def test_what_a_browser_would_run_leaves_as_bytes(head: bytes) -> None:
    assert served_type(media_type(head)) == BYTES


def test_a_letter_that_the_head_cuts_is_still_text() -> None:
    assert media_type(("x" + "é" * HEAD_BYTES).encode()[:HEAD_BYTES]) == "text/plain"
    assert media_type(b"x\xc3") == BYTES


@given(st.binary(max_size=200) | st.sampled_from([b"<svg>", b"<html>", b"GIF89a<script>"]))
def test_no_bytes_leave_as_something_active(head: bytes) -> None:
    served = served_type(media_type(head))

    assert not any(word in served for word in ACTIVE if word != "xml" or "openxml" not in served)
    assert "\n" not in served
