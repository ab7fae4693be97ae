"""Whom to believe about who is asking. By default nobody: the client is whoever opened the connection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network
Environ = dict[str, Any]

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address (an IPv4-mapped one as IPv4), or None."""
    try:
        found = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


class Proxies:
    """The reverse proxies an operator trusts."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)

    def trusts(self, address: str) -> bool:
        """Whether this peer is one of the trusted proxies."""
        if not self._networks:
            return False
        found = parse_address(address)
        return found is not None and any(found in network for network in self._networks)

    def believe(self, environ: Environ) -> str | None:
        """Take client and scheme from a trusted proxy's headers; the request id it sent, if that is well formed."""
        if not self.trusts(environ.get("REMOTE_ADDR", "")):
            return None
        client = self._client(environ.get("HTTP_X_FORWARDED_FOR", ""))
        if client:
            environ["REMOTE_ADDR"] = client
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        given = environ.get("HTTP_X_REQUEST_ID", "")
        return given if REQUEST_ID.fullmatch(given) else None

    def _client(self, forwarded_for: str) -> str | None:
        """The rightmost address that no trusted proxy has: what is left of it, anyone could have written."""
        for text in reversed(forwarded_for.split(",")):
            found = parse_address(text)
            if found is None:
                return None
            if not self.trusts(str(found)):
                return str(found)
        return None


def came_through_proxy(environ: Environ) -> bool:
    """Whether any header says that a proxy passed this request on."""
    return any(name in environ for name in ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_VIA", "HTTP_X_REAL_IP"))


def is_this_machine(address: str) -> bool:
    """Whether an address is a loopback address."""
    found = parse_address(address)
    return found is not None and found.is_loopback


def client_group(address: str) -> str:
    """What a rate limit counts by: an IPv4 address, or an IPv6 /64, which one customer has to themselves."""
    found = parse_address(address) if ":" in address else None
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address
