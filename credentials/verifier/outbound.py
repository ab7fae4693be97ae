"""The one client that makes requests to other people's servers.

Whoever writes a credential chooses the addresses in it, so each is treated as an attack:

- https only, to a plain host name, on an allowed port (`locations`).
- The name is looked up once. Every address it has must be public (`addresses`); the connection goes to one of those
  very addresses, whatever the name server says next. TLS still proves the name.
- No redirects, no proxies, no cookies, no credentials of ours, nothing from the environment.
- One deadline for everything: lookup, connection, handshake, and each byte of the answer.
- A cap on the body, counted while it arrives, and on all bytes read, so that headers and chunk sizes cannot grow
  without end. No compression is accepted, so nothing can unfold.

`requests-hardened` makes the request and checks the pinned address a second time.
"""

import contextlib
import ssl
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address
from pathlib import Path
from typing import NamedTuple, TypeVar

import requests
import urllib3
from requests_hardened.client import HTTPSession
from requests_hardened.config import Config
from requests_hardened.ip_filter import InvalidIPAddress

from credentials.verifier.adapters import FilteringAdapter, NamedAdapter
from credentials.verifier.addresses import is_public_address
from credentials.verifier.errors import (
    AddressRefused,
    AnswerTooLarge,
    NotFoundThere,
    RedirectRefused,
    ResolutionFailed,
    TimedOut,
    TlsFailed,
    TooBusy,
    UnexpectedAnswer,
    Unreachable,
)
from credentials.verifier.locations import HTTPS_PORT, Location, parse_location
from credentials.verifier.metered import Allowance, ReadTooMuchError, metered_tls, spending
from credentials.verifier.name_lookup import IpAddress, Lookup, look_up, system_lookup
from credentials.verifier.patience import seconds_left

USER_AGENT = "credentials-verifier"
_ADDRESSES_TRIED = 3
_ROOM_FOR_HEADERS = 256 * 1024
_CHUNK = 16 * 1024
_LONGEST_RECEIPT = 16 * 1024
"""Bytes read of the answer to a POST. They are dropped: only its status counts."""

_RETRY_AFTER_CHARACTERS = 64

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer with status 200: its bytes, and its media type in lower case without parameters."""

    body: bytes
    media_type: str


class Receipt(NamedTuple):
    """What an answer to a POST says. `retry_after`: the header as it is; empty without it, and when it is long."""

    status: int
    retry_after: str


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of a host; an answer's body may have `cap` bytes. `body` None: there is none."""

    method: str
    headers: Mapping[str, str]
    cap: int
    body: bytes | None = None


_Taker = Callable[[requests.Response, Allowance], T]
"""Makes of an answer, whose body is not read yet, what the caller wants of it."""


