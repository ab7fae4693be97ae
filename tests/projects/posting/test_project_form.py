"""The form of a project: each fault stands by its field, and nothing that is typed is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from credentials.projects.posting.checking import day, hours, pay, text_problem
from credentials.projects.posting.project_form import (
    LABELS,
    ROWS,
    ProjectForm,
    TypedSkill,
    differing,
    judge,
    read_form,
    restored,
    searched,
    stored,
    terms_of,
)
from credentials.projects.posting.skills import COMMON_SKILLS, folded, framework_of
from credentials.projects.posting.starters import STARTERS
from credentials.projects.terms import TermsDeliverable
from tests.projects.conftest import FORM

TODAY = date(2026, 3, 16)


def changed(**changes: object) -> ProjectForm:
    return msgspec.structs.replace(FORM, **changes)


def test_a_whole_form_has_no_problem() -> None:
    assert judge(FORM, TODAY) == []


@pytest.mark.parametrize("field", ["title", "brief", "compensation", "hours", "starts_on", "ends_on"])
def test_what_must_be_there(field: str) -> None:
    assert [one.field for one in judge(changed(**{field: ""}), TODAY)] == [field]


LATER = TermsDeliverable("Plan", "", "confidential", "")
WRONG: list[tuple[str, object]] = [
    ("title", "x" * 121),
    ("title", "two\nlines"),
    ("title", "a\u202eb"),
    ("brief", "a\u200bb"),
    ("brief", "\ufffd"),
    ("brief", "x" * 4001),
    ("hours", "many"),
    ("hours", "0"),
    ("hours", "-4"),
    ("hours", "1001"),
    ("hours", "1e2"),
    ("hours", "٤٠"),
    ("starts_on", "20.3.2026"),
    ("starts_on", "2026-02-30"),
    ("ends_on", "2026-03-15"),
    ("ends_on", "2026-03-19"),
    ("ends_on", "9999-12-31"),
    ("compensation", "x" * 61),
    ("budget", "x" * 201),
    ("remote", "perhaps"),
    ("owner_of_work", "nobody"),
    ("may_be_shown", ""),
    ("deliverables", ()),
    ("deliverables", (TermsDeliverable("", "Ten pages"),)),
    ("deliverables", (TermsDeliverable("Plan", visibility="secret"),)),
    ("deliverables", (LATER,)),
    ("deliverables", (TermsDeliverable("a\x00b"),)),
    ("skills", ()),
    ("skills", (TypedSkill(""),)),
    ("skills", (TypedSkill("SQL"), TypedSkill("sql"))),
    ("skills", (TypedSkill("x" * 121),)),
    ("skills", (TypedSkill("SQL", "https://evil.example/esco"),)),
    ("skills", (TypedSkill("SQL", "javascript:alert(1)"),)),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=[f"{field}-{n}" for n, (field, _) in enumerate(WRONG)])
def test_what_keeps_a_project_from_the_board_is_said_by_its_field(field: str, value: object) -> None:
    found = judge(changed(**{field: value}), TODAY)

    assert {one.field for one in found} == {field}
    assert all(one.title and one.advice for one in found)


def test_on_site_work_has_a_place() -> None:
    assert [one.field for one in judge(changed(remote="no"), TODAY)] == ["place"]
    assert judge(changed(remote="no", place="Porto"), TODAY) == []


def test_the_last_day_still_counts() -> None:
    assert judge(changed(starts_on="2026-03-16", ends_on="2026-03-16"), TODAY) == []


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_wants_dates_and_pay_and_nothing_else(name: str) -> None:
    form = STARTERS[name][1]

    assert {one.field for one in judge(form, TODAY)} == {"starts_on", "ends_on", "compensation"}
    assert {one.name for one in form.skills} <= set(COMMON_SKILLS)


def test_there_are_six_starters_and_about_300_skills_each_once() -> None:
    assert len(STARTERS) == 6
    assert len({folded(one) for one in COMMON_SKILLS}) == len(COMMON_SKILLS) > 290
    assert list(COMMON_SKILLS) == sorted(COMMON_SKILLS, key=str.lower)


def test_what_is_confidential_is_not_searched() -> None:
    text = searched(FORM)

    assert "notes of the interviews" in text
    assert "raw notes" not in text
    assert "600" not in text


def test_terms_hold_what_both_agree_on_and_no_budget() -> None:
    terms = terms_of(FORM)

    assert terms.skills == ("Survey design", "SQL")
    assert terms.skill_links == ("", "http://data.europa.eu/esco/skill/sql")
    assert "600" not in msgspec.json.encode(terms).decode()


def test_forms_that_differ_are_told_field_by_field() -> None:
    other = changed(title="Another", skills=(TypedSkill("SQL"),))

    assert differing(FORM, other) == [
        ("Title", FORM.title),
        ("Skills", "Survey design; SQL, http://data.europa.eu/esco/skill/sql"),
    ]
    assert differing(FORM, FORM) == []


@given(st.text())
def test_a_day_is_a_day_or_nothing(text: str) -> None:
    found = day(text)
    assert found is None or found.isoformat() == text


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_each_day_is_read(when: date) -> None:
    assert day(when.isoformat()) == when


@given(st.text())
def test_hours_are_a_number_in_bounds_or_nothing(text: str) -> None:
    found = hours(text)
    assert found is None or 0 < found <= 1000


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("EUR 400", ("EUR", Decimal(400))),
        ("GBP 12.50", ("GBP", Decimal("12.50"))),
        ("400 EUR", None),
        ("eur 400", None),
        ("EUR 400 a week", None),
        ("EUR ٤٠٠", None),
        ("", None),
    ],
)
def test_pay_in_numbers(text: str, wanted: object) -> None:
    assert pay(text) == wanted


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("one", "other"), [("Résumé", "RESUME"), ("ＳＱＬ", "sql"), (" a \t b", "A B"), ("Straße", "STRASSE")]
)
def test_two_spellings_of_one_word(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://esco.ec.europa.eu/en/classification/skill?uri=1", "ESCO"),
        ("https://data.europa.eu/esco/skill/1", "ESCO"),
        ("http://data.europa.eu/esco/skill/1", "ESCO"),
        ("https://www.onetonline.org/link/summary/15-2051.00", "O*NET"),
        ("http://www.onetonline.org/link", None),
        ("http://data.europa.eu/other", None),
        ("https://data.europa.eu:444/esco/skill/1", None),
        ("https://data.europa.eu@evil.example/esco", None),
        ("https://evil@data.europa.eu/esco", None),
        ("https://data.europa.eu.evil.example/", None),
        ("https://[", None),
        ("javascript://data.europa.eu/%0aalert(1)", None),
        ("", None),
    ],
)
def test_addresses_of_frameworks(address: str, wanted: str | None) -> None:
    assert framework_of(address) == wanted


@given(st.text())
def test_any_address_is_answered(address: str) -> None:
    assert framework_of(address) in (None, "ESCO", "O*NET")


NAMES = [*LABELS, *(f"deliverable_{part}" for part in ("name", "description", "visibility", "summary"))]
TYPED = st.lists(st.tuples(st.sampled_from([*NAMES, "skill_name", "skill_link"]), st.text()), max_size=60)


@given(TYPED)
def test_whatever_is_typed_is_kept_judged_and_never_fails(pairs: list[tuple[str, str]]) -> None:
    typed = MultiDict([(name, text.encode("utf-8", "replace").decode()) for name, text in pairs])
    form = read_form(typed)

    assert restored(stored(form)) == form
    assert len(form.deliverables) <= ROWS >= len(form.skills)
    assert {one.field for one in judge(form, TODAY)} <= set(LABELS)
    assert isinstance(searched(form), str)
    assert not {"\x00"} & set(searched(form)) or judge(form, TODAY)


def test_a_text_in_bounds_has_no_problem() -> None:
    assert text_problem("title", "Ein Bericht über نتائج", 60) is None
