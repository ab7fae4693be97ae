"""The file as a whole: numbering, repeats, warnings, orders of dates, and whole-file refusals."""

from datetime import date
from pathlib import Path

import pytest

from credentials.core.errors import BadInput
from credentials.issuer.bulk.events import RowBlank, RowLeftOut, RowReady, RowRepeated
from credentials.issuer.bulk.plan import plan, read
from tests.issuer.bulk.sheets import HEADING, codes, kinds, line, sheet, verdicts

DATA = Path(__file__).parents[2] / "data"


def test_every_row_of_a_good_list_is_ready() -> None:
    found = list(read(plan(DATA / "finished.csv")))
    assert kinds(found) == ["ready"] * 20
    assert [verdict.row for verdict in found] == list(range(2, 22))
    assert not any(codes(verdict) for verdict in found)


def test_every_bad_row_of_a_spreadsheet_is_named() -> None:
    found = {verdict.row: verdict for verdict in read(plan(DATA / "finished-spreadsheet.csv"))}
    assert {row: codes(verdict) for row, verdict in found.items() if codes(verdict)} == {
        3: [("E-Mail", "bad-email")],
        4: [("Ende", "impossible-date")],
        6: [("Stunden", "bad-hours")],
        8: [("", "repeated-row")],
        9: [("Ende", "ends-before-start")],
        10: [("Name", "missing-recipient-name")],
        12: [("Bemerkung", "looks-like-formula")],
        13: [("Link", "bad-link")],
        14: [("Ende", "incomplete-date")],
        15: [("Name", "hidden-character")],
        17: [("", "wrong-number-of-cells")],
    }
    assert [row for row, verdict in found.items() if isinstance(verdict, RowReady)] == [2, 5, 7, 12, 16, 18]
    assert isinstance(found[11], RowBlank)
    assert sorted(found) == list(range(2, 19))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_layout_changes_nothing(separator: str, encoding: str) -> None:
    data = sheet(line(Name="Zoë Obi"), line(Hours="x"), separator=separator, encoding=encoding)
    plain = verdicts(sheet(line(Name="Zoë Obi"), line(Hours="x")))
    assert verdicts(data) == plain
    assert kinds(plain) == ["ready", "out"]


def test_windows_1252_is_read_with_a_warning() -> None:
    bulk = plan(sheet(line(Name="Zoë Brännström", Description="“Fine” – €5"), encoding="cp1252"))
    assert [warning.code for warning in bulk.warnings] == ["encoding-guessed"]
    (verdict,) = read(bulk)
    assert isinstance(verdict, RowReady)
    assert (verdict.draft.recipient_name, verdict.draft.summary) == ("Zoë Brännström", "“Fine” – €5")


def test_rows_with_damaged_bytes_are_left_out() -> None:
    data = sheet(line(Name="Zoë Brännström"), line(Name="J\x81rgen"), encoding="utf-8").replace(b"\xc2\x81", b"\xfc")
    bulk = plan(data)
    assert [warning.code for warning in bulk.warnings] == ["bytes-damaged"]
    assert [codes(verdict) for verdict in read(bulk)] == [[], [("Name", "lost-character")]]


def test_unknown_columns_are_named_and_not_used() -> None:
    bulk = plan(sheet([*line(), "43", "x"], heading=(*HEADING, "Shoe size", "")))
    assert bulk.columns.unknown == (10,)
    (verdict,) = read(bulk)
    assert codes(verdict) == [("", "wrong-number-of-cells")]  # a value without a heading is not dropped in silence
    (warning,) = bulk.warnings
    assert (warning.row, warning.column, warning.code, warning.level) == (1, "Shoe size", "unknown-column", "warning")
    assert "--map" in warning.advice


def test_a_column_without_heading_between_others_is_named() -> None:
    (warning,) = plan(sheet(["x", *line()], heading=("", *HEADING))).warnings
    assert warning.column == "column 1"


def test_row_numbers_hold_over_blank_lines_and_line_breaks() -> None:
    data = b"\r\n\r\n" + sheet(line(Description="a\r\nb\r\n\r\nc"), line(Hours="x"), [], line(Hours="y"))
    found = verdicts(data)
    assert [verdict.row for verdict in found] == [4, 5, 6, 7]
    assert kinds(found) == ["ready", "out", "blank", "out"]
    assert plan(data).first_row == 3


def test_a_repeated_row_is_named_with_the_first() -> None:
    found = verdicts(sheet(line(), line(), line(Name="Sam Lee"), line()))
    assert kinds(found) == ["ready", "repeated", "ready", "repeated"]
    repeats = [verdict for verdict in found if isinstance(verdict, RowRepeated)]
    assert [(verdict.row, verdict.of_row) for verdict in repeats] == [(3, 2), (5, 2)]
    assert codes(repeats[0]) == [("", "repeated-row")]
    assert repeats[0].problems[0].level == "warning"


def test_a_repeat_in_other_words_for_the_same_is_a_repeat() -> None:
    found = verdicts(sheet(line(), line(Hours="38,50", Started="2. März 2026", Name=" Nkechi Obi ")))
    assert kinds(found) == ["ready", "repeated"]


@pytest.mark.parametrize("change", [{"Hours": "38"}, {"Comment": "careful work."}, {"E_mail": ""}, {"Link": ""}])
def test_a_row_that_differs_is_no_repeat(change: dict[str, str]) -> None:
    assert kinds(verdicts(sheet(line(), line(**change)))) == ["ready", "ready"]


def test_a_wrong_row_twice_is_wrong_twice() -> None:
    assert kinds(verdicts(sheet(line(Hours="x"), line(Hours="x")))) == ["out", "out"]


