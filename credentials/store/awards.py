"""Awards as kept: what was typed, by whom, how far it has come, and which credential came of it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, update

from credentials.store.inserting import insert_ignoring
from credentials.store.pages import Place, following
from credentials.store.tables import award as table

AwardState = Literal["draft", "waiting", "returned", "signing", "signed"]
"""`signing`: a signer pressed the button, and what the award says is fixed from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One award. `form` is JSON of what was typed; `version` grows with each change, so that none is lost unseen.

    `key_id`: the API key that wrote what it says, None once a person did; `author_id` then answers for that key.
    """

    id: str
    issuer_id: str
    author_id: str
    state: AwardState
    form: str
    version: int
    created_at: datetime
    changed_at: datetime
    approver_id: str | None = None
    note: str | None = None
    credential_id: str | None = None
    key_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether what it says may still be changed."""
        return self.state not in ("signing", "signed")


def add_once(connection: Connection, award: Award) -> bool:
    """Insert an award; False when there is one with this id."""
    return insert_ignoring(connection, table, [tuple(asdict(award)[column.name] for column in table.c)]) == 1


def by_id(connection: Connection, issuer_id: str, award_id: str, *, lock: bool = False) -> Award | None:
    """A company's award, or None; `lock` keeps others from changing it until the transaction ends."""
    query = select(table).where(table.c.issuer_id == issuer_id, table.c.id == award_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Award(**row._mapping)


def of_credential(connection: Connection, issuer_id: str, credential_id: str) -> Award | None:
    """The award that a credential came of, or None."""
    query = select(table).where(table.c.issuer_id == issuer_id, table.c.credential_id == credential_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Award(**row._mapping)


def unsigned(connection: Connection, issuer_id: str, before: Place | None = None, limit: int = 100) -> list[Award]:
    """A company's awards that are not signed, changed last first, after a place (when one was changed, and which)."""
    of_company = (table.c.issuer_id == issuer_id) & (table.c.state != "signed")
    query = select(table).where(of_company, following(table.c.changed_at, table.c.id, before))
    found = connection.execute(query.order_by(table.c.changed_at.desc(), table.c.id).limit(limit))
    return [Award(**row._mapping) for row in found]


def change(connection: Connection, award: Award) -> None:
    """Write an award's new state over the old one."""
    connection.execute(update(table).where(table.c.id == award.id).values(**asdict(award)))
