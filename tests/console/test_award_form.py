"""What is typed into the award form: kept as typed, cut where nothing fits, and each fault told by its field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from credentials.console.award_form import (
    FROM_CORRECTED,
    FROM_PROJECT,
    LABELS,
    AwardForm,
    KeptFile,
    Problem,
    TypedDeliverable,
    TypedRating,
    as_accepted,
    by_field,
    differing,
    judge,
    preview,
    read_form,
    resolved,
    restored,
    stored,
)

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
WHOLE = AwardForm(
    recipient_name="Ana Silva",
    recipient_email="ana@mail.example",
    project_title="Survey",
    summary="Asked 20 customers.",
    deliverables=(TypedDeliverable("Report", "https://work.example/report", "public"),),
    started_on="2026-03-02",
    ended_on="2026-03-31",
    hours="40",
    skills="SQL, Survey design",
    supervisor_name="Olga Owner",
)
NO_NUMBER = "This is no number of hours."
NO_DAY = "This is no day."


def changed(**changes: object) -> AwardForm:
    return msgspec.structs.replace(WHOLE, **changes)


def told(form: AwardForm) -> list[tuple[str, str]]:
    return [(one.field, one.title) for one in judge(form)[1]]


def test_a_whole_form_has_no_problem() -> None:
    draft, problems = judge(WHOLE)
    assert problems == []
    assert (draft.started_on, draft.ended_on, draft.hours) == (date(2026, 3, 2), date(2026, 3, 31), Decimal(40))
    assert not draft.endorse


@pytest.mark.parametrize("field", ["recipient_name", "project_title", "summary", "supervisor_name"])
@pytest.mark.parametrize("text", ["", "a\u202eb", "a\x00b"], ids=["empty", "turned", "null"])
def test_a_text_that_must_be_there_and_show(field: str, text: str) -> None:
    assert {one for one, _ in told(changed(**{field: text}))} == {field}


@pytest.mark.parametrize(
    ("field", "text", "title"),
    [
        ("started_on", "", "There is no day."),
        ("ended_on", "", "There is no day."),
        ("started_on", "2026-02-30", NO_DAY),
        ("ended_on", "31.3.2026", NO_DAY),
        ("ended_on", "2026-03-31T23:59:59Z", NO_DAY),
        ("started_on", "2026-3-2", NO_DAY),
        ("started_on", "٢٠٢٦-٠٣-٠٢", NO_DAY),
        ("ended_on", "10000-01-01", NO_DAY),
        ("valid_until", "soon", NO_DAY),
        ("valid_until", "2027-02-29", NO_DAY),
        ("valid_until", "9999-12-31", NO_DAY),
        ("valid_until", "0000-00-00", NO_DAY),
        ("hours", "many", NO_NUMBER),
        ("hours", "1,000.5", NO_NUMBER),
        ("hours", "NaN", NO_NUMBER),
        ("hours", "sNaN", NO_NUMBER),
        ("hours", "Infinity", NO_NUMBER),
        ("hours", "1e3", NO_NUMBER),
        ("hours", "1_000", NO_NUMBER),
        ("hours", "٤٠", NO_NUMBER),
        ("hours", ".5", NO_NUMBER),
        ("hours", "5.", NO_NUMBER),
        ("hours", "+5", NO_NUMBER),
        ("hours", "4 0", NO_NUMBER),
        ("hours", "40\n", NO_NUMBER),
        ("hours", "9" * 30, NO_NUMBER),
    ],
)
def test_what_is_no_day_and_no_number(field: str, text: str, title: str) -> None:
    assert told(changed(**{field: text})) == [(field, title)]


@pytest.mark.parametrize("text", ["0", "0.00", "-1", "10000.01", "10001", "1.005"])
def test_hours_that_are_a_number_and_make_no_sense(text: str) -> None:
    (found,) = told(changed(hours=text))
    assert found[0] == "hours"
    assert found[1].startswith("Hours are a number above 0")


@pytest.mark.parametrize(("text", "hours"), [("37,5", "37.5"), ("037.50", "37.50"), ("0.25", "0.25"), ("", None)])
def test_hours_that_fit(text: str, hours: str | None) -> None:
    draft, problems = judge(changed(hours=text))
    assert problems == []
    assert draft.hours == (None if hours is None else Decimal(hours))


@pytest.mark.parametrize("text", ["sNaN", "1e99999", "9" * 4001])
def test_a_preview_is_small_whatever_the_hours_are(text: str) -> None:
    draft, _ = judge(changed(hours=text))
    assert len(repr(preview(draft, "acme", NOW))) < 5_000


def test_a_preview_of_nothing_says_what_is_missing_and_shows_no_day() -> None:
    shown = repr(preview(judge(AwardForm())[0], "acme", NOW))
    assert "Their name" in shown
    assert "1950" not in shown


def test_a_preview_hides_the_name_of_what_is_confidential_and_the_pay() -> None:
    secret = TypedDeliverable("Plan of the merger", "https://work.example/merger", "confidential")
    draft, _ = judge(changed(deliverables=(secret,), compensation="EUR 4321"))
    shown = repr(preview(draft, "acme", NOW))
    assert "merger" not in shown
    assert "4321" not in shown
    assert "A confidential deliverable" in shown


def test_the_last_day_counts_to_its_end() -> None:
    draft, _ = judge(changed(valid_until="2028-02-29"))
    assert draft.valid_until == datetime(2028, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("SQL, SQL;SQL\nSQL", ("SQL",)),
        (" , ;\r\n,", ()),
        ("b;a", ("b", "a")),
        ("one two\nthree", ("one two", "three")),
    ],
)
def test_skills_stand_between_commas_once_each(text: str, skills: tuple[str, ...]) -> None:
    assert judge(changed(skills=text))[0].skills == skills


@pytest.mark.parametrize(("text", "endorses"), [("Well done.", True), ("", False), (" \r\n ", False)])
def test_only_words_make_an_endorsement(text: str, endorses: bool) -> None:
    assert judge(changed(supervisor_words=text))[0].endorse is endorses


def test_a_field_is_told_once_although_the_rules_know_it_too() -> None:
    half = TypedRating("SQL", "", "")
    found = [one for one in told(changed(ratings=(half,))) if one[0] == "ratings"]
    assert found == [("ratings", "A rating is not complete.")]


def test_the_first_problem_of_a_field_is_shown() -> None:
    first, second, other = Problem("a", "1", ""), Problem("a", "2", ""), Problem("b", "3", "")
    assert by_field([first, second, other]) == {"a": first, "b": other}


def test_what_the_form_does_not_ask_for_cannot_be_sent() -> None:
    surplus = dict.fromkeys(("agreement", "engagement", "corrects", "correction", "is_admin"), "x")
    assert read_form(MultiDict(surplus)) == AwardForm()


@pytest.mark.parametrize("length", [4000, 4001, 4002, 9000])
def test_a_text_is_cut_one_beyond_the_longest(length: int) -> None:
    assert len(read_form(MultiDict({"summary": "x" * length})).summary) == min(length, 4001)


def test_the_first_of_two_texts_of_one_name_counts() -> None:
    assert read_form(MultiDict([("hours", "40"), ("hours", "80")])).hours == "40"


@pytest.mark.parametrize(
    ("kept", "fixed"),
    [
        (changed(engagement="01E", agreement="sha384-a"), FROM_PROJECT),
        (changed(corrects="01C", correction="A typing error."), FROM_CORRECTED),
        (changed(engagement="01E", corrects="01C"), FROM_PROJECT),
        (WHOLE, ()),
    ],
    ids=["project", "correction", "project-first", "own"],
)
def test_what_was_accepted_stays_whatever_is_sent(kept: AwardForm, fixed: tuple[str, ...]) -> None:
    texts: dict[str, Any] = {name: "sent" for name in LABELS if name not in ("deliverables", "ratings")}
    sent = AwardForm(**texts)
    after = as_accepted(kept, sent)
    for name in AwardForm.__struct_fields__:
        assert getattr(after, name) == getattr(kept if name in fixed else sent, name), name


def test_a_file_that_is_not_known_keeps_its_id_and_nothing_that_was_claimed() -> None:
    claimed = KeptFile("01F", "x.pdf", "text/html", 1, "sha384-x", "https://evil.example")
    form = changed(deliverables=(TypedDeliverable("Report", "", "public", claimed),))
    (row,) = resolved(form, {}).deliverables
    assert row.file == KeptFile("01F")
    assert told(resolved(form, {}))[0] == ("deliverables", "The file of “Report” is not there any more.")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"hours": "41"}, ("Hours in all", "40")),
        ({"deliverables": ()}, ("What was delivered", "Report https://work.example/report (public)")),
        ({"ratings": (TypedRating("SQL", "3", "Fast"),)}, ("How well each skill was shown", "")),
    ],
)
def test_what_somebody_else_changed_is_told_as_it_was(change: dict[str, object], line: tuple[str, str]) -> None:
    assert differing(WHOLE, changed(**change)) == [line]


def test_what_no_form_shows_is_no_difference() -> None:
    assert differing(WHOLE, changed(engagement="01E", corrects="01C")) == []


@pytest.mark.parametrize(("typed", "shown"), [(0, 3), (2, 3), (3, 4), (7, 8), (8, 8)])
def test_an_empty_row_follows_until_there_are_enough(typed: int, shown: int) -> None:
    form = AwardForm(deliverables=(TypedDeliverable("a"),) * typed, ratings=(TypedRating("a"),) * typed)
    assert (len(form.rows), len(form.rating_rows)) == (shown, shown)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"hours": 40}', '{"ratings": [1]}', '{"deliverables": null}'])
def test_what_was_not_kept_by_us_is_not_read(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        restored(text)


NAMES = [*LABELS, *(f"deliverable_{part}" for part in ("name", "url", "visibility", "kept", "remove"))]
NAMES += [f"rating_{part}" for part in ("skill", "level", "reason")]
SENT = st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=12) | st.sampled_from(["sNaN", "-0", "9999-12-31"])))


@given(sent=SENT)
def test_whatever_is_sent_is_kept_judged_and_shown(sent: list[tuple[str, str]]) -> None:
    form = read_form(MultiDict(sent))
    draft, problems = judge(form)
    assert restored(stored(form)) == form
    assert {one.field for one in problems} <= {*LABELS, "endorse"}
    preview(draft, "acme", NOW)
