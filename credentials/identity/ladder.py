"""The ladder of proofs, weakest to strongest, and how long each stands.

| level | what was shown | stands |
|---|---|---|
| `e-mail` | somebody opened a link sent to an address at the domain | 365 days, then it has to be shown again |
| `file` | somebody put a token into a file on the domain's web site | while each daily look finds it |
| `dns` | somebody put a token into the domain's own name service | while each daily look finds it |
| `did:web` | the domain's own DID document lists the issuer's keys | while each daily look finds them |

The operator's own check (`operator`) stands beside the ladder: nothing here replaces it.
"""

from datetime import timedelta
from typing import Final

EMAIL: Final = "e-mail"
FILE: Final = "file"
DNS: Final = "dns"
DID_WEB: Final = "did:web"

LADDER: Final = (EMAIL, FILE, DNS, DID_WEB)
"""Every level that a company can reach by itself, weakest first."""

BEGUN_BY_HAND: Final = (FILE, DNS, DID_WEB)

TOKEN_LIFE: Final = timedelta(days=7)
"""How long a token may wait to be found first."""

EMAIL_LIFE: Final = timedelta(days=365)
"""People leave: an opened mailbox says who somebody was then."""

DAILY: Final = timedelta(days=1)
HOURLY: Final = timedelta(hours=1)
PATIENCE: Final = timedelta(hours=24)
"""How long a proof that held may fail before it is lost."""

FRESH: Final = timedelta(days=2)
"""A proof that was not seen for longer raises nobody, whatever its row says."""

KEY_GRACE: Final = timedelta(days=7)
"""How long a company has to list a new key in its own DID document."""


def rank(method: str) -> int:
    """The place of a method on the ladder; 0 is the weakest. Raises ValueError for what is no method."""
    return LADDER.index(method)
