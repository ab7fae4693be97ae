"""Domains that can say something about a company: plain names that somebody had to register for themselves.

A name is refused when anybody may have a mailbox there (a bundled list), or when it is a public suffix: a name directly
under which anybody may register (the Public Suffix List, which holds `co.uk` as well as `github.io`). A name beneath a
suffix of the list's private section, such as `acme.github.io`, is somebody's own and counts by itself.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from publicsuffixlist import PublicSuffixList

from credentials.identity.errors import AddressUnusable, DomainProvesNothing, DomainUnusable

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{4,230}}\Z)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])\Z", re.ASCII)
_NOWHERE: Final = frozenset({"localhost", "local", "internal", "invalid", "onion", "arpa", "alt", "lan", "home"})
"""Last labels of names that nobody registers (RFC 6761, RFC 6762, RFC 7686, RFC 9476)."""


@cache
def _suffixes() -> PublicSuffixList:
    """The list as bundled with its library."""
    return PublicSuffixList()


@cache
def mailbox_domains() -> frozenset[str]:
    """The domains at which anybody may have a mailbox, from the bundled file; `#` begins a comment."""
    text = files("credentials.identity").joinpath("mailbox_domains.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def registrable(domain: str) -> str | None:
    """The part of a name that somebody registered (`acme.co.uk` of `jobs.acme.co.uk`), or None for a public suffix.

    `domain` is lower case and ASCII. A suffix that the list does not know is taken to be one label long.
    """
    return _suffixes().privatesuffix(domain)


def company_domain(text: str) -> str:
    """A domain as typed, in lower case and without a final dot.

    It may be the company's registered name or one beneath it. At most 230 characters, so that a label fits before it.

    Raises:
        DomainUnusable: it is no name, or one that nobody can register.
        DomainProvesNothing: anybody may have a mailbox there, or a name beneath it.
    """
    bare = text.strip().lower().removesuffix(".")
    if not _DOMAIN.match(bare) or bare.rpartition(".")[2] in _NOWHERE:
        raise DomainUnusable(f"{text[:80]!r} is no domain", where="domain")
    own = registrable(bare)
    if own is None:
        raise DomainProvesNothing(f"anybody may register beneath {bare}", where="domain")
    if not mailbox_domains().isdisjoint((bare, own)):
        raise DomainProvesNothing(f"anybody may have a mailbox at {bare}", where="domain")
    return bare


def domain_of_address(address: str) -> str:
    """The domain of an e-mail address. Raises AddressUnusable, and as `company_domain`; never repeats the address."""
    local, _, domain = address.strip().rpartition("@")
    if not local or len(address) > 320 or not _DOMAIN.match(domain.lower()):
        raise AddressUnusable("it has no domain that could be a company's", where="address")
    return company_domain(domain)