class OutboundClient:
    """Fetches from the public internet. Safe to share between threads; nothing is kept between requests.

    `timeout` is in seconds for a whole request; `max_bytes` caps any body, whatever a caller asks for. `allowed_ports`
    widens the default of 443. `allowed_private_hosts` names the hosts whose addresses may be private: for an intranet
    that publishes its own issuers. `authorities` is a PEM file of certificate authorities to trust in place of the
    public ones. `lookup` finds addresses. At most `concurrency` requests run at once; one more is refused at
    once. No request outlasts the patience of the verification that it is for (`patience`).
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        max_bytes: int = 1 << 20,
        allowed_ports: Collection[int] = (HTTPS_PORT,),
        allowed_private_hosts: Collection[str] = (),
        authorities: Path | None = None,
        lookup: Lookup = system_lookup,
        concurrency: int = 16,
    ) -> None:
        self._timeout, self._max_bytes = timeout, max_bytes
        self._allowed_ports = frozenset(allowed_ports)
        self._private_hosts = frozenset(host.lower() for host in allowed_private_hosts)
        self._lookup = lookup
        self._slots = threading.BoundedSemaphore(concurrency)
        self._context = metered_tls(authorities) if authorities else _public_context()

    def get(self, url: str, *, accept: str, max_bytes: int | None = None) -> Answer:
        """Fetch `url`, asking for the media types in `accept`.

        Raises one of the `ResolutionFailed` errors, its `where` the URL: `NotHttps`, `LocationRefused`,
        `AddressRefused`, `HostUnknown`, `Unreachable`, `TlsFailed`, `TimedOut`, `AnswerTooLarge`, `RedirectRefused`,
        `NotFoundThere`, `UnexpectedAnswer`, `TooBusy`.
        """
        cap = min(self._max_bytes, self._max_bytes if max_bytes is None else max_bytes)

        def take(answer: requests.Response, allowance: Allowance) -> Answer:
            _demand_success(answer.status_code)
            return Answer(_body(answer.raw, answer.headers, cap, allowance), _media_type(answer.headers))

        return self._request(url, _Question("GET", {"Accept": accept}, cap), take)

    def exchange(self, url: str, body: bytes, headers: Mapping[str, str], *, max_bytes: int) -> Answer:
        """Send `body` to `url` and return its whole answer, of at most `max_bytes`. Raises as `get` does.

        For what does no harm when it arrives twice, as it may where a host has several addresses.
        """
        cap = min(self._max_bytes, max_bytes)

        def take(answer: requests.Response, allowance: Allowance) -> Answer:
            _demand_success(answer.status_code)
            return Answer(_body(answer.raw, answer.headers, cap, allowance), _media_type(answer.headers))

        return self._request(url, _Question("POST", headers, cap, body), take)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Send `body` to `url` and return what the answer says, whatever its status; a redirect is not followed.

        At most 16 KiB of the answer's body are read, and dropped; once there is a status, a body that does not end
        changes nothing. Where a host has several addresses and the first breaks off, the next one is asked: the body
        may arrive twice. Raises as `get` does, but for `RedirectRefused`, `NotFoundThere` and `UnexpectedAnswer`.
        """
        return self._request(url, _Question("POST", headers, _LONGEST_RECEIPT, body), _receipt)

    def check(self, url: str) -> None:
        """Look at an address without visiting it. Raises `NotHttps`, `LocationRefused` or `AddressRefused`."""
        with _named(url):
            parse_location(url, allowed_ports=self._allowed_ports)

    def _request(self, url: str, question: _Question, take: _Taker[T]) -> T:
        """Ask `url`, under every protection there is."""
        allowance = Allowance.of(seconds_left(self._timeout), 2 * question.cap + _ROOM_FOR_HEADERS)
        with _named(url):
            location = parse_location(url, allowed_ports=self._allowed_ports)
            allowance.seconds()
            with self._slot(allowance):
                addresses = self._addresses(location, allowance)
                return self._of_some_address(location, addresses, question, take, allowance)

    @contextlib.contextmanager
    def _slot(self, allowance: Allowance) -> Iterator[None]:
        """One of the few requests that may run at once. Nobody waits for a place: that would hold one more thread."""
        if not self._slots.acquire(blocking=False):
            raise TooBusy("too many requests at once")
        try:
            with spending(allowance):
                yield
        finally:
            self._slots.release()

    def _addresses(self, location: Location, allowance: Allowance) -> list[IpAddress]:
        """Look the name up, once. One private address among public ones is an attack, not an accident."""
        found = look_up(self._lookup, location, allowance.seconds())
        if location.host not in self._private_hosts and not all(map(is_public_address, found)):
            raise AddressRefused(f"{location.host} has an address that is not on the public internet")
        return found[:_ADDRESSES_TRIED]

    def _of_some_address(
        self,
        location: Location,
        addresses: Sequence[IpAddress],
        question: _Question,
        take: _Taker[T],
        allowance: Allowance,
    ) -> T:
        """Ask the first of `addresses` that lets us connect, none of them so long that the next has no time."""
        *others, last = addresses
        for position, address in enumerate(others):
            patience = allowance.seconds() / (len(addresses) - position)
            with contextlib.suppress(Unreachable, TimedOut):
                return self._ask(location, address, patience, question, take, allowance)
        return self._ask(location, last, allowance.seconds(), question, take, allowance)

    def _ask(
        self,
        location: Location,
        address: IpAddress,
        patience: float,
        question: _Question,
        take: _Taker[T],
        allowance: Allowance,
    ) -> T:
        """One request to one address, which has `patience` seconds to let us connect."""
        shown = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        with (
            _plain_errors(),
            self._session(location) as session,
            session.request(
                question.method,
                f"https://{shown}:{location.port}{location.target}",
                headers={**question.headers, "Accept-Encoding": "identity", "Connection": "close"},
                data=question.body,
                timeout=(patience, allowance.seconds()),
                stream=True,
            ) as answer,
        ):
            return take(answer, allowance)

    def _session(self, location: Location) -> requests.Session:
        """A session for one request to one host: no redirects, nothing from the environment."""
        session: requests.Session = HTTPSession(
            Config(
                ip_filter_enable=True,
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=(self._timeout, self._timeout),
                user_agent_override=USER_AGENT,
            )
        )
        session.trust_env = False
        adapter = NamedAdapter if location.host in self._private_hosts else FilteringAdapter
        session.adapters.clear()
        session.mount("https://", adapter(location, self._context))
        return session


