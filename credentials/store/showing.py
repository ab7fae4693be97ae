"""What pages show: a candidate's released work that may be seen, and an issuer's public record in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, distinct, func, select

from credentials.store import candidates
from credentials.store.tables import credential, secured_form, status_event

SHOWN = ("public", "unlisted")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCredential:
    """A released credential that its holder shows: `body` is what was signed, as it was signed."""

    id: str
    visibility: str
    created_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerRecord:
    """How many credentials an issuer released, how many of them it withdrew or replaced, and since when."""

    issued: int
    withdrawn: int
    first: datetime | None


def of_candidate(connection: Connection, candidate_id: str, form: str, limit: int) -> list[ShownCredential]:
    """The public and unlisted credentials in a candidate's portfolio, in one secured form, newest first.

    One that a corrected version took the place of is left out: that one stands there instead.
    """
    replaced = select(status_event.c.credential_id).where(status_event.c.kind == "replaced")
    query = (
        select(credential.c.id, credential.c.visibility, credential.c.created_at, secured_form.c.body)
        .join(secured_form, secured_form.c.credential_id == credential.c.id)
        .where(
            credential.c.candidate_id.in_(candidates.shown_together(candidate_id)),
            credential.c.visibility.in_(SHOWN),
            secured_form.c.format == form,
            credential.c.id.not_in(replaced),
        )
        .order_by(credential.c.created_at.desc(), credential.c.id)
        .limit(limit)
    )
    return [ShownCredential(**row._mapping) for row in connection.execute(query)]


def record_of(connection: Connection, issuer_id: str) -> IssuerRecord:
    """An issuer's record. A credential that was withdrawn twice over counts once; one put on hold does not count."""
    released = (
        select(func.count(distinct(credential.c.id)), func.min(credential.c.created_at))
        .join(secured_form, secured_form.c.credential_id == credential.c.id)
        .where(credential.c.issuer_id == issuer_id)
    )
    withdrawn = select(func.count(distinct(status_event.c.credential_id))).where(
        status_event.c.issuer_id == issuer_id, status_event.c.kind.in_(("revoked", "replaced"))
    )
    issued, first = connection.execute(released).one()
    return IssuerRecord(issued=issued, withdrawn=connection.execute(withdrawn).scalar_one(), first=first)
