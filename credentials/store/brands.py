"""How companies look: one accent colour and one logo each, as they are kept."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import brand as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One company's look. `accent` is `#rrggbb`; `logo` and `logo_small` are the same picture as square PNGs."""

    issuer_id: str
    accent: str | None = None
    logo: bytes | None = None
    logo_small: bytes | None = None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Parts:
    """What a company's look has, without the bytes of its pictures."""

    accent: str | None
    has_logo: bool


def of_issuer(connection: Connection, issuer_id: str) -> Brand | None:
    """A company's look, or None when it never chose one."""
    row = connection.execute(select(table).where(table.c.issuer_id == issuer_id)).one_or_none()
    return None if row is None else Brand(**row._mapping)


def parts(connection: Connection, issuer_ids: Collection[str]) -> dict[str, Parts]:
    """What these companies' looks have, by the company's id; those that never chose one are left out."""
    query = select(table.c.issuer_id, table.c.accent, table.c.logo.is_not(None).label("has_logo"))
    rows = connection.execute(query.where(table.c.issuer_id.in_(sorted(issuer_ids))))
    return {row.issuer_id: Parts(row.accent, bool(row.has_logo)) for row in rows}


def put(connection: Connection, brand: Brand) -> None:
    """Write a company's look over the one before. The caller holds the issuer's lock."""
    which = table.c.issuer_id == brand.issuer_id
    if connection.execute(update(table).where(which).values(**asdict(brand))).rowcount == 0:
        connection.execute(insert(table).values(**asdict(brand)))