def test_the_key_of_a_row_is_its_digest() -> None:
    first, second = verdicts(sheet(line(), line(Name="Sam Lee")))
    again = verdicts(sheet(["x", *line()], heading=("Extra", *HEADING)))[0]
    assert isinstance(first, RowReady)
    assert isinstance(second, RowReady)
    assert isinstance(again, RowReady)
    assert len(bytes.fromhex(first.key)) == 32
    assert first.key == again.key != second.key


def test_a_column_decides_the_order_of_its_dates() -> None:
    late = line(Started="13/03/2026", Finished="31/03/2026")
    found = verdicts(sheet(line(Started="02/03/2026", Finished="11/03/2026"), late))
    assert kinds(found) == ["ready", "ready"]
    assert isinstance(found[0], RowReady)
    assert found[0].draft.started_on == date(2026, 3, 2)


def test_months_first_is_seen_too() -> None:
    late = line(Started="3/13/2026", Finished="3/31/2026")
    found = verdicts(sheet(line(Started="03/02/2026", Finished="03/11/2026"), late))
    assert isinstance(found[0], RowReady)
    assert found[0].draft.ended_on == date(2026, 3, 11)


def test_a_silent_column_follows_the_other() -> None:
    found = verdicts(sheet(line(Started="02/03/2026", Finished="13/03/2026")))
    assert isinstance(found[0], RowReady)
    assert found[0].draft.started_on == date(2026, 3, 2)


def test_evidence_far_down_counts_from_the_first_row() -> None:
    rows = [line(Name=f"Person N{n}", Started="02/03/2026", Finished="11/03/2026") for n in range(300)]
    found = verdicts(sheet(*rows, line(Started="02/03/2026", Finished="31/03/2026")))
    assert set(kinds(found)) == {"ready"}


def test_a_column_that_shows_both_orders_asks() -> None:
    rows = [line(Finished=cell) for cell in ("31/03/2026", "03/30/2026", "04/05/2026", "2026-03-11")]
    found = verdicts(sheet(*rows))
    assert [codes(verdict) for verdict in found] == [[], [], [("Finished", "ambiguous-date")], []]


def test_a_column_that_shows_nothing_asks_and_is_told() -> None:
    data = sheet(line(Started="02/03/2026", Finished="03/04/2026"))
    assert codes(verdicts(data)[0]) == [("Started", "ambiguous-date"), ("Finished", "ambiguous-date")]
    day_first, month_first = verdicts(data, "dmy")[0], verdicts(data, "mdy")[0]
    assert isinstance(day_first, RowReady)
    assert isinstance(month_first, RowReady)
    assert (day_first.draft.ended_on, month_first.draft.ended_on) == (date(2026, 4, 3), date(2026, 3, 4))


def test_a_mapping_names_columns_no_one_could_guess() -> None:
    heading = ("Wer", *HEADING[1:])
    with pytest.raises(BadInput, match="recipient_name"):
        plan(sheet(line(), heading=heading))
    assert kinds(verdicts(sheet(line(), heading=heading), recipient_name="Wer")) == ["ready"]


def test_a_mapping_tells_the_separator_too() -> None:
    heading = tuple("abcdefghij")
    names = ("recipient_name", "recipient_email", "project_title", "summary", "started_on", "ended_on", "hours",
             "supervisor_name", "supervisor_words", "evidence_url")  # fmt: skip
    data = sheet(line(), heading=heading, separator=";")
    assert kinds(verdicts(data, None, **dict(zip(names, heading, strict=True)))) == ["ready"]


def test_an_unclosed_quote_is_named_and_nothing_after_it_is_guessed() -> None:
    found = verdicts(sheet(line()) + b'Sam,"x\r\n' + sheet(line(Name="Kim")))
    assert kinds(found)[0] == "ready"
    assert isinstance(found[-1], RowLeftOut)


def test_a_quote_open_to_the_end_is_named() -> None:
    found = verdicts(sheet(line()) + b'Sam,"x\r\nLee,b\r\n')
    assert [codes(verdict) for verdict in found] == [[], [("", "unclosed-quote")]]


def test_a_row_beyond_reading_is_named_and_the_next_is_read() -> None:
    found = verdicts(sheet(line(), line(Description="x" * 150_000), line(Name="Sam Lee")))
    assert [codes(verdict) for verdict in found] == [[], [("", "row-too-long")], []]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf", "file-empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "file-empty"),
        (b",,,\r\n,,,\r\n", "heading-not-found"),
        (sheet(), "no-rows"),
        (sheet() + b"\r\n,,,,,,,,,\r\n", "no-rows"),
        (sheet(line(), heading=line()), "heading-not-found"),
        (b"hello world", "heading-not-found"),
        (b'{"name": "x"}', "heading-not-found"),
        (b"<html><body>Sign in</body></html>", "heading-not-found"),
        (b"Name,Project\nx,y\n", "column-missing"),
        (sheet(line(), heading=("Name", "Full name", *HEADING[2:])), "column-ambiguous"),
        (b'"Name,Project\nx,y\n', "file-not-text"),
        (b"PK\x03\x04xl/workbook.xml", "file-is-workbook"),
        (b"\xff\xfe", "file-empty"),
        (b"\xff\xfe\x00", "heading-not-found"),
        (b"\x00\x00\x00", "file-not-text"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        plan(data)
    assert caught.value.code == code
    assert caught.value.advice


def test_reading_twice_says_the_same() -> None:
    bulk = plan(DATA / "finished-spreadsheet.csv")
    assert list(read(bulk)) == list(read(bulk))
