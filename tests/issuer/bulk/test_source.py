"""Encodings are recognised; what is not a text file is refused with what to do."""

import codecs
import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from credentials.core.errors import BadInput
from credentials.issuer.bulk.errors import FileEmpty, FileIsWorkbook, FileNotText, FileTooLarge, LineTooLong
from credentials.issuer.bulk.source import MAX_BYTES, open_text, survey

TEXT = "Name;Projekt\r\nZoë Brännström;Größe\r\n李 明;x\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (b"Name;Projekt\r\n", "utf-8"),
        ("Zoë; – „x“ €5".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_are_recognised(data: bytes, encoding: str) -> None:
    assert survey(data).encoding == encoding
    with open_text(data, encoding) as stream:
        assert stream.read() == data.decode(encoding)


def test_a_path_reads_as_its_bytes_do(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(TEXT.encode())
    assert survey(tmp_path / "list.csv") == survey(TEXT.encode())
    assert survey(TEXT.encode()).lines == 3


def test_a_few_damaged_bytes_do_not_change_the_encoding() -> None:
    """Read as Windows-1252, every other name of the file would be signed wrong."""
    seen = survey(TEXT.encode() * 3 + b"M\xfcller;x\r\n")
    assert (seen.encoding, seen.damaged) == ("utf-8", True)


def test_a_character_lost_earlier_does_not_change_the_encoding() -> None:
    assert survey("Zo\ufffd".encode()).encoding == "utf-8"


def test_a_name_cut_by_the_chunk_is_whole() -> None:
    data = b"x" * (2**20 - 2) + b"\n" + "ë".encode() * 5
    assert survey(data).encoding == "utf-8"
    assert not survey(data).damaged


@pytest.mark.parametrize("data", [b"", b" ", b"\r\n\r\n", b"\t \n"])
def test_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(FileEmpty):
        survey(data)


def workbook() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


@pytest.mark.parametrize("data", [workbook(), b"\xd0\xcf\x11\xe0" + b"\0" * 508, b"PK\x05\x06" + b"\0" * 18])
def test_a_workbook_is_called_by_its_name(data: bytes) -> None:
    with pytest.raises(FileIsWorkbook, match="workbook") as caught:
        survey(data)
    assert "CSV (UTF-8)" in caught.value.advice


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x1f\x8b\x08" + b"x" * 50,
     bytes(range(256)) * 20, b"\0" * 100, TEXT.encode("utf-16-le"), os.urandom(5000)],
    ids=["pdf", "png", "jpeg", "gzip", "bytes", "zeros", "utf-16 without mark", "noise"],
)  # fmt: skip
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(FileNotText):
        survey(data)


def test_a_single_nul_is_left_to_its_row() -> None:
    assert survey(TEXT.encode() + b"a\0b;x\r\n").encoding == "utf-8"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.write(b"Name\n")
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(FileTooLarge, match="64 MB"):
        survey(path)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(LineTooLong):
        survey(b"Name\n" + b"x" * 4 * 2**20)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        survey(tmp_path / "none.csv")


@pytest.mark.parametrize("error", [FileEmpty, FileIsWorkbook, FileNotText, FileTooLarge, LineTooLong])
def test_every_refusal_says_what_to_do(error: type[BadInput]) -> None:
    assert error.code
    assert error.advice.endswith(".")


@pytest.mark.parametrize(
    ("cell", "seen"), [("04/05/2026", True), ("4-5-2026", True), ("2026-05-04", False), ("04.05.2026", False)]
)
def test_dates_with_two_meanings_are_noticed(cell: str, seen: bool) -> None:
    assert survey(f"Name,Date\nx,{cell}\n".encode()).numeric_dates is seen
