"""Lint a draft before it is recorded: what would be signed wrong is refused, what looks odd is named.

- a text that must be there is there; none is longer than a page can show
- no hidden character, no lost character (U+FFFD), no pile of combining marks
- an e-mail address has the form of one (RFC 5321 lengths, RFC 6531 letters)
- the work did not end before it started; hours are a number that makes sense
- a file that was handed over is told of in full (SHA-384, media type, size) and stands there once
- a link is http or https, names a host and carries no password (RFC 3986 section 3)
- text that a spreadsheet would run as a formula stays text, with a warning

Pure: no clock, no I/O. The same draft always has the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final, Literal

from credentials.core.csv_export import formula
from credentials.core.micro_internship import sha384_of
from credentials.issuer.characters import broken, garbled, harmless, hidden, stacked, visible
from credentials.issuer.draft import Deliverable, Draft

__all__ = ["LIMITS", "Finding", "Level", "lint", "refuses"]

Level = Literal["error", "warning"]

LIMITS: Final = {
    "recipient_name": 200,
    "recipient_email": 254,
    "project_title": 200,
    "summary": 4000,
    "deliverables": 300,
    "skills": 120,
    "supervisor_name": 200,
    "supervisor_words": 2000,
    "evidence_url": 2000,
    "role": 120,
    "compensation": 60,
    "ratings": 300,
}
"""The longest text of each field, in characters; for `deliverables`, `skills` and `ratings`, of each entry."""

ENTRIES: Final = 50
"""The most entries of `deliverables` and of `skills`."""
RATINGS: Final = 8

_MANY_LINES = frozenset({"summary", "supervisor_words"})
_REQUIRED = {
    "recipient_name": "Write the person's name as it should stand on the credential.",
    "project_title": "Write what the project was called.",
    "summary": "Write in a sentence or two what was done.",
    "supervisor_name": "Write the name of whoever supervised the work.",
}
# Both cases spelled out: a pattern that ignores case takes twice as long.
_LETTER = r"A-Za-z0-9\u00a1-\U0010ffff"
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?"
_ATOM = r"[^\s@()<>\[\]{}:;,\\\".]{1,64}"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?=[^.]{{2}})(?=[^.]*[^0-9.]){_LABEL}")
_HOST = rf"{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\]"
_LINK = re.compile(rf"[Hh][Tt][Tt][Pp][Ss]?://(?:{_HOST})(?::[0-9]{{1,5}})?(?:[/?#][^\s<>\"\\^`{{|}}]*)?")
_SHA384 = re.compile(r"sha384-[A-Za-z0-9+/]{64}")
# RFC 6838 section 4.2, in lower case and without parameters.
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_MOST_BYTES = 10**15
_EARLIEST = date(1950, 1, 1)
_LATEST = date(2199, 12, 31)
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
_LONG = 366
_MOST_HOURS = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a draft: an `error` refuses it, a `warning` lets it through.

    `field` is the draft's field, `value` is safe to print and at most 120 characters, `problem` and `advice` are
    sentences, `code` is stable.
    """

    level: Level
    field: str
    value: str
    problem: str
    advice: str
    code: str


def refuses(findings: list[Finding]) -> bool:
    """Whether any of the findings is an error."""
    return any(finding.level == "error" for finding in findings)


def lint(draft: Draft) -> list[Finding]:
    """Everything to say about a draft, in the order of its fields; an empty list when there is nothing to say."""
    findings: list[Finding] = []
    texts = _texts(draft)
    # Most drafts are harmless throughout: one look at all of it spares a look at each text.
    all_harmless = harmless("".join([text for _, text in texts]))
    for field, text in texts:
        if not text or text.isspace():
            if field in _REQUIRED:
                findings.append(_missing(field))
        elif len(text) > LIMITS[field] or text[0] in "=+-@ \t\r\n＝＋－＠" or not (all_harmless or harmless(text)):
            findings += _text(field, text)
    findings += _name(draft.recipient_name)
    findings += _lists(draft)
    findings += _email(draft.recipient_email)
    findings += _dates(draft)
    findings += _hours(draft)
    findings += _links(draft)
    findings += _files(draft)
    findings += _rated_twice(draft)
    findings += _agreement(draft.agreement)
    return findings


def _error(field: str, value: str, problem: str, advice: str, code: str) -> Finding:
    return Finding("error", field, visible(value), problem, advice, code)


def _warning(field: str, value: str, problem: str, advice: str, code: str) -> Finding:
    return Finding("warning", field, visible(value), problem, advice, code)


def _missing(field: str, value: str = "") -> Finding:
    words = field.replace("_", " ")
    return _error(field, value, f"There is no {words}.", _REQUIRED[field], f"missing-{words.replace(' ', '-')}")


