"""No export runs as a formula."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core.csv_export import RowFile, formula, neutralise


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '=HYPERLINK("http://x";"y")', "=cmd|' /C calc'!A0",
     "＝1", "\u00a0-1", "-"],
)  # fmt: skip
def test_formulas_are_neutralised(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a", "a=1", "1-1", "a@b.co", "'=1", "R&D", "2026-03-02", "李 明"])
def test_other_text_is_unchanged(text: str) -> None:
    assert neutralise(text) == text


@settings(deadline=None)
@given(st.text())
def test_no_text_comes_out_as_a_formula(text: str) -> None:
    assert not formula(neutralise(text))
    assert neutralise(text).endswith(text)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4), max_size=4))
def test_what_is_written_reads_back_neutral(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    file = RowFile(stream)
    for row in rows:
        file.write(row)
    back = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert back == [[neutralise(cell) for cell in row] for row in rows]


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    stream = io.StringIO()
    RowFile(stream).write([3, -2, None, True, 'a;b,"c"'])
    assert stream.getvalue() == '"3","-2","","True","a;b,""c"""\r\n'
