"""Sign in: by an e-mailed link, with a passkey or recovery code as the second step where the person has one.

A link alone opens an account that has neither. Where there is one, whoever reads the mailbox gets no further than the
second step: a stolen mailbox is not a stolen account. A link that is older than ten minutes begins an account, but it
opens none that is there already: that takes a fresh one (OWASP ASVS 5.0 §6.5.5).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from credentials.accounts import passkeys
from credentials.accounts.acting import ROLES, Actor, Visitor
from credentials.accounts.addresses import parse_name
from credentials.accounts.audit import note
from credentials.accounts.errors import LinkUnusable, PasskeyRefused, SignInWanted
from credentials.accounts.letters import alert_letter
from credentials.accounts.links import SIGNS_IN, send_sign_in, take
from credentials.accounts.means import Means
from credentials.accounts.racing import second_finds_first
from credentials.accounts.recovery import take_code, typed_code
from credentials.accounts.sessions import Begun, Client, begin, is_guarded
from credentials.accounts.tokens import new_id, new_token
from credentials.store import handovers, organisations, people, sessions, sign_in
from credentials.store.engine import read, write
from credentials.store.organisations import Invitation, Membership
from credentials.store.people import Address, Person
from credentials.store.sign_in import Link

_SECOND = "second-step"
_HANDLE_BYTES = 32


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The link was good, and the person has a passkey or codes: they must use one of them, with this ticket."""

    ticket: str
    person_id: str


@dataclass(frozen=True, slots=True)
class LinkSent:
    """The link gave what it gives, but is too old to sign in: a fresh one went to the address."""

    address: str


Opened = Begun | SecondStep | LinkSent


def open_link(means: Means, token: str, name: str, client: Client) -> Opened:
    """Take a link: begin a session, or say what is wanted beside. `name` is for an account that is new.

    Raises LinkUnusable, NameUnusable; the link is then as good as before.
    """
    return second_finds_first(partial(_opened, means, token, name, client))


def _opened(means: Means, token: str, name: str, client: Client) -> Opened:
    now = means.clock()
    with write(means.engine) as connection:
        link = take(connection, token, now)
        if link.purpose not in ("sign-in", "invitation", "operator", "claim"):
            raise LinkUnusable
        known = people.by_address(connection, link.address)
        person = known or new_person(means, connection, link.address, name)
        if person.closed_at is not None:
            raise LinkUnusable
        _grant(means, connection, link, person, client)
        if known and now - link.created_at >= SIGNS_IN:
            send_sign_in(means, connection, link.address)
            return LinkSent(link.address)
        if is_guarded(connection, person.id):
            return second_step(means, person.id)
        return _begin(means, connection, person.id, "link", client)


def second_person(means: Means, ticket: str) -> str:
    """Whose second step a ticket is for. Raises LinkUnusable."""
    return means.tickets(_SECOND).open(ticket, means.clock()).data


def finish_with_code(means: Means, ticket: str, code: str, client: Client) -> Begun:
    """The second step by a recovery code. Raises LinkUnusable, PasskeyRefused (for a code that is none)."""
    opened = means.tickets(_SECOND).open(ticket, means.clock())
    typed = typed_code(means, opened.data, code)
    with write(means.engine) as connection:
        if not sign_in.spend_ticket(connection, opened.digest, opened.expires_at):
            raise LinkUnusable
        if take_code(means, connection, opened.data, typed):
            return _begin(means, connection, opened.data, "recovery", client)
    # The ticket stays spent: each guess costs a new link.
    raise PasskeyRefused("that is none of your codes, or it was used", where="code")


def sign_in_with_passkey(means: Means, ticket: str, answer: str, client: Client) -> Begun:
    """Sign in with a passkey alone. Raises PasskeyRefused, LinkUnusable."""
    with write(means.engine) as connection:
        person_id = passkeys.authenticate(means, connection, ticket, answer)
        return _begin(means, connection, person_id, "passkey", client)


def begin_by_provider(
    means: Means, connection: Connection, person_id: str, client: Client, *, two_steps: bool, proved_at: datetime
) -> Begun:
    """Begin a session for somebody whom their company's own provider vouched for, in the caller's transaction.

    `two_steps`: whether it says that it asked for two; `proved_at`: when it asked.
    """
    method = "provider-in-two-steps" if two_steps else "provider"
    return _begin(means, connection, person_id, method, client, proved_at)


def prove_again(means: Means, visitor: Visitor, ticket: str, answer: str) -> str:
    """Prove with a passkey who is signed in; returns the session's new cookie. PasskeyRefused, LinkUnusable."""
    with write(means.engine) as connection:
        person_id = passkeys.authenticate(means, connection, ticket, answer)
        if person_id != visitor.person_id:
            raise PasskeyRefused(where="passkey")
        return _proved(means, connection, visitor, "passkey")


