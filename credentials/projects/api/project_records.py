"""Projects and applications as programs read them, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from credentials.accounts.acting import Member
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.core.instants import format_instant
from credentials.projects.api.texts import ProjectText, project_text
from credentials.projects.applying.choosing import Compared
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.posting.project_form import restored
from credentials.projects.posting.publishing import Posting
from credentials.store import applications, pages, projects
from credentials.store.applications import Applicant, Application
from credentials.store.engine import read
from credentials.store.pages import Found, Place

ProjectState = Literal["draft", "open", "filled", "closed"]
ApplicationState = Literal["sent", "shortlisted", "offered", "declined", "withdrawn", "taken"]


class ProjectRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A project of the calling issuer. `url` is its page for everybody, null until it was opened once.

    `version` grows with each change of `project`; send it with a change. `waiting`: applications without a decision.
    """

    id: str
    state: ProjectState
    version: int
    url: str | None
    waiting: int
    created_at: str
    changed_at: str
    opened_at: str | None
    closed_at: str | None
    project: ProjectText


class ProjectPage(msgspec.Struct, frozen=True, kw_only=True):
    """Projects, begun last first; `cursor` leads to the next ones, null at the end."""

    projects: list[ProjectRecord]
    cursor: str | None


class ProvenSkill(msgspec.Struct, frozen=True, kw_only=True):
    """A skill of the project, and the ids of the applicant's genuine credentials that prove it."""

    name: str
    credentials: list[str]


class ApplicationRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An application. `portfolio` is the page that the applicant chose to show, `answer` what the company wrote.

    `skills` is there when one application is read, null in a list.
    """

    id: str
    project_id: str
    state: ApplicationState
    applicant: str
    note: str
    portfolio: str | None
    answer: str | None
    created_at: str
    changed_at: str
    skills: list[ProvenSkill] | None = None

    def __repr__(self) -> str:
        """Without anything of the applicant."""
        return f"ApplicationRecord(id={self.id})"


class ApplicationPage(msgspec.Struct, frozen=True, kw_only=True):
    """Applications, the first to come first; `cursor` leads to the next ones, null at the end."""

    applications: list[ApplicationRecord]
    cursor: str | None


def list_projects(means: Means, member: Member, state: str | None, before: Place | None) -> Found[Posting]:
    """A page of the company's projects, begun last first."""
    with read(means.accounts.engine) as connection:
        found = projects.page_of_company(connection, member.issuer.id, state, before, pages.PAGE + 1)
        waiting = applications.counts(connection, member.issuer.id)
    rows = [Posting(one, restored(one.form), waiting.get(one.id, 0)) for one in found]
    return pages.cut(rows, [(one.created_at, one.id) for one in found])


def list_applications(means: Means, member: Member, project_id: str, after: Place | None) -> Found[Applicant]:
    """A page of a project's applications, the first to come first; withdrawn ones too. Raises ProjectUnknown."""
    with read(means.accounts.engine) as connection:
        project = projects.of_company(connection, member.issuer.id, wanted_id(project_id))
        if project is None:
            raise ProjectUnknown(where="project")
        found = applications.page_of_project(connection, member.issuer.id, project.id, after, pages.PAGE + 1)
    return pages.cut(found, [(one.application.created_at, one.application.id) for one in found])


def project_record(posting: Posting, base_url: str) -> ProjectRecord:
    """A project as it is told."""
    one = posting.project
    return ProjectRecord(
        id=one.id,
        state=one.state,  # type: ignore[arg-type]
        version=one.version,
        url=f"{base_url}/projects/{one.id}" if one.opened_at else None,
        waiting=posting.waiting,
        created_at=format_instant(one.created_at),
        changed_at=format_instant(one.changed_at),
        opened_at=moment(one.opened_at),
        closed_at=moment(one.closed_at),
        project=project_text(posting.form),
    )


def application_record(
    applicant: Applicant, base_url: str, skills: list[ProvenSkill] | None = None
) -> ApplicationRecord:
    """An application as it is told."""
    one: Application = applicant.application
    return ApplicationRecord(
        id=one.id,
        project_id=one.project_id,
        state=one.state,  # type: ignore[arg-type]
        applicant=applicant.name,
        note=one.note,
        portfolio=f"{base_url}{one.portfolio}" if one.portfolio else None,
        answer=one.answer,
        created_at=format_instant(one.created_at),
        changed_at=format_instant(one.changed_at),
        skills=skills,
    )


def compared_record(compared: Compared, base_url: str) -> ApplicationRecord:
    """One application with what its applicant has proven of the project's skills."""
    skills = [ProvenSkill(name=one.name, credentials=list(one.credentials)) for one in compared.match.wanted]
    return application_record(compared.applicant, base_url, skills)


def moment(at: datetime | None) -> str | None:
    """A moment as it is told, or None."""
    return None if at is None else format_instant(at)
