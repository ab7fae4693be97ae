"""Issue the good rows of a file, in order, with flat memory; stopped anywhere, the same call goes on.

The idempotency key of a row is the digest of its draft, so no row is issued twice, however often a file is run, in
whatever order its rows and columns stand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from credentials.issuer.bulk.dates import Order
from credentials.issuer.bulk.events import BulkEvent, RowIssued, RowReady, Verdict
from credentials.issuer.bulk.plan import BulkPlan, plan, read
from credentials.issuer.bulk.source import Source
from credentials.issuer.service import BATCH, Issued, IssuerService, KeyedDraft

__all__ = ["issue_verdicts", "run"]

_WAITING = 8
"""How many batches of rows may wait for the next good one, so that a file of bad rows fills no memory."""


def run(
    service: IssuerService,
    slug: str,
    source: Source | BulkPlan,
    *,
    mapping: Mapping[str, str] | None = None,
    date_format: Order | None = None,
    dry_run: bool = False,
    batch: int = BATCH,
    selective: bool = False,
    sheet: str | None = None,
) -> Iterator[BulkEvent]:
    """One event for each row under the heading, in order; good rows are issued `batch` at a time.

    `selective`: in the selectively disclosable forms too, also where nothing is private (`Draft.selective`).
    A dry run writes nothing and yields `RowReady` where a real run yields `RowIssued`; all else is equal. A plan brings
    its own mapping, date format and sheet. Raises as `plan` does before the first event, as `IssuerService.issue_many`
    does between batches (what was yielded is issued), IssuerUnknown, and ValueError for a batch below 1.
    """
    if batch < 1:
        raise ValueError("a batch holds at least one row")
    bulk = source if isinstance(source, BulkPlan) else plan(source, mapping, date_format, sheet)
    bulk = replace(bulk, selective=selective)
    service.issuer(slug)
    verdicts = read(bulk)
    return verdicts if dry_run else issue_verdicts(service, slug, verdicts, batch)


def issue_verdicts(service: IssuerService, slug: str, verdicts: Iterator[Verdict], batch: int) -> Iterator[BulkEvent]:
    """Issue each `RowReady` and yield one event for each verdict, in order, holding few at a time."""
    waiting: deque[Verdict] = deque()
    feed = _Feed(verdicts, waiting, batch * _WAITING)
    while not feed.ended:
        for issued in service.issue_many(slug, feed, batch):
            yield from _until_issued(waiting, issued)
        yield from waiting
        waiting.clear()


def _until_issued(waiting: deque[Verdict], issued: Issued) -> Iterator[BulkEvent]:
    """The rows before the one that was issued, then that one."""
    while waiting:
        verdict = waiting.popleft()
        if isinstance(verdict, RowReady):
            yield _issued(verdict, issued)
            return
        yield verdict


def _issued(ready: RowReady, issued: Issued) -> RowIssued:
    return RowIssued(
        row=ready.row,
        person=ready.person,
        id=issued.id,
        code=issued.code,
        url=issued.url,
        portfolio=issued.portfolio_slug,
        repeated=issued.repeated,
        problems=ready.problems,
    )


class _Feed:
    """Hands out the drafts of good rows and lines up every verdict; pauses when too many rows wait."""

    def __init__(self, verdicts: Iterator[Verdict], waiting: deque[Verdict], most: int) -> None:
        self._verdicts = verdicts
        self._waiting = waiting
        self._most = most
        self.ended = False

    def __iter__(self) -> Iterator[KeyedDraft]:
        for verdict in self._verdicts:
            self._waiting.append(verdict)
            if isinstance(verdict, RowReady):
                yield KeyedDraft(verdict.key, verdict.draft)
            if len(self._waiting) >= self._most:
                return
        self.ended = True
