"""Companies with projects and candidates who apply, on both databases, with a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from credentials.accounts.acting import Member, Visitor
from credentials.console.means import Means
from credentials.files.disk import DiskStorage
from credentials.files.service import Files, Limits
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.mail.message import Letter
from credentials.mail.outbox import Outbox
from credentials.projects.applying import choosing, sending
from credentials.projects.posting import publishing
from credentials.projects.posting.project_form import ProjectForm, TypedSkill
from credentials.projects.terms import TermsDeliverable
from credentials.store import applications, projects
from credentials.store.applications import Application
from credentials.store.engine import read, write
from credentials.store.projects import Project
from credentials.web.composition import open_service
from credentials.web.settings import load_settings
from tests.accounts.actors import BASE_URL, SECRET, World
from tests.accounts.actors import world as make_world
from tests.console.conftest import desk
from tests.projects.stages import Stage, staged
from tests.web.conftest import site

__all__ = ["FORM", "Fair", "desk", "fair", "site", "stage"]

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
FORM = ProjectForm(
    title="Customer survey report",
    brief="Ask 20 customers and write down what they say.",
    deliverables=(
        TermsDeliverable("Report", "Ten pages"),
        TermsDeliverable("Raw notes", "Names in it", "confidential", "Notes of the interviews"),
    ),
    skills=(TypedSkill("Survey design"), TypedSkill("SQL", "http://data.europa.eu/esco/skill/sql")),
    hours="40",
    starts_on="2026-03-20",
    ends_on="2026-04-17",
    compensation="EUR 400",
    expectations="One call a week.",
    budget="Not more than EUR 600",
)


@dataclass
class Fair:
    """Everything that projects need over one database; acme and other are its companies."""

    world: World
    means: Means
    owner: Member
    names: list[str] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.world.engine

    def person(self, name: str) -> Visitor:
        """Somebody who signed in just now, by a name that is theirs alone."""
        self.names.append(name)
        return self.world.person(f"{name}-{len(self.names)}@mail.example", name.title())

    def staff(self, *roles: str) -> Member:
        """Somebody of acme with these roles."""
        self.names.append("staff")
        return self.world.invited(self.owner, f"staff-{len(self.names)}@acme.example", *roles)

    def draft(self, **changes: object) -> Project:
        """A draft of acme's."""
        return publishing.start(self.means, self.owner, msgspec.structs.replace(FORM, **changes))

    def project(self, **changes: object) -> Project:
        """A project of acme's that is on the board."""
        made = self.draft(**changes)
        publishing.put_up(self.means, self.owner, made.id)
        return self.now(made)

    def now(self, project: Project) -> Project:
        """A project as it is kept now."""
        with read(self.engine) as connection:
            found = projects.by_id(connection, project.id)
        assert found is not None
        return found

    def put(self, project: Project, state: str) -> Project:
        """Set a project's state, whatever led there."""
        opened = project.opened_at or (self.world.clock.now if state != "draft" else None)
        changed = replace(self.now(project), state=state, opened_at=opened)
        with write(self.engine) as connection:
            projects.change(connection, changed)
        return changed

    def applied(self, project: Project, visitor: Visitor | None = None, state: str = "sent") -> Application:
        """An application, its state set whatever led there."""
        made = sending.apply(self.means, visitor or self.person("ana"), project.id, "I did this before.")
        with write(self.engine) as connection:
            applications.change(connection, replace(made, state=state))
        return self.application(made)

    def offered(self, project: Project, visitor: Visitor) -> Application:
        """An application that acme made an offer to."""
        made = sending.apply(self.means, visitor, project.id, "I did this before.")
        choosing.offer(self.means, self.owner, made.id)
        return self.application(made)

    def application(self, one: Application) -> Application:
        """An application as it is kept now."""
        with read(self.engine) as connection:
            found = applications.of_person(connection, one.person_id, one.id)
        assert found is not None
        return found

    def letters(self, kind: str) -> list[tuple[str, Letter]]:
        """Address and letter of each letter of a kind in the outbox, the oldest first."""
        rows = [one for one in reversed(self.means.outbox.listed()) if one.kind == kind and one.body]
        return [(one.address, self.means.outbox.read(one.id)[1]) for one in rows]


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    """Where the companies' keys are."""
    folder = tmp_path_factory.mktemp("keys")
    return FileKeyring(folder, load_or_create_master_secret(folder, None))


@pytest.fixture
def fair(engine: Engine, keyring: FileKeyring, tmp_path: Path) -> Fair:
    """The companies acme, whose domain is confirmed, and other."""
    found = make_world(engine, NOW)
    issuer = IssuerService(engine, keyring, BASE_URL, HighWaterMark(tmp_path / "published"), found.clock)
    for slug, name in (("acme", "Acme Ltd"), ("other", "Other Ltd")):
        issuer.create_issuer(slug, name, f"https://{slug}.example")
    issuer.confirm("acme", "acme.example", note="checked by telephone")
    outbox = Outbox(engine, SECRET, BASE_URL, None, found.clock)
    storage, nothing = DiskStorage(tmp_path / "files"), frozenset[str]()
    files = Files(engine, storage, found.clock, BASE_URL, Limits(1 << 20, 1 << 30), nothing.__contains__)
    means = Means(found.means, issuer, outbox, files)
    return Fair(found, means, found.owner())


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """A service of this test's own, with acme and a candidate whose engagement is put into any state."""
    service = open_service(load_settings(data_dir=tmp_path / "data", base_url=BASE_URL, database_url=database_url))
    with staged(service) as made:
        yield made
    service.close()
