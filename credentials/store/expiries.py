"""Credentials that soon end, and of which of their ends the letters were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select

from credentials.store.tables import credential, secured_form, status_event
from credentials.store.tables import expiry_reminder as table

_ENDED = ("revoked", "replaced")


@dataclass(frozen=True, slots=True)
class Expiry:
    """A credential that ends at `valid_until`; `days`: the mark of days before it that was passed last."""

    credential_id: str
    days: int
    valid_until: datetime
    issued_at: datetime

    @property
    def is_late(self) -> bool:
        """Whether the mark was passed before the credential was there: then there is nothing to remind of."""
        return self.issued_at > self.valid_until - timedelta(days=self.days)


def nearing(connection: Connection, now: datetime, marks: Sequence[int], limit: int) -> list[str]:
    """The ids of credentials for which a mark was passed and not noted, those that end first in front.

    `marks`: days before the end, the largest first.
    """
    passed = or_(*(_between(now, mark, after) & ~_noted(mark) for mark, after in _stretches(marks)))
    query = select(credential.c.id).where(passed, _standing()).order_by(credential.c.valid_until, credential.c.id)
    return list(connection.execute(query.limit(limit)).scalars())


def take(connection: Connection, credential_id: str, now: datetime, marks: Sequence[int]) -> Expiry | None:
    """Note the mark that a credential passed, and return it; None where there is none or it was noted before.

    Whoever asks at the same time waits for this transaction to end.
    """
    query = select(credential.c.valid_until, credential.c.created_at).where(credential.c.id == credential_id)
    row = connection.execute(query.where(_standing()).with_for_update(of=credential)).one_or_none()
    if row is None or row.valid_until is None or row.valid_until <= now:
        return None
    mark = min((one for one in marks if row.valid_until <= now + timedelta(days=one)), default=None)
    if mark is None or connection.execute(select(_noted(mark, credential_id))).scalar_one():
        return None
    connection.execute(insert(table), {"credential_id": credential_id, "days": mark, "at": now})
    return Expiry(credential_id, mark, row.valid_until, row.created_at)


def _stretches(marks: Sequence[int]) -> list[tuple[int, int]]:
    """Each mark with the next smaller one, 0 after the last."""
    return list(zip(marks, (*marks[1:], 0), strict=True))


def _between(now: datetime, mark: int, after: int) -> ColumnElement[bool]:
    ends = credential.c.valid_until
    return and_(ends > now + timedelta(days=after), ends <= now + timedelta(days=mark))


def _noted(mark: int, credential_id: str | None = None) -> ColumnElement[bool]:
    which = table.c.credential_id == (credential.c.id if credential_id is None else credential_id)
    return exists().where(which, table.c.days == mark)


def _standing() -> ColumnElement[bool]:
    """Released, and neither withdrawn nor replaced."""
    over = exists().where(status_event.c.credential_id == credential.c.id, status_event.c.kind.in_(_ENDED))
    return exists().where(secured_form.c.credential_id == credential.c.id) & ~over
