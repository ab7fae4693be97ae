"""Tell the holder and the author in the company that a credential soon ends: 30 and 7 days before, once each.

A mark that was passed before the credential was issued, or that another one followed while nothing ran, is left out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from credentials.console.handing_over import called
from credentials.console.means import Means
from credentials.mail.message import Action, Letter
from credentials.store import awards, candidates, credentials, expiries, handovers, issuers, organisations, people
from credentials.store.credentials import StoredCredential
from credentials.store.engine import read, write
from credentials.store.expiries import Expiry
from credentials.store.issuers import Issuer
from credentials.verifier.states import written_date

MARKS = (30, 7)
"""Days before the end, the largest first."""


def due(means: Means, now: datetime, limit: int) -> list[str]:
    """The ids of credentials of whose end somebody is to be reminded."""
    with read(means.accounts.engine) as connection:
        return expiries.nearing(connection, now, MARKS, limit)


def remind(means: Means, credential_id: str) -> None:
    """Write to both, if it still is due. An unknown id does nothing."""
    with write(means.accounts.engine) as connection:
        passed = expiries.take(connection, credential_id, means.accounts.clock(), MARKS)
        stored = credentials.by_id(connection, credential_id) if passed else None
        issuer = issuers.by_id(connection, stored.issuer_id) if stored else None
        if passed is None or passed.is_late or stored is None or issuer is None:
            return
        _tell_holder(means, connection, issuer, stored, passed)
        _tell_author(means, connection, issuer, stored, passed)


def last_day(valid_until: datetime) -> str:
    """The last day on which a credential is current, in UTC, as people read it: `3 Mar 2026`."""
    return written_date(valid_until - timedelta(seconds=1))  # an end at midnight is the end of the day before


def _tell_holder(
    means: Means, connection: Connection, issuer: Issuer, stored: StoredCredential, passed: Expiry
) -> None:
    handover = handovers.by_id(connection, stored.id)
    address = handover.address if handover else candidates.own_email(connection, stored.candidate_id)
    if address is None:
        return
    who, day, host = called(connection, issuer), last_day(passed.valid_until), means.accounts.host
    letter = Letter(
        kind="reminder",
        subject=f"A credential of yours is current until {day}",
        paragraphs=(
            f"{who} signed “{stored.title}” for you. It is current until {day}; verifiers then say that it ended.",
            "What it says stays true and its page stays. If you need it for longer, ask the company for a new one.",
        ),
        action=Action("See your credential", f"{means.accounts.base_url}/c/{stored.id}"),
        reason=f"The company gave this address when it signed the credential on {host}.",
    )
    means.outbox.put(connection, letter, address, issuer_id=issuer.id)


def _tell_author(
    means: Means, connection: Connection, issuer: Issuer, stored: StoredCredential, passed: Expiry
) -> None:
    day, host = last_day(passed.valid_until), means.accounts.host
    letter = Letter(
        kind="reminder",
        subject=f"A credential that you issued is current until {day}",
        paragraphs=(
            f"“{stored.title}” is current until {day}; verifiers then say that it ended.",
            "If it should stand for longer, correct it and give it a later day. Else there is nothing to do.",
        ),
        action=Action("See what you issued", f"{means.accounts.base_url}/console/{issuer.slug}/issued"),
        reason=f"You look after credentials of your company on {host}.",
    )
    for person_id in _authors(connection, issuer, stored.id):
        for address in people.addresses(connection, person_id)[:1]:
            means.outbox.put(connection, letter, address.address, issuer_id=issuer.id)


def _authors(connection: Connection, issuer: Issuer, credential_id: str) -> list[str]:
    """Who wrote it, or the owners where that person left, or where it was issued without a form."""
    members = organisations.members(connection, issuer.id)
    award = awards.of_credential(connection, issuer.id, credential_id)
    own = [one.person_id for one in members if award is not None and one.person_id == award.author_id]
    return own or [one.person_id for one in members if "owner" in one.roles.split()]
