"""Answers from the public internet, through the one outbound client."""

from datetime import datetime

from credentials.verifier.outbound import OutboundClient
from credentials.verifier.resolvers.resolver import Clock, Fetched, utc_now


class WebResolver:
    """Fetches every time it is asked; put a `CachingResolver` before it."""

    def __init__(self, client: OutboundClient, clock: Clock = utc_now) -> None:
        self._client = client
        self._clock = clock

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`; raises as `OutboundClient.get` does."""
        del not_before  # every answer is new
        answer = self._client.get(url, accept=accept, max_bytes=max_bytes)
        return Fetched(answer.body, answer.media_type, self._clock())
