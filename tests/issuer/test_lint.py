"""What must not be signed is refused with a code; what looks odd is a warning; what is good has no findings."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.issuer.draft import Deliverable, Draft, draft_digest
from credentials.issuer.lint import ENTRIES, LIMITS, Finding, lint, refuses
from tests.issuer.drafts import GOOD, draft


def errors(changed: Draft) -> set[tuple[str, str]]:
    return {(finding.field, finding.code) for finding in lint(changed) if finding.level == "error"}


def warnings(changed: Draft) -> set[tuple[str, str]]:
    return {(finding.field, finding.code) for finding in lint(changed) if finding.level == "warning"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"recipient_email": None, "hours": None, "supervisor_words": None, "evidence_url": None, "skills": ()},
        {"deliverables": ()},
        {"recipient_name": "علی\u200cرضا محمدی"},
        {"recipient_name": "X Æ A-12"},
        {"recipient_name": "王"},
        {"recipient_name": "Björk"},
        {"summary": "First line\nsecond line\n\t- a point"},
        {"started_on": date(2026, 3, 11), "hours": None},
        {"hours": Decimal("0.25")},
        {"hours": Decimal(240)},
        {"valid_until": datetime(2026, 3, 12, tzinfo=UTC)},
        {"role": "Research assistant"},
        {"summary": "s" * 4000},
        {"deliverables": (Deliverable("Map", url="https://maps.example.net/1"),)},
    ],
    ids=str,
)
def test_good_drafts_have_no_findings(changes: dict[str, Any]) -> None:
    assert lint(draft(**changes)) == []


@pytest.mark.parametrize("blank", ["", " ", "\t", "\n", "\u00a0", " \u2003 "])
@pytest.mark.parametrize("field", ["recipient_name", "project_title", "summary", "supervisor_name"])
def test_a_missing_text_is_refused(field: str, blank: str) -> None:
    assert (field, f"missing-{field.replace('_', '-')}") in errors(draft(**{field: blank}))


@pytest.mark.parametrize("name", ["-", "123", "…", "???", "--"])
def test_a_name_without_letters_is_missing(name: str) -> None:
    assert ("recipient_name", "missing-recipient-name") in errors(draft(recipient_name=name))


@pytest.mark.parametrize(
    "address",
    [
        "li.ming(at)example.org",
        "li.ming at example.org",
        "li.ming@example",
        "@example.org",
        "li.ming@",
        "li@ming@example.org",
        "li..ming@example.org",
        ".li@example.org",
        "li.@example.org",
        "li@-example.org",
        "li@example-.org",
        "li@example..org",
        "li@example.org.",
        "li@example.o",
        "li@example.42",
        "li@127.0.0.1",
        "li@[127.0.0.1]",
        "li@exa mple.org",
        " li@example.org",
        "li@example.org ",
        "Li Ming <li@example.org>",
        "mailto:li@example.org",
        "li@example.org, ming@example.org",
        "li@example.org;ming@example.org",
        '"li ming"@example.org',
        "li\n@example.org",
        "li@example.org\n",
        "l" * 65 + "@example.org",
        "li@" + "e" * 64 + ".org",
        "li@" + "example." * 32 + "org",
        "",
        "n/a",
        "http://example.org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    found = [finding for finding in lint(draft(recipient_email=address)) if finding.code == "bad-email"]
    assert [finding.field for finding in found] == ["recipient_email"]
    assert "name@example.org" in found[0].advice


@pytest.mark.parametrize(
    "address",
    ["a@b.co", "o'brien+work@mail.example.org", "x_y-z@ex-ample.co.uk", "用户@例子.广告", "Ä@exämple.de", "1@2.museum"],
)
def test_addresses_pass(address: str) -> None:
    assert lint(draft(recipient_email=address)) == []


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://work.example.net/x",
        "file:///etc/passwd",
        "work.example.net/x",
        "//work.example.net/x",
        "https:work.example.net",
        "https:///x",
        "https://",
        "https://user:secret@work.example.net/",
        "https://work.example.net@other.example/",
        "https://work.example.net/a b",
        " https://work.example.net",
        "https://work.example.net\n",
        "https://work..example.net/",
        "https://-work.example.net/",
        'https://work.example.net/">',
        "https://work.example.net/<script>",
        "https://work.example.net/\u202etxt",
        "https://work.example.net\\@other.example",
        "https://work.example.net:port/",
        "https://work.example.net/" + "x" * 2000,
        "",
    ],
)
def test_links_that_cannot_be_shown_are_refused(link: str) -> None:
    assert ("evidence_url", "bad-link") in errors(draft(evidence_url=link))
    assert ("deliverables", "bad-link") in errors(draft(deliverables=(Deliverable("Map", url=link),)))


@pytest.mark.parametrize(
    "link",
    ["http://example.net", "HTTPS://EXAMPLE.NET/", "https://a.example:8443/x?y=1&z=(2)#t", "https://[2001:db8::1]/", "https://exämple.net/ü"],
)  # fmt: skip
def test_links_pass(link: str) -> None:
    assert lint(draft(evidence_url=link)) == []


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u200b", "\u0000", "\ufeff", "\u00ad", "\ud800"])
@pytest.mark.parametrize(
    "field", ["recipient_name", "project_title", "summary", "supervisor_name", "supervisor_words", "role"]
)
def test_hidden_characters_are_refused_in_every_text(field: str, mark: str) -> None:
    assert (field, "hidden-character") in errors(draft(**{field: f"some{mark} text"}))


def test_hidden_characters_are_refused_in_lists() -> None:
    assert errors(draft(skills=("a\u202eb",), deliverables=(Deliverable("c\u200bd"),))) == {
        ("skills", "hidden-character"),
        ("deliverables", "hidden-character"),
    }


def test_a_finding_does_not_carry_the_hidden_character_on() -> None:
    (found,) = lint(draft(recipient_name="Maya Ben-David\u202e"))
    assert "\u202e" not in str(found)
    assert found.value == "Maya Ben-David⟨U+202E⟩"
    assert "U+202E at place 15" in found.problem


@pytest.mark.parametrize("field", ["recipient_name", "project_title", "supervisor_name", "role"])
@pytest.mark.parametrize("text", ["two\nlines", "a\ttab", "a\rreturn"])
def test_short_texts_stand_on_one_line(field: str, text: str) -> None:
    assert (field, "line-break") in errors(draft(**{field: text}))


@pytest.mark.parametrize("field", [field for field in LIMITS if field not in ("deliverables", "skills", "ratings")])
def test_too_long_texts_are_refused(field: str) -> None:
    assert (field, "too-long") in errors(draft(**{field: "x" * (LIMITS[field] + 1)}))


def test_long_and_many_entries_are_refused() -> None:
    assert errors(draft(skills=("x" * (LIMITS["skills"] + 1),))) == {("skills", "too-long")}
    assert errors(draft(deliverables=(Deliverable("x" * 301),))) == {("deliverables", "too-long")}
    assert errors(draft(skills=("x",) * (ENTRIES + 1))) == {("skills", "too-many-entries")}
    assert errors(draft(deliverables=(Deliverable("x"),) * 51)) == {("deliverables", "too-many-entries")}


@pytest.mark.parametrize("empty", ["", " "])
def test_empty_entries_are_refused(empty: str) -> None:
    assert errors(draft(skills=("x", empty))) == {("skills", "empty-entry")}
    assert errors(draft(deliverables=(Deliverable(empty),))) == {("deliverables", "empty-entry")}


def test_lost_and_piled_characters_are_refused() -> None:
    assert errors(draft(recipient_name="Zo\ufffd Br\ufffdnnstr\ufffdm")) == {("recipient_name", "lost-character")}
    assert errors(draft(recipient_name="Z" + "\u0301" * 9)) == {("recipient_name", "piled-marks")}


def test_the_work_does_not_end_before_it_starts() -> None:
    assert errors(draft(ended_on=date(2026, 3, 1), hours=None)) == {("ended_on", "ends-before-start")}


@pytest.mark.parametrize("day", [date(1, 1, 1), date(26, 3, 2), date(1949, 12, 31), date(2200, 1, 1), date.max])
def test_years_that_cannot_be_right_are_refused(day: date) -> None:
    assert {("started_on", "date-out-of-range"), ("ended_on", "date-out-of-range")} == errors(
        draft(started_on=day, ended_on=day, hours=None)
    )


@pytest.mark.parametrize("hours", ["0", "-1", "NaN", "Infinity", "-Infinity", "10000.01", "1.234", "1e9", "1e-3"])
def test_impossible_hours_are_refused(hours: str) -> None:
    assert errors(draft(hours=Decimal(hours))) == {("hours", "bad-hours")}


def test_nobody_works_more_hours_than_there_are() -> None:
    assert warnings(draft(hours=Decimal("240.01"))) == {("hours", "more-hours-than-time")}


@pytest.mark.parametrize(
    ("until", "code"),
    [(datetime(2027, 1, 1), "no-time-zone"), (datetime(2026, 3, 10, tzinfo=UTC), "expires-too-early")],  # noqa: DTZ001
)
def test_ends_of_validity_that_make_no_sense_are_refused(until: datetime, code: str) -> None:
    assert errors(draft(valid_until=until)) == {("valid_until", code)}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
@pytest.mark.parametrize("field", ["recipient_name", "project_title", "summary", "supervisor_words", "role"])
def test_formulas_stay_text_with_a_warning(field: str, start: str) -> None:
    changed = draft(**{field: f"{start}HYPERLINK(1)"})
    assert (field, "looks-like-formula") in warnings(changed)
    assert not refuses(lint(changed))


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_a_tab_or_line_break_first_is_a_warning(start: str) -> None:
    assert warnings(draft(summary=f"{start}SUM(1)")) == {("summary", "looks-like-formula")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"recipient_name": "nkechi@example.net"}, ("recipient_name", "name-is-email")),
        ({"recipient_name": "ZoÃ« Obi"}, ("recipient_name", "looks-garbled")),
        ({"ended_on": date(2027, 6, 1)}, ("ended_on", "long-project")),
    ],
)
def test_odd_things_are_warnings(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    changed = draft(**changes)
    assert warnings(changed) == {expected}
    assert not refuses(lint(changed))


def test_every_wrong_thing_is_named_at_once() -> None:
    changed = draft(recipient_name="", recipient_email="x", evidence_url="javascript:1", hours=Decimal(-1))
    assert {field for field, _ in errors(changed)} == {"recipient_name", "recipient_email", "evidence_url", "hours"}


def test_lint_has_no_memory() -> None:
    bad = draft(recipient_name="\u202e")
    assert lint(bad) == lint(bad)
    assert lint(GOOD) == []


TEXT = st.text(st.characters(), max_size=40)


@settings(deadline=None)
@given(TEXT, TEXT, TEXT, TEXT, st.dates(), st.dates(), st.none() | st.decimals())
def test_any_draft_gets_findings_that_can_be_printed(
    name: str, email: str, link: str, skill: str, start: date, end: date, hours: Decimal | None
) -> None:
    changed = draft(recipient_name=name, recipient_email=email, evidence_url=link, skills=(skill,), started_on=start,
                    ended_on=end, hours=hours)  # fmt: skip
    for finding in lint(changed):
        assert isinstance(finding, Finding)
        assert finding.problem
        assert finding.advice
        assert len(finding.value) <= 1200
        str(finding).encode()


@pytest.mark.parametrize(
    "moment",
    ["9999-12-31T23:59:59-14:00", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1899-12-31T23:59:59Z"],
)
def test_the_ends_of_the_calendar_are_refused(moment: str) -> None:
    """They cannot be said in UTC, so whoever went on with them would fail."""
    findings = lint(draft(valid_until=datetime.fromisoformat(moment)))
    assert [(one.field, one.code, one.level) for one in findings] == [("valid_until", "date-out-of-range", "error")]


def test_the_last_year_of_validity_can_be_signed() -> None:
    latest = datetime.fromisoformat("9998-12-31T23:59:59-14:00")
    assert not lint(draft(valid_until=latest))
    assert draft_digest(draft(valid_until=latest))
