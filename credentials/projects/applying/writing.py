"""Put letters about applications into the outbox, in the transaction of what they tell of."""

from __future__ import annotations

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.issuer.characters import broken, hidden, stacked
from credentials.mail.message import Letter
from credentials.projects.applying.errors import NoteUnusable
from credentials.projects.posting.company import company
from credentials.store import issuers, people

LONGEST_NOTE = 4000


def text_of(typed: str, *, empty: bool = False) -> str:
    """A note or letter as it was typed. Raises NoteUnusable. `empty`: it may be left out."""
    text = typed.strip().replace("\r\n", "\n")
    if not text and empty:
        return ""
    if not 1 <= len(text) <= LONGEST_NOTE or hidden(text, lines=True) or broken(text) or stacked(text):
        raise NoteUnusable(where="note")
    return text


def write_to(means: Means, connection: Connection, person_id: str, letter: Letter, issuer_id: str) -> bool:
    """Send a person a letter at their first address; False when they have none."""
    for one in people.addresses(connection, person_id)[:1]:
        means.outbox.put(connection, letter, one.address, issuer_id=issuer_id)
        return True
    return False


def sender(connection: Connection, issuer_id: str) -> str:
    """What a company is called in a letter. Raises LookupError when there is none, which the database rules out."""
    issuer = issuers.by_id(connection, issuer_id)
    if issuer is None:
        raise LookupError(issuer_id)
    return company(connection, issuer).in_letters
