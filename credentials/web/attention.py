"""Counts how often credentials are looked at and verified, without a word of by whom.

Counts are kept in memory and written once a minute at most, in a thread of their own: no reader waits for it. A process
that is killed loses what it counted since.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from credentials.core.errors import CredentialError
from credentials.store import attention as rows
from credentials.store.attention import Attention as Counts
from credentials.store.engine import write
from credentials.verifier.report import Report

WRITE_AFTER = 60.0
"""Seconds between two writes."""
MOST_ISSUERS = 1_000
"""Counted between two writes: whoever makes up issuers fills no memory."""
Kind = Literal["looked", "verified"]


class Attention:
    """The counts of one process. Without an engine nothing is counted: a service that is opened to read only."""

    def __init__(self, engine: Engine | None, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._counts: Counter[tuple[str, Kind]] = Counter()
        self._lock = threading.Lock()
        self._written = time.monotonic()

    def note(self, kind: Kind, report: Report) -> None:
        """Count a report whose signature holds, for its issuer."""
        if self._engine is None or report.issuer is None:
            return
        key = (report.issuer.id, kind)
        with self._lock:
            if key in self._counts or len(self._counts) < MOST_ISSUERS:
                self._counts[key] += 1
            due = time.monotonic() - self._written >= WRITE_AFTER
            if due:
                self._written = time.monotonic()
        if due:
            threading.Thread(target=self.write, name="attention", daemon=True).start()

    def write(self) -> None:
        """Write down what was counted. What cannot be written now is written the next time."""
        if self._engine is None:
            return
        with self._lock:
            counts, self._counts = self._counts, Counter()
        day = self._clock().date()
        try:
            with write(self._engine) as connection:
                # In one order, so that two processes wait for each other and never dead-lock.
                for did in sorted({did for did, _kind in counts}):
                    rows.add(connection, did, day, Counts(counts[did, "looked"], counts[did, "verified"]))
        except (CredentialError, SQLAlchemyError):
            with self._lock:
                self._counts += counts


class Verifying(Protocol):
    """A verifier."""

    def __call__(self, data: str | bytes | dict[str, Any], also: Sequence[bytes] = ()) -> Report:
        """The report on some signed data."""
        ...


class Counted:
    """A verifier whose good answers are counted."""

    def __init__(self, verify: Verifying, attention: Attention) -> None:
        self._verify, self._attention = verify, attention

    def __call__(self, data: str | bytes | dict[str, Any], also: Sequence[bytes] = ()) -> Report:
        """The report on some signed data; `also` are further forms of the same credential."""
        report = self._verify(data, also)
        self._attention.note("verified", report)
        return report
