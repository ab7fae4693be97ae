"""From cells to a draft: every column arrives, and every wrong cell is named with its heading and its value."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from credentials.issuer.bulk.events import RowLeftOut, RowReady
from credentials.issuer.draft import Deliverable, Draft
from tests.issuer.bulk.sheets import HEADING, codes, line, sheet, verdicts


def ready(*cells: str, heading: tuple[str, ...] = HEADING) -> Draft:
    (verdict,) = verdicts(sheet(cells, heading=heading))
    assert isinstance(verdict, RowReady), verdict
    return verdict.draft


def test_every_column_reaches_the_draft() -> None:
    heading = (*HEADING, "Deliverables", "Skills", "Role", "Valid until")
    cells = (*line(), "Map; notes (confidential); ", "research; maps, data", "Surveyor", "31.12.2030")
    assert ready(*cells, heading=heading) == Draft(
        recipient_name="Nkechi Obi",
        recipient_email="nkechi@example.net",
        project_title="Price survey",
        summary="Visited 60 shops; recorded 14 prices in each.",
        deliverables=(Deliverable("Map"), Deliverable("notes", "confidential")),
        skills=("research", "maps, data"),
        started_on=date(2026, 3, 2),
        ended_on=date(2026, 3, 11),
        hours=Decimal("38.5"),
        supervisor_name="Ruth Adeyemi",
        supervisor_words="Careful work.",
        evidence_url="https://work.example.net/1",
        valid_until=datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC),
        role="Surveyor",
    )


@pytest.mark.parametrize(
    ("cell", "skills"),
    [
        ("a; b;c", ("a", "b", "c")),
        ("a, b,c", ("a", "b", "c")),
        ("a, b; c", ("a, b", "c")),
        ("design (Figma, Sketch), Python", ("design (Figma, Sketch)", "Python")),
        ("a\nb", ("a", "b")),
        ("a, a ,b,, ", ("a", "b")),
        (";;", ()),
        ("", ()),
    ],
)
def test_skills_come_apart(cell: str, skills: tuple[str, ...]) -> None:
    assert ready(*line(), cell, heading=(*HEADING, "Skills")).skills == skills


def test_a_report_with_a_comma_is_one_deliverable() -> None:
    found = ready(*line(), "Report (PDF, 12 pages); deck", heading=(*HEADING, "Deliverables")).deliverables
    assert found == (Deliverable("Report (PDF, 12 pages)"), Deliverable("deck"))


def test_names_in_two_columns_are_joined() -> None:
    heading = ("Vorname", "Nachname", *HEADING[1:])
    assert ready("José María", "García-López", *line()[1:], heading=heading).recipient_name == "José María García-López"


def test_optional_cells_may_be_empty() -> None:
    found = ready(*line(E_mail="", Hours=" ", Comment="", Link=""))
    assert (found.recipient_email, found.hours, found.supervisor_words, found.evidence_url) == (None,) * 4


def test_text_is_trimmed_and_line_ends_are_one_kind() -> None:
    found = ready(*line(Name="  Nkechi Obi\u00a0", Description="one\r\ntwo\rthree é\r\n"))
    assert (found.recipient_name, found.summary) == ("Nkechi Obi", "one\ntwo\nthree é")


def test_accents_that_came_apart_are_joined() -> None:
    assert ready(*line(Name="Zoe\u0308 Obi")).recipient_name == "Zoë Obi"


def test_han_variants_are_kept_as_typed() -> None:
    assert ready(*line(Name="\ufa19 \u795e")).recipient_name == "\ufa19 \u795e"


@pytest.mark.parametrize(
    ("changes", "column", "value", "code"),
    [
        ({"Name": ""}, "Name", "", "missing-recipient-name"),
        ({"Name": " \u00a0"}, "Name", "", "missing-recipient-name"),
        ({"Name": "Maya Ben-David\u202e"}, "Name", "Maya Ben-David⟨U+202E⟩", "hidden-character"),
        ({"Name": "Ma\u200bya"}, "Name", "Ma⟨U+200B⟩ya", "hidden-character"),
        ({"Name": "Ma\x00ya"}, "Name", "Ma⟨U+0000⟩ya", "hidden-character"),
        ({"Name": "Ma\nya"}, "Name", "Ma⟨U+000A⟩ya", "line-break"),
        ({"E_mail": "li.ming(at)example.org"}, "E-mail", "li.ming(at)example.org", "bad-email"),
        ({"Project": ""}, "Project", "", "missing-project-title"),
        ({"Description": ""}, "Description", "", "missing-summary"),
        ({"Description": "x" * 4001}, "Description", "x" * 119 + "…", "too-long"),
        ({"Started": "31.02.2026"}, "Started", "31.02.2026", "impossible-date"),
        ({"Finished": "11.2026"}, "Finished", "11.2026", "incomplete-date"),
        ({"Finished": ""}, "Finished", "", "missing-date"),
        ({"Finished": "04/05/2026"}, "Finished", "04/05/2026", "ambiguous-date"),
        ({"Finished": "01.03.2026"}, "Finished", "01.03.2026", "ends-before-start"),
        ({"Finished": "11.03.0026"}, "Finished", "11.03.0026", "ends-before-start"),
        ({"Hours": "about two weeks"}, "Hours", "about two weeks", "bad-hours"),
        ({"Hours": "0"}, "Hours", "0", "bad-hours"),
        ({"Hours": "-3,5"}, "Hours", "-3,5", "bad-hours"),
        ({"Hours": "1,200"}, "Hours", "1,200", "ambiguous-number"),
        ({"Supervisor": ""}, "Supervisor", "", "missing-supervisor-name"),
        ({"Comment": "nice\u2066"}, "Comment", "nice⟨U+2066⟩", "hidden-character"),
        ({"Link": "javascript:alert(1)"}, "Link", "javascript:alert(1)", "bad-link"),
        ({"Link": "work.example.net"}, "Link", "work.example.net", "bad-link"),
    ],
)
def test_a_wrong_cell_is_named(changes: dict[str, str], column: str, value: str, code: str) -> None:
    (verdict,) = verdicts(sheet(line(**changes)))
    assert isinstance(verdict, RowLeftOut)
    assert verdict.row == 2
    problem = next(problem for problem in verdict.problems if problem.code == code)
    assert (problem.row, problem.column, problem.value, problem.level) == (2, column, value, "error")
    assert problem.problem.endswith(".")
    assert problem.advice.endswith(".")


def test_all_wrong_cells_are_named_at_once() -> None:
    bad = line(Name="", Started="soon", Hours="many", Link="ftp://x")
    (verdict,) = verdicts(sheet(bad))
    assert {column for column, _ in codes(verdict)} == {"Name", "Started", "Hours", "Link"}


def test_a_stand_in_for_a_date_is_never_complained_about() -> None:
    (verdict,) = verdicts(sheet(line(Started="soon", Finished="later", Hours="9999")))
    assert codes(verdict) == [("Started", "bad-date"), ("Finished", "bad-date")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://evil.example";"click")'])
def test_a_formula_stays_text_with_a_warning(text: str) -> None:
    (verdict,) = verdicts(sheet(line(Description=text)))
    assert isinstance(verdict, RowReady)
    assert verdict.draft.summary == text
    assert codes(verdict) == [("Description", "looks-like-formula")]
    assert verdict.problems[0].level == "warning"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
@pytest.mark.parametrize("column", ["Name", "Description", "Comment"])
def test_a_tab_or_line_break_first_is_a_warning(column: str, start: str) -> None:
    (verdict,) = verdicts(sheet(line(**{column: f"{start}Some text"})))
    assert isinstance(verdict, RowReady)
    assert codes(verdict) == [(column, "looks-like-formula")]


@pytest.mark.parametrize("cells", [["a"], line()[:-1], [*line(), "more"], [*line(), "", "more"], line() * 2])
def test_a_row_of_another_width_is_named(cells: list[str]) -> None:
    (verdict,) = verdicts(sheet(cells))
    assert codes(verdict) == [("", "wrong-number-of-cells")]


def test_empty_cells_beyond_the_heading_are_nothing() -> None:
    assert isinstance(verdicts(sheet([*line(), "", " "]))[0], RowReady)


def test_a_row_that_swallowed_others_hints_at_the_quote() -> None:
    data = sheet(line()) + b'Sam,"sam@example.net\r\nLee,lee@example.net\r\nKim,"x\r\n'
    problems = verdicts(data)[1].problems  # type: ignore[union-attr]
    assert "quotation mark" in problems[0].problem


def test_the_person_of_a_row_of_another_width_is_named() -> None:
    (verdict,) = verdicts(sheet(["Nkechi Obi", "x"]))
    assert isinstance(verdict, RowLeftOut)
    assert verdict.person == "Nkechi Obi"


def test_names_in_two_columns_are_named_together() -> None:
    (verdict,) = verdicts(sheet(["", " ", *line()[1:]], heading=("Vorname", "Nachname", *HEADING[1:])))
    assert codes(verdict) == [("Vorname, Nachname", "missing-recipient-name")]
