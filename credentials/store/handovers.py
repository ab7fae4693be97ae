"""How credentials reached their holders: sent, opened, claimed, came back, or disputed."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import Case, Connection, ScalarSelect, and_, case, insert, or_, select, update

from credentials.store.pages import Place, following
from credentials.store.status import EventKind
from credentials.store.tables import candidate, credential, mail, secured_form, status_event
from credentials.store.tables import handover as table

FORM = "vc+jwt"
Reached: TypeAlias = Literal[
    "sent",
    "opened",
    "claimed",
    "disputed",
    "bounced",
    "on hold",
    "withdrawn",
    "corrected",
    "on its way",
    "not delivered",
    "not sent",
]
"""How far a credential has come, in a word. What was done to it comes before what its holder did, and that before what
became of its letter.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One credential on its way. `dispute`: what its holder says is wrong; `proposal` (JSON): what they want."""

    credential_id: str
    issuer_id: str
    address: str
    mail_id: str | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    claimed_at: datetime | None = None
    claimed_by: str | None = None
    disputed_at: datetime | None = None
    dispute: str | None = None
    proposal: str | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRow:
    """One line of what a company issued. `last_event` is that of its status story."""

    id: str
    title: str
    person: str
    created_at: datetime
    valid_until: datetime | None
    address: str | None
    claimed_at: datetime | None
    dispute: str | None
    last_event: EventKind | None
    reached: Reached

    @property
    def last_day(self) -> datetime | None:
        """The end of the last day on which it is current. An end at midnight is that of the day before."""
        return None if self.valid_until is None else self.valid_until - timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which lines are wanted: those that have come so far, and whose person or title has this text in it."""

    reached: Reached | None = None
    text: str = ""


EVERYTHING = Sought()


def put(connection: Connection, made: Handover) -> None:
    """Note that a credential was sent, or sent again."""
    which = table.c.credential_id == made.credential_id
    values = {"address": made.address, "mail_id": made.mail_id, "sent_at": made.sent_at}
    if connection.execute(update(table).where(which).values(**values)).rowcount == 0:
        connection.execute(insert(table), asdict(made))


def by_id(connection: Connection, credential_id: str) -> Handover | None:
    """How this credential reached its holder, or None."""
    row = connection.execute(select(table).where(table.c.credential_id == credential_id)).one_or_none()
    return None if row is None else Handover(**row._mapping)


def opened(connection: Connection, credential_id: str, at: datetime) -> None:
    """The link was opened for the first time."""
    first = (table.c.credential_id == credential_id) & table.c.opened_at.is_(None)
    connection.execute(update(table).where(first).values(opened_at=at))


def claimed(connection: Connection, credential_id: str, person_id: str, at: datetime) -> bool:
    """A person took the credential as theirs; False when somebody did before."""
    free = (table.c.credential_id == credential_id) & table.c.claimed_by.is_(None)
    return connection.execute(update(table).where(free).values(claimed_at=at, claimed_by=person_id)).rowcount == 1


def unclaimed(connection: Connection, sent_before: datetime, limit: int) -> list[str]:
    """The ids of credentials that were sent before a moment, whose holders said nothing and were not reminded."""
    silent = table.c.claimed_at.is_(None) & table.c.disputed_at.is_(None) & table.c.reminded_at.is_(None)
    withdrawn = select(status_event.c.credential_id).where(status_event.c.kind.in_(("revoked", "replaced")))
    query = (
        select(table.c.credential_id)
        .join_from(table, mail, mail.c.id == table.c.mail_id)
        .where(silent, table.c.sent_at <= sent_before, mail.c.state.in_(("sent", "kept")))
        .where(table.c.credential_id.not_in(withdrawn))
    )
    return list(connection.execute(query.order_by(table.c.sent_at).limit(limit)).scalars())


def reminded(connection: Connection, credential_id: str, at: datetime) -> bool:
    """The holder is reminded now; False when they were before, or said something meanwhile."""
    silent = table.c.claimed_at.is_(None) & table.c.disputed_at.is_(None) & table.c.reminded_at.is_(None)
    which = (table.c.credential_id == credential_id) & silent
    return connection.execute(update(table).where(which).values(reminded_at=at)).rowcount == 1


def disputed(connection: Connection, credential_id: str, words: str, at: datetime, proposal: str | None = None) -> None:
    """The holder says that something is wrong, and perhaps what should stand there."""
    which = table.c.credential_id == credential_id
    connection.execute(update(table).where(which).values(disputed_at=at, dispute=words, proposal=proposal))


