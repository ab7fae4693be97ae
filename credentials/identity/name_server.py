"""Ask the name service for the texts of one exact name (RFC 1035 section 3.3.14).

- The servers asked are those of the settings, or the system's; one deadline for the whole question.
- Only texts of the name itself count. An answer that leads to another name (CNAME, RFC 1034 section 3.6.2) counts only
  while that name belongs to the same registered domain: whoever forgot an old alias must not lend their name with it.
- At most `MOST_TEXTS` texts of at most `LONGEST_TEXT` bytes are looked at; longer ones are nobody's token.
- "There is no such name" is an answer. A server that fails, refuses or keeps silent is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from credentials.identity.domains import registrable

MOST_TEXTS: Final = 100
LONGEST_TEXT: Final = 1024

Trouble = Literal["name-server-failed", "name-gone", "leads-elsewhere", "too-many-texts"]


@dataclass(frozen=True, slots=True)
class Texts:
    """What a name holds: its texts, or why they could not be had. Both empty: the name holds none."""

    found: tuple[bytes, ...] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """A name server by its IP address."""

    address: str
    port: int = 53


class NameServers:
    """Where names are looked up: these servers, or the system's for none. Safe to share between threads.

    `seconds` is the longest that one question may take, whatever the servers do.
    """

    def __init__(self, servers: Sequence[Server] = (), *, seconds: float = 5.0) -> None:
        """Remember whom to ask; the system's servers are read at the first question."""
        self._servers = tuple(servers)
        self._seconds = seconds

    def texts(self, name: str, domain: str) -> Texts:
        """The texts of `name`, which lies beneath `domain`. Never raises for what a server does."""
        try:
            answer = self._ask(name, "TXT")
        except dns.resolver.NXDOMAIN:
            return Texts(trouble="name-gone") if self._is_gone(domain) else Texts()
        except dns.resolver.NoAnswer:
            return Texts()
        except (dns.exception.DNSException, OSError):
            return Texts(trouble="name-server-failed")
        return _read(answer, name)

    def _ask(self, name: str, kind: str) -> dns.resolver.Answer:
        resolver = dns.resolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(one.address, one.port) for one in self._servers]
        # A server that is slow once may lose a packet: each gets two tries within the deadline.
        resolver.timeout = self._seconds / 2
        return resolver.resolve(dns.name.from_text(name), kind, lifetime=self._seconds, search=False)

    def _is_gone(self, domain: str) -> bool:
        """Whether the domain itself does not exist: it expired, or was given up."""
        try:
            self._ask(domain, "NS")
        except dns.resolver.NXDOMAIN:
            return True
        except (dns.exception.DNSException, OSError):
            return False
        return False


def _read(answer: dns.resolver.Answer, name: str) -> Texts:
    canonical = answer.canonical_name.to_text(omit_final_dot=True).lower()
    if canonical != name.lower() and registrable(canonical) != registrable(name.lower()):
        return Texts(trouble="leads-elsewhere")
    records = list(answer.rrset or ())
    if len(records) > MOST_TEXTS:
        return Texts(trouble="too-many-texts")
    joined = (b"".join(record.strings) for record in records)
    return Texts(tuple(text for text in joined if len(text) <= LONGEST_TEXT))
