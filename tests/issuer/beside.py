"""A service whose batches may be signed in a process of its own, run apart as a command runs it."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
import pytest

from credentials.core.base64url import decode as b64decode
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.store.engine import open_engine, read
from credentials.store.migrate import upgrade
from credentials.store.tables import credential, secured_form
from tests.drafts import keyed_drafts

BATCH = 130
"""Two forms each: enough for a process of its own."""

wants_two_processors = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="wants two processors"
)


class CountingKeyring(FileKeyring):
    """Counts what is signed in this process. Of a token that says `spoils` it signs something else.

    `watch` is called before each signature, wherever that is made.
    """

    signed = 0
    spoils: bytes | None = None
    watch: Callable[[], object] = staticmethod(lambda: None)

    def sign(self, key_id: str, data: bytes) -> bytes:
        self.signed += 1
        self.watch()
        spoiled = self.spoils is not None and len(data) > 64 and self.spoils in b64decode(data.partition(b".")[2])
        return super().sign(key_id, data + b"!" if spoiled else data)


def opened(folder: Path) -> IssuerService:
    """A service with the issuer `acme`, on SQLite, by a clock that goes on."""
    engine = open_engine(f"sqlite:///{folder / 'service.db'}")
    upgrade(engine)
    keys = folder / "keys"
    keyring = CountingKeyring(keys, load_or_create_master_secret(keys, None))
    made = IssuerService(
        engine, keyring, "http://localhost:8000", HighWaterMark(folder / "published"), lambda: datetime.now(UTC)
    )
    if not made.issuers():
        made.create_issuer("acme", "Acme Analytics")
    return made


def keyring_of(service: IssuerService) -> CountingKeyring:
    assert isinstance(service.means.signer, CountingKeyring)
    return service.means.signer


def stored(service: IssuerService) -> tuple[int, int]:
    """How many credentials there are, and how many released forms."""
    with read(service.means.engine) as connection:
        found = [len(connection.execute(table.select()).all()) for table in (credential, secured_form)]
    return found[0], found[1]


def alone(scenario: Callable[..., Any], *given: object) -> Any:
    """What a scenario gives in a fresh process, which has one thread, as that of a command has."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(scenario, *given).result(timeout=120)


def children() -> list[int]:
    return [one.pid for one in psutil.Process().children()]


def issue_all(folder: Path, rows: int) -> tuple[list[str | None], int, list[int], tuple[int, int]]:
    """Issue; the order of the keys that were issued, what this process signed, its children meanwhile, what is kept."""
    service = opened(folder)
    keyring_of(service).signed = 0
    issued, during = [], set[int]()
    for one in service.issue_many("acme", keyed_drafts(rows), BATCH):
        issued.append(one)
        during |= set(children())
    assert not children()
    with read(service.means.engine) as connection:
        keys = {row.id: row.idempotency_key for row in connection.execute(credential.select())}
    seen = [None if one.repeated else keys[one.id] for one in issued]
    return seen, keyring_of(service).signed, list(during), stored(service)
