"""Begin an engagement: an offer was taken, and its terms are the first proposal, by the company."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from credentials.accounts.acting import Actor
from credentials.accounts.audit import note
from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.projects.agreeing.errors import TermsUnusable
from credentials.projects.agreeing.form import day_of, judge
from credentials.projects.agreeing.proposing import new_version
from credentials.projects.terms import Terms
from credentials.store import engagements
from credentials.store.engagements import Engagement


class Project(Protocol):
    """What is asked of a project: whose it is, and who stands for its offers."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def issuer_id(self) -> str:
        """The company's id."""
        ...

    @property
    def author_id(self) -> str:
        """The person who wrote it."""
        ...


class Application(Protocol):
    """What is asked of an application: its id, and who applied."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def person_id(self) -> str:
        """The candidate's id."""
        ...


def begin(
    means: Means,
    connection: Connection,
    *,
    project: Project,
    application: Application,
    terms: Terms,
    now: datetime,
) -> Engagement:
    """Make the engagement, in the state `agreeing`, with agreement number 1; in the caller's transaction.

    Raises TermsUnusable; IntegrityError when the application began one before.
    """
    del means
    problems = judge(terms)
    ends_on = day_of(terms.ends_on)
    if problems or ends_on is None:
        raise TermsUnusable(
            problems[0].title if problems else "no deadline", where=problems[0].field if problems else ""
        )
    made = Engagement(
        id=new_id(),
        issuer_id=project.issuer_id,
        project_id=project.id,
        application_id=application.id,
        person_id=application.person_id,
        state="agreeing",
        version=1,
        ends_on=ends_on,
        created_at=now,
        changed_at=now,
    )
    engagements.add(connection, made)
    new_version(connection, made, terms, "company", project.author_id, now)
    actor, subject = Actor(f"person:{application.person_id}"), f"engagement:{made.id}"
    note(connection, actor, "engagement.begun", subject, now=now, issuer_id=made.issuer_id)
    return made
