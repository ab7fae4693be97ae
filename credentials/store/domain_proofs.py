"""Proofs that a domain is an issuer's, as kept: what has to be found where, and what the last look found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, or_, select, update

from credentials.store.tables import domain_proof as table

ProofState = Literal["pending", "holds", "failing", "lost", "expired"]
CHECKED: tuple[ProofState, ...] = ("pending", "holds", "failing")
"""The states in which a proof is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainProof:
    """One way in which one issuer proves one domain. All times are aware, UTC.

    `token`: what must be found; no secret, for it is published. `expires_at`: until when it must be found first.
    `checked_at`: when it was last found. `failing_since`: since when it is not, after it was. `problem`: a code that
    says why the last look did not find it. `due_at`: when to look next. `leased_until`: somebody is looking now.
    """

    id: str
    issuer_id: str
    domain: str
    method: str
    token: str
    state: ProofState
    created_at: datetime
    expires_at: datetime
    due_at: datetime
    problem: str | None = None
    proved_at: datetime | None = None
    checked_at: datetime | None = None
    failing_since: datetime | None = None
    leased_until: datetime | None = None


def add(connection: Connection, proof: DomainProof) -> None:
    """Insert a proof. Raises IntegrityError when the issuer has one of this domain by this method."""
    connection.execute(insert(table), asdict(proof))


def change(connection: Connection, proof_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of one proof."""
    connection.execute(update(table).where(table.c.id == proof_id).values(**values))


def remove(connection: Connection, proof_id: str) -> None:
    """Delete a proof."""
    connection.execute(delete(table).where(table.c.id == proof_id))


def by_id(connection: Connection, proof_id: str) -> DomainProof | None:
    """The proof with this id, or None."""
    row = connection.execute(select(table).where(table.c.id == proof_id)).one_or_none()
    return None if row is None else DomainProof(**row._mapping)


def find(connection: Connection, issuer_id: str, domain: str, method: str) -> DomainProof | None:
    """An issuer's proof of a domain by a method, or None."""
    which = (table.c.issuer_id == issuer_id) & (table.c.domain == domain) & (table.c.method == method)
    row = connection.execute(select(table).where(which)).one_or_none()
    return None if row is None else DomainProof(**row._mapping)


def of_issuer(connection: Connection, issuer_id: str) -> list[DomainProof]:
    """All proofs of an issuer, oldest first."""
    query = select(table).where(table.c.issuer_id == issuer_id).order_by(table.c.created_at, table.c.id)
    return [DomainProof(**row._mapping) for row in connection.execute(query)]


def in_trouble(connection: Connection) -> list[DomainProof]:
    """The proofs that held and do not hold now, whoever's they are, the longest in trouble first."""
    query = select(table).where(table.c.state.in_(("failing", "lost"))).order_by(table.c.failing_since, table.c.id)
    return [DomainProof(**row._mapping) for row in connection.execute(query)]


def due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """The ids of proofs that are to be looked at and that nobody is looking at, the longest due first."""
    query = select(table.c.id).where(table.c.state.in_(CHECKED), table.c.due_at <= now, _free(now))
    return list(connection.execute(query.order_by(table.c.due_at, table.c.id).limit(limit)).scalars())


def lease(connection: Connection, proof_id: str, now: datetime, until: datetime) -> bool:
    """Take a proof for a look; False when somebody has it, or it is not looked at any more."""
    which = (table.c.id == proof_id) & table.c.state.in_(CHECKED) & _free(now)
    return connection.execute(update(table).where(which).values(leased_until=until)).rowcount == 1


def settle(connection: Connection, proof_id: str, lease_until: datetime, values: Mapping[str, Any]) -> bool:
    """Give a leased proof back with what was found; False when the lease is somebody else's by now."""
    which = (table.c.id == proof_id) & (table.c.leased_until == lease_until)
    return connection.execute(update(table).where(which).values(leased_until=None, **values)).rowcount == 1


def _free(now: datetime) -> Any:
    return or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
