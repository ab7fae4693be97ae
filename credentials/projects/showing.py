"""What the page of an engagement shows: where it stands, what waits for whom, the terms, what was handed in.

Both sides see the same facts; the words and the next step are those of the side that looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.projects.agreeing.comparing import LABELS, Difference, differences, written
from credentials.projects.agreeing.document import Agreement as Document
from credentials.projects.agreeing.document import read_agreement, sri
from credentials.projects.agreeing.errors import AgreementUnknown
from credentials.projects.agreeing.proposing import is_open
from credentials.projects.lifecycle import ENGAGEMENT_STEPS
from credentials.projects.next_step import NextStep, next_step
from credentials.projects.parties import Party, find, may
from credentials.projects.terms import Terms
from credentials.store import agreements, files, submissions
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.store.files import StoredFile
from credentials.store.submissions import Submission, SubmittedItem

STAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Terms": ("agreeing",),
        "Work": ("working", "returned"),
        "Review": ("delivered",),
        "Done": ("accepted", "completed"),
    }
)
"""The way of an engagement, and the states of each part of it. What ended has left it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the terms: who proposed it, what became of it, its digests."""

    number: int
    side: str
    state: str
    created_at: datetime
    agreed_at: datetime | None
    reason: str | None
    sha256: str
    sri: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Terms that wait for an answer, and where they differ from those in force."""

    number: int
    mine: bool
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission, with its links and files by the name of the deliverable."""

    number: int
    created_at: datetime
    late: bool
    note: str
    items: tuple[tuple[str, tuple[str | StoredFile, ...]], ...]
    signed: bool


@dataclass(frozen=True, slots=True)
class Work:
    """The page. `terms` are those in force, or the newest that were proposed while none are (`agreed` is False)."""

    engagement: Engagement
    company: str
    candidate: str
    terms: Terms
    agreed: bool
    in_force: int
    newest: int
    proposal: Proposal | None
    versions: tuple[Version, ...]
    handed: tuple[Handed, ...]
    step: NextStep
    allowed: frozenset[str]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The terms in words, but for title and deliverables: what each is called, what it says."""
        fields = [name for name in LABELS if name not in ("title", "brief")]
        return [(LABELS[name], text) for name in fields if (text := written(self.terms, name))]

    @property
    def stage(self) -> str:
        """Which part of the way it is on; empty once it ended."""
        return next((name for name, states in STAGES.items() if self.engagement.state in states), "")


def show(means: Means, party: Party, engagement_id: str) -> Work:
    """An engagement as one side sees it. Raises EngagementUnknown."""
    with read(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id)
        return _work(connection, party, engagement)


def _work(connection: Connection, party: Party, engagement: Engagement) -> Work:
    versions = agreements.all_of(connection, engagement.id)
    if not versions:
        raise AgreementUnknown(where="agreement")
    agreed = next((one for one in reversed(versions) if one.agreed_at is not None), None)
    shown = read_agreement((agreed or versions[-1]).document)
    answerable = engagement.state in ENGAGEMENT_STEPS["refuse"].states
    proposal = _proposal(party, versions[-1], agreed) if answerable else None
    handed = [_handed(connection, one, versions) for one in submissions.all_of(connection, engagement.id)]
    return Work(
        engagement=engagement,
        company=shown.company.name,
        candidate=shown.candidate.name,
        terms=shown.terms,
        agreed=agreed is not None,
        in_force=agreed.number if agreed is not None else 0,
        newest=versions[-1].number,
        proposal=proposal,
        versions=tuple(_version(one, _state(one, versions[-1], agreed, answerable)) for one in versions),
        handed=tuple(handed),
        step=next_step(engagement, party, shown, waits=proposal is not None, mine=bool(proposal and proposal.mine)),
        allowed=frozenset(step for step in ("propose", "refuse", "deliver", "end") if may(party, engagement, step)),
    )


def _proposal(party: Party, last: Agreement, agreed: Agreement | None) -> Proposal | None:
    if not is_open(last):
        return None
    after = read_agreement(last.document).terms
    changes = differences(read_agreement(agreed.document).terms, after) if agreed is not None else []
    return Proposal(last.number, last.side == party.side, tuple(changes))


def _version(one: Agreement, state: str) -> Version:
    return Version(
        number=one.number,
        side=one.side,
        state=state,
        created_at=one.created_at,
        agreed_at=one.agreed_at,
        reason=one.refused_reason,
        sha256=one.digest.hex(),
        sri=sri(one.document),
    )


def _state(one: Agreement, last: Agreement, agreed: Agreement | None, answerable: bool) -> str:
    if one.refused_at is not None:
        return "not accepted"
    if one.agreed_at is not None:
        return "in force" if agreed is not None and one.number == agreed.number else "was in force"
    if one is not last:
        return "replaced before it was answered"
    return "waits for an answer" if answerable else "was never answered"


def _handed(connection: Connection, one: Submission, versions: Sequence[Agreement]) -> Handed:
    under = next(version for version in versions if version.number == one.agreement_number)
    names = [item.name for item in read_agreement(under.document).terms.deliverables]
    found = submissions.items(connection, one.engagement_id, one.number)
    return Handed(
        number=one.number,
        created_at=one.created_at,
        late=one.late,
        note=one.note,
        items=tuple(
            (name, parts)
            for place, name in enumerate(names)
            if (parts := tuple(_part(connection, item) for item in found if item.deliverable == place))
        ),
        signed=one.receipt is not None,
    )


def _part(connection: Connection, item: SubmittedItem) -> str | StoredFile:
    """A file, or a link as it was given; a file that is gone by a word."""
    return (files.by_id(connection, item.file_id) if item.file_id else None) or item.url or "A file that is gone"


def proposed_before(means: Means, party: Party, engagement_id: str) -> tuple[Engagement, Agreement, Document]:
    """What a new proposal begins from: the newest version. Raises EngagementUnknown, AgreementUnknown."""
    with read(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id)
        last = agreements.newest(connection, engagement.id)
        chosen = last if is_open(last) else agreements.in_force(connection, engagement.id) or last
    if last is None or chosen is None:
        raise AgreementUnknown(where="agreement")
    return engagement, last, read_agreement(chosen.document)
