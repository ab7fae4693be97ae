"""The terms of a project, as the two sides agree on them. Pure; every text is as it was typed."""

from __future__ import annotations

import msgspec


class TermsDeliverable(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to hand over. `visibility` is public, link or confidential; `summary` is what may be said of it."""

    name: str
    description: str = ""
    visibility: str = "public"
    summary: str = ""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done, by when, for what. Days are ISO 8601."""

    title: str
    brief: str = ""
    deliverables: tuple[TermsDeliverable, ...] = ()
    skills: tuple[str, ...] = ()
    hours: str = ""
    starts_on: str = ""
    ends_on: str = ""
    compensation: str = ""
    expectations: str = ""
    owner_of_work: str = ""
    may_be_shown: str = ""
