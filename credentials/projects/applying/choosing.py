"""What a company does with applications: see them side by side, shortlist, decline kindly, offer, invite.

Everything locks the project before the application, as the candidate's side does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.accounts.organisations import require
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.projects.applying.errors import (
    ApplicationUnknown,
    InvitedBefore,
    NobodyToInvite,
    NotTakingApplications,
)
from credentials.projects.applying.letters import decline_letter, invitation_letter, offer_letter
from credentials.projects.applying.proving import MOST_CREDENTIALS, Match, Prover, match
from credentials.projects.applying.writing import sender, text_of, write_to
from credentials.projects.lifecycle import APPLICATION_STEPS
from credentials.projects.posting.board import takes_applications
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.posting.project_form import restored, terms_of
from credentials.projects.turns import require_turn
from credentials.store import applications, pages, projects
from credentials.store.applications import Applicant, Application, Known
from credentials.store.engine import read, write
from credentials.store.pages import Found, Place
from credentials.store.projects import Project
from credentials.webhooks.messages import emit

PAGE = 50
"""People of the pool that are shown at once."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An applicant beside the others: what they wrote, and what of the project's skills they have proven."""

    applicant: Applicant
    match: Match


@dataclass(frozen=True, slots=True)
class Pool:
    """Some of those who finished work for the company before; who was invited to a project, who applied to it."""

    known: tuple[Known, ...]
    invited: frozenset[str]
    applied: frozenset[str]


def compare(
    means: Means, member: Member, project_id: str, prover: Prover, after: Place | None = None
) -> tuple[Project, Found[Compared]]:
    """A page of a project's applicants; `after`: who applied after the one of this time and id.

    Pages come in the order in which people applied; on a page those with the most proven skills come first, and
    whoever took their application back is left out. Raises ProjectUnknown.
    """
    with read(means.accounts.engine) as connection:
        project = _project(connection, member, project_id)
        found = applications.page_of_project(connection, member.issuer.id, project.id, after, pages.PAGE + 1)
        page = pages.cut(found, [(one.application.created_at, one.application.id) for one in found])
        shown = [one for one in page.rows if one.application.state != "withdrawn"]
        proofs = [applications.claimed_by(connection, one.application.person_id, MOST_CREDENTIALS) for one in shown]
    terms = terms_of(restored(project.form))
    rows = [Compared(one, match(prover, terms, proof)) for one, proof in zip(shown, proofs, strict=True)]
    return project, Found(sorted(rows, key=lambda row: -row.match.count), page.last)


def find(means: Means, member: Member, application_id: str, prover: Prover) -> tuple[Project, Compared]:
    """One application. Raises ApplicationUnknown for a missing and a foreign one alike."""
    with read(means.accounts.engine) as connection:
        found = applications.of_company(connection, member.issuer.id, wanted_id(application_id))
        if found is None:
            raise ApplicationUnknown(where="application")
        project = _project(connection, member, found.application.project_id)
        proof = applications.claimed_by(connection, found.application.person_id, MOST_CREDENTIALS)
    return project, Compared(found, match(prover, terms_of(restored(project.form)), proof))


def shortlist(means: Means, member: Member, application_id: str) -> Application:
    """Keep somebody in mind. Raises RoleMissing, ApplicationUnknown, StepOutOfTurn."""
    with write(means.accounts.engine) as connection:
        _project, before = _locked(connection, member, application_id)
        return _moved(means, connection, member, before, "shortlist", "application.shortlisted")


def decline(means: Means, member: Member, application_id: str, typed: str) -> Application:
    """Say no, in a letter. Raises RoleMissing, ApplicationUnknown, StepOutOfTurn, NoteUnusable."""
    words, base = text_of(typed), means.accounts.base_url
    with write(means.accounts.engine) as connection:
        project, before = _locked(connection, member, application_id)
        done = _moved(means, connection, member, replace(before, answer=words), "decline", "application.declined")
        who = sender(connection, member.issuer.id)
        letter = decline_letter(means.accounts.host, who, project.title, f"{base}/projects", words)
        write_to(means, connection, done.person_id, letter, member.issuer.id)
        return done


