"""What a candidate does: apply once to a project, take the application back, take an offer.

Everything locks the project before the application, so that two who act at once wait for each other and never for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import note
from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.projects.agreeing.beginning import begin
from credentials.projects.applying.errors import (
    ApplicationUnknown,
    AppliedBefore,
    NotTakingApplications,
    PortfolioNotYours,
    TermsChanged,
)
from credentials.projects.applying.letters import applied_letter, taken_letter
from credentials.projects.applying.writing import text_of, write_to
from credentials.projects.lifecycle import APPLICATION_STEPS, PROJECT_STEPS, allows
from credentials.projects.posting import board
from credentials.projects.posting.board import Offered, takes_applications
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.posting.project_form import restored, terms_of
from credentials.projects.turns import require_turn
from credentials.store import applications, engagements, issuers, pages, projects
from credentials.store.applications import Application, Sent
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.pages import Found, Place
from credentials.store.projects import Project
from credentials.webhooks.messages import emit

CANDIDATE = frozenset({"candidate"})


@dataclass(frozen=True, slots=True)
class Own:
    """One of a candidate's own applications, its project as it is now, and what came of it."""

    application: Application
    project: Offered
    engagement_id: str | None


def portfolios(means: Means, visitor: Visitor) -> list[str]:
    """The paths of the portfolio pages that a person may show."""
    with read(means.accounts.engine) as connection:
        return [f"/p/{slug}" for slug in applications.portfolios_of(connection, visitor.person_id)]


def sent_before(means: Means, visitor: Visitor, project_id: str) -> Application | None:
    """What a person sent to a project already, or None."""
    with read(means.accounts.engine) as connection:
        return applications.to_project(connection, visitor.person_id, wanted_id(project_id))


def apply(means: Means, visitor: Visitor, project_id: str, typed: str, portfolio: str = "") -> Application:
    """Apply to a project. `portfolio` is the path of one of the person's own pages, or nothing.

    Raises ProjectUnknown, NotTakingApplications, AppliedBefore, NoteUnusable, PortfolioNotYours.
    """
    words = text_of(typed)
    with write(means.accounts.engine) as connection:
        project = _open_project(means, connection, project_id)
        own = [f"/p/{slug}" for slug in applications.portfolios_of(connection, visitor.person_id)]
        if portfolio and portfolio not in own:
            raise PortfolioNotYours(where="portfolio")
        made = _new(project, visitor, words, portfolio, means.accounts.clock())
        if not applications.add_once(connection, made):
            raise AppliedBefore(where="project")
        _tell(means, connection, visitor, made, "application.sent")
        url = _company_page(means, connection, made)
        letter = applied_letter(means.accounts.host, project.title, url)
        write_to(means, connection, project.author_id, letter, project.issuer_id)
    return made


def _open_project(means: Means, connection: Connection, project_id: str) -> Project:
    project = projects.by_id(connection, wanted_id(project_id), lock=True)
    issuer = issuers.by_id(connection, project.issuer_id) if project else None
    if project is None or issuer is None or project.opened_at is None:
        raise ProjectUnknown(where="project")
    due = takes_applications(project, means.accounts.clock()) and not issuer.is_suspended
    if not due or not allows(PROJECT_STEPS, "apply", project.state, CANDIDATE):
        raise NotTakingApplications(where="project")
    return project


def _new(project: Project, visitor: Visitor, words: str, portfolio: str, now: datetime) -> Application:
    return Application(
        id=new_id(),
        project_id=project.id,
        issuer_id=project.issuer_id,
        person_id=visitor.person_id,
        state="sent",
        note=words,
        portfolio=portfolio or None,
        created_at=now,
        changed_at=now,
    )


def sent(means: Means, visitor: Visitor, before: Place | None = None) -> Found[Sent]:
    """A page of what a candidate sent, changed last first; `before`: after the one of this time and id."""
    with read(means.accounts.engine) as connection:
        rows = applications.sent_by(connection, visitor.person_id, before, pages.PAGE + 1)
    return pages.cut(rows, [(one.application.changed_at, one.application.id) for one in rows])


