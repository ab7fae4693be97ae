"""The clients that make requests to other people's servers, and the resolver that asks through one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from credentials.verifier.outbound import OutboundClient
from credentials.verifier.resolvers.caching import CachingResolver
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.resolvers.web import WebResolver
from credentials.web.settings import Settings

_WEBHOOKS_AT_ONCE = 64


def outbound_client(settings: Settings) -> OutboundClient:
    """The one client that makes requests to other people's servers."""
    return OutboundClient(
        timeout=settings.outbound_timeout,
        allowed_ports=settings.outbound_ports,
        allowed_private_hosts=settings.outbound_private_hosts,
    )


def others_resolver(settings: Settings, client: OutboundClient, clock: Callable[[], datetime]) -> Resolver:
    """The resolver for other people's addresses."""
    age = timedelta(seconds=settings.outbound_cache_seconds)
    return CachingResolver(WebResolver(client, clock), clock, age_of=lambda _url, _fetched: age)


def webhook_client(settings: Settings) -> OutboundClient:
    """A client of its own for webhooks: slow receivers take no place from verifications."""
    return OutboundClient(
        timeout=settings.outbound_timeout,
        allowed_ports=settings.outbound_ports,
        allowed_private_hosts=settings.outbound_private_hosts,
        concurrency=_WEBHOOKS_AT_ONCE,
    )
