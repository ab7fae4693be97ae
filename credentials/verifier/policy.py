"""Whom the verifier believes: trust is an argument, never ambient.

- Names never make trust. What an issuer calls itself is not looked at here.
- `did:web` on a domain of its own confirms that domain: whoever serves `/.well-known/did.json` there runs the domain.
- `did:web` with a path shares its domain with others and confirms nothing; it needs an entry in `confirmed`.
- `did:key` and `did:jwk` are only a key; they never confirm anybody by themselves.
- an https address with no path, or `/`, confirms its domain if the key that signed is listed in the document at that
  very address. A key that stands elsewhere on the origin does not: it shows only that somebody could put a file there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from credentials.core.timestamps import Roots

OWN_DOMAIN_LEVEL: Final = "did:web"
OWN_ADDRESS_LEVEL: Final = "https"

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{4,253}}\Z)(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}\Z")
_NOBODY: Final[Mapping[str, Confirmation]] = MappingProxyType({})
_NONE_SUSPENDED: Final[Mapping[str, Suspension]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How it was shown that a DID belongs to a domain.

    `domain` is what the reader sees; `level` names the kind of proof (`operator`, `did:web`, …); `since` is the aware
    time of the proof, or None where every fetch of the DID document proves it anew.
    """

    domain: str
    level: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Since when, and why, an issuer is no longer vouched for. `reason` is public."""

    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Issuers that are confirmed, no longer vouched for, or only for tests; each keyed by the exact text of its id.

    A value of `suspended` may be given as `Suspension` or as the pair `(since, reason)`. `timestamp_roots` are the root
    certificates of the timestamp authorities that are believed when one says that a signature is older than a theft.
    """

    confirmed: Mapping[str, Confirmation] = field(default_factory=lambda: _NOBODY)
    suspended: Mapping[str, Suspension | tuple[datetime, str]] = field(default_factory=lambda: _NONE_SUSPENDED)
    sandbox: frozenset[str] = frozenset()
    timestamp_roots: Roots = ()

    def confirmation(self, did: str, method: str = "") -> Confirmation | None:
        """The proof that `did` belongs to a domain, or None: an entry of the policy, else the DID's own domain.

        `method` is the key that signed, which an https issuer must list in its own document to count for its domain.
        """
        entry = self.confirmed.get(did)
        if entry is not None:
            return entry
        return own_address(did, method) if did.startswith("https:") else own_domain(did)

    def suspension(self, did: str) -> Suspension | None:
        """Since when and why `did` is no longer vouched for, or None while it is."""
        entry = self.suspended.get(did)
        if entry is None or isinstance(entry, Suspension):
            return entry
        return Suspension(*entry)

    def is_sandbox(self, did: str) -> bool:
        """Whether `did` signs tests only."""
        return did in self.sandbox


@lru_cache(maxsize=1024)
def own_domain(did: str) -> Confirmation | None:
    """What a DID confirms by itself: a `did:web` without a path its own domain, everything else nothing.

    Addresses, single labels such as `localhost`, and hosts with a port are no domain a reader could know a company by.
    """
    method, _, host = did.rpartition(":")
    if method != "did:web" or not _DOMAIN.match(host):
        return None
    return Confirmation(domain=host, level=OWN_DOMAIN_LEVEL)


@lru_cache(maxsize=1024)
def own_address(issuer: str, method: str) -> Confirmation | None:
    """What an https issuer confirms by itself, by the same rules: its domain, by a key in the document at its root."""
    scheme, _, host = issuer.removesuffix("/").partition("://")
    if scheme != "https" or not _DOMAIN.match(host) or method.partition("#")[0] != issuer or method == issuer:
        return None
    return Confirmation(domain=host, level=OWN_ADDRESS_LEVEL)
