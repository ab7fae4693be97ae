"""Rows as tests of the store need them: the fewest that the tables let stand."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from credentials.store import applications, candidates, credentials, engagements, people, projects
from credentials.store.applications import Application
from credentials.store.candidates import Candidate
from credentials.store.credentials import StoredCredential
from credentials.store.engagements import Engagement
from credentials.store.people import Person
from credentials.store.projects import Project

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ACME, OTHER = "id-of-acme", "id-of-other"


def add_person(connection: Connection, own: str, name: str = "Kim Larsen") -> str:
    """Somebody with this id."""
    people.add(connection, Person(id=own, name=name, handle=own.encode().ljust(32, b"."), created_at=NOW))
    return own


def add_credential(connection: Connection, own: str, **more: object) -> StoredCredential:
    """A credential of acme's with this id, asked to be signed nowhere, for a candidate of its own: `of-<id>`."""
    values: dict[str, object] = {
        "code": f"code-{own}",
        "issuer_id": ACME,
        "candidate_id": f"of-{own}",
        "idempotency_key": None,
        "draft_digest": own.encode(),
        "title": own,
        "visibility": "public",
        "created_at": NOW,
        "valid_until": None,
        "unsigned": own.encode(),
    } | more
    made = StoredCredential(id=own, **values)  # type: ignore[arg-type]
    if "candidate_id" not in more:
        add_candidate(connection, made.candidate_id, issuer_id=made.issuer_id)
    credentials.add(connection, [made], [])
    return made


def add_candidate(connection: Connection, own: str, **more: object) -> Candidate:
    """A candidate of acme's without an address, whose slug is `at-<id>`."""
    values: dict[str, object] = {"issuer_id": ACME, "slug": f"at-{own}", "name": own, "email": None, "created_at": NOW}
    made = Candidate(id=own, **(values | more))  # type: ignore[arg-type]
    candidates.add_missing(connection, [made])
    return made


def project(own: str, **more: object) -> Project:
    """An open project of acme's, by the person `author`, with a week to go."""
    values: dict[str, object] = {
        "issuer_id": ACME,
        "author_id": "author",
        "state": "open",
        "form": "{}",
        "title": own,
        "words": own,
        "remote": False,
        "ends_on": TODAY + timedelta(days=7),
        "version": 1,
        "created_at": NOW,
        "changed_at": NOW,
        "opened_at": NOW,
    }
    return Project(id=own, **(values | more))  # type: ignore[arg-type]


def engage(connection: Connection, own: str, **more: object) -> Engagement:
    """Work of this id on a project of its own, by the person `worker`; the project's id is `project-<id>`."""
    work = {"issuer_id": ACME, "person_id": "worker", "state": "working", "version": 1, "ends_on": TODAY} | more
    issuer_id, person_id = str(work["issuer_id"]), str(work["person_id"])
    projects.add_once(connection, project(f"project-{own}", issuer_id=issuer_id))
    asked = Application(
        id=f"application-{own}",
        project_id=f"project-{own}",
        issuer_id=issuer_id,
        person_id=person_id,
        state="accepted",
        note="",
        created_at=NOW,
        changed_at=NOW,
    )
    applications.add_once(connection, asked)
    moments = {"created_at": NOW, "changed_at": NOW}
    made = Engagement(id=own, project_id=asked.project_id, application_id=asked.id, **(moments | work))  # type: ignore[arg-type]
    engagements.add(connection, made)
    return made
