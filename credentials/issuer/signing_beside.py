"""A process that signs and checks one batch while this one composes the next.

It is a copy of this process: the keys are open in it already, and no secret travels. Threads would not do, for both
want the interpreter (ADR 36). The copy has the database's connections too and touches none of them; it ends when the
one it was copied from does, however that ended.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

import msgspec

from credentials.core.errors import CredentialError
from credentials.issuer.signing import ToSign, bodies_of, forms_of, restore, sign_all
from credentials.keyring.files import FileKeyring
from credentials.keyring.signer import Signer
from credentials.store.credentials import SecuredForm, Waiting

_BATCH: Final = msgspec.msgpack.Decoder(list[Waiting])
_BODIES: Final = msgspec.msgpack.Decoder(list[bytes] | None)

_FEWEST: Final = 256
"""Forms of a batch from which on a process of its own is worth its start."""


class SigningBeside:
    """Signs batches, one at a time: each is handed over, and taken back signed.

    In a process of its own where that can be and pays; otherwise here, when it is taken back. So it is with the
    process that does not answer: what it was given is signed here.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._copy: _Copy | None = None
        self._given: tuple[Sequence[ToSign], datetime] | None = None

    def __enter__(self) -> Self:
        """Nothing is started before it is needed."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the process."""
        self._end()

    def takes(self, batch: Sequence[ToSign]) -> bool:
        """Whether a batch is better signed beside than at once."""
        if self._copy is None:
            return len(batch) >= _FEWEST and _can_copy(self._signer)
        return len(batch) > 0

    def hand_over(self, batch: Sequence[ToSign], now: datetime) -> None:
        """Have a batch signed, as of `now`; the one before it has been taken back. Raises ValueError if it was not."""
        if self._given is not None:
            raise ValueError("there is a batch to be taken back")
        self._given = batch, now
        # No more processes, no more open files, no more memory: then it is signed here.
        with suppress(OSError):
            self._copy = self._copy or _Copy(self._signer)
            self._copy.ask(batch)
            return
        self._end()

    def take_back(self) -> list[SecuredForm]:
        """The secured forms of the batch that was handed over. Raises as `sign_all`, and ValueError without any."""
        if self._given is None:
            raise ValueError("there is no batch to be taken back")
        (batch, now), self._given = self._given, None
        bodies = None if self._copy is None else self._copy.answer()
        if bodies is None:
            # What went wrong there is told by doing it here: nothing is lost, and the error is the real one.
            self._end()
            return sign_all(self._signer, batch, now)
        return forms_of(batch, bodies, now)

    def _end(self) -> None:
        if self._copy is not None:
            self._copy.end()
            self._copy = None


def _can_copy(signer: Signer) -> bool:
    """Whether a copy of this process could sign, and beside it: not with other threads, whose locks nobody would open.

    Keys in a machine of their own are asked by as many threads as `sign_all` has.
    """
    return (
        sys.platform == "linux"
        and isinstance(signer, FileKeyring)
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
    )


class _Copy:
    """The process, and this end of the pipe to it."""

    def __init__(self, signer: Signer) -> None:
        context = multiprocessing.get_context("fork")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(signer, there, self._here), daemon=True)
        self._process.start()
        there.close()
        _spare_what_is_shared()

    def ask(self, batch: Sequence[ToSign]) -> None:
        """Send a batch, as it is stored: what is to be signed follows from that. Raises OSError if nobody takes it."""
        self._here.send_bytes(msgspec.msgpack.encode([(one.intent, one.prepared.unsigned) for one in batch]))

    def answer(self) -> list[bytes] | None:
        """The secured forms, in order; None for a batch that could not be signed, or that nobody answers for."""
        with suppress(EOFError, OSError):
            bodies: list[bytes] | None = _BODIES.decode(self._here.recv_bytes())
            return bodies
        return None

    def end(self) -> None:
        """End it. It has nothing to lose: what it is at is signed anew."""
        self._here.close()
        self._process.kill()
        self._process.join()
        gc.unfreeze()


def _spare_what_is_shared() -> None:
    """Keep the collector from walking what both processes have: walking writes to it, and so makes two of it."""
    gc.freeze()


def _serve(signer: Signer, pipe: Connection, other_end: Connection) -> None:
    """Sign what comes, until nobody is there any more. An interruption is for the process that asked to deal with."""
    other_end.close()
    _spare_what_is_shared()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(msgspec.msgpack.encode(_signed(signer, _BATCH.decode(pipe.recv_bytes()))))


def _signed(signer: Signer, batch: Sequence[Waiting]) -> list[bytes] | None:
    try:
        return bodies_of(signer, list(map(restore, batch)))
    except CredentialError:
        return None
