"""The form of the terms at its edges: the longest text and one beyond, rows that are empty, links of skills."""

from __future__ import annotations

import msgspec
import pytest
from werkzeug.datastructures import MultiDict

from credentials.projects.agreeing.form import DELIVERABLES, SKILLS, day_of, judge, read_terms
from credentials.projects.terms import Terms, TermsDeliverable
from tests.projects.at_work import TERMS

LONGEST = {"title": 200, "brief": 4000, "expectations": 4000, "compensation": 200}
TOO_LONG = "This is too long."
HIDDEN = "There are hidden characters in it."
PARTS = ("name", "description", "visibility", "summary")


def changed(**changes: object) -> Terms:
    return msgspec.structs.replace(TERMS, **changes)


def told(**changes: object) -> list[tuple[str, str]]:
    return [(one.field, one.title) for one in judge(changed(**changes))]


def rows(*sent: tuple[str, ...]) -> tuple[TermsDeliverable, ...]:
    typed = MultiDict([(f"deliverable_{part}", text) for row in sent for part, text in zip(PARTS, row, strict=False)])
    return read_terms(typed, TERMS).deliverables


@pytest.mark.parametrize(("field", "longest"), LONGEST.items())
def test_the_longest_text_fits_and_one_more_does_not(field: str, longest: int) -> None:
    assert told(**{field: "ü" * longest}) == []
    assert told(**{field: "ü" * (longest + 1)}) == [(field, TOO_LONG)]


@pytest.mark.parametrize("field", LONGEST)
@pytest.mark.parametrize("sign", ["\x00", "\r", "\u2028", "\u200b", "\ue000"])
def test_what_does_not_show_is_told_in_each_text(field: str, sign: str) -> None:
    assert told(**{field: f"a{sign}b"}) == [(field, HIDDEN)]


@pytest.mark.parametrize("field", LONGEST)
def test_only_long_texts_have_lines(field: str) -> None:
    assert bool(told(**{field: "a\nb"})) is (field in ("title", "compensation"))


@pytest.mark.parametrize(
    "text", ["0", "0.0", "000.00", "40.", ".5", "37,5", "1e2", "12345", "1.234", "+4", " 4", "NaN"]
)
def test_what_is_no_number_of_hours(text: str) -> None:
    assert told(hours=text) == [("hours", "That is no number of hours.")]


@pytest.mark.parametrize("text", ["", "1", "0.25", "0.01", "100", "37.50", "9999.99"])
def test_hours_that_can_be_agreed(text: str) -> None:
    assert told(hours=text) == []


@pytest.mark.parametrize(
    "text", ["", "2026-02-29", "2026-W10-1", "1999-12-31", "3000-01-01", "2026-03-02 ", "2026-03-02\n", "٢٠٢٦-٠٣-٠٢"]
)
def test_what_is_no_day(text: str) -> None:
    assert day_of(text) is None


def test_work_may_begin_and_end_on_one_day() -> None:
    assert told(starts_on="2028-02-29", ends_on="2028-02-29") == []
    assert told(starts_on="2028-03-01", ends_on="2028-02-29") == [("ends_on", "The deadline is before the first day.")]


@pytest.mark.parametrize(
    ("one", "title"),
    [
        (TermsDeliverable(""), "One of them can’t be used."),
        (TermsDeliverable("a" * 201), "One of them can’t be used."),
        (TermsDeliverable("a\nb"), "One of them can’t be used."),
        (TermsDeliverable("a", "b" * 1001), "One of them can’t be used."),
        (TermsDeliverable("a", "b\u202ec"), "One of them can’t be used."),
        (TermsDeliverable("a", "b", "link", "c" * 1001), "One of them can’t be used."),
        (TermsDeliverable("a", "b", "Public"), "One of them can’t be used."),
        (TermsDeliverable("a", "b", "confidential"), "What is confidential needs a line for the public."),
    ],
    ids=range(8),
)
def test_a_deliverable_that_cannot_be_agreed(one: TermsDeliverable, title: str) -> None:
    assert told(deliverables=(TermsDeliverable("Report"), one)) == [("deliverables", title)]


