"""A person's own account: name, addresses, passkeys, recovery codes. Each change of what guards it is told by mail."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from credentials.accounts import passkeys, recovery
from credentials.accounts.acting import Visitor
from credentials.accounts.addresses import canonical_address, parse_address, parse_name
from credentials.accounts.audit import note
from credentials.accounts.errors import AddressNeeded, AddressTaken, LinkUnusable, PasskeyUnknown
from credentials.accounts.letters import address_letter, changed_letter
from credentials.accounts.links import LIFETIMES, make_link, take
from credentials.accounts.means import Means
from credentials.accounts.sessions import open_sessions
from credentials.store import handovers, organisations, people, sign_in
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.people import Address
from credentials.store.sessions import Session
from credentials.store.sign_in import Passkey


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that a person's own page shows. `work`: the id and title of each credential that they took."""

    name: str
    addresses: tuple[Address, ...]
    passkeys: tuple[Passkey, ...]
    codes_left: int
    sessions: tuple[Session, ...]
    companies: tuple[tuple[Issuer, frozenset[str]], ...]
    work: tuple[tuple[str, str], ...]


def account(means: Means, visitor: Visitor) -> Account:
    """A person's own account."""
    with read(means.engine) as connection:
        return Account(
            name=visitor.name,
            addresses=tuple(people.addresses(connection, visitor.person_id)),
            passkeys=tuple(sign_in.passkeys(connection, visitor.person_id)),
            codes_left=sign_in.recovery_codes_left(connection, visitor.person_id),
            companies=tuple(organisations.companies_of(connection, visitor.person_id)),
            work=tuple(handovers.of_person(connection, visitor.person_id)),
            sessions=tuple(open_sessions(means.engine, visitor.person_id, means.clock())),
        )


def rename(means: Means, visitor: Visitor, text: str) -> None:
    """Change one's name. Raises NameUnusable."""
    name = parse_name(text)
    with write(means.engine) as connection:
        people.rename(connection, visitor.person_id, name)
        note(connection, visitor.actor, "person.renamed", f"person:{visitor.person_id}", now=means.clock())


def request_address(means: Means, visitor: Visitor, text: str) -> None:
    """Send a link to a further address, which opening it adds. Raises AddressUnusable.

    Says nothing of whether the address has an account: that shows only to whoever opens the link.
    """
    address, now = parse_address(text), means.clock()
    with write(means.engine) as connection:
        url = make_link(means, connection, "prove-address", address, now, person_id=visitor.person_id)
        hours = int(LIFETIMES["prove-address"].total_seconds()) // 3600
        if url is not None:
            means.send(connection, address_letter(means.host, url, hours), address)


def add_address(means: Means, visitor: Visitor, token: str) -> None:
    """Take a link that proves a further address of who is signed in. Raises LinkUnusable, AddressTaken."""
    now = means.clock()
    try:
        with write(means.engine) as connection:
            link = take(connection, token, now)
            if link.purpose != "prove-address" or link.person_id != visitor.person_id:
                raise LinkUnusable
            people.add_address(
                connection,
                Address(
                    canonical=link.address,
                    person_id=visitor.person_id,
                    address=link.address,
                    first=False,
                    proved_at=now,
                ),
            )
            person = people.by_id(connection, visitor.person_id)
            if person is None or person.closed_at is not None:
                raise LinkUnusable
            _changed(means, connection, visitor, "address.added", "An address was added to it")
    except IntegrityError:
        raise AddressTaken(where="address") from None


def remove_address(means: Means, visitor: Visitor, text: str) -> None:
    """Take an address away that is not the first. Raises AddressNeeded."""
    with write(means.engine) as connection:
        if not people.remove_address(connection, visitor.person_id, canonical_address(text)):
            raise AddressNeeded(where="address")
        _changed(means, connection, visitor, "address.removed", "An address was removed from it")


def make_first(means: Means, visitor: Visitor, text: str) -> None:
    """Let another of one's addresses get the mail. Raises AddressNeeded when it is not one's own."""
    with write(means.engine) as connection:
        _changed(means, connection, visitor, "address.chosen", "Its mail goes to another of its addresses from now on")
        if not people.make_first(connection, visitor.person_id, canonical_address(text)):
            raise AddressNeeded(where="address")


def add_passkey(means: Means, visitor: Visitor, ticket: str, answer: str, label: str) -> list[str]:
    """Register a passkey; with the first one come recovery codes, returned to be shown once (else none).

    Raises PasskeyRefused, PasskeyTaken, LinkUnusable.
    """
    with read(means.engine) as connection:
        left = sign_in.recovery_codes_left(connection, visitor.person_id)
    codes = None if left else recovery.new_codes(means, visitor.person_id)
    with write(means.engine) as connection:
        passkeys.register(means, connection, visitor.person_id, ticket, answer, label)
        _changed(means, connection, visitor, "passkey.added", "A passkey was added to it")
        return [] if codes is None else recovery.keep_codes(means, connection, visitor.person_id, codes)


def remove_passkey(means: Means, visitor: Visitor, passkey_id: str) -> None:
    """Take a passkey away; with the last one the recovery codes end. Raises PasskeyUnknown."""
    with write(means.engine) as connection:
        if not sign_in.remove_passkey(connection, visitor.person_id, passkey_id):
            raise PasskeyUnknown(where="passkey")
        if not sign_in.passkeys(connection, visitor.person_id):
            sign_in.replace_recovery_codes(connection, visitor.person_id, [], means.clock())
        _changed(means, connection, visitor, "passkey.removed", "A passkey was removed from it")


def new_codes(means: Means, visitor: Visitor) -> list[str]:
    """Ten new recovery codes, shown once; the old ones end."""
    codes = recovery.new_codes(means, visitor.person_id)
    with write(means.engine) as connection:
        _changed(means, connection, visitor, "recovery-codes.made", "It has new recovery codes; the old ones ended")
        return recovery.keep_codes(means, connection, visitor.person_id, codes)


def _changed(means: Means, connection: Connection, visitor: Visitor, action: str, words: str) -> None:
    """Note a change of what guards the account, and tell its owner."""
    note(connection, visitor.actor, action, f"person:{visitor.person_id}", now=means.clock())
    letter = changed_letter(means.host, words, f"{means.base_url}/account")
    for address in people.addresses(connection, visitor.person_id)[:1]:
        means.send(connection, letter, address.address)
