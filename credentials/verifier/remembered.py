"""What follows from the bytes of a credential and its keys alone, and so need not be worked out again.

A credential that was taken apart, whose proofs held under these very keys, and which keeps to its data model and
profile, does so whenever the same bytes come with the same keys. Who the keys belong to, whether they may still sign,
the time, the occasion, the status and the trust are asked anew at every verification; `settled` says when the answers
need no judging. Only what held is kept, so nobody's rubbish takes a place; and only from the second time on, for most
are verified once.
"""

from __future__ import annotations

from typing import Final

import msgspec

from credentials.core.keys import PublicKey
from credentials.core.securing import Presented, VerifiedCredential
from credentials.verifier.cache import BoundedCache
from credentials.verifier.proofs import ProofView
from credentials.verifier.settled import Settled

MAX_ENTRIES: Final = 4096
MAX_WEIGHT: Final = 64 << 20
MAX_SEEN: Final = 8192
"""How many are known to have held once."""

_FOLD: Final = 8
"""How much more than its own bytes a credential takes once it is taken apart, near enough."""


class Held(msgspec.Struct):
    """A credential that held under `keys`. `is_badge`: it claims the Open Badges profile, and keeps it.

    `is_kept`: `remember` has it. `settled` is what may be found again of its last report. Only these two change.
    """

    presented: Presented
    keys: tuple[PublicKey | None, ...]
    verified: VerifiedCredential
    proofs: tuple[ProofView, ...]
    is_badge: bool
    is_kept: bool = False
    settled: Settled | None = None


_HELD: Final[BoundedCache[bytes, Held]] = BoundedCache(max_entries=MAX_ENTRIES, max_weight=MAX_WEIGHT)


class _Seen:
    """Which numbers came lately: at least the last half of `most` different ones, at most all of `most`.

    Two threads at once may forget or double one: then something is kept one time later, or earlier.
    """

    __slots__ = ("_former", "_half", "_recent")

    def __init__(self, most: int) -> None:
        self._half: Final = most // 2
        self._recent: set[int] = set()
        self._former: set[int] = set()

    def before(self, number: int) -> bool:
        """Whether it came before; from now on it did."""
        if number in self._recent or number in self._former:
            return True
        if len(self._recent) >= self._half:
            self._former, self._recent = self._recent, set()
        self._recent.add(number)
        return False


_SEEN: Final = _Seen(MAX_SEEN)


def recall(secured: bytes) -> Held | None:
    """What is known of exactly these bytes."""
    return _HELD.get(secured)


def held_before(secured: bytes) -> bool:
    """Whether these bytes held before, so that they are worth remembering; to be asked once they do."""
    # The hash will do: nobody can foresee it, and another credential with the same one would only be kept at once.
    return _SEEN.before(hash(secured))


def remember(secured: bytes, held: Held) -> None:
    """Keep what held, for as long as there is room."""
    held.is_kept = True
    _HELD.put(secured, held, weight=_FOLD * len(secured))
