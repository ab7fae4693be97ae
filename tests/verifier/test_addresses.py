"""Hostile addresses: every way into a private network that a name server may hand out."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.verifier.addresses import is_public_address
from tests.verifier.hostile_addresses import HOSTILE, ORDINARY


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_addresses_are_refused(text: str) -> None:
    assert not is_public_address(ip_address(text))


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_addresses_are_accepted(text: str) -> None:
    assert is_public_address(ip_address(text))


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_here_that_python_calls_special(ip: IPv4Address) -> None:
    assert not is_public_address(ip) or (ip.is_global and not ip.is_multicast)


@given(st.ip_addresses(v=4), st.sampled_from(["::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "fe80::5efe:0:0"]))
def test_no_ipv6_address_carries_an_ipv4_address_past_the_table(ip: IPv4Address, prefix: str) -> None:
    assert not is_public_address(IPv6Address(int(IPv6Address(prefix)) | int(ip)))


@given(st.ip_addresses(v=4), st.integers(0, 2**80 - 1))
def test_6to4_is_refused_whatever_it_embeds(ip: IPv4Address, rest: int) -> None:
    assert not is_public_address(IPv6Address(0x2002 << 112 | int(ip) << 80 | rest))
