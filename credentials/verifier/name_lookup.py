"""From a host name to its addresses, once, within a time."""

import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import SOCK_STREAM, getaddrinfo
from typing import TypeAlias

from credentials.verifier.errors import AddressRefused, HostUnknown, TimedOut
from credentials.verifier.locations import Location

IpAddress: TypeAlias = IPv4Address | IPv6Address
Lookup: TypeAlias = Callable[[str, int], Sequence[str]]
"""From a host name and a port to IP addresses in text; raises OSError when there are none."""


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for the addresses of `host`."""
    return [str(found[4][0]) for found in getaddrinfo(host, port, type=SOCK_STREAM)]


def look_up(lookup: Lookup, location: Location, seconds: float) -> list[IpAddress]:
    """Return the addresses of a location's host, each once, in the order found.

    The system's lookup cannot be interrupted, so it runs in a thread that is left behind when its time is up. Raises
    `TimedOut`, `HostUnknown`, or `AddressRefused` for an address that cannot be read.
    """
    found: list[Sequence[str]] = []
    thread = threading.Thread(target=_run, args=(lookup, location, found), daemon=True, name="name lookup")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimedOut(f"the name {location.host} could not be looked up in time")
    if not found or not found[0]:
        raise HostUnknown(f"{location.host} has no address")
    return _parse(found[0])


def _run(lookup: Lookup, location: Location, found: list[Sequence[str]]) -> None:
    """Put the answer into `found`; leave it empty when the name has no address."""
    try:
        found.append(lookup(location.host, location.port))
    except (OSError, UnicodeError):
        return


def _parse(texts: Sequence[str]) -> list[IpAddress]:
    try:
        return [ip_address(text) for text in dict.fromkeys(texts)]
    except ValueError:
        raise AddressRefused("the name has an address that cannot be read") from None
