"""The board: open projects for everybody, found by words, remote work and deadline, the newest first.

A cursor names the place after the last one seen (`<instant>,<id>`), so that what is opened meanwhile moves nothing. One
that was made up is no cursor, and the board begins at its top.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import msgspec

from credentials.console.means import Means
from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import parse_credential_id, wanted_id
from credentials.portfolio.branding import BrandView, brand_views
from credentials.projects.posting.checking import day
from credentials.projects.posting.company import Company, company, company_of
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.posting.project_form import restored, terms_of
from credentials.projects.posting.publishing import today_of
from credentials.projects.posting.skills import folded
from credentials.projects.terms import Terms, TermsDeliverable
from credentials.store import issuers, projects, resemblances
from credentials.store.engine import read
from credentials.store.projects import Project, Wanted

PAGE = 20
MOST_WORDS = 8
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, as they typed it."""

    words: str = ""
    remote: bool = False
    by: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A project as everybody sees it: its terms (with nothing confidential left in them), its company, its place.

    `open`: somebody can apply now.
    """

    id: str
    version: int
    terms: Terms
    company: Company
    remote: bool
    place: str
    state: str
    open: bool
    opened_at: datetime
    starts: date | None
    ends: date | None
    brand: BrandView | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; `older` is the cursor of the next one, or nothing."""

    rows: tuple[Offered, ...]
    older: str = ""


def search(means: Means, asked: Asked) -> Board:
    """What the board has of what is asked for. Any text is a question: at most 8 words of it count."""
    today = today_of(means.accounts.clock())
    wanted = Wanted(words=words_of(asked.words), remote=asked.remote, by=day(asked.by), before=place_of(asked.before))
    with read(means.accounts.engine) as connection:
        found = projects.board(connection, wanted, today, PAGE + 1)
        doubted = resemblances.flagged(connection)
    rows = [offered(project, company_of(issuer, doubted), open_now=True) for project, issuer in found[:PAGE]]
    return Board(tuple(rows), cursor(found[PAGE - 1][0]) if len(found) > PAGE else "")


def look(means: Means, project_id: str) -> Offered:
    """A project's page. Raises ProjectUnknown for one that was never opened, and for a missing one."""
    with read(means.accounts.engine) as connection:
        project = projects.by_id(connection, wanted_id(project_id))
        issuer = issuers.by_id(connection, project.issuer_id) if project else None
        if project is None or issuer is None or project.opened_at is None:
            raise ProjectUnknown(where="project")
        who, look = company(connection, issuer), brand_views(connection, [issuer]).get(issuer.id)
    open_now = takes_applications(project, means.accounts.clock()) and not issuer.is_suspended
    return replace(offered(project, who, open_now=open_now), brand=look)


def takes_applications(project: Project, now: datetime) -> bool:
    """Whether somebody can apply now: it is open, and its deadline has not passed."""
    return project.state == "open" and project.ends_on is not None and project.ends_on >= today_of(now)


def offered(project: Project, who: Company, *, open_now: bool) -> Offered:
    """A project as everybody sees it: of a confidential deliverable only the summary is left."""
    form = restored(project.form)
    shown = tuple(map(_shown, form.deliverables))
    return Offered(
        id=project.id,
        version=project.version,
        terms=msgspec.structs.replace(terms_of(form), deliverables=shown),
        company=who,
        remote=project.remote,
        place="" if project.remote else form.place,
        state=project.state,
        open=open_now,
        opened_at=project.opened_at or project.created_at,
        starts=day(form.starts_on),
        ends=project.ends_on,
    )


def _shown(one: TermsDeliverable) -> TermsDeliverable:
    if one.visibility in ("public", "link"):
        return one
    return TermsDeliverable(name=one.summary, visibility="confidential")


def words_of(text: str) -> tuple[str, ...]:
    """The words to look for, folded, each once."""
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in folded(text[:500]).split()))[:MOST_WORDS]


def cursor(project: Project) -> str:
    """The place after a project."""
    return f"{(project.opened_at or project.created_at).astimezone(UTC).isoformat()},{project.id}"


def place_of(text: str) -> tuple[datetime, str] | None:
    """The place that a cursor names, or None when it is none."""
    at, _, last = text.partition(",")
    try:
        moment, number = datetime.fromisoformat(at), parse_credential_id(last)
        return (moment.astimezone(UTC), number) if moment.tzinfo is not None else None
    except (ValueError, OverflowError, BadIdentifier):
        return None
