"""The rows of the award form: columns of unequal length, rows too many, files that are no longer there."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from credentials.console.award_rows import (
    DELIVERABLES,
    KeptFile,
    TypedDeliverable,
    TypedRating,
    row_problems,
    shown_to,
    signable,
    typed_deliverables,
    typed_ratings,
)
from credentials.issuer.draft import Deliverable
from credentials.issuer.lint import RATINGS

WHOLE = KeptFile("01F", "plan.pdf", "application/pdf", 9, "sha384-abc", "https://credentials.example/files/01F")


def things(*sent: tuple[str, str], received: dict[int, KeptFile] | None = None) -> list[TypedDeliverable]:
    typed = MultiDict([(f"deliverable_{name}", text) for name, text in sent])
    return list(typed_deliverables(typed, received or {}))


@pytest.mark.parametrize(
    ("sent", "rows"),
    [
        ([], []),
        ([("visibility", "public")], [TypedDeliverable()]),
        ([("name", " a ")], [TypedDeliverable("a", "", "")]),
        ([("url", " https://a.example ")], [TypedDeliverable("", "https://a.example", "")]),
        ([("name", "a"), ("name", "b"), ("visibility", "link")],
         [TypedDeliverable("a", "", "link"), TypedDeliverable("b", "", "")]),
        ([("kept", "x" * 40)], [TypedDeliverable("", "", "", KeptFile("x" * 26))]),
        ([("kept", "01F"), ("remove", "01F")], [TypedDeliverable("", "", "")]),
        ([("kept", "01F"), ("remove", "01G")], [TypedDeliverable("", "", "", KeptFile("01F"))]),
    ],
    ids=["none", "choice", "name", "link", "short-column", "long-id", "removed", "other-removed"],
)  # fmt: skip
def test_rows_as_they_were_sent(sent: list[tuple[str, str]], rows: list[TypedDeliverable]) -> None:
    assert things(*sent) == rows


def test_rows_beyond_the_last_are_left_out() -> None:
    found = things(*(("name", str(number)) for number in range(DELIVERABLES + 2)))
    assert [one.name for one in found] == [str(number) for number in range(DELIVERABLES)]


@pytest.mark.parametrize(("name", "called"), [("", "plan.pdf"), ("  ", "plan.pdf"), ("The plan", "The plan")])
def test_a_file_gives_its_name_where_none_was_typed(name: str, called: str) -> None:
    (row,) = things(("name", name), received={0: WHOLE})
    assert (row.name, row.file) == (called, WHOLE)


def test_a_new_file_takes_the_place_of_the_one_before() -> None:
    (row,) = things(("kept", "01E"), received={0: WHOLE})
    assert row.file == WHOLE


@pytest.mark.parametrize("text", ["", "Public", "public ", "secret", "confidential"])
def test_what_is_not_said_to_be_open_is_for_the_parties_alone(text: str) -> None:
    assert shown_to(TypedDeliverable("a", visibility=text)) == "confidential"


@pytest.mark.parametrize(
    ("file", "signed"),
    [
        (None, Deliverable("a", "public", "https://a.example")),
        (KeptFile("01F"), Deliverable("a", "public", "https://a.example")),
        (WHOLE, Deliverable("a", "public", WHOLE.url, WHOLE.digest, WHOLE.media_type, WHOLE.size)),
    ],
    ids=["link", "gone", "file"],
)
def test_only_a_whole_file_is_signed(file: KeptFile | None, signed: Deliverable) -> None:
    assert signable(TypedDeliverable("a", "https://a.example", "public", file)) == signed


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (TypedDeliverable("a", "", "public", KeptFile("01F")), "The file of “a” is not there any more."),
        (TypedDeliverable("", "", "public", KeptFile("01F")), "The file of A deliverable is not there any more."),
        (TypedDeliverable("a", "https://a.example", "public", WHOLE), "“a” has both a file and a link."),
    ],
    ids=["gone", "gone-without-name", "both"],
)
def test_what_is_wrong_with_a_file(row: TypedDeliverable, problem: str) -> None:
    (found,) = row_problems([row], [])
    assert (found.field, found.problem, found.code) == ("deliverables", problem, "row-incomplete")


@pytest.mark.parametrize("missing", ["skill", "level", "reason"])
def test_a_rating_that_lacks_one_of_its_three(missing: str) -> None:
    parts = {"skill": "SQL", "level": "3", "reason": "Fast"} | {missing: ""}
    (found,) = row_problems([], [TypedRating(**parts), TypedRating(**parts)])
    assert (found.field, found.problem) == ("ratings", "A rating is not complete.")


def test_whole_rows_have_no_problem() -> None:
    rows = [TypedDeliverable("a", "", "public", WHOLE), TypedDeliverable("b", "https://a.example")]
    assert list(row_problems(rows, [TypedRating("SQL", "3", "Fast")])) == []


def test_ratings_leave_out_what_is_empty_and_what_is_too_much() -> None:
    sent = [("rating_skill", text) for text in ("", "a", " ", *("b" * RATINGS))]
    assert [one.skill for one in typed_ratings(MultiDict(sent))] == ["a", *("b" * (RATINGS - 3))]


def test_a_level_alone_is_kept_and_told_as_incomplete() -> None:
    rows = list(typed_ratings(MultiDict({"rating_level": "3"})))
    assert rows == [TypedRating("", "3", "")]
    assert [one.problem for one in row_problems([], rows)] == ["A rating is not complete."]
