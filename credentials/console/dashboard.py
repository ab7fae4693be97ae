"""A company's first page: what waits for whom, where each piece of work stands, skills awarded over a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from credentials.accounts.acting import Member, Role
from credentials.console.means import Means
from credentials.portfolio.dates import Moment, month
from credentials.store import attention, dashboards
from credentials.store.attention import Attention
from credentials.store.dashboards import Reached, Waiting
from credentials.store.engine import read

MONTHS = 12
_YEAR = timedelta(days=372)
STATES = {
    "agreeing": "agreeing",
    "working": "at work",
    "delivered": "to review",
    "returned": "sent back",
    "accepted": "to sign",
    "completed": "done",
}
"""What each state is called in a count. What ended is not counted."""


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing to do: what, for which work, whom it waits for, and where it is done below the company's page."""

    what: str
    title: str
    person: str
    path: str
    roles: tuple[Role, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A state with its count, and its piece of a bar that is 100 wide."""

    label: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Column:
    """A month with the skills awarded in it, and the height of its column, at most 100."""

    month: Moment
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Dashboard:
    """See above. `mine` waits for a role that the reader has, `others` for somebody else.

    `columns` and `skills` count the skills of every credential that the company issued in a year.
    """

    mine: tuple[Waits, ...]
    others: tuple[Waits, ...]
    parts: tuple[Part, ...]
    columns: tuple[Column, ...]
    skills: tuple[tuple[str, int], ...]
    reached: Reached
    seen: Attention


def dashboard(means: Means, member: Member) -> Dashboard:
    """What a member of a company sees first."""
    now, company = means.accounts.clock(), member.issuer.id
    with read(means.accounts.engine) as connection:
        counts = dashboards.states(connection, company)
        waiting = dashboards.waiting(connection, company)
        issued = dashboards.issued_since(connection, company, now - _YEAR)
        awarded = [(day, skill) for day, unsigned in issued for skill in _skills(unsigned)]
        reached = dashboards.reached(connection, company)
        seen = attention.since(connection, company, (now - _YEAR).date())
    waits = [one for engagement in waiting for one in _waits(engagement, now.date())]
    return Dashboard(
        mine=tuple(one for one in waits if member.may(*one.roles)),
        others=tuple(one for one in waits if not member.may(*one.roles)),
        parts=tuple(_parts(counts)),
        columns=_columns([day for day, _ in awarded], now.date()) if awarded else (),
        skills=tuple(Counter(skill for _, skill in awarded).most_common(5)),
        reached=reached,
        seen=seen,
    )


def _waits(one: Waiting, today: date) -> Iterator[Waits]:
    base = f"/work/{one.id}"
    if one.to_answer:
        yield Waits("Terms to answer", one.title, one.person, base, ("author",))
    if one.state == "delivered":
        yield Waits("A submission to review", one.title, one.person, f"{base}/review", ("reviewer",))
    if one.state == "accepted":
        yield Waits("A credential to sign", one.title, one.person, f"/awards/{one.award_id}", ("signer",))
    if one.due_on is not None:
        late = one.due_on < today
        what = "Pay is overdue" if late else "Pay is due"
        yield Waits(what, one.title, one.person, f"{base}/pay", ("author", "signer"), late)


def _parts(counts: dict[str, int]) -> Iterator[Part]:
    shown = [(label, counts[state]) for state, label in STATES.items() if counts.get(state)]
    total, start = sum(count for _, count in shown), 0.0
    for label, count in shown:
        width = 100 * count / total
        yield Part(label, count, round(start, 2), round(width, 2))
        start += width


class _Achievement(msgspec.Struct):
    tag: list[str] = []


class _Subject(msgspec.Struct):
    achievement: _Achievement


class _Tagged(msgspec.Struct, rename="camel"):
    """As much of a credential as says which skills it took: a tenth of the time of reading all of it."""

    credential_subject: _Subject


_READER = msgspec.json.Decoder(_Tagged)


def _skills(unsigned: bytes) -> list[str]:
    """The skills that a credential names, each once; none of one that is no achievement."""
    try:
        return list(dict.fromkeys(_READER.decode(unsigned).credential_subject.achievement.tag))
    except msgspec.DecodeError:
        return []


def _columns(days: Sequence[date], today: date) -> tuple[Column, ...]:
    months = [_first(today, back) for back in reversed(range(MONTHS))]
    counts = Counter(day.replace(day=1) for day in days)
    most = max((counts[one] for one in months), default=0) or 1
    return tuple(Column(month(one), counts[one], round(100 * counts[one] / most, 1)) for one in months)


def _first(today: date, back: int) -> date:
    """The first day of the month that was `back` months ago."""
    year, number = divmod(today.year * 12 + today.month - 1 - back, 12)
    return date(year, number + 1, 1)
