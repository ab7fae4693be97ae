"""The kinds of values that settings have: each is parsed once, and what cannot be used is refused with what to give."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Annotated
from urllib.parse import urlsplit

from limits import parse
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from credentials.identity.name_server import Server
from credentials.verifier.errors import ResolutionFailed
from credentials.verifier.locations import parse_location

_E_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


def _rate(text: str) -> str:
    """A rate such as `30 per minute`, or the empty string for no limit."""
    if text:
        parse(text)
    return text


def _storage(text: str) -> str:
    """`memory://` or the address of a Redis."""
    if text != "memory://" and not text.startswith(("redis://", "rediss://", "redis+unix://")):
        raise ValueError("give memory:// or the address of a Redis, such as redis://localhost:6379/0")
    return text


def _broker(text: str) -> str:
    """Nothing, or the address of a Redis."""
    return _storage(text) if text else text


def _origin(text: str) -> str:
    """An http(s) origin without path, query or fragment; a final slash is dropped."""
    parts = urlsplit(text)
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise ValueError("give an origin such as https://credentials.example, without a path")
    default_port = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, default_port) else "")


def _comma_separated(value: object) -> object:
    """A list as environment variables spell it: items between commas."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _port(number: int) -> int:
    if not 1 <= number <= 65_535:
        raise ValueError("give ports from 1 to 65535")
    return number


def _host(text: str) -> str:
    """A DNS name in lower case, as the outbound client compares it."""
    try:
        return parse_location(f"https://{text}/").host
    except ResolutionFailed:
        raise ValueError("give host names such as issuer.corp.example, without port or path") from None


def _contact(text: str) -> str:
    """An http(s) address, or a plain e-mail address."""
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.hostname and text.isprintable() and " " not in text:
        return text
    address = text.removeprefix("mailto:")
    if _E_MAIL.fullmatch(address):
        return address
    raise ValueError("give an e-mail address, or an address that begins with https://")


def _https(text: str) -> str:
    """An https address that may be visited, at any port."""
    try:
        parse_location(text, allowed_ports=range(1, 65_536))
    except ResolutionFailed:
        raise ValueError("give an address that begins with https://, with the name of a host") from None
    return text


Rate = Annotated[str, AfterValidator(_rate)]
Storage = Annotated[str, AfterValidator(_storage)]
Broker = Annotated[str, AfterValidator(_broker)]
Https = Annotated[str, AfterValidator(_https)]
Origin = Annotated[str, AfterValidator(_origin)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_comma_separated)]


def _name_server(value: object) -> object:
    """A name server's IP address, with `:port` where that is not 53; an IPv6 address with a port in brackets."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?", value)
    address = value if found is None else found["six"] or found["four"]
    port = 53 if found is None or not found["port"] else int(found["port"])
    try:
        return Server(str(ip_address(address)), _port(port))
    except ValueError:
        raise ValueError("give IP addresses such as 192.0.2.53 or 127.0.0.1:5353 or [2001:db8::53]:53") from None


NameServerList = Annotated[
    tuple[Annotated[Server, BeforeValidator(_name_server)], ...], NoDecode, BeforeValidator(_comma_separated)
]
Ports = Annotated[tuple[Annotated[int, AfterValidator(_port)], ...], NoDecode, BeforeValidator(_comma_separated)]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], NoDecode, BeforeValidator(_comma_separated)]
Contact = Annotated[str, AfterValidator(_contact)]
