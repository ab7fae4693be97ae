"""What the console works with: accounts, the issuer, the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from credentials.accounts.means import Means as AccountMeans
from credentials.issuer.service import IssuerService
from credentials.mail.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Means:
    """See above."""

    accounts: AccountMeans
    issuer: IssuerService
    outbox: Outbox
