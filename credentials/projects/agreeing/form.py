"""The form of the terms: what was typed, as terms, with every problem by its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Protocol

from credentials.console.award_form import Problem
from credentials.core.plain_text import is_plain_line
from credentials.projects.terms import OWNERS, SHOWING, Terms, TermsDeliverable

DELIVERABLES: Final = 8
SKILLS: Final = 20
_LONGEST: Final = {
    "title": 200,
    "brief": 4000,
    "expectations": 4000,
    "compensation": 200,
    "hours": 8,
    "starts_on": 10,
    "ends_on": 10,
}
_LINES: Final = frozenset({"title", "compensation", "hours", "starts_on", "ends_on"})
_NAME: Final = 200
_DESCRIPTION: Final = 1000
# Above 0: an award of no hours cannot be signed, so nobody may agree on them.
_HOURS: Final = re.compile(r"(?=[0.]*[1-9])[0-9]{1,4}(?:\.[0-9]{1,2})?")
_DAY: Final = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}")


class Typed(Protocol):
    """What a form sent: one text by name, or all of a name."""

    def get(self, key: str, default: str) -> str:
        """The first text of a name."""
        ...

    def getlist(self, key: str) -> list[str]:
        """All texts of a name."""
        ...


def read_terms(typed: Typed, before: Terms) -> Terms:
    """What was typed. Links of skills are kept from the terms `before`: the form does not ask for them."""
    plain = {name: _text(typed.get(name, "")) for name in (*_LONGEST, "owner_of_work", "may_be_shown")}
    skills = _named(typed.get("skills", ""), before)
    links = dict(zip(before.skills, before.skill_links, strict=False))
    kept = tuple(links.get(skill, "") for skill in skills)
    return Terms(
        **plain,
        skills=skills,
        skill_links=kept if any(kept) else (),
        deliverables=tuple(_read_deliverables(typed)),
    )


def _named(typed: str, before: Terms) -> tuple[str, ...]:
    """The skills between commas, each once; one of the terms `before` keeps the commas in its name."""
    whole = sorted((one for one in before.skills if "," in one), key=len, reverse=True)
    found, rest = [], typed.strip()
    while rest:
        name = next((one for one in whole if _begins(rest, one)), None) or rest.partition(",")[0]
        found.append(" ".join(name.split()))
        rest = rest.removeprefix(name).strip().removeprefix(",").strip()
    return tuple(dict.fromkeys(filter(None, found)))


def _begins(typed: str, name: str) -> bool:
    """Whether this name stands first, with a comma or nothing after it."""
    return typed.startswith(name) and typed.removeprefix(name).lstrip()[:1] in ("", ",")


def _text(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip()


def _read_deliverables(typed: Typed) -> Iterator[TermsDeliverable]:
    columns = [typed.getlist(f"deliverable_{name}") for name in ("name", "description", "visibility", "summary")]
    for place in range(min(len(columns[0]), DELIVERABLES + 1)):
        name, description, visibility, summary = (
            _text(column[place]) if place < len(column) else "" for column in columns
        )
        if name or description or summary:
            yield TermsDeliverable(name, description, visibility or "public", summary)


def judge(terms: Terms) -> list[Problem]:
    """Everything that keeps terms from being proposed, in the order of the form."""
    return [*_texts(terms), *_days(terms), *_choices(terms), *_skills(terms), *_delivered(terms)]


def _texts(terms: Terms) -> Iterator[Problem]:
    for name, longest in _LONGEST.items():
        text: str = getattr(terms, name)
        if len(text) > longest:
            yield Problem(name, "This is too long.", f"At most {longest} characters.")
        elif not _shows(text, lines=name not in _LINES):
            yield Problem(name, "There are hidden characters in it.", "Type it anew.")
    if not terms.title:
        yield Problem("title", "It needs a name.", "Say in a few words what the project is called.")
    if not terms.compensation:
        yield Problem("compensation", "Nothing is said about pay.", "Give the amount, or write “Unpaid”.")
    if terms.hours and not _HOURS.fullmatch(terms.hours):
        yield Problem("hours", "That is no number of hours.", "Give digits, such as 40 or 37.5, or leave it empty.")


def _shows(text: str, *, lines: bool) -> bool:
    return all(is_plain_line(line) for line in (text.split("\n") if lines else [text]))


def day_of(text: str) -> date | None:
    """A day such as 2026-03-31, or None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _days(terms: Terms) -> Iterator[Problem]:
    starts, ends = day_of(terms.starts_on), day_of(terms.ends_on)
    if starts is None:
        yield Problem("starts_on", "That is no day.", "Give a day such as 2026-03-02.")
    if ends is None:
        yield Problem("ends_on", "That is no day.", "Give a day such as 2026-03-31.")
    if starts is not None and ends is not None and ends < starts:
        yield Problem("ends_on", "The deadline is before the first day.", "Give a later day.")


def _choices(terms: Terms) -> Iterator[Problem]:
    if terms.owner_of_work not in OWNERS:
        yield Problem("owner_of_work", "Nobody owns the work yet.", "Choose one.")
    if terms.may_be_shown not in SHOWING:
        yield Problem("may_be_shown", "It is not said whether the work may be shown.", "Choose one.")


def _skills(terms: Terms) -> Iterator[Problem]:
    if len(terms.skills) > SKILLS or any(len(one) > 80 or not is_plain_line(one) for one in terms.skills):
        yield Problem("skills", "These can’t be used.", f"At most {SKILLS} skills of 80 characters, between commas.")


def _delivered(terms: Terms) -> Iterator[Problem]:
    if not terms.deliverables:
        yield Problem("deliverables", "Nothing is to be delivered.", "Name at least one thing.")
    elif len(terms.deliverables) > DELIVERABLES:
        yield Problem("deliverables", "These are too many.", f"At most {DELIVERABLES}.")
    elif not all(_is_usable(one) for one in terms.deliverables):
        yield Problem(
            "deliverables",
            "One of them can’t be used.",
            "Each needs a name of one line, and may have some sentences on what is wanted.",
        )
    elif any(one.visibility == "confidential" and not one.summary for one in terms.deliverables):
        yield Problem(
            "deliverables", "What is confidential needs a line for the public.", "Say what anybody may know of it."
        )


def _is_usable(one: TermsDeliverable) -> bool:
    fits = 0 < len(one.name) <= _NAME and len(one.description) <= _DESCRIPTION and len(one.summary) <= _DESCRIPTION
    texts = is_plain_line(one.name) and _shows(one.description, lines=True) and _shows(one.summary, lines=True)
    return fits and texts and one.visibility in ("public", "link", "confidential")
