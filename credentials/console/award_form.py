"""The award form: what was typed, kept as it was typed, and read into a draft with every problem by its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from credentials.console.award_rows import (
    DELIVERABLES,
    NO_FILES,
    KeptFile,
    Typed,
    TypedDeliverable,
    TypedRating,
    row_problems,
    signable,
    typed_deliverables,
    typed_ratings,
)
from credentials.core.micro_internship import CompletedWork, Delivered, Skill, sha384_of
from credentials.issuer.compose import plain_number
from credentials.issuer.draft import Deliverable, Draft, Rating
from credentials.issuer.lint import RATINGS, Finding, lint
from credentials.portfolio.presenting import work_view
from credentials.portfolio.views import WorkView
from credentials.portfolio.work import FINISHED_WORK, web_address

__all__ = [
    "LABELS",
    "AwardForm",
    "KeptFile",
    "Problem",
    "Typed",
    "TypedDeliverable",
    "TypedRating",
    "by_field",
    "differing",
    "judge",
    "preview",
    "read_form",
    "resolved",
    "restored",
    "stored",
]

_LONGEST = 4000
_FIRST_DAY = date(1950, 1, 1)
# Plain digits alone: an exponent makes a text of any length, and a signalling NaN breaks whatever computes with it.
_HOURS = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")


class AwardForm(msgspec.Struct, frozen=True, kw_only=True):
    """Every field, as text.

    The last come from no form: the digest of the agreement (SRI) and the engagement's id from a project that was
    accepted here, and of a correction the id of the credential whose place it takes, and the public reason.
    """

    recipient_name: str = ""
    recipient_email: str = ""
    project_title: str = ""
    summary: str = ""
    deliverables: tuple[TypedDeliverable, ...] = ()
    started_on: str = ""
    ended_on: str = ""
    hours: str = ""
    skills: str = ""
    evidence_url: str = ""
    role: str = ""
    supervisor_name: str = ""
    supervisor_words: str = ""
    compensation: str = ""
    valid_until: str = ""
    ratings: tuple[TypedRating, ...] = ()
    agreement: str = ""
    engagement: str = ""
    corrects: str = ""
    correction: str = ""

    @property
    def rows(self) -> tuple[TypedDeliverable, ...]:
        """The rows to show: those typed, and at least one more that is empty."""
        wanted = min(max(3, len(self.deliverables) + 1), DELIVERABLES)
        return self.deliverables + (TypedDeliverable(),) * (wanted - len(self.deliverables))

    @property
    def rating_rows(self) -> tuple[TypedRating, ...]:
        """The rows of ratings to show."""
        wanted = min(max(3, len(self.ratings) + 1), RATINGS)
        return self.ratings + (TypedRating(),) * (wanted - len(self.ratings))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, and what to do."""

    field: str
    title: str
    advice: str


LABELS: Mapping[str, str] = {
    "recipient_name": "Their name",
    "recipient_email": "Their e-mail address",
    "project_title": "What the project was called",
    "summary": "What was done",
    "deliverables": "What was delivered",
    "started_on": "First day",
    "ended_on": "Last day",
    "hours": "Hours in all",
    "skills": "Skills",
    "evidence_url": "Link to the work",
    "role": "Their role",
    "supervisor_name": "Who looked after the work",
    "supervisor_words": "What you say of it",
    "compensation": "What was paid",
    "valid_until": "Last day on which it is current",
    "ratings": "How well each skill was shown",
}

FROM_PROJECT = (
    "recipient_name",
    "recipient_email",
    "project_title",
    "deliverables",
    "started_on",
    "ended_on",
    "skills",
    "compensation",
    "ratings",
    "agreement",
    "engagement",
)
"""What an award keeps as it was accepted, when it comes from a project."""

FROM_CORRECTED = ("recipient_email", "agreement", "corrects", "correction")
"""What the correction of a credential keeps, whatever a form sends: it stays with its holder."""

_PLAIN = [name for name in LABELS if name not in ("deliverables", "ratings")]


def read_form(typed: Typed, received: Mapping[int, KeptFile] = NO_FILES) -> AwardForm:
    """What was typed, cut where no field could ever take it; `received` are files that came with it, by their row."""
    texts: dict[str, Any] = {name: typed.get(name, "").strip()[: _LONGEST + 1] for name in _PLAIN}
    rows = tuple(row for row in typed_deliverables(typed, received) if row.name or row.url or row.file)
    return AwardForm(deliverables=rows, ratings=tuple(typed_ratings(typed)), **texts)


def resolved(form: AwardForm, known: Mapping[str, KeptFile]) -> AwardForm:
    """A form that was sent, with what is known of its files; one that is not known keeps only its id."""
    rows = [
        one if one.file is None else msgspec.structs.replace(one, file=known.get(one.file.id, KeptFile(one.file.id)))
        for one in form.deliverables
    ]
    return msgspec.structs.replace(form, deliverables=tuple(rows))


def stored(form: AwardForm) -> str:
    """A form as it is kept."""
    return msgspec.json.encode(form).decode()


