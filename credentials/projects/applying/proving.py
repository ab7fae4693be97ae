"""Which skills somebody has proven: signed in credentials that they took as theirs, show, and that verify now.

A credential that its holder keeps private proves nothing here, and neither does one that is not genuine and current.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from credentials.portfolio.errors import NothingHere
from credentials.portfolio.work import work_of
from credentials.projects.posting.skills import folded
from credentials.projects.terms import Terms
from credentials.store.credentials import SecuredForm
from credentials.verifier.report import Report
from credentials.verifier.states import State

MOST_CREDENTIALS = 12
"""Of one applicant, the newest: each is verified when the page is opened."""


@dataclass(frozen=True, slots=True)
class Prover:
    """How a credential is had and checked. `signed` raises NothingHere for one that is not shown."""

    signed: Callable[[str], SecuredForm]
    verify: Callable[[bytes], Report]


@dataclass(frozen=True, slots=True)
class Proven:
    """A skill, as the project or the credential spells it, and the ids of the credentials that prove it."""

    name: str
    credentials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Skills of the project, proven or not, in its order; then what else is proven, by name."""

    wanted: tuple[Proven, ...]
    further: tuple[Proven, ...]

    @property
    def count(self) -> int:
        """How many of the project's skills are proven."""
        return sum(bool(one.credentials) for one in self.wanted)


def match(prover: Prover, terms: Terms, credential_ids: Sequence[str]) -> Match:
    """An applicant's credentials held against a project's skills: by name (case and accents aside) or by address."""
    named: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for number in credential_ids[:MOST_CREDENTIALS]:
        for name, link in _skills(prover, number):
            spelled.setdefault(folded(name), name)
            for key in filter(None, (folded(name), link)):
                named.setdefault(key, []).append(number)
    links = terms.skill_links or ("",) * len(terms.skills)
    wanted = [_proven(named, name, link) for name, link in zip(terms.skills, links, strict=True)]
    known = {folded(one.name) for one in wanted if one.credentials}
    further = [Proven(spelled[key], tuple(named[key])) for key in sorted(spelled) if key not in known]
    return Match(tuple(wanted), tuple(further))


def _proven(named: Mapping[str, Sequence[str]], name: str, link: str) -> Proven:
    found = [*named.get(folded(name), ()), *(named.get(link, ()) if link else ())]
    return Proven(name, tuple(dict.fromkeys(found)))


def _skills(prover: Prover, credential_id: str) -> list[tuple[str, str]]:
    """Name and address of each skill of a credential that is shown, genuine and current; none of any other."""
    try:
        report = prover.verify(prover.signed(credential_id).body)
    except NothingHere:
        return []
    if report.state is not State.GENUINE or report.credential is None:
        return []
    return [(skill.name, skill.url or "") for skill in work_of(report.credential)[1].skills]
