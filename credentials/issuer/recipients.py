"""Whose portfolio a credential goes to: one e-mail address of one issuer is one person.

Another issuer that writes the same address down gets a portfolio of its own: it could be anybody's address, and nobody
shall learn, or add to, what somebody else says of a person. The operator joins portfolios (`joining`). Without an
address two people of one name cannot be told apart, so each such credential gets a portfolio of its own.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from credentials.core.identifiers import CREDENTIAL_ID_BYTES, SHORT_CODE_BYTES, credential_id, short_code
from credentials.store import candidates
from credentials.store.candidates import Candidate

_SLUG_CHARS = 40
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_SPELLED = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
})  # fmt: skip
"""Latin letters that Unicode does not split into a letter of ASCII and a mark (NFKD leaves them whole)."""


def normal_email(address: str) -> str:
    """An address in the form that is compared and hashed: no white space around it, lower case."""
    return address.strip().lower()


class Recipient(Protocol):
    """What of a draft says who did the work."""

    @property
    def recipient_name(self) -> str:
        """The person's name."""
        ...

    @property
    def recipient_email(self) -> str | None:
        """The person's address, if it is known."""
        ...


@dataclass(frozen=True, slots=True)
class Recipients:
    """The candidates of a batch, each as id and slug: by e-mail address, and one for each draft without, in order."""

    by_email: dict[str, tuple[str, str]]
    nameless: Iterator[tuple[str, str]]

    @classmethod
    def find_or_add(
        cls, connection: Connection, issuer_id: str, drafts: Sequence[Recipient], now: datetime
    ) -> "Recipients":
        """Look an issuer's people up and add those that are new."""
        names = {normal_email(one.recipient_email): one.recipient_name for one in drafts if one.recipient_email}
        found = candidates.by_emails(connection, issuer_id, names)
        # In order of address, so that two transactions that add the same people wait and never dead-lock.
        missing = [(names[email], email) for email in sorted(names.keys() - found.keys())]
        nameless = [(one.recipient_name, None) for one in drafts if not one.recipient_email]
        people = list(_new(issuer_id, [*missing, *nameless], now))
        if candidates.add_missing(connection, people):
            found |= {one.email: (one.id, one.slug) for one in people[: len(missing)] if one.email}
        else:
            found = candidates.by_emails(connection, issuer_id, names)
        return cls(found, iter([(one.id, one.slug) for one in people[len(missing) :]]))

    def next_for(self, draft: Recipient) -> tuple[str, str]:
        """Id and slug of a draft's candidate; ask once a draft, in the order of the batch."""
        if draft.recipient_email:
            return self.by_email[normal_email(draft.recipient_email)]
        return next(self.nameless)


def _new(issuer_id: str, people: Sequence[tuple[str, str | None]], now: datetime) -> Iterator[Candidate]:
    size = CREDENTIAL_ID_BYTES + SHORT_CODE_BYTES
    entropy = os.urandom(size * len(people))
    for position, (name, email) in enumerate(people):
        own = entropy[position * size : (position + 1) * size]
        slug = portfolio_slug(name, own[CREDENTIAL_ID_BYTES:])
        yield Candidate(credential_id(own[:CREDENTIAL_ID_BYTES]), issuer_id, slug, name, email, now)


def portfolio_slug(name: str, entropy: bytes) -> str:
    """A readable address that nobody can guess: `ana-lima-7kq2m9xv4t`. `entropy`: at least 7 random bytes."""
    plain = name.lower() if name.isascii() else _latin(name)
    words = _NOT_IN_SLUG.sub("-", plain).strip("-")[:_SLUG_CHARS].strip("-")
    return f"{words or 'portfolio'}-{short_code(entropy).lower()}"


def _latin(name: str) -> str:
    """A name in lower-case ASCII letters, as far as it is written in Latin ones; other scripts leave nothing."""
    split = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED))
    return split.encode("ascii", "ignore").decode()