def test_a_deliverable_at_every_cap_fits() -> None:
    assert told(deliverables=(TermsDeliverable("a" * 200, "b" * 1000, "confidential", "c" * 1000),)) == []


def test_one_deliverable_too_many_is_told_and_not_cut_away() -> None:
    sent = [(str(number), "", "public", "") for number in range(DELIVERABLES + 3)]
    found = rows(*sent)
    assert len(found) == DELIVERABLES + 1
    assert told(deliverables=found) == [("deliverables", "These are too many.")]
    assert told(deliverables=found[:-1]) == []


def test_empty_rows_are_left_out_wherever_they_stand() -> None:
    empty = ("", " ", "link", "\r\n")
    found = rows(empty, ("a", "one\r\ntwo", "", ""), empty, ("", "", "", "b"))
    assert found == (TermsDeliverable("a", "one\ntwo"), TermsDeliverable("", "", "public", "b"))


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("SQL, Surveys", ("sql-link", "")),
        ("Surveys, SQL", ("", "sql-link")),
        ("SQL,SQL ,\n SQL", ("sql-link",)),
        ("sql", ()),
        ("Surveys", ()),
        (" , ", ()),
    ],
)
def test_a_skill_keeps_its_link_by_its_name(names: str, kept: tuple[str, ...]) -> None:
    before = changed(skills=("SQL", "Surveys"), skill_links=("sql-link", ""))
    assert read_terms(MultiDict({"skills": names}), before).skill_links == kept


@pytest.mark.parametrize(
    ("skills", "fits"),
    [
        (tuple(map(str, range(SKILLS))), True),
        (("a" * 80,), True),
        (("a\u200bb",), False),
        ((), True),
    ],
    ids=["most", "longest", "hidden", "none"],
)
def test_skills_at_their_caps(skills: tuple[str, ...], fits: bool) -> None:
    assert (told(skills=skills) == []) is fits


def test_problems_stand_in_the_order_of_the_form() -> None:
    fields = [one.field for one in judge(read_terms(MultiDict(), TERMS))]
    assert fields == ["title", "compensation", "starts_on", "ends_on", "owner_of_work", "may_be_shown", "deliverables"]


COMMAS = ("Excel, advanced", "SQL", "Excel", "Writing, editing, proof-reading")
TYPED: list[tuple[str, tuple[str, ...]]] = [
    ("Excel, advanced, SQL", ("Excel, advanced", "SQL")),
    ("SQL,Excel, advanced", ("SQL", "Excel, advanced")),
    ("Excel,  advanced", ("Excel", "advanced")),
    ("Excel, advanced topics", ("Excel", "advanced topics")),
    ("Microsoft Excel, advanced", ("Microsoft Excel", "advanced")),
    ("Excel, SQL", ("Excel", "SQL")),
    ("Writing, editing, proof-reading, Writing", ("Writing, editing, proof-reading", "Writing")),
    ("Writing, editing", ("Writing", "editing")),
    ("Excel, advanced, Excel, advanced", ("Excel, advanced",)),
    (" , ,, ", ()),
    ("", ()),
]


@pytest.mark.parametrize(("typed", "skills"), TYPED, ids=[str(number) for number in range(len(TYPED))])
def test_a_skill_of_before_keeps_its_commas_and_its_link(typed: str, skills: tuple[str, ...]) -> None:
    links = tuple(f"http://data.europa.eu/esco/skill/{number}" for number in range(len(COMMAS)))
    before = changed(skills=COMMAS, skill_links=links)
    found = read_terms(MultiDict({"skills": typed}), before)
    known = dict(zip(COMMAS, links, strict=True))

    assert found.skills == skills
    assert dict(zip(found.skills, found.skill_links or [""] * len(skills), strict=True)) == {
        one: known.get(one, "") for one in skills
    }


def test_what_the_form_shows_comes_back_as_it_was() -> None:
    before = changed(skills=COMMAS)

    assert read_terms(MultiDict({"skills": ", ".join(COMMAS)}), before).skills == COMMAS
