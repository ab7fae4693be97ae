"""How companies' own sign-in asks their providers: through the one client for outbound requests."""

from __future__ import annotations

from collections.abc import Mapping

from credentials.verifier.outbound import OutboundClient

MOST_BYTES = 262_144
"""What an answer of a provider may have: a discovery document, keys, tokens."""


class ProviderFetch:
    """Implements `credentials.accounts.oidc.Fetch`. Raises what the client raises, ResolutionFailed errors."""

    def __init__(self, client: OutboundClient) -> None:
        self._client = client

    def get(self, url: str) -> bytes:
        """The body of an answer of status 200."""
        return self._client.get(url, accept="application/json", max_bytes=MOST_BYTES).body

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Send a body, and the body of an answer of status 200."""
        return self._client.exchange(url, body, headers, max_bytes=MOST_BYTES).body
