"""What comes after completed work, as programs read it: offers of more, and who stands as a reference."""

from __future__ import annotations

from typing import Literal

import msgspec

from credentials.accounts.acting import Member
from credentials.console.means import Means
from credentials.core.instants import format_instant
from credentials.store import pages, references
from credentials.store.engine import read
from credentials.store.next_steps import FurtherStep
from credentials.store.pages import Found, Place
from credentials.store.references import Named

StepKind = Literal["project", "job"]
StepState = Literal["draft", "sent", "interested", "not-now"]
ReferenceState = Literal["asked", "agreed", "declined", "revoked"]


class StepRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An offer made after completed work. A further project is a `draft` until its candidate is invited to it.

    `projectId` is a project's; `place`, `link` and `words` are a job's, empty where nothing was said.
    """

    number: int
    kind: StepKind
    state: StepState
    title: str
    place: str
    link: str
    words: str
    project_id: str | None
    created_at: str
    changed_at: str


class StepPage(msgspec.Struct, frozen=True, kw_only=True):
    """All offers made after one engagement; there are at most five."""

    steps: list[StepRecord]


class ReferenceRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A reference that was asked of somebody of the company.

    `shown`: the candidate lets the credential's page name them. `asked` and `answered` count the questions that were
    passed on; what they said is nobody's but the two who wrote it.
    """

    work_id: str
    supervisor: str
    state: ReferenceState
    shown: bool
    asked: int
    answered: int
    created_at: str
    changed_at: str

    def __repr__(self) -> str:
        """Without whose it is."""
        return f"ReferenceRecord(work_id={self.work_id}, state={self.state})"


class ReferencePage(msgspec.Struct, frozen=True, kw_only=True):
    """References, asked last first; `cursor` leads to the next ones, null at the end."""

    references: list[ReferenceRecord]
    cursor: str | None


def list_references(means: Means, member: Member, state: str | None, before: Place | None) -> Found[Named]:
    """A page of what was asked of the company's people, the newest first."""
    with read(means.accounts.engine) as connection:
        found = references.page_of_company(connection, member.issuer.id, state, before, pages.PAGE + 1)
    return pages.cut(found, [(one.reference.created_at, one.reference.id) for one in found])


def step_record(step: FurtherStep) -> StepRecord:
    """An offer as it is told."""
    return StepRecord(
        number=step.number,
        kind=step.kind,
        state=step.state,
        title=step.title,
        place=step.place,
        link=step.link,
        words=step.words,
        project_id=step.project_id or None,
        created_at=format_instant(step.created_at),
        changed_at=format_instant(step.changed_at),
    )


def reference_record(named: Named) -> ReferenceRecord:
    """A reference as it is told."""
    one = named.reference
    return ReferenceRecord(
        work_id=one.engagement_id,
        supervisor=named.supervisor,
        state=one.state,
        shown=one.shown,
        asked=one.asked,
        answered=one.answered,
        created_at=format_instant(one.created_at),
        changed_at=format_instant(one.changed_at),
    )
