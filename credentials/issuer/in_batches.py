"""Issue drafts as they come: a batch is signed while the next is composed, where there is a processor for that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from credentials.issuer.intents import Issued, KeyedDraft, Recorded, record
from credentials.issuer.means import Means
from credentials.issuer.release import mark, release, store
from credentials.issuer.signing_beside import SigningBeside


def in_batches(means: Means, slug: str, drafts: Iterable[KeyedDraft], size: int) -> Iterator[Issued]:
    """Yield each credential once it is released, in order. `size` drafts are one transaction; two batches are held.

    Raises as `record` and `release` do, for the whole of the batch in which it happens; batches before it are released
    and yielded. Whoever stops taking gets nothing more signed than what was recorded by then.
    """
    rest = iter(drafts)
    with SigningBeside(means.signer) as beside:
        line = _Line(means, beside)
        try:
            while chunk := list(islice(rest, size)):
                line.add(record(means, slug, chunk))
                yield from line.taken()
        except GeneratorExit:
            line.end()
            raise
        except Exception:
            line.end()
            yield from line.taken()
            raise
        line.end()
        yield from line.taken()


class _Line:
    """Recorded batches on their way: at most one is with the signing process."""

    def __init__(self, means: Means, beside: SigningBeside) -> None:
        self._means, self._beside = means, beside
        self._waiting: Recorded | None = None
        self._released: list[Issued] = []

    def add(self, recorded: Recorded) -> None:
        """Begin to sign a batch, and release the one before it; or sign and release both."""
        if self._beside.takes(recorded.to_sign):
            self._replace(recorded)
            return
        self.end()
        release(self._means, recorded.to_sign, recorded.lists)
        self._released += recorded.issued

    def end(self) -> None:
        """Release what is still on its way."""
        self._replace(None)

    def taken(self) -> list[Issued]:
        """What was released since this was asked last."""
        released, self._released = self._released, []
        return released

    def _replace(self, following: Recorded | None) -> None:
        before, self._waiting = self._waiting, None
        forms = [] if before is None else self._beside.take_back()
        try:
            if following is not None:
                mark(self._means, following.lists)
                self._beside.hand_over(following.to_sign, self._means.now())
                self._waiting = following
        finally:
            if before is not None:
                store(self._means, before.to_sign, forms, before.lists)
                self._released += before.issued
