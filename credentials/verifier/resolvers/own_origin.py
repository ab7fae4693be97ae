"""Answers for the service's own addresses from what it published, so that it never calls itself over HTTP.

The bytes then go through the very checks that a stranger's verifier makes.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from credentials.core.issuer_metadata import WELL_KNOWN
from credentials.verifier.errors import NotFoundThere
from credentials.verifier.resolvers.resolver import Clock, Fetched, Resolver, first_type, utc_now, within

Publish: TypeAlias = Callable[[str], bytes | None]
"""From a path below the base address, such as `/status/7`, to the published bytes; None when nothing is there."""

_LONGEST = 2048
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OwnOriginResolver:
    """Asks `publish` for addresses below `base_url`, and `fallback` for all others.

    When the base address is http (a demo on one's own machine), the https form of the same host and port is ours too,
    since that is what a `did:web` of it stands for. What we did not publish is `NotFoundThere`, never asked elsewhere.
    """

    def __init__(self, base_url: str, publish: Publish, fallback: Resolver, clock: Clock = utc_now) -> None:
        """Raises ValueError when `base_url` is no http or https address."""
        base = urlsplit(base_url.rstrip("/"))
        if base.scheme not in _DEFAULT_PORTS or not base.hostname or base.query or base.fragment:
            raise ValueError(f"not the base address of a service: {base_url!r}")
        schemes = ("http", "https") if base.scheme == "http" else ("https",)
        self._places = frozenset((scheme, base.hostname, base.port or _DEFAULT_PORTS[scheme]) for scheme in schemes)
        self._prefix = base.path
        self._publish, self._fallback, self._clock = publish, fallback, clock
        # Taking an address apart costs more than all else here, and the same few are asked for again and again.
        self._path_of = lru_cache(maxsize=1024)(self._own_path)

    def publishing(self, publish: Publish) -> Resolver:
        """The same resolver over another `publish`, such as what holds for one verification."""
        return _Publishing(self, publish)

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`."""
        return self.fetch_from(self._publish, url, accept=accept, max_bytes=max_bytes, not_before=not_before)

    def fetch_from(
        self, publish: Publish, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None
    ) -> Fetched:
        """The same, where `publish` says what there is."""
        # No address of ours is long; a stranger's must not fill the memory of those taken apart.
        path = self._path_of(url) if len(url) <= _LONGEST else None
        if path is None:
            return self._fallback.fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)
        body = publish(path)
        if body is None:
            raise NotFoundThere("this service has published nothing there", where=url)
        return Fetched(within(body, max_bytes, url), first_type(accept), self._clock())

    def _own_path(self, url: str) -> str | None:
        """The part of `url` below our base address; None when it is not ours, or too odd to say."""
        try:
            parts = urlsplit(url)
            ours = (parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)) in self._places
        except ValueError:
            return None
        # urlsplit drops tabs and line ends in silence; whoever writes those, or a user name, gets no answer of ours.
        if not ours or "@" in parts.netloc or not url.isascii() or not url.isprintable():
            return None
        return self._below(parts)

    def _below(self, parts: SplitResult) -> str | None:
        """The path below the base, with its query and fragment: `publish` knows no address that has those."""
        path = (
            parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        )
        if path.startswith(f"{WELL_KNOWN}{self._prefix}/"):
            # A well-known name stands right behind the host, whatever our own base is.
            return WELL_KNOWN + path.removeprefix(WELL_KNOWN + self._prefix)
        if not path.startswith(f"{self._prefix}/"):
            return None
        return path.removeprefix(self._prefix)


class _Publishing:
    """A resolver over what another `publish` says."""

    __slots__ = ("_origin", "_publish")

    def __init__(self, origin: OwnOriginResolver, publish: Publish) -> None:
        self._origin, self._publish = origin, publish

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`."""
        return self._origin.fetch_from(self._publish, url, accept=accept, max_bytes=max_bytes, not_before=not_before)