def _texts(draft: Draft) -> list[tuple[str, str]]:
    return [
        ("recipient_name", draft.recipient_name),
        ("recipient_email", draft.recipient_email or ""),
        ("project_title", draft.project_title),
        ("summary", draft.summary),
        *[("deliverables", item.name) for item in draft.deliverables],
        *[("skills", skill) for skill in draft.skills],
        ("supervisor_name", draft.supervisor_name),
        ("supervisor_words", draft.supervisor_words or ""),
        ("evidence_url", draft.evidence_url or ""),
        ("role", draft.role or ""),
        ("compensation", draft.compensation or ""),
        *[("ratings", text) for one in draft.ratings for text in (one.skill, one.level, one.reason or "")],
    ]


def _text(field: str, text: str) -> Iterator[Finding]:
    """What is wrong with a text that is not plainly harmless."""
    if len(text) > LIMITS[field]:
        problem = f"This is {len(text)} characters long; at most {LIMITS[field]} fit."
        yield _error(field, text, problem, "Shorten it.", "too-long")
    if not harmless(text):
        yield from _characters(field, text)
    if formula(text):
        problem = "A spreadsheet would run this as a formula. It is kept as text."
        yield _warning(field, text, problem, "Check that this text is meant.", "looks-like-formula")


def _characters(field: str, text: str) -> Iterator[Finding]:
    found = hidden(text, lines=field in _MANY_LINES)
    if found:
        yield _hidden(field, text, found)
    if broken(text):
        advice = "Save the file again as UTF-8, or type the text again."
        yield _error(field, text, "A character was lost before it came here (U+FFFD).", advice, "lost-character")
    if stacked(text):
        advice = "Type it again without the extra marks."
        yield _error(field, text, "Many marks are piled on one letter.", advice, "piled-marks")
    if garbled(text):
        advice = "Look at the accented letters; if they are wrong, save the file as UTF-8."
        yield _warning(field, text, "This looks like text read in the wrong encoding.", advice, "looks-garbled")


def _hidden(field: str, text: str, found: str) -> Finding:
    if found in "\t\n\r":
        problem, advice = "There is a line break or a tab in it.", "Write it on one line."
        return _error(field, text, problem, advice, "line-break")
    place = text.index(found) + 1
    problem = f"There is a hidden character in it: U+{ord(found):04X} at place {place}."
    return _error(field, text, problem, "Type the text again instead of pasting it.", "hidden-character")


def _name(text: str) -> Iterator[Finding]:
    """A name has at least one letter, and is not the e-mail address."""
    if not text[:1].isalpha() and text.strip() and not any(map(str.isalpha, text)):
        yield _missing("recipient_name", text)
    if "@" in text:
        advice = "Write the person's name here and the address in its own column."
        yield _warning("recipient_name", text, "This name looks like an e-mail address.", advice, "name-is-email")


def _lists(draft: Draft) -> Iterator[Finding]:
    ratings = [text for one in draft.ratings for text in (one.skill, one.level)]
    for field, entries, most in (
        ("deliverables", [item.name for item in draft.deliverables], ENTRIES),
        ("skills", draft.skills, ENTRIES),
        ("ratings", ratings, 2 * RATINGS),
    ):
        if len(entries) > most:
            count, fit = (len(entries), most) if field != "ratings" else (len(draft.ratings), RATINGS)
            problem = f"There are {count} entries; at most {fit} fit."
            yield _error(field, entries[0], problem, "Keep the ones that matter.", "too-many-entries")
        if not all(map(str.strip, entries)):
            yield _error(field, "", "An entry is empty.", "Leave it out, or write what it is.", "empty-entry")


def _email(text: str | None) -> Iterator[Finding]:
    if text is not None and (len(text) > LIMITS["recipient_email"] or not _EMAIL.fullmatch(text)):
        advice = "Write one address, such as name@example.org, or leave it empty."
        yield _error("recipient_email", text, "This is not an e-mail address.", advice, "bad-email")


def _dates(draft: Draft) -> Iterator[Finding]:
    start, end = draft.started_on, draft.ended_on
    for field, day in (("started_on", start), ("ended_on", end)):
        if not _EARLIEST <= day <= _LATEST:
            advice = "Write the year with four digits."
            yield _error(field, day.isoformat(), "This year cannot be right.", advice, "date-out-of-range")
    if end < start:
        problem = f"The work ended before it started ({start.isoformat()})."
        advice = "Swap the two dates, or correct the wrong one."
        yield _error("ended_on", end.isoformat(), problem, advice, "ends-before-start")
    elif (end - start).days > _LONG:
        problem = f"The work took {(end - start).days} days, which is long for a micro-internship."
        yield _warning("ended_on", end.isoformat(), problem, "Check both dates.", "long-project")
    yield from _validity(draft.valid_until, end)