def works(means: Means, visitor: Visitor, before: Place | None = None) -> Found[tuple[Engagement, str]]:
    """A page of what a candidate works on, with the projects' titles, changed last first; `before` as above."""
    with read(means.accounts.engine) as connection:
        rows = engagements.all_of_person(connection, visitor.person_id, before, pages.PAGE + 1)
        found = {one.project_id: projects.by_id(connection, one.project_id) for one in rows}
    titles = {number: project.title for number, project in found.items() if project}
    named = [(one, titles.get(one.project_id, "")) for one in rows]
    return pages.cut(named, [(one.changed_at, one.id) for one in rows])


def find(means: Means, visitor: Visitor, application_id: str) -> Own:
    """One of a candidate's own applications. Raises ApplicationUnknown for a missing and a foreign one alike."""
    with read(means.accounts.engine) as connection:
        found = applications.of_person(connection, visitor.person_id, wanted_id(application_id))
        if found is None:
            raise ApplicationUnknown(where="application")
        begun = engagements.begun_by(connection, found.id)
    return Own(found, board.look(means, found.project_id), begun)


def withdraw(means: Means, visitor: Visitor, application_id: str) -> None:
    """Take an application back. Raises ApplicationUnknown, StepOutOfTurn."""
    with write(means.accounts.engine) as connection:
        _project, before = _locked(connection, visitor, application_id)
        state = require_turn(APPLICATION_STEPS, "withdraw", before.state, CANDIDATE)
        applications.change(connection, replace(before, state=state, changed_at=means.accounts.clock()))
        _tell(means, connection, visitor, before, "application.withdrawn")


def take(means: Means, visitor: Visitor, application_id: str, version: int) -> Engagement:
    """Take an offer as it was seen: the engagement begins, and the project is filled.

    Raises ApplicationUnknown, StepOutOfTurn, NotTakingApplications (another one took the place, or the project is
    closed), TermsChanged.
    """
    with write(means.accounts.engine) as connection:
        project, before = _locked(connection, visitor, application_id)
        state, now = require_turn(APPLICATION_STEPS, "take", before.state, CANDIDATE), means.accounts.clock()
        if not takes_applications(project, now):
            raise NotTakingApplications(where="project")
        if project.version != version:
            raise TermsChanged(where="version")
        taken = replace(before, state=state, changed_at=now)
        applications.change(connection, taken)
        projects.change(connection, replace(project, state="filled", changed_at=now))
        terms = terms_of(restored(project.form))
        made = begin(means, connection, project=project, application=taken, terms=terms, now=now)
        _tell(means, connection, visitor, taken, "offer.taken", made.id)
        letter = taken_letter(means.accounts.host, project.title, _company_page(means, connection, taken))
        write_to(means, connection, project.author_id, letter, project.issuer_id)
    return made


def _locked(connection: Connection, visitor: Visitor, application_id: str) -> tuple[Project, Application]:
    """The project and the application, both locked in this order."""
    found = applications.of_person(connection, visitor.person_id, wanted_id(application_id))
    project = projects.by_id(connection, found.project_id, lock=True) if found else None
    if found is None or project is None:
        raise ApplicationUnknown(where="application")
    return project, applications.of_person(connection, visitor.person_id, found.id, lock=True) or found


def _company_page(means: Means, connection: Connection, application: Application) -> str:
    issuer = issuers.by_id(connection, application.issuer_id)
    slug = issuer.slug if issuer else ""
    return f"{means.accounts.base_url}/console/{slug}/applications/{application.id}"


def _tell(
    means: Means, connection: Connection, visitor: Visitor, one: Application, kind: str, engagement_id: str = ""
) -> None:
    """Write the step into the company's audit trail, and tell its programs."""
    now, issuer = means.accounts.clock(), issuers.by_id(connection, one.issuer_id)
    subject = f"application:{one.id}"
    note(connection, visitor.actor, kind, subject, now=now, issuer_id=one.issuer_id, detail={"project": one.project_id})
    data = {"issuer": issuer.slug if issuer else "", "project": one.project_id, "application": one.id}
    data |= {"engagement": engagement_id} if engagement_id else {}
    url = _company_page(means, connection, one)
    emit(connection, one.issuer_id, kind, f"{kind}:{one.id}", {**data, "url": url}, now)