@cache
def _public_context() -> ssl.SSLContext:
    """A context of the public certificate authorities that come with requests. All clients share one: it takes long."""
    return metered_tls(str(requests.certs.where()))  # type: ignore[attr-defined] # documented, not marked as exported


def _demand_success(status: int) -> None:
    """Accept 200 and nothing else (RFC 9110 §15)."""
    if 300 <= status < 400:
        raise RedirectRefused(f"the host answered {status}")
    if status in (404, 410):
        raise NotFoundThere(f"the host answered {status}")
    if status != 200:
        raise UnexpectedAnswer(f"the host answered {status}")


def _receipt(answer: requests.Response, allowance: Allowance) -> Receipt:
    """What it says. A little of the body is read, so that an honest host can end its answer in peace."""
    with contextlib.suppress(requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
        left = _LONGEST_RECEIPT
        for chunk in answer.raw.stream(_CHUNK, decode_content=False):
            left -= len(chunk)
            allowance.seconds()
            if left <= 0:
                break
    retry_after = answer.headers.get("Retry-After", "")
    return Receipt(answer.status_code, retry_after if len(retry_after) <= _RETRY_AFTER_CHARACTERS else "")


def _body(raw: urllib3.HTTPResponse, headers: Mapping[str, str], cap: int, allowance: Allowance) -> bytes:
    """Read the body as it is on the wire, up to `cap` bytes. Raises `AnswerTooLarge` or `UnexpectedAnswer`."""
    if headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnexpectedAnswer("the host compressed its answer, though it was asked not to")
    length = headers.get("Content-Length", "0").strip()
    if length.isdecimal() and int(length[:20]) > cap:
        raise AnswerTooLarge(f"more than {cap} bytes")
    body = bytearray()
    for chunk in raw.stream(_CHUNK, decode_content=False):
        body += chunk
        allowance.seconds()
        if len(body) > cap:
            raise AnswerTooLarge(f"more than {cap} bytes")
    return bytes(body)


def _media_type(headers: Mapping[str, str]) -> str:
    """The type without its parameters; empty when the host names none."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


@contextlib.contextmanager
def _named(url: str) -> Iterator[None]:
    """Put the address into the errors raised inside, and give running out of time its name."""
    try:
        yield
    except TimeoutError as error:
        raise TimedOut(str(error), where=url[:200]) from error
    except ResolutionFailed as error:
        error.where = url[:200]
        raise


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the libraries raise into the errors of this room."""
    try:
        yield
    except InvalidIPAddress as error:
        raise AddressRefused("the host's address is not on the public internet") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _meaning(error) from error


def _meaning(error: BaseException) -> ResolutionFailed:
    """Find the cause that says most, however deep the libraries wrapped it."""
    # urllib3 derives a refused connection from a timeout; it is none.
    causes = [cause for cause in _causes(error) if not isinstance(cause, urllib3.exceptions.NewConnectionError)]
    if any(isinstance(cause, ReadTooMuchError) for cause in causes):
        return AnswerTooLarge("the answer's headers or framing do not end")
    if any(isinstance(cause, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError) for cause in causes):
        return TimedOut("the whole answer did not arrive in time")
    if any(isinstance(cause, ssl.CertificateError | requests.exceptions.SSLError | ssl.SSLError) for cause in causes):
        return TlsFailed("no TLS connection to the name could be made")
    return Unreachable("no connection, or one that broke off")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, its causes and contexts, and the errors that libraries carry as arguments."""
    seen: list[BaseException] = [error] if error else []
    for found in seen:
        yield found
        inner = (found.__cause__, found.__context__, getattr(found, "reason", None), *found.args)
        seen += [cause for cause in inner if isinstance(cause, BaseException) and cause not in seen]
