"""What the console works with: accounts, the issuer, the outbox, uploaded files."""

from __future__ import annotations

from dataclasses import dataclass

from credentials.accounts.means import Means as AccountMeans
from credentials.files.service import Files
from credentials.issuer.service import IssuerService
from credentials.mail.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Means:
    """See above."""

    accounts: AccountMeans
    issuer: IssuerService
    outbox: Outbox
    files: Files
