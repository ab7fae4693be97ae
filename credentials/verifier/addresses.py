"""Which IP addresses are the public internet's: a table, so that it means the same under every Python.

`ipaddress`'s own `is_global` says True for ways into private networks (64:ff9b::a9fe:a9fe, 2002:a9fe:a9fe::,
::127.0.0.1) and changes between releases. Sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890),
the IPv4 and IPv6 multicast ranges, and the places where clouds keep the services of their own machines.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""IPv6 has no other public unicast space (RFC 4291 §2.4); so loopback, ::/96, ::ffff:0:0/96, 64:ff9b::/96,
64:ff9b:1::/48, 100::/64, 5f00::/16, fc00::/7, fe80::/10, fec0::/10 and ff00::/8 are refused by being outside."""

_REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host service, though the address is public
        "169.254.0.0/16",  # link-local, and the metadata services of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

_REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo (2001::/32), benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Upper half of an ISATAP interface id (RFC 5214 §6.1); the lower half is an IPv4 address."""


def is_public_address(ip: IPv4Address | IPv6Address) -> bool:
    """Whether `ip` belongs to the public internet and hides no IPv4 address inside."""
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _REFUSED_V4)
    if ip.scope_id is not None or ip not in _GLOBAL_UNICAST:
        return False
    return (int(ip) >> 32 & 0xFFFFFFFF) not in _ISATAP and not any(ip in network for network in _REFUSED_V6)