def restored(text: str) -> AwardForm:
    """A form that was kept."""
    return msgspec.json.decode(text, type=AwardForm)


def as_accepted(kept: AwardForm, typed: AwardForm) -> AwardForm:
    """What was typed, with what no form can change put back where the kept form is a project's or a correction."""
    fixed = FROM_PROJECT if kept.engagement else FROM_CORRECTED if kept.corrects else ()
    return msgspec.structs.replace(typed, **{name: getattr(kept, name) for name in fixed}) if fixed else typed


def differing(kept: AwardForm, typed: AwardForm) -> list[tuple[str, str]]:
    """The label of each field in which two forms differ, with what the first one says there."""
    names = [name for name in LABELS if getattr(kept, name) != getattr(typed, name)]
    return [(LABELS[name], _as_text(getattr(kept, name))) for name in names]


def _as_text(value: str | tuple[TypedDeliverable | TypedRating, ...]) -> str:
    return value if isinstance(value, str) else "; ".join(map(str, value))


def judge(form: AwardForm) -> tuple[Draft, list[Problem]]:
    """The draft that a form describes, and everything that keeps it from being signed."""
    problems: list[Problem] = []
    draft = Draft(
        recipient_name=form.recipient_name,
        recipient_email=form.recipient_email or None,
        project_title=form.project_title,
        summary=form.summary.replace("\r\n", "\n"),
        deliverables=tuple(map(signable, form.deliverables)),
        skills=tuple(dict.fromkeys(filter(None, map(str.strip, re.split(r"[,;\n]", form.skills))))),
        started_on=_day("started_on", form.started_on, problems),
        ended_on=_day("ended_on", form.ended_on, problems),
        hours=_hours(form.hours, problems),
        supervisor_name=form.supervisor_name,
        supervisor_words=form.supervisor_words.replace("\r\n", "\n") or None,
        evidence_url=form.evidence_url or None,
        valid_until=_end(form.valid_until, problems),
        role=form.role or None,
        compensation=form.compensation or None,
        ratings=tuple(Rating(one.skill, one.level, one.reason or None) for one in form.ratings),
        agreement=form.agreement or None,
        endorse=bool(form.supervisor_words.strip()),
    )
    problems += [*map(_problem, row_problems(form.deliverables, form.ratings))]
    named = {problem.field for problem in problems}
    return draft, problems + [_problem(found) for found in _errors(lint(draft)) if found.field not in named]


def preview(draft: Draft, issuer_id: str, now: datetime) -> WorkView:
    """The work as its page will set it. Nothing is signed, and pay is left out, as on the page."""
    typed = draft.started_on != _FIRST_DAY, draft.ended_on != _FIRST_DAY
    work = CompletedWork(
        person=draft.recipient_name or "Their name",
        title=draft.project_title or "What the project was called",
        summary=draft.summary,
        started=draft.started_on if typed[0] else None,
        ended=draft.ended_on if typed[1] else None,
        hours=None if draft.hours is None else plain_number(draft.hours),
        role=draft.role,
        skills=tuple(Skill(skill) for skill in sorted(draft.skills)),
        deliverables=tuple(
            Delivered("A confidential deliverable", one.visibility)
            if one.visibility == "confidential"
            else _delivered(one)
            for one in draft.deliverables
        ),
        supervisor=draft.supervisor_name or None,
        words=draft.supervisor_words,
        evidence_url=None,
        issuer_id=issuer_id,
        issuer_name=None,
        issuer_url=None,
        issued=now,
        valid_until=draft.valid_until,
    )
    return work_view(FINISHED_WORK, work)


def _delivered(one: Deliverable) -> Delivered:
    url = web_address(one.url) if one.visibility == "public" else None
    digest = sha384_of(one.digest or "")
    return Delivered(one.name, one.visibility, url, None, digest.hex() if digest else None, one.media_type, one.size)


def by_field(problems: Iterable[Problem]) -> Mapping[str, Problem]:
    """The first problem of each field."""
    found: dict[str, Problem] = {}
    for problem in problems:
        found.setdefault(problem.field, problem)
    return found


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [found for found in findings if found.level == "error"]


def _problem(found: Finding) -> Problem:
    return Problem(found.field, found.problem, found.advice)


def _day(field: str, text: str, problems: list[Problem]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = "This is no day." if text else "There is no day."
        problems.append(Problem(field, said, "Give it as 2026-03-31."))
        return _FIRST_DAY


def _hours(text: str, problems: list[Problem]) -> Decimal | None:
    if not text:
        return None
    if not _HOURS.fullmatch(text):
        problems.append(Problem("hours", "This is no number of hours.", "Write digits, such as 40 or 37.5."))
        return None
    return Decimal(text.replace(",", "."))


def _end(text: str, problems: list[Problem]) -> datetime | None:
    """The end of the day that was typed."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        problems.append(Problem("valid_until", "This is no day.", "Give it as 2028-03-31, or leave it out."))
        return None
