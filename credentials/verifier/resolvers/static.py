"""Answers from a fixed set of documents: for offline verification, and for tests."""

from collections.abc import Mapping
from datetime import datetime

from credentials.verifier.errors import NotFoundThere
from credentials.verifier.resolvers.resolver import Clock, Fetched, first_type, utc_now, within


class StaticResolver:
    """Knows the documents it was given, by their exact addresses, and nothing else."""

    def __init__(self, documents: Mapping[str, bytes], clock: Clock = utc_now) -> None:
        self._documents = dict(documents)
        self._clock = clock

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`. Raises `NotFoundThere` or `AnswerTooLarge`."""
        del not_before  # what is at hand is all there is
        body = self._documents.get(url)
        if body is None:
            raise NotFoundThere("not among the documents at hand", where=url)
        return Fetched(within(body, max_bytes, url), first_type(accept), self._clock())
