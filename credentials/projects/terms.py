"""What both sides of a micro-internship agree on: work, deadline, pay, who owns the result. All of it as text.

Days are `2026-03-31`, hours are digits (`37.5`), pay is as written (`EUR 400`). Whoever makes terms from what was typed
has checked that first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "company": "The company owns the work, once it is paid",
        "candidate": "The candidate owns the work; the company may use it",
        "both": "Both own the work and may use it",
    }
)
"""`owner_of_work` and what it says."""

SHOWING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "yes": "The candidate may show the work",
        "described": "The candidate may describe the work, and not show it",
        "no": "The work stays between the two",
    }
)
"""`may_be_shown` and what it says. Each deliverable's own visibility counts beside it."""


class TermsDeliverable(msgspec.Struct, frozen=True):
    """One thing to hand over. `visibility` is public, link or confidential; `summary` stands for a confidential one."""

    name: str = ""
    description: str = ""
    visibility: str = "public"
    summary: str = ""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms. `skill_links` goes along with `skills`: an address in ESCO or O*NET, or nothing."""

    title: str = ""
    brief: str = ""
    deliverables: tuple[TermsDeliverable, ...] = ()
    skills: tuple[str, ...] = ()
    skill_links: tuple[str, ...] = ()
    hours: str = ""
    starts_on: str = ""
    ends_on: str = ""
    compensation: str = ""
    expectations: str = ""
    owner_of_work: str = ""
    may_be_shown: str = ""
