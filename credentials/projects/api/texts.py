"""A project and terms as programs write them: the fields of the forms, by their names in camel case, all of it text.

What stands in a form and what stands here is the same text, so a draft that is not complete can be written and read
too. What keeps it from the board, or from being proposed, is said by the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

import msgspec

from credentials.console.award_form import Problem
from credentials.core.errors import BadInput
from credentials.projects.posting.project_form import ProjectForm, TypedSkill
from credentials.projects.terms import Terms, TermsDeliverable

Refusal = TypeVar("Refusal", bound=BadInput)
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Line = Annotated[str, msgspec.Meta(max_length=500)]


class DeliverableText(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One thing to hand over. `visibility` is `public`, `link` or `confidential`; `summary` stands for a confidential
    one where anybody may read.
    """

    name: Line
    description: Text = ""
    visibility: Line = "public"
    summary: Text = ""


class SkillText(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One skill; `link` is its address in ESCO or O*NET, where one is known."""

    name: Line
    link: Line = ""


class TermsText(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Terms. Days are `2026-03-31`, hours digits (`37.5`), pay is as written (`EUR 400`).

    `ownerOfWork` is `company`, `candidate` or `both`; `mayBeShown` is `yes`, `described` or `no`.
    """

    title: Line = ""
    brief: Text = ""
    deliverables: Annotated[tuple[DeliverableText, ...], msgspec.Meta(max_length=8)] = ()
    skills: Annotated[tuple[SkillText, ...], msgspec.Meta(max_length=20)] = ()
    hours: Line = ""
    starts_on: Line = ""
    ends_on: Line = ""
    compensation: Line = ""
    expectations: Text = ""
    owner_of_work: Line = "company"
    may_be_shown: Line = "yes"


class ProjectText(TermsText, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a project says: terms, and where the work is done. `budget` is for the company alone."""

    skills: Annotated[tuple[SkillText, ...], msgspec.Meta(max_length=8)] = ()
    remote: bool = True
    place: Line = ""
    budget: Line = ""


_PLAIN = (
    "title",
    "brief",
    "hours",
    "starts_on",
    "ends_on",
    "compensation",
    "expectations",
    "owner_of_work",
    "may_be_shown",
)


def form_of(text: ProjectText) -> ProjectForm:
    """The form that a program filled in."""
    return ProjectForm(
        deliverables=_deliverables(text),
        skills=tuple(TypedSkill(one.name.strip(), one.link.strip()) for one in text.skills),
        remote="yes" if text.remote else "no",
        place=text.place.strip(),
        budget=text.budget.strip(),
        **_plain(text),
    )


def project_text(form: ProjectForm) -> ProjectText:
    """What a form says."""
    return ProjectText(
        deliverables=_told(form.deliverables),
        skills=tuple(SkillText(name=one.name, link=one.link) for one in form.skills),
        remote=form.remote == "yes",
        place=form.place,
        budget=form.budget,
        **{name: getattr(form, name) for name in _PLAIN},
    )


def terms_of(text: TermsText) -> Terms:
    """The terms that a program proposes, whatever is wrong with them."""
    links = tuple(one.link.strip() for one in text.skills)
    return Terms(
        deliverables=_deliverables(text),
        skills=tuple(one.name.strip() for one in text.skills),
        skill_links=links if any(links) else (),
        **_plain(text),
    )


def terms_text(terms: Terms) -> TermsText:
    """What terms say."""
    links = terms.skill_links or ("",) * len(terms.skills)
    return TermsText(
        deliverables=_told(terms.deliverables),
        skills=tuple(SkillText(name=name, link=link) for name, link in zip(terms.skills, links, strict=True)),
        **{name: getattr(terms, name) for name in _PLAIN},
    )


def all_told(kind: type[Refusal], problems: Sequence[Problem]) -> Refusal:
    """A refusal that names everything that is wrong by its member, for a program has no page that marks it."""
    said = " ".join(f"{_member(one.field)}: {one.title} {one.advice}" for one in problems)
    # Somebody may have put it right in between: then nothing is named.
    return kind(said, where=_member(problems[0].field) if problems else "")


def _member(field: str) -> str:
    """A field of a form as a member: `ends_on` is `endsOn`."""
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))


def _plain(text: TermsText) -> dict[str, str]:
    return {name: _tidy(getattr(text, name)) for name in _PLAIN}


def _tidy(text: str) -> str:
    return text.strip().replace("\r\n", "\n")


def _deliverables(text: TermsText) -> tuple[TermsDeliverable, ...]:
    return tuple(
        TermsDeliverable(_tidy(one.name), _tidy(one.description), one.visibility, _tidy(one.summary))
        for one in text.deliverables
    )


def _told(deliverables: Sequence[TermsDeliverable]) -> tuple[DeliverableText, ...]:
    return tuple(
        DeliverableText(name=one.name, description=one.description, visibility=one.visibility, summary=one.summary)
        for one in deliverables
    )