def _validity(valid_until: datetime | None, end: date) -> Iterator[Finding]:
    if valid_until is None:
        return
    if valid_until.tzinfo is None or valid_until.utcoffset() is None:
        problem, advice = "The end of validity has no time zone.", "Add one, such as Z for UTC."
        yield _error("valid_until", valid_until.isoformat(), problem, advice, "no-time-zone")
    # Before anything is done with it: the first and the last moments of the calendar do not exist in every time zone.
    elif not _FIRST_YEAR <= valid_until.year <= _LAST_YEAR:
        advice = f"Give a year from {_FIRST_YEAR} to {_LAST_YEAR}, or leave it out: a credential need not expire."
        yield _error("valid_until", valid_until.isoformat(), "This year cannot be right.", advice, "date-out-of-range")
    elif valid_until < datetime.combine(end, time.min, UTC):
        problem, advice = "The credential would expire before the work ended.", "Give a later date, or none."
        yield _error("valid_until", valid_until.isoformat(), problem, advice, "expires-too-early")


def _hours(draft: Draft) -> Iterator[Finding]:
    hours = draft.hours
    if hours is None:
        return
    days = (draft.ended_on - draft.started_on).days + 1
    if not hours.is_finite() or not 0 < hours <= _MOST_HOURS or _decimals(hours) > 2:
        problem = f"Hours are a number above 0, at most {_MOST_HOURS}, with at most two decimals."
        yield _error("hours", str(hours), problem, "Write the hours as a number, such as 30 or 30.5.", "bad-hours")
    elif days > 0 and hours > 24 * days:
        problem = f"There are only {24 * days} hours between the start and the end."
        yield _warning("hours", str(hours), problem, "Check the hours and the dates.", "more-hours-than-time")


def _decimals(number: Decimal) -> int:
    """How many decimals a finite number needs: 30.50 one, 6E+1 none."""
    return 0 if number == int(number) else -int(number.normalize().as_tuple().exponent)


def _links(draft: Draft) -> Iterator[Finding]:
    if draft.evidence_url is not None and not _is_link(draft.evidence_url):
        yield _bad_link("evidence_url", draft.evidence_url)
    for item in draft.deliverables:
        if item.url is not None and not _is_link(item.url):
            yield _bad_link("deliverables", item.url)


def _files(draft: Draft) -> Iterator[Finding]:
    """A file is told of in full or not at all, and stands once: two objects with one id would be one (compose)."""
    seen: set[str] = set()
    for item in draft.deliverables:
        told = {name for name in (item.digest, item.url if item.visibility == "public" else None) if name}
        if item.digest is None and item.media_type is None and item.size is None:
            seen |= told
            continue
        if not _is_file(item):
            advice = "Upload the file again."
            yield _error("deliverables", item.name, "What is known of this file is not whole.", advice, "bad-file")
        elif seen & told:
            advice = "Keep it once, under the name that says most."
            yield _error("deliverables", item.name, "This file stands there twice.", advice, "file-twice")
        seen |= told


def _is_file(item: Deliverable) -> bool:
    return (
        sha384_of(item.digest or "") is not None
        and bool(_MEDIA_TYPE.fullmatch(item.media_type or ""))
        and item.size is not None
        and 0 < item.size < _MOST_BYTES
    )


def _rated_twice(draft: Draft) -> Iterator[Finding]:
    """Two ratings of one skill could be shown one by one, and each would look like the only one."""
    seen: set[str] = set()
    for skill in (one.skill.casefold() for one in draft.ratings):
        if skill in seen:
            yield _error("ratings", skill, "This skill is rated twice.", "Keep one of the ratings.", "rated-twice")
        seen.add(skill)


def _agreement(digest: str | None) -> Iterator[Finding]:
    if digest is not None and not _SHA384.fullmatch(digest):
        problem, advice = "This is no SHA-384 digest.", "Give sha384- and 64 characters of base64, or leave it out."
        yield _error("agreement", digest, problem, advice, "bad-digest")


def _is_link(text: str) -> bool:
    """Whether a text is an http(s) address without white space, credentials or brackets that break out of a page."""
    return len(text) <= LIMITS["evidence_url"] and hidden(text, lines=False) is None and bool(_LINK.fullmatch(text))


def _bad_link(field: str, text: str) -> Finding:
    advice = "Give an address that starts with https:// or http://, without a password, or leave it empty."
    return _error(field, text, "This is not a link that can be shown.", advice, "bad-link")
