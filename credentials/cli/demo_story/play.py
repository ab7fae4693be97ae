"""The stage of the demo's story: the service's own means with a clock that is set, and people who sign in by mail.

Nothing here writes a row by itself: whoever acts opened a link from a letter in the outbox, as anybody does.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from credentials.accounts import links, organisations, sessions, signing_in
from credentials.accounts.acting import Member, Role, Visitor
from credentials.accounts.errors import LinkUnusable
from credentials.accounts.sessions import Begun, Client
from credentials.console.means import Means
from credentials.issuer.service import IssuerService
from credentials.projects import parties
from credentials.projects.parties import Party
from credentials.store import handovers, people
from credentials.store.engine import read, write
from credentials.web.composition import Service

CLIENT = Client("127.0.0.1", "The demo")
_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story: a made-up name and an address that nobody has."""

    name: str
    address: str


@dataclass
class Play:
    """The story while it is told. `first_run` is a midnight: what happens is dated back from it."""

    service: Service
    first_run: datetime
    moment: datetime = field(init=False)
    desk: Means = field(init=False)
    _visitors: dict[Person, Visitor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin on the day of the first run; `desk` reads whatever time it is in the story."""
        self.moment = self.first_run
        self.desk = _desk_at(self.service, self._now)

    def _now(self) -> datetime:
        return self.moment

    def at(self, days_ago: int, hour: int) -> None:
        """Let it be an hour of a day before the first run."""
        self.moment = self.first_run - timedelta(days=days_ago) + timedelta(hours=hour)

    def day(self, days: int) -> str:
        """The day so many days after the first run (before it, when negative), such as 2026-03-31."""
        return (self.first_run.date() + timedelta(days=days)).isoformat()

    def visitor(self, person: Person) -> Visitor:
        """Somebody who signed in; an account begins with the first link."""
        if person not in self._visitors:
            self._visitors[person] = self._seen(self._again(person) or self._first(person))
        return self._visitors[person]

    def _first(self, person: Person) -> str:
        links.request_sign_in(self.desk.accounts, person.address)
        outcome = self.opened(person, "sign-in")
        return outcome.cookie if isinstance(outcome, Begun) else ""

    def _again(self, person: Person) -> str:
        """The cookie of a new session of somebody who has an account: an address gets only so many letters an hour."""
        with write(self.desk.accounts.engine) as connection:
            known = people.by_address(connection, person.address)
            return sessions.begin(connection, known.id, "link", CLIENT, self.moment).cookie if known else ""

    def party(self, person: Person) -> Party:
        """Somebody on their own side of a project."""
        return parties.of_candidate(self.visitor(person))

    def opened(self, person: Person, kind: str, subject_id: str | None = None) -> signing_in.Opened:
        """Press the link of a letter of a kind that is still good. Raises LookupError when there is none."""
        for mail in self.desk.outbox.listed(_LETTERS):
            if (mail.kind, mail.address, mail.subject_id) == (kind, person.address, subject_id) and mail.body:
                # A first run that was cut short may have left one that is used.
                with suppress(LinkUnusable):
                    return self._pressed(mail.id, person)
        raise LookupError(f"no letter of the kind {kind}")

    def letter_token(self, person: Person, page: str) -> str | None:
        """The secret of somebody's newest link to a page, such as `/answers/`; None without such a letter."""
        begins = self.desk.accounts.base_url + page
        for mail in self.desk.outbox.listed(_LETTERS):
            action = self.desk.outbox.read(mail.id)[1].action if mail.address == person.address and mail.body else None
            if action is not None and action.url.startswith(begins):
                return action.url.removeprefix(begins)
        return None

    def _pressed(self, mail_id: str, person: Person) -> signing_in.Opened:
        action = self.desk.outbox.read(mail_id)[1].action
        token = action.url.rpartition("/")[2] if action else ""
        return signing_in.open_link(self.desk.accounts, token, person.name, CLIENT)

    def _seen(self, cookie: str) -> Visitor:
        found = sessions.visitor(self.desk.accounts.engine, cookie, CLIENT, self.moment)
        if found is None:
            raise LookupError("a link of the story opened no session")
        return found

    def member(self, person: Person, slug: str, *roles: Role, by: Member | None = None) -> Member:
        """Somebody in a company, invited if they have no place there: by its owner, or by command as the first one."""
        found = organisations.member(self.desk.accounts, self.visitor(person), slug)
        if found is not None:
            return found
        if by is None:
            organisations.invite_owner(self.desk.accounts, self.desk.issuer.issuer(slug), person.address)
        else:
            organisations.invite(self.desk.accounts, by, person.address, roles)
        self.opened(person, "invitation")
        return self.member(person, slug, *roles, by=by)

    def claim(self, person: Person, credential_id: str) -> None:
        """Let somebody take their credential by the link of its letter, once."""
        with read(self.desk.accounts.engine) as connection:
            handover = handovers.by_id(connection, credential_id)
        if handover is None or handover.claimed_by is None:
            self.opened(person, "claim", credential_id)


def _desk_at(service: Service, clock: Callable[[], datetime]) -> Means:
    """The service's means, each with another clock."""
    desk, issuer = service.desk, service.issuer.means
    outbox = replace(desk.outbox, clock=clock)
    return Means(
        accounts=replace(desk.accounts, clock=clock, send=outbox.send),
        issuer=IssuerService(
            issuer.engine, issuer.signer, issuer.base_url, issuer.high_water, clock, issuer.announce, issuer.watch
        ),
        outbox=outbox,
        files=replace(desk.files, clock=clock),
    )
