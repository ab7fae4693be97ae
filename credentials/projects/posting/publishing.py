"""Write a project, put it on the board, close it, open it again: what somebody of the company does.

- Whoever saves over a change that they have not seen is told, and loses nothing.
- What is on the board is always complete: an open project is only changed into one that could be opened.
- Sending the empty form twice makes one project: the form carries a number, and the project's id follows from it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.accounts.organisations import require
from credentials.accounts.tokens import new_id
from credentials.console.award_form import Problem
from credentials.console.means import Means
from credentials.core.identifiers import CREDENTIAL_ID_BYTES, credential_id, wanted_id
from credentials.projects.lifecycle import PROJECT_STEPS
from credentials.projects.posting.checking import day
from credentials.projects.posting.errors import ProjectChanged, ProjectNotReady, ProjectUnknown
from credentials.projects.posting.project_form import ProjectForm, judge, restored, searched, stored
from credentials.projects.turns import require_turn
from credentials.store import applications, pages, projects
from credentials.store.engine import read, write
from credentials.store.pages import Found, Place
from credentials.store.projects import Project
from credentials.webhooks.messages import emit


@dataclass(frozen=True, slots=True)
class Posting:
    """A project with what was typed. `waiting`: how many applications wait for a decision."""

    project: Project
    form: ProjectForm
    waiting: int = 0


def today_of(now: datetime) -> date:
    """The day in UTC: deadlines are counted by it."""
    return now.astimezone(UTC).date()


def start(means: Means, member: Member, form: ProjectForm, number: str = "") -> Project:
    """Keep a new draft; the one that this person began under the same number, when what it says is the same.

    Raises RoleMissing, ProjectChanged (the number was used for another text).
    """
    require(member, "author")
    made = _new(means, member, form, number)
    with write(means.accounts.engine) as connection:
        if projects.add_once(connection, made):
            note_of(connection, member, "project.begun", f"project:{made.id}", now=made.created_at)
            return made
        before = _required(connection, member, made.id, lock=True)
    if before.form != made.form:
        raise ProjectChanged(where="number")
    return before


def _new(means: Means, member: Member, form: ProjectForm, number: str) -> Project:
    now = means.accounts.clock()
    # Bound to the company and the person: no number that somebody sends can meet another one's project.
    parts = "\0".join(("project", member.issuer.id, member.visitor.person_id, number or new_id()))
    empty = Project(
        id=credential_id(hashlib.sha256(parts.encode()).digest()[:CREDENTIAL_ID_BYTES]),
        issuer_id=member.issuer.id,
        author_id=member.visitor.person_id,
        state="draft",
        form="",
        title="",
        words="",
        remote=True,
        ends_on=None,
        version=1,
        created_at=now,
        changed_at=now,
    )
    return _saying(empty, form)


def _saying(project: Project, form: ProjectForm) -> Project:
    """A project with other words, and what is searched of them."""
    return replace(
        project,
        form=stored(form),
        title="".join(filter(str.isprintable, form.title)),
        words=searched(form),
        remote=form.remote == "yes",
        ends_on=day(form.ends_on),
    )


def find(means: Means, member: Member, project_id: str) -> Posting:
    """A company's project. Raises ProjectUnknown for a missing and a foreign one alike."""
    with read(means.accounts.engine) as connection:
        project = _required(connection, member, project_id)
        waiting = applications.counts(connection, member.issuer.id).get(project.id, 0)
    return Posting(project, restored(project.form), waiting)


def listed(means: Means, member: Member, before: Place | None = None) -> Found[Posting]:
    """A page of the company's projects, changed last first; `before`: after the one of this time and id."""
    with read(means.accounts.engine) as connection:
        found = projects.changed_last(connection, member.issuer.id, before, pages.PAGE + 1)
        waiting = applications.counts(connection, member.issuer.id)
    rows = [Posting(one, restored(one.form), waiting.get(one.id, 0)) for one in found]
    return pages.cut(rows, [(one.changed_at, one.id) for one in found])


def problems_of(means: Means, form: ProjectForm) -> list[Problem]:
    """What keeps a form from the board today."""
    return judge(form, today_of(means.accounts.clock()))


def save(means: Means, member: Member, project_id: str, form: ProjectForm, version: int) -> Project:
    """Keep what was typed. Raises RoleMissing, ProjectUnknown, StepOutOfTurn.

    ProjectChanged: somebody else was faster. ProjectNotReady: it is on the board and would not be complete.
    """
    with write(means.accounts.engine) as connection:
        before = _required(connection, member, project_id, lock=True)
        require_turn(PROJECT_STEPS, "edit", before.state, member.roles)
        if before.form == stored(form):
            return before
        if before.version != version:
            raise ProjectChanged(where="version")
        if before.state == "open":
            _require_ready(means, form)
        changed = replace(_saying(before, form), version=version + 1, changed_at=means.accounts.clock())
        projects.change(connection, changed)
        subject, now = f"project:{before.id}", changed.changed_at
        note_of(connection, member, "project.changed", subject, now=now, version=str(changed.version))
        return changed


def put_up(means: Means, member: Member, project_id: str) -> None:
    """Put a project on the board. Raises RoleMissing, ProjectUnknown, StepOutOfTurn, ProjectNotReady."""
    with write(means.accounts.engine) as connection:
        before = _required(connection, member, project_id, lock=True)
        state = require_turn(PROJECT_STEPS, "open", before.state, member.roles)
        _require_ready(means, restored(before.form))
        now = means.accounts.clock()
        _moved(means, connection, member, replace(before, state=state, opened_at=now, closed_at=None), "project.opened")


def close(means: Means, member: Member, project_id: str) -> None:
    """Take a project off the board. Raises RoleMissing, ProjectUnknown, StepOutOfTurn."""
    with write(means.accounts.engine) as connection:
        before = _required(connection, member, project_id, lock=True)
        state = require_turn(PROJECT_STEPS, "close", before.state, member.roles)
        now = means.accounts.clock()
        _moved(means, connection, member, replace(before, state=state, closed_at=now), "project.closed")


def fill(means: Means, member: Member, project_id: str) -> None:
    """Say that somebody was found elsewhere. Raises RoleMissing, ProjectUnknown, StepOutOfTurn."""
    with write(means.accounts.engine) as connection:
        before = _required(connection, member, project_id, lock=True)
        state = require_turn(PROJECT_STEPS, "fill", before.state, member.roles)
        _moved(means, connection, member, replace(before, state=state), "project.filled")


def _require_ready(means: Means, form: ProjectForm) -> None:
    if found := problems_of(means, form):
        raise ProjectNotReady(found[0].title, where=found[0].field)


def _required(connection: Connection, member: Member, project_id: str, *, lock: bool = False) -> Project:
    found = projects.of_company(connection, member.issuer.id, wanted_id(project_id), lock=lock)
    if found is None:
        raise ProjectUnknown(where="project")
    return found


def _moved(means: Means, connection: Connection, member: Member, project: Project, action: str) -> None:
    now = means.accounts.clock()
    projects.change(connection, replace(project, changed_at=now))
    note_of(connection, member, action, f"project:{project.id}", now=now)
    if action in ("project.opened", "project.closed"):
        data = {"issuer": member.issuer.slug, "project": project.id}
        url = f"{means.accounts.base_url}/projects/{project.id}"
        emit(connection, project.issuer_id, action, f"{action}:{project.id}:{now}", {**data, "url": url}, now)
