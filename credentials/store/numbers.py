"""Numbers by which rows are counted within something, such as the versions of an agreement: from 1 on."""

from typing import Final

LARGEST: Final = 2**31 - 1
"""What an INTEGER column holds in PostgreSQL; a query with more fails there, and with more than 64 bits in SQLite."""


def may_be_kept(number: int) -> bool:
    """Whether a row can have this number: an address can name any."""
    return 0 < number <= LARGEST
