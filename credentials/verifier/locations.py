"""Web addresses that the service may be told to visit: parsed strictly, once, before any name is looked up.

A URL that two parsers could read differently is refused rather than understood: user names, other schemes, numbers that
stand for an IP address in any notation, trailing dots, letters beyond ASCII (names in other scripts come as `xn--`),
white space, backslashes, fragments.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from credentials.verifier.errors import AddressRefused, LocationRefused, NotHttps

HTTPS_PORT = 443
_LONGEST = 2048
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
_AMBIGUOUS = re.compile(r"""[\\"<>^`{|}#]""")
_HTTPS = re.compile(r"https://", re.ASCII | re.IGNORECASE)
_AUTHORITY = re.compile(r"([A-Za-z0-9.-]+)(?::([1-9][0-9]{0,4}))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Location:
    """An https address taken apart: `host` in lower case, `target` the path and query as they go on the wire."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not https's own (RFC 9110 §7.2)."""
        return self.host if self.port == HTTPS_PORT else f"{self.host}:{self.port}"


def parse_location(url: str, *, allowed_ports: Collection[int] = (HTTPS_PORT,)) -> Location:
    """Take an https URL apart. Raises `NotHttps`, `LocationRefused`, or `AddressRefused` for an IP address as host."""
    if len(url) > _LONGEST or not _PRINTABLE.fullmatch(url) or _AMBIGUOUS.search(url):
        raise LocationRefused("the address is too long, has a fragment, or has characters that no plain address has")
    if not _HTTPS.match(url):
        raise NotHttps("only https addresses are visited")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise LocationRefused("the address cannot be read") from None
    host, port = _parse_authority(parts.netloc)
    if port not in allowed_ports:
        raise LocationRefused(f"port {port} is not among those that may be visited")
    return Location(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _parse_authority(authority: str) -> tuple[str, int]:
    """Host name and port of what stands between `https://` and the path."""
    if authority.startswith("["):
        raise AddressRefused("an IP address in place of a name is not visited")
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        raise LocationRefused("the address names no host, or carries a user name or an odd port")
    host, port = found[1].lower(), int(found[2] or HTTPS_PORT)
    _demand_name(host)
    return host, port


def _demand_name(host: str) -> None:
    """Refuse what is not a DNS name: RFC 1123 §2.1, and what the WHATWG URL standard reads as an IPv4 number."""
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]) or (labels[-1] == "" and _NUMBER.fullmatch(labels[-2])):
        raise AddressRefused("an IP address in place of a name is not visited")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise LocationRefused("the host is not a plain DNS name")