def strengthen(means: Means, visitor: Visitor, method: str) -> str:
    """After a first passkey or first codes were made in a session: it counts as begun in two steps. Its new cookie."""
    with write(means.engine) as connection:
        return _proved(means, connection, visitor, method)


def _proved(means: Means, connection: Connection, visitor: Visitor, method: str) -> str:
    cookie, digest = new_token()
    sessions.prove(connection, visitor.session_id, digest, method, means.clock())
    return cookie


def person_of(means: Means, person_id: str) -> Person:
    """A person by id. Raises SignInWanted when there is none any more."""
    with read(means.engine) as connection:
        found = people.by_id(connection, person_id)
    if found is None:
        raise SignInWanted
    return found


def _begin(
    means: Means,
    connection: Connection,
    person_id: str,
    method: str,
    client: Client,
    proved_at: datetime | None = None,
) -> Begun:
    now = means.clock()
    begun = begin(connection, person_id, method, client, now, proved_at)
    actor = Actor(f"person:{person_id}", client.origin)
    note(connection, actor, "session.begun", f"session:{begun.session.id}", now=now, detail={"method": method})
    if begun.unfamiliar:
        when = f"{now.day} {now:%b %Y at %H:%M} UTC"
        letter = alert_letter(means.host, when, f"{means.base_url}/account#sessions")
        for address in people.addresses(connection, person_id)[:1]:
            means.send(connection, letter, address.address)
    return begun


def second_step(means: Means, person_id: str) -> SecondStep:
    """The ticket for the second step of somebody who has a passkey."""
    return SecondStep(means.tickets(_SECOND).make(person_id, means.clock()), person_id)


def new_person(means: Means, connection: Connection, address: str, name: str) -> Person:
    """Begin an account for the holder of a proved address, in the caller's transaction. Raises NameUnusable."""
    now = means.clock()
    person = Person(id=new_id(), name=parse_name(name), handle=secrets.token_bytes(_HANDLE_BYTES), created_at=now)
    people.add(connection, person)
    people.add_address(
        connection,
        Address(canonical=address, person_id=person.id, address=address, first=True, proved_at=now),
    )
    return person


def _grant(means: Means, connection: Connection, link: Link, person: Person, client: Client) -> None:
    """What a link gives beside a session: a place in a company, or the running of the service."""
    now, actor = means.clock(), Actor(f"person:{person.id}", client.origin)
    if link.purpose == "operator" and not people.is_operator(connection, person.id):
        people.add_operator(connection, person.id, now)
        note(connection, actor, "operator.made", f"person:{person.id}", now=now)
    if link.purpose == "claim":
        _claim(means, connection, link.subject_id or "", person, actor)
    if link.purpose == "invitation":
        _join(means, connection, link.subject_id or "", person, actor)


def _claim(means: Means, connection: Connection, credential_id: str, person: Person, actor: Actor) -> None:
    """Let a credential be this person's, if it is nobody's yet."""
    now, handover = means.clock(), handovers.by_id(connection, credential_id)
    if handover is None or not handovers.claimed(connection, credential_id, person.id, now):
        return
    subject = f"credential:{credential_id}"
    note(connection, actor, "credential.claimed", subject, now=now, issuer_id=handover.issuer_id)
    means.claimed(connection, handover.issuer_id, credential_id, now)


def _join(means: Means, connection: Connection, invitation_id: str, person: Person, actor: Actor) -> None:
    now = means.clock()
    invitation = organisations.find_invitation(connection, invitation_id)
    if invitation is None or not organisations.accept_invitation(connection, invitation_id, now):
        raise LinkUnusable
    roles = _with_those_held(connection, invitation, person)
    place = Membership(issuer_id=invitation.issuer_id, person_id=person.id, roles=roles, created_at=now)
    organisations.put_member(connection, place)
    note(
        connection,
        actor,
        "member.joined",
        f"person:{person.id}",
        now=now,
        issuer_id=invitation.issuer_id,
        detail={"roles": roles},
    )


def _with_those_held(connection: Connection, invitation: Invitation, person: Person) -> str:
    """The roles of an invitation and those that the person has there: an invitation takes none, the last owner's say.

    In the transaction that ends with the person's new roles: nobody else changes them meanwhile.
    """
    organisations.lock(connection, invitation.issuer_id)
    places = organisations.members(connection, invitation.issuer_id)
    held = next((one.roles for one in places if one.person_id == person.id), "")
    roles = {*invitation.roles.split(), *held.split()}
    return " ".join(role for role in ROLES if role in roles)
