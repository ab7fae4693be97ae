"""The assessment as it is typed: a level and a line for each skill, words of praise, a private comment, the summary.

Nothing typed is lost: a form with a problem comes back as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from credentials.console.anchors import BY_NUMBER
from credentials.console.award_form import Problem, Typed, TypedRating
from credentials.core.plain_text import is_plain_line
from credentials.projects.reviewing.errors import RatingIncomplete, TextUnusable

SKILLS = 8
LONGEST_LINE = 200
LONGEST_WORDS = 2000
LONGEST_SUMMARY = 4000


class SkillRating(msgspec.Struct, frozen=True):
    """One skill: `level` is "1" to "4" or empty, `evidence` the line on what was seen."""

    skill: str
    level: str = ""
    evidence: str = ""


class AssessmentForm(msgspec.Struct, frozen=True, kw_only=True):
    """Every field, as text. `private_comment` stays with the company's own people."""

    ratings: tuple[SkillRating, ...] = ()
    words: str = ""
    private_comment: str = ""
    summary: str = ""

    def __repr__(self) -> str:
        """Without anything that was typed."""
        return "AssessmentForm()"


def read_assessment(typed: Typed, skills: Sequence[str]) -> AssessmentForm:
    """What was typed, for the first eight skills of the agreement; a level that there is not counts as none."""
    return AssessmentForm(
        ratings=tuple(_rating(typed, number, skill) for number, skill in enumerate(skills[:SKILLS])),
        words=_text(typed, "words"),
        private_comment=_text(typed, "private_comment"),
        summary=_text(typed, "summary"),
    )


def _rating(typed: Typed, number: int, skill: str) -> SkillRating:
    level = typed.get(f"level_{number}", "")
    return SkillRating(skill, level if level in BY_NUMBER else "", _text(typed, f"evidence_{number}"))


def _text(typed: Typed, name: str) -> str:
    return typed.get(name, "").strip().replace("\r\n", "\n")[: LONGEST_SUMMARY + 1]


def problems(form: AssessmentForm) -> list[Problem]:
    """What keeps the assessment from being saved, each by its field."""
    found = [_problem(f"level_{n}", RatingIncomplete) for n, one in enumerate(form.ratings) if _half(one)]
    for name, text, longest in _texts(form):
        if len(text) > longest or not all(map(is_plain_line, text.split("\n"))):
            found.append(_problem(name, TextUnusable))
    found += [_problem(f"evidence_{n}", TextUnusable) for n, one in enumerate(form.ratings) if _unusable(one.evidence)]
    return found


def _texts(form: AssessmentForm) -> tuple[tuple[str, str, int], ...]:
    return (
        ("words", form.words, LONGEST_WORDS),
        ("private_comment", form.private_comment, LONGEST_WORDS),
        ("summary", form.summary, LONGEST_SUMMARY),
    )


def _half(one: SkillRating) -> bool:
    return bool(one.level) != bool(one.evidence)


def _unusable(line: str) -> bool:
    return len(line) > LONGEST_LINE or not is_plain_line(line)


def _problem(field: str, kind: type[RatingIncomplete | TextUnusable]) -> Problem:
    return Problem(field, f"{kind.title}.", kind.advice)


def stored_ratings(form: AssessmentForm) -> str:
    """The ratings as they are kept."""
    return msgspec.json.encode(form.ratings).decode()


def restored_ratings(text: str) -> tuple[SkillRating, ...]:
    """Ratings that were kept."""
    return msgspec.json.decode(text, type=tuple[SkillRating, ...])


def signable(ratings: Sequence[SkillRating]) -> tuple[TypedRating, ...]:
    """The ratings as they go into an award: those with a level, each in words."""
    return tuple(TypedRating(one.skill, BY_NUMBER[one.level].words, one.evidence) for one in ratings if one.level)
