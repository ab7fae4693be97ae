"""An issuer at work on a real database, with real keys and a clock that only moves when told to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from credentials.issuer.draft import Deliverable, Draft
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from tests.store.snapshots import PostgresqlSnapshots, Snapshots, SqliteSnapshots

BASE = "http://localhost:8000"


@dataclass
class Clock:
    """A clock by hand."""

    now: datetime = field(default=datetime(2026, 11, 23, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    directory = tmp_path_factory.mktemp("keys")
    return FileKeyring(directory, load_or_create_master_secret(directory, None))


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Where the record of what was published lies."""
    return tmp_path / "published"


@pytest.fixture
def service(engine: Engine, keyring: FileKeyring, published: Path, clock: Clock) -> IssuerService:
    """A service with one issuer, `acme`, that suspends."""
    made = IssuerService(engine, keyring, BASE, HighWaterMark(published), clock)
    made.create_issuer("acme", "Acme Analytics", "https://acme.example")
    return made


@pytest.fixture
def snapshots(
    database_kind: str, database_url: str, engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Snapshots]:
    if database_kind == "sqlite":
        yield SqliteSnapshots(database_url, tmp_path, by_rename=False)
        return
    made = PostgresqlSnapshots(database_url, request.getfixturevalue("postgresql_admin"), engine)
    yield made
    made.drop_all()


MakeDraft = Callable[..., Draft]


@pytest.fixture
def draft() -> MakeDraft:
    """Drafts with every column filled; pass what shall differ."""

    def make(**changes: object) -> Draft:
        values: dict[str, object] = {
            "recipient_name": "Ana Lima",
            "recipient_email": "Ana.Lima@mail.example",
            "project_title": "Churn report",
            "summary": "Found why customers leave, and what keeps them.",
            "deliverables": (
                Deliverable("Report", "public", "https://files.example/report.pdf"),
                Deliverable("Raw data", "link"),
                Deliverable("Slides", "link", "https://files.example/slides"),
            ),
            "skills": ("SQL", "Data analysis"),
            "started_on": date(2026, 3, 2),
            "ended_on": date(2026, 3, 16),
            "hours": Decimal("37.50"),
            "supervisor_name": "Noor Haddad",
            "supervisor_words": "Careful, curious, on time.",
            "evidence_url": "https://acme.example/blog/churn",
            "role": "Analyst",
        }
        return Draft(**(values | changes))  # type: ignore[arg-type]

    return make
