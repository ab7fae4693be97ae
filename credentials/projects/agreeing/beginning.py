"""A taken offer becomes an engagement, whose first agreement the company proposes by it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection

from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.core.canonical_json import canonicalise
from credentials.projects.terms import Terms
from credentials.store import agreements, engagements
from credentials.store.agreements import Agreement
from credentials.store.applications import Application
from credentials.store.engagements import Engagement
from credentials.store.projects import Project


def begin(
    means: Means, connection: Connection, *, project: Project, application: Application, terms: Terms, now: datetime
) -> Engagement:
    """Make the engagement of a taken offer, and agreement number 1, in the caller's transaction."""
    del means
    made = Engagement(
        id=new_id(),
        issuer_id=project.issuer_id,
        project_id=project.id,
        application_id=application.id,
        person_id=application.person_id,
        state="agreeing",
        version=1,
        ends_on=date.fromisoformat(terms.ends_on),
        created_at=now,
        changed_at=now,
    )
    engagements.add(connection, made)
    document = canonicalise({"engagement": made.id, "number": 1, "terms": msgspec.to_builtins(terms)})
    agreements.add(
        connection,
        Agreement(
            engagement_id=made.id,
            number=1,
            issuer_id=project.issuer_id,
            document=document,
            digest=hashlib.sha256(document).digest(),
            proposed_by=project.author_id,
            created_at=now,
            company_accepted_at=now,
            company_accepted_by=project.author_id,
        ),
    )
    return made