def offer(means: Means, member: Member, application_id: str, typed: str = "") -> Application:
    """Offer the project, in a letter, with some words where wanted.

    Raises RoleMissing, ApplicationUnknown, StepOutOfTurn, NoteUnusable, NotTakingApplications.
    """
    words, base = text_of(typed, empty=True), means.accounts.base_url
    with write(means.accounts.engine) as connection:
        project, before = _locked(connection, member, application_id)
        said = replace(before, answer=words or None)
        done = _moved(means, connection, member, said, "offer", "application.offered")
        if not takes_applications(project, means.accounts.clock()):
            raise NotTakingApplications(where="project")
        who, url = sender(connection, member.issuer.id), f"{base}/work/applications/{done.id}"
        letter = offer_letter(means.accounts.host, who, project.title, url, words)
        write_to(means, connection, done.person_id, letter, member.issuer.id)
        return done


def pool(
    means: Means, member: Member, project_id: str, before: Place | None = None, limit: int = PAGE
) -> tuple[Project, Pool]:
    """Who can be invited to a project, whose work was latest first; `before`: after the one of this time and id.

    Raises ProjectUnknown.
    """
    with read(means.accounts.engine) as connection:
        project = _project(connection, member, project_id)
        known = applications.known_to(connection, member.issuer.id, before, limit)
        invited = applications.invited_to(connection, member.issuer.id, project.id)
        applied = applications.applied_to(connection, member.issuer.id, project.id)
    return project, Pool(tuple(known), invited, applied)


def invite(means: Means, member: Member, project_id: str, person_id: str) -> None:
    """Invite somebody who finished work for the company before, once.

    Raises RoleMissing, ProjectUnknown, NotTakingApplications, NobodyToInvite, InvitedBefore.
    """
    require(member, "author")
    with write(means.accounts.engine) as connection:
        project = _project(connection, member, project_id, lock=True)
        if not takes_applications(project, means.accounts.clock()):
            raise NotTakingApplications(where="project")
        if person_id in applications.invited_to(connection, member.issuer.id, project.id):
            raise InvitedBefore(where="person")
        _invite(means, connection, member, project, person_id)


def _invite(means: Means, connection: Connection, member: Member, project: Project, person_id: str) -> None:
    url, who = f"{means.accounts.base_url}/projects/{project.id}", sender(connection, member.issuer.id)
    letter = invitation_letter(means.accounts.host, who, project.title, url)
    is_known = applications.is_known_to(connection, member.issuer.id, person_id)
    if not is_known or not write_to(means, connection, person_id, letter, member.issuer.id):
        raise NobodyToInvite(where="person")
    now = means.accounts.clock()
    note_of(connection, member, "project.invited", f"project:{project.id}", now=now, person=person_id)
    data = {"issuer": member.issuer.slug, "project": project.id, "url": url}
    emit(connection, project.issuer_id, "project.invited", f"project.invited:{project.id}:{person_id}", data, now)


def _project(connection: Connection, member: Member, project_id: str, *, lock: bool = False) -> Project:
    found = projects.of_company(connection, member.issuer.id, wanted_id(project_id), lock=lock)
    if found is None:
        raise ProjectUnknown(where="project")
    return found


def _locked(connection: Connection, member: Member, application_id: str) -> tuple[Project, Application]:
    """The project and the application, both locked in this order."""
    seen = applications.of_company(connection, member.issuer.id, wanted_id(application_id))
    if seen is None:
        raise ApplicationUnknown(where="application")
    project = _project(connection, member, seen.application.project_id, lock=True)
    found = applications.of_company(connection, member.issuer.id, seen.application.id, lock=True)
    return project, (found or seen).application


def _moved(
    means: Means, connection: Connection, member: Member, before: Application, step: str, action: str
) -> Application:
    state, now = require_turn(APPLICATION_STEPS, step, before.state, member.roles), means.accounts.clock()
    done = replace(before, state=state, changed_at=now)
    applications.change(connection, done)
    note_of(connection, member, action, f"application:{done.id}", now=now, project=done.project_id)
    return done
