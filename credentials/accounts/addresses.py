"""E-mail addresses as people type them, and the one spelling under which two of them are the same."""

from __future__ import annotations

import re
import unicodedata

from credentials.accounts.errors import AddressUnusable, NameUnusable

LONGEST_ADDRESS = 254
LONGEST_NAME = 200
# What mail servers take in practice (RFC 5321 §4.1.2, dot-string), with a domain of two labels or more.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]",
    re.ASCII,
)
_LONGEST_LOCAL = 64


def parse_address(text: str) -> str:
    """An address as typed, without the space around it.

    Raises AddressUnusable: RFC 5321 §4.5.3.1 says how long its parts may be; quoted and non-ASCII ones are not taken.
    """
    address = text.strip()
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise AddressUnusable(where="address")
    if len(address.partition("@")[0]) > _LONGEST_LOCAL:
        raise AddressUnusable(where="address")
    return address


def canonical_address(address: str) -> str:
    """The spelling by which an address is found: in lower case, for no mail server in use tells cases apart."""
    return address.lower()


def domain_of(address: str) -> str:
    """The domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()


def parse_name(text: str) -> str:
    """A person's name, with its spaces made single. Raises NameUnusable."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or any(map(_hidden, name)):
        raise NameUnusable(where="name")
    return name


def _hidden(character: str) -> bool:
    """Whether nobody sees a character, or it turns the direction of what follows."""
    return unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co")