def undisputed(connection: Connection, credential_id: str) -> bool:
    """The company answered what its holder said; False when there is nothing that was not answered before."""
    which = (table.c.credential_id == credential_id) & table.c.disputed_at.is_not(None)
    settled = update(table).where(which).values(disputed_at=None, dispute=None, proposal=None)
    return connection.execute(settled).rowcount == 1


def to_hand_on(connection: Connection, limit: int) -> list[str]:
    """The ids of credentials that were replaced and whose holders have not heard of the corrected ones."""
    successor = table.alias("successor")
    query = (
        select(status_event.c.credential_id)
        .join_from(status_event, table, table.c.credential_id == status_event.c.credential_id)
        .outerjoin(successor, successor.c.credential_id == status_event.c.successor)
        .where(status_event.c.kind == "replaced", successor.c.credential_id.is_(None))
    )
    return list(connection.execute(query.order_by(status_event.c.at).limit(limit)).scalars())


def hand_on(connection: Connection, before: Handover, successor_id: str, mail_id: str | None, at: datetime) -> None:
    """Whoever holds a credential holds its corrected version."""
    made = Handover(
        credential_id=successor_id,
        issuer_id=before.issuer_id,
        address=before.address,
        mail_id=mail_id,
        sent_at=at,
        claimed_at=before.claimed_at,
        claimed_by=before.claimed_by,
    )
    connection.execute(insert(table), asdict(made))


def of_person(connection: Connection, person_id: str) -> list[tuple[str, str]]:
    """The id and title of every credential that a person claimed, the newest first."""
    query = select(credential.c.id, credential.c.title).join_from(table, credential)
    found = connection.execute(query.where(table.c.claimed_by == person_id).order_by(table.c.claimed_at.desc()))
    return [(row[0], row[1]) for row in found]


def issued(
    connection: Connection,
    issuer_id: str,
    *,
    sought: Sought = EVERYTHING,
    before: Place | None = None,
    limit: int = 50,
) -> list[IssuedRow]:
    """What a company released, the newest first; `before` is the time and id of the last one seen."""
    last = _last_event()
    reached = _reached(last)
    query = (
        select(
            *(credential.c[name] for name in ("id", "title", "created_at", "valid_until")),
            candidate.c.name.label("person"),
            last.label("last_event"),
            reached.label("reached"),
            *(table.c[name] for name in ("address", "claimed_at", "dispute")),
        )
        .join_from(credential, candidate, candidate.c.id == credential.c.candidate_id)
        .join(secured_form, and_(secured_form.c.credential_id == credential.c.id, secured_form.c.format == FORM))
        .outerjoin(table, table.c.credential_id == credential.c.id)
        .outerjoin(mail, mail.c.id == table.c.mail_id)
        .where(credential.c.issuer_id == issuer_id, following(credential.c.created_at, credential.c.id, before))
        .order_by(credential.c.created_at.desc(), credential.c.id)
        .limit(limit)
    )
    if sought.reached is not None:
        query = query.where(reached == sought.reached)
    if sought.text:
        named = [column.icontains(sought.text, autoescape=True) for column in (candidate.c.name, credential.c.title)]
        query = query.where(or_(*named))
    return [IssuedRow(**row._mapping) for row in connection.execute(query)]


def _last_event() -> ScalarSelect[str]:
    """The kind of the last event of a credential's story."""
    query = select(status_event.c.kind).where(status_event.c.credential_id == credential.c.id)
    return query.order_by(status_event.c.position.desc()).limit(1).correlate(credential).scalar_subquery()


def _reached(last: ScalarSelect[str]) -> Case[str]:
    """How far a credential has come, as `Reached` has it."""
    return case(
        (last == "revoked", "withdrawn"),
        (last == "replaced", "corrected"),
        (last == "suspended", "on hold"),
        (table.c.disputed_at.is_not(None), "disputed"),
        (table.c.claimed_at.is_not(None), "claimed"),
        (mail.c.state == "bounced", "bounced"),
        (table.c.opened_at.is_not(None), "opened"),
        (mail.c.state.is_(None), "not sent"),
        (mail.c.state == "sent", "sent"),
        (mail.c.state == "failed", "not delivered"),
        else_="on its way",
    )
