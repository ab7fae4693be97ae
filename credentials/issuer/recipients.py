"""Whose portfolio a credential goes to: one e-mail address is one person, whoever writes it down.

Without an address two people of one name cannot be told apart, so each such credential gets a portfolio of its own.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from credentials.core.identifiers import short_code
from credentials.issuer.draft import Draft
from credentials.issuer.means import new_id
from credentials.store import candidates
from credentials.store.candidates import Candidate

_SLUG_CHARS = 40


def normal_email(address: str) -> str:
    """An address in the form that is compared and hashed: no white space around it, lower case."""
    return address.strip().lower()


@dataclass(frozen=True, slots=True)
class Recipients:
    """The candidates of a batch: by e-mail address, and one for each draft without, in order."""

    by_email: dict[str, Candidate]
    nameless: Iterator[Candidate]

    @classmethod
    def find_or_add(cls, connection: Connection, drafts: Sequence[Draft], now: datetime) -> "Recipients":
        """Look the drafts' people up and add those that are new."""
        names = {normal_email(one.recipient_email): one.recipient_name for one in drafts if one.recipient_email}
        found = candidates.by_emails(connection, names)
        # In order of address, so that two transactions that add the same people wait and never dead-lock.
        missing = [_new(names[email], email, now) for email in sorted(names.keys() - found.keys())]
        nameless = [_new(one.recipient_name, None, now) for one in drafts if not one.recipient_email]
        candidates.add_missing(connection, missing + nameless)
        if missing:
            found = candidates.by_emails(connection, names)
        return cls(found, iter(nameless))

    def next_for(self, draft: Draft) -> Candidate:
        """The candidate of a draft; ask once a draft, in the order of the batch."""
        if draft.recipient_email:
            return self.by_email[normal_email(draft.recipient_email)]
        return next(self.nameless)


def _new(name: str, email: str | None, now: datetime) -> Candidate:
    return Candidate(id=new_id(), slug=portfolio_slug(name, os.urandom(7)), name=name, email=email, created_at=now)


def portfolio_slug(name: str, entropy: bytes) -> str:
    """A readable address that nobody can guess: `ana-lima-7kq2m9xv4t`. `entropy`: at least 7 random bytes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_CHARS].strip("-")
    return f"{words or 'portfolio'}-{short_code(entropy).lower()}"
