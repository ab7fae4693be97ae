"""Submissions as kept: what was handed in, when, whether late, and the signed receipt, byte for byte.

Rows are added; a receipt is set once. The database refuses to change or delete what was handed in.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.numbers import may_be_kept
from credentials.store.tables import submission as table
from credentials.store.tables import submitted_item


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission, counted from 1. `agreement_number`: the agreement that was in force.

    `receipt_unsigned`, `receipt_template` and `receipt_key` (its id in the keyring) are the intent that was recorded
    before anything was signed; `receipt` is the signed token, None until it is signed.
    """

    engagement_id: str
    number: int
    issuer_id: str
    note: str
    late: bool
    created_at: datetime
    agreement_number: int = 1
    receipt_unsigned: bytes | None = None
    receipt_template: bytes | None = None
    receipt_key: str | None = None
    receipt: bytes | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedItem:
    """One file or link of a submission: of which deliverable of the agreement (from 0), and in which place."""

    engagement_id: str
    number: int
    deliverable: int
    place: int
    issuer_id: str
    file_id: str | None = None
    url: str | None = None


def add(connection: Connection, submission: Submission, items: Sequence[SubmittedItem]) -> None:
    """Insert a submission with what it holds. Raises IntegrityError when its number is taken."""
    connection.execute(insert(table).values(**asdict(submission)))
    if items:
        connection.execute(insert(submitted_item), [asdict(item) for item in items])


def all_of(connection: Connection, engagement_id: str) -> list[Submission]:
    """Every submission of an engagement, the first one first."""
    query = select(table).where(table.c.engagement_id == engagement_id).order_by(table.c.number)
    return [Submission(**row._mapping) for row in connection.execute(query)]


def newest(connection: Connection, engagement_id: str) -> Submission | None:
    """The submission that came last, or None."""
    query = select(table).where(table.c.engagement_id == engagement_id).order_by(table.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Submission(**row._mapping)


def by_number(connection: Connection, engagement_id: str, number: int, *, lock: bool = False) -> Submission | None:
    """One submission, or None; `lock` keeps others from changing it until the transaction ends."""
    if not may_be_kept(number):
        return None
    query = select(table).where(table.c.engagement_id == engagement_id, table.c.number == number)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Submission(**row._mapping)


def items(connection: Connection, engagement_id: str, number: int) -> list[SubmittedItem]:
    """What a submission holds, by deliverable and place."""
    columns = submitted_item.c
    query = select(submitted_item).where(columns.engagement_id == engagement_id, columns.number == number)
    found = connection.execute(query.order_by(columns.deliverable, columns.place))
    return [SubmittedItem(**row._mapping) for row in found]


def files_of(connection: Connection, engagement_id: str) -> set[str]:
    """The ids of all files that submissions of an engagement name."""
    columns = submitted_item.c
    query = select(columns.file_id).where(columns.engagement_id == engagement_id, columns.file_id.is_not(None))
    return set(connection.execute(query).scalars())


def without_receipt(connection: Connection, before: datetime, limit: int) -> list[tuple[str, int]]:
    """Engagement and number of submissions older than a moment whose receipt is not signed, the oldest first."""
    waiting = table.c.receipt.is_(None) & table.c.receipt_unsigned.is_not(None) & (table.c.created_at < before)
    query = select(table.c.engagement_id, table.c.number).where(waiting).order_by(table.c.created_at).limit(limit)
    return [(row.engagement_id, row.number) for row in connection.execute(query)]


def intend(connection: Connection, submission: Submission, unsigned: bytes, template: bytes, key: str) -> None:
    """Record what shall be signed in the place of an intent of which nothing was released."""
    _set(connection, submission, receipt_unsigned=unsigned, receipt_template=template, receipt_key=key)


def keep_receipt(connection: Connection, submission: Submission, receipt: bytes) -> None:
    """Keep the signed receipt."""
    _set(connection, submission, receipt=receipt)


def _set(connection: Connection, submission: Submission, **values: object) -> None:
    which = (table.c.engagement_id == submission.engagement_id) & (table.c.number == submission.number)
    connection.execute(update(table).where(which).values(**values))
