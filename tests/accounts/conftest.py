"""One issuer to make keys for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from credentials.store import issuers
from credentials.store.engine import write
from credentials.store.issuers import Issuer
from tests.accounts.actors import World
from tests.accounts.actors import world as make_world

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def add_issuer(engine: Engine, slug: str) -> None:
    """Put an issuer into the store."""
    with write(engine) as connection:
        issuers.add(
            connection,
            Issuer(
                id=f"id-of-{slug}",
                slug=slug,
                name=slug.title(),
                url=None,
                did=f"did:web:credentials.example:issuers:{slug}",
                suspends=True,
                sandbox=False,
                created_at=NOW,
            ),
        )


@pytest.fixture
def now() -> datetime:
    """The present, as these tests have it."""
    return NOW


@pytest.fixture
def accounts(engine: Engine) -> Engine:
    """A database with two issuers, acme and other."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    return engine


@pytest.fixture
def world(accounts: Engine, now: datetime) -> World:
    """The accounts of a service with the issuers acme and other."""
    return make_world(accounts, now)
