"""The draft and its digest, which is the idempotency key of a row."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.issuer.draft import Deliverable, deliverable, draft_digest
from tests.issuer.drafts import GOOD, draft


def test_digest_is_pinned() -> None:
    """Idempotency keys are stored: a change of the digest would issue everything again."""
    assert draft_digest(GOOD).hex() == "16f419df5925285eec537adeb5a9a6ac2d17dc24b0fa89be41b53973e63f38cb"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient_name": "Nkechi  Obi"},
        {"recipient_email": None},
        {"project_title": "Price survey of 61 corner shops"},
        {"summary": GOOD.summary + " "},
        {"deliverables": GOOD.deliverables[::-1]},
        {"deliverables": (Deliverable("Data set"), Deliverable("Field notes", "link"))},
        {"deliverables": (Deliverable("Data set", url="https://a.example"), GOOD.deliverables[1])},
        {"deliverables": ()},
        {"skills": ("field research, cartography",)},
        {"skills": ()},
        {"started_on": date(2026, 3, 3)},
        {"ended_on": date(2026, 3, 12)},
        {"hours": Decimal("38.6")},
        {"hours": None},
        {"supervisor_name": "Ruth Adeyemo"},
        {"supervisor_words": None},
        {"evidence_url": "https://work.example.net/p/2"},
        {"valid_until": datetime(2027, 1, 1, tzinfo=UTC)},
        {"role": "Researcher"},
        {"endorse": True},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_every_field_counts(changes: dict[str, Any]) -> None:
    assert draft_digest(draft(**changes)) != draft_digest(GOOD)


@pytest.mark.parametrize("hours", ["38.50", "3.85E+1", "038.5"])
def test_one_number_has_one_digest(hours: str) -> None:
    assert draft_digest(draft(hours=Decimal(hours))) == draft_digest(GOOD)


def test_one_instant_has_one_digest() -> None:
    utc = datetime(2027, 1, 1, 12, tzinfo=UTC)
    there = utc.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert draft_digest(draft(valid_until=utc)) == draft_digest(draft(valid_until=there))


def test_a_text_moved_to_another_field_is_another_draft() -> None:
    assert draft_digest(draft(role="x", supervisor_words=None)) != draft_digest(draft(role=None, supervisor_words="x"))


def test_a_lone_surrogate_has_no_digest() -> None:
    with pytest.raises(UnicodeEncodeError):
        draft_digest(draft(summary="\ud800"))


@pytest.mark.parametrize(
    ("text", "name", "visibility"),
    [
        ("raw notes (confidential)", "raw notes", "confidential"),
        ("raw notes (Confidential) ", "raw notes", "confidential"),
        ("raw notes [CONFIDENTIAL]", "raw notes", "confidential"),
        ("method note (link only)", "method note", "link"),
        ("method note (link-only)", "method note", "link"),
        ("map (public)", "map", "public"),
    ],
)
def test_marks_set_the_visibility(text: str, name: str, visibility: str) -> None:
    assert deliverable(text.strip()) == Deliverable(name, visibility)  # type: ignore[arg-type]  # a literal by the table


@pytest.mark.parametrize(
    "text", ["Report (PDF, 12 pages)", "confidential", "(confidential)", "(confidential) notes", "x (secret)", "", ")"]
)
def test_what_is_no_mark_stays_in_the_name(text: str) -> None:
    assert deliverable(text) == Deliverable(text, "public")


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_deliverable(text: str) -> None:
    assert text.startswith(deliverable(text).name)
