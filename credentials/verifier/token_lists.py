"""What a Token Status List answers to the question of one purpose (draft-ietf-oauth-status-list-21).

One number says both: 1 is withdrawn, 2 is on hold. A number that is not registered says nothing that we understand, and
so nothing about either.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from credentials.core.errors import UnsupportedStatus
from credentials.core.token_status_list import INVALID, SUSPENDED, VALID, StatusListToken, TokenStatusList

_MEANS: Final = {"revocation": INVALID, "suspension": SUSPENDED}


class Purposed(msgspec.Struct, frozen=True):
    """A list read for one purpose, as if it were a list of single bits."""

    statuses: TokenStatusList
    purpose: Literal["revocation", "suspension"]

    def is_set(self, index: int) -> bool:
        """Whether the number at `index` means this purpose. Raises StatusIndexOutOfRange, UnsupportedStatus."""
        status = self.statuses.status(index)
        if status not in (VALID, INVALID, SUSPENDED):
            raise UnsupportedStatus(f"a status of number {status}", where="/status_list")
        return status == _MEANS[self.purpose]


def key_of_list(token: StatusListToken, issuer: str) -> str:
    """The absolute name of the key that a list of `issuer` says it was signed with."""
    name = token.key_name
    if name.startswith((f"{issuer}#", "did:")):
        return name
    return f"{issuer}#{name.removeprefix('#')}"
