"""What a green report stood on besides the credential: what was fetched, the policy's word, the time.

If all of it is the same to the byte when it is asked for anew, it need not be judged anew: see `settled`, for the same
credential again, and `precedent`, for the next one of the same issuer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from credentials.core.errors import CredentialError
from credentials.core.instants import FIRST_MOMENT, LAST_MOMENT
from credentials.verifier.keys import KeySource
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.resolvers.resolver import Fetched, Resolver
from credentials.verifier.status import SignedList


class Look(msgspec.Struct, frozen=True):
    """One thing that was fetched: `asked` are its address, what was accepted, and how many bytes.

    `max_age` is None for what may be as old as the resolver lets it be.
    """

    asked: tuple[str, str, int]
    body: bytes
    max_age: timedelta | None


class Watching:
    """A resolver for one verification, that notes what was fetched of another one and asks for nothing twice."""

    __slots__ = ("_answers", "_resolver", "plain")

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._answers: dict[tuple[str, str, int], Fetched | CredentialError] = {}
        self.plain = True
        """Whether everything was to be had, and as it was at hand."""

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`."""
        if not_before is not None:
            self.plain = False
            return self._resolver.fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)
        asked = (url, accept, max_bytes)
        answer = self._answers.get(asked)
        if answer is None:
            answer = self._answers[asked] = self._ask(url, accept, max_bytes)
        if isinstance(answer, CredentialError):
            raise answer
        return answer

    def sees(self, looks: Iterable[Look], now: datetime) -> bool:
        """Whether everything that was looked at once is there to the byte, and is not too old at `now`."""
        # Asked for without the detour, for there are no answers yet: this is on the path of most verifications.
        answers, fetch = self._answers, self._resolver.fetch
        for look in looks:
            url, accept, max_bytes = look.asked
            try:
                answer = answers[look.asked] = fetch(url, accept=accept, max_bytes=max_bytes)
            except CredentialError as error:
                self.plain, answers[look.asked] = False, error
                return False
            if answer.body != look.body or (look.max_age and now - answer.fetched_at > look.max_age):
                return False
        return True

    def _ask(self, url: str, accept: str, max_bytes: int) -> Fetched | CredentialError:
        try:
            return self._resolver.fetch(url, accept=accept, max_bytes=max_bytes)
        except CredentialError as error:
            self.plain = False
            return error

    def looks(self, lists: Mapping[str, SignedList]) -> tuple[Look, ...]:
        """All that was had; `lists` says by address how old the lists among them may be."""
        return tuple(
            Look(asked, answer.body, lists[asked[0]].max_age if asked[0] in lists else None)
            for asked, answer in self._answers.items()
            if isinstance(answer, Fetched)
        )


class Basis(msgspec.Struct, frozen=True):
    """What was looked at for the credentials of `issuer` under the key `method`, and from when until when it counts."""

    issuer: str
    method: str
    looks: tuple[Look, ...]
    confirmation: Confirmation | None
    first: datetime
    last: datetime

    def stands(self, watching: Watching, policy: TrustPolicy, now: datetime) -> bool:
        """Whether all of it is so at `now`. If anything is different, or cannot be had, it has to be judged."""
        issuer, confirmed = self.issuer, policy.confirmation(self.issuer, self.method)
        return (
            self.first <= now <= self.last
            and (confirmed is self.confirmation or confirmed == self.confirmation)
            and policy.suspension(issuer) is None
            and not policy.is_sandbox(issuer)
            and watching.sees(self.looks, now)
        )


def basis_of(
    source: KeySource, method: str, policy: TrustPolicy, watched: Watching, lists: Mapping[str, SignedList]
) -> Basis | None:
    """What a green report stood on that the key `method` of `source` signed; None if anything ends a key.

    `lists` are the status lists that were asked, by address.
    """
    if not (watched.plain and source.authorised(method).endless and all(one.endless for one in lists.values())):
        return None
    return Basis(
        source.id,
        method,
        watched.looks(lists),
        policy.confirmation(source.id, method),
        max([one.fresh_from for one in lists.values()], default=FIRST_MOMENT),
        min([one.fresh_until for one in lists.values()], default=LAST_MOMENT),
    )
