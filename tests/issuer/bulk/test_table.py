"""Rows are numbered as a spreadsheet shows them, whatever the separator, the line ends and the quotes."""

from collections.abc import Sequence
from itertools import islice

import pytest

from credentials.issuer.bulk.fields import guess
from credentials.issuer.bulk.source import MAX_BYTES
from credentials.issuer.bulk.table import MAX_ROW, Dialect, Record, Unread, records, sniff

PLAIN = Dialect("utf-8", ",", sep_line=False)


def rows(data: bytes, dialect: Dialect = PLAIN) -> list[Record]:
    return list(records(data, dialect))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_empty_lines(end: str) -> None:
    data = end.join(["a,b", "", "1,2", "", ""]).encode()
    assert [(row, cells) for row, cells in rows(data) if cells] == [(1, ["a", "b"]), (3, ["1", "2"])]


def test_embedded_line_breaks_count_as_one_row() -> None:
    data = b'a,b\r\n"one\r\ntwo\r\n\r\nthree",2\r\nx,y\r\n'
    assert rows(data) == [(1, ["a", "b"]), (2, ["one\r\ntwo\r\n\r\nthree", "2"]), (3, ["x", "y"])]


def test_quotes_inside_text() -> None:
    assert rows(b'5" pipe,"say ""hi"""\nlast 6"') == [(1, ['5" pipe', 'say "hi"']), (2, ['last 6"'])]


@pytest.mark.parametrize("data", [b'a,b\n1,"2', b'a,b\n1,"2\n3,4\n5,6\n', b'a,b\n"', b'a,b\n1,"2""\n'])
def test_a_quote_that_never_closes_is_named(data: bytes) -> None:
    assert rows(data) == [(1, ["a", "b"]), (2, Unread.UNCLOSED_QUOTE)]


def test_text_that_looks_like_the_end_mark_is_text() -> None:
    assert rows(b"\0end of file\na\0end of file") == [(1, ["\0end of file"]), (2, ["a\0end of file"])]


def test_a_row_that_is_too_long_is_named_and_the_next_one_read() -> None:
    long = b'a,"' + (b"x" * 1000 + b"\n") * (MAX_ROW // 500) + b'",b\n'
    assert rows(b"a,b\n" + long + b"c,d\n") == [(1, ["a", "b"]), (2, Unread.TOO_LONG), (3, ["c", "d"])]


def test_a_cell_beyond_the_reader_is_named_and_the_next_row_read() -> None:
    assert rows(b"a\n" + b"x" * 150_000 + b"\nb\n") == [(1, ["a"]), (2, Unread.TOO_LONG), (3, ["b"])]


def test_a_long_row_with_an_open_quote_is_named() -> None:
    assert rows(b'a\n"' + b"x\n" * MAX_ROW) == [(1, ["a"]), (2, Unread.UNCLOSED_QUOTE)]


def test_rows_stream() -> None:
    data = b"a,b\n" * (MAX_BYTES // 64)
    assert len(list(islice(records(data, PLAIN), 3))) == 3


def known(titles: Sequence[str]) -> int:
    return sum(1 for title in titles if guess(title))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised(separator: str) -> None:
    heading = separator.join(["Name", '"Skills (a, b; c | d)"', "Project"])
    assert sniff(f"\n\n{heading}\n".encode(), "utf-8", known).delimiter == separator


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_unknown_headings_are_counted(separator: str) -> None:
    assert sniff(separator.join("abc").encode(), "utf-8", known).delimiter == separator


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n", "\ufeffsep=;\n"])
def test_a_line_that_tells_the_separator_is_no_row(first: str) -> None:
    data = f"{first}a,x;b\n1;2\n".encode()
    dialect = sniff(data, "utf-8", known)
    assert dialect == Dialect("utf-8", ";", sep_line=True)
    assert rows(data, dialect) == [(1, ["a,x", "b"]), (2, ["1", "2"])]


@pytest.mark.parametrize("first", ['sep="\n', "sep=x\n", "sep=\n", "sep=;;\n", "separator=;\n"])
def test_a_line_that_tells_nonsense_is_a_row(first: str) -> None:
    assert not sniff(f"{first}a;b\n".encode(), "utf-8", known).sep_line


@pytest.mark.parametrize("data", [b"", b'"', b'"""', b"x" * 200_000, b"\0\0", b"\n" * 100])
def test_sniffing_never_fails(data: bytes) -> None:
    assert sniff(data, "utf-8", known).delimiter in ",;\t|"
