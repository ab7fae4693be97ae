"""The form of a project: what was typed, kept as it was typed, and read into terms with every problem by its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import msgspec

from credentials.console.award_form import Problem, Typed
from credentials.projects.posting.checking import day, text_problem
from credentials.projects.posting.checking import hours as read_hours
from credentials.projects.posting.skills import folded, framework_of
from credentials.projects.terms import OWNERS, SHOWING, Terms, TermsDeliverable

ROWS: Final = 8
"""The most deliverables, and the most skills."""
VISIBILITIES: Final = ("public", "link", "confidential")
LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "title": 120,
        "brief": 4000,
        "hours": 10,
        "starts_on": 10,
        "ends_on": 10,
        "remote": 3,
        "place": 120,
        "compensation": 60,
        "budget": 200,
        "expectations": 2000,
        "owner_of_work": 10,
        "may_be_shown": 10,
        "deliverables": 500,
        "skills": 120,
    }
)
"""The longest text of each field, in characters; of rows, of each text in one."""
_MANY_LINES = frozenset({"brief", "expectations"})
_REQUIRED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "title": ("There is no title.", "Say in a few words what is to be done."),
        "brief": ("There is no brief.", "Say what is to be done, and what for."),
        "compensation": ("It does not say what is paid.", "Write a currency and an amount, such as EUR 400."),
    }
)


class TypedSkill(msgspec.Struct, frozen=True):
    """One row of skills: its name, and an address in ESCO or O*NET where one is known."""

    name: str = ""
    link: str = ""


class ProjectForm(msgspec.Struct, frozen=True, kw_only=True):
    """Every field, as text. `budget` is for the company alone."""

    title: str = ""
    brief: str = ""
    deliverables: tuple[TermsDeliverable, ...] = ()
    skills: tuple[TypedSkill, ...] = ()
    hours: str = ""
    starts_on: str = ""
    ends_on: str = ""
    remote: str = "yes"
    place: str = ""
    compensation: str = ""
    budget: str = ""
    expectations: str = ""
    owner_of_work: str = "company"
    may_be_shown: str = "yes"

    @property
    def deliverable_rows(self) -> tuple[TermsDeliverable, ...]:
        """The rows to show: those typed, and at least one more that is empty."""
        return self.deliverables + (TermsDeliverable(),) * _empty(len(self.deliverables))

    @property
    def skill_rows(self) -> tuple[TypedSkill, ...]:
        """As above."""
        return self.skills + (TypedSkill(),) * _empty(len(self.skills))


def _empty(typed: int) -> int:
    return min(max(3, typed + 1), ROWS) - typed


LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "Title",
        "brief": "Brief",
        "deliverables": "What is to be handed over",
        "skills": "Skills",
        "hours": "Hours in all",
        "starts_on": "First day",
        "ends_on": "Deadline",
        "remote": "Where",
        "place": "Place",
        "compensation": "What is paid",
        "budget": "Budget",
        "expectations": "How you work together",
        "owner_of_work": "Who owns the work",
        "may_be_shown": "What may be shown",
    }
)
_PLAIN = [name for name in LABELS if name not in ("deliverables", "skills")]


def read_form(typed: Typed) -> ProjectForm:
    """What was typed, cut where no field could ever take it."""
    texts = {name: typed.get(name, "").strip().replace("\r\n", "\n")[: LONGEST[name] + 1] for name in _PLAIN}
    parts = ("name", "description", "visibility", "summary")
    things = [TermsDeliverable(*row) for row in _rows(typed, "deliverable", parts, LONGEST["deliverables"])]
    skills = [TypedSkill(*row) for row in _rows(typed, "skill", ("name", "link"), LONGEST["deliverables"])]
    return ProjectForm(
        deliverables=tuple(one for one in things if one.name or one.description or one.summary),
        skills=tuple(one for one in skills if one.name or one.link),
        **texts,
    )


def _rows(typed: Typed, what: str, parts: Iterable[str], longest: int) -> Iterator[tuple[str, ...]]:
    columns = [typed.getlist(f"{what}_{part}")[:ROWS] for part in parts]
    return (tuple(text.strip()[: longest + 1] for text in row) for row in zip(*columns, strict=False))


def stored(form: ProjectForm) -> str:
    """A form as it is kept."""
    return msgspec.json.encode(form).decode()


def restored(text: str) -> ProjectForm:
    """A form that was kept."""
    return msgspec.json.decode(text, type=ProjectForm)


def differing(kept: ProjectForm, typed: ProjectForm) -> list[tuple[str, str]]:
    """The label of each field in which two forms differ, with what the first one says there."""
    names = [name for name in LABELS if getattr(kept, name) != getattr(typed, name)]
    return [(LABELS[name], _as_text(getattr(kept, name))) for name in names]


def _as_text(value: str | tuple[msgspec.Struct, ...]) -> str:
    if isinstance(value, str):
        return value
    return "; ".join(", ".join(filter(None, msgspec.structs.astuple(one))) for one in value)


def searched(form: ProjectForm) -> str:
    """The text by which the board finds a project, folded. What is confidential is not in it."""
    names = [one.summary if one.visibility == "confidential" else one.name for one in form.deliverables]
    return folded(" ".join([form.title, form.brief, form.place, *names, *(one.name for one in form.skills)]))


def terms_of(form: ProjectForm) -> Terms:
    """The terms that a form describes, whatever is wrong with it."""
    return Terms(
        title=form.title,
        brief=form.brief,
        deliverables=form.deliverables,
        skills=tuple(one.name for one in form.skills),
        skill_links=tuple(one.link for one in form.skills),
        hours=form.hours.replace(",", "."),
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        compensation=form.compensation,
        expectations=form.expectations,
        owner_of_work=form.owner_of_work,
        may_be_shown=form.may_be_shown,
    )


def judge(form: ProjectForm, today: date) -> list[Problem]:
    """Everything that keeps a project from the board, in the order of the fields."""
    found = [problem for name in _PLAIN for problem in _text(name, getattr(form, name))]
    found += [*_deliverables(form), *_skills(form), *_times(form, today), *_choices(form)]
    order = list(LABELS)
    return sorted(found, key=lambda one: order.index(one.field))


def _text(name: str, text: str) -> Iterator[Problem]:
    if not text and name in _REQUIRED:
        yield Problem(name, *_REQUIRED[name])
    elif problem := text_problem(name, text, LONGEST[name], lines=name in _MANY_LINES):
        yield problem


def _deliverables(form: ProjectForm) -> Iterator[Problem]:
    if not form.deliverables:
        yield Problem("deliverables", "Nothing is to be handed over.", "Name at least one thing, such as “Report”.")
    for one in form.deliverables:
        texts = (one.name, one.description, one.summary)
        if not one.name:
            yield Problem("deliverables", "A deliverable has no name.", "Name it, or empty its row.")
        elif one.visibility not in VISIBILITIES:
            yield Problem("deliverables", "This visibility does not exist.", "Choose one of the list.")
        elif one.visibility == "confidential" and not one.summary:
            advice = "Write what everybody may know of it, such as “A plan for one product line”."
            yield Problem("deliverables", f"“{one.name[:60]}” is confidential and has no public summary.", advice)
        yield from filter(None, (text_problem("deliverables", text, LONGEST["deliverables"]) for text in texts))


def _skills(form: ProjectForm) -> Iterator[Problem]:
    if not form.skills:
        yield Problem("skills", "There are no skills.", "Name at least one: applicants are compared by them.")
    names = {folded(one.name) for one in form.skills} - {""}
    if len(names) < len(form.skills):
        yield Problem("skills", "A skill has no name, or stands there twice.", "Name each one, once.")
    for one in form.skills:
        if one.link and framework_of(one.link) is None:
            advice = "Give an https address at esco.ec.europa.eu, data.europa.eu or onetonline.org, or leave it out."
            yield Problem("skills", f"The link of “{one.name[:60]}” leads to neither ESCO nor O*NET.", advice)
        yield from filter(None, (text_problem("skills", one.name, LONGEST["skills"]), _link(one.link)))


def _link(text: str) -> Problem | None:
    return text_problem("skills", text, LONGEST["deliverables"])


def _times(form: ProjectForm, today: date) -> Iterator[Problem]:
    starts, ends = day(form.starts_on), day(form.ends_on)
    for name, found in (("starts_on", starts), ("ends_on", ends)):
        if found is None:
            said = "This is no day." if getattr(form, name) else "There is no day."
            yield Problem(name, said, "Give it as 2026-03-31.")
    if ends is not None and ends < today:
        yield Problem("ends_on", "The deadline has passed.", "Give a day to come.")
    if starts is not None and ends is not None and ends < starts:
        yield Problem("ends_on", "The deadline comes before the first day.", "Correct one of the two.")
    if form.hours and read_hours(form.hours) is None:
        yield Problem("hours", "This is no number of hours.", "Write digits, such as 40 or 37.5, at most 1000.")
    elif not form.hours:
        yield Problem("hours", "It does not say how much work it is.", "Estimate the hours, such as 40.")


def _choices(form: ProjectForm) -> Iterator[Problem]:
    if form.remote not in ("yes", "no"):
        yield Problem("remote", "This is no choice of the list.", "Choose remote or on site.")
    if form.remote == "no" and not form.place:
        yield Problem("place", "There is no place.", "Say in which town the work is done, or make it remote.")
    for name, known in (("owner_of_work", OWNERS), ("may_be_shown", SHOWING)):
        if getattr(form, name) not in known:
            yield Problem(name, "This is no choice of the list.", "Choose one of the list.")
