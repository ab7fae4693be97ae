"""A real service in which a candidate works for the company acme: everybody and everything that its tests need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from sqlalchemy import insert

from credentials.accounts.acting import Member, Visitor
from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.mail.message import Letter
from credentials.projects import parties
from credentials.projects.agreeing import answering, proposing
from credentials.projects.agreeing.beginning import begin
from credentials.projects.agreeing.document import read_agreement
from credentials.projects.delivering import submitting
from credentials.projects.delivering.form import HandedIn
from credentials.projects.parties import Party
from credentials.projects.terms import Terms, TermsDeliverable
from credentials.store import agreements, engagements, submissions
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.submissions import Submission
from credentials.store.tables import application, project
from credentials.web.composition import Service, open_service
from credentials.web.settings import load_settings
from tests.accounts.actors import Clock, World
from tests.web.staff import with_letters

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
BASE_URL = "https://credentials.example"
TERMS = Terms(
    title="Customer survey report",
    brief="Find out why customers leave.\nTwenty interviews.",
    deliverables=(
        TermsDeliverable("Report", "Ten pages with three proposals.", "public"),
        TermsDeliverable("Raw notes", "One page for each interview.", "confidential", "Notes of interviews"),
    ),
    skills=("Survey design", "Interviewing"),
    hours="40",
    starts_on="2026-03-17",
    ends_on="2026-04-10",
    compensation="EUR 400",
    expectations="A call each Monday.",
    owner_of_work="company",
    may_be_shown="described",
)
LINKS = HandedIn("All of it.", {0: ("https://files.example/report",), 1: ("https://files.example/notes?key=s3cret",)})


@dataclass
class Job:
    """One engagement, its service, and its two sides."""

    service: Service
    people: World
    owner: Member
    candidate: Visitor
    engagement_id: str

    @property
    def means(self) -> Means:
        """What the services work with."""
        return self.service.desk

    @property
    def clock(self) -> Clock:
        """The present, moved by hand."""
        return self.people.clock

    @property
    def company(self) -> Party:
        """The owner, on the company's side."""
        return parties.of_company(self.owner)

    @property
    def worker(self) -> Party:
        """The candidate, on their own side."""
        return parties.of_candidate(self.candidate)

    def party(self, name: str) -> Party:
        """`candidate`, or the owner with one role alone."""
        return self.worker if name == "candidate" else replace(self.company, acts_as=frozenset({name}))

    def now(self) -> Engagement:
        """The engagement as it is."""
        with read(self.service.engine) as connection:
            found = engagements.by_id(connection, self.engagement_id)
        assert found is not None
        return found

    def put(self, state: str) -> None:
        """Set the state, whatever it was."""
        with write(self.service.engine) as connection:
            engagements.change(connection, replace(self.now(), state=state))

    def versions(self) -> list[Agreement]:
        """Every version of the agreement."""
        with read(self.service.engine) as connection:
            return agreements.all_of(connection, self.engagement_id)

    def in_force(self) -> Terms | None:
        """The terms in force."""
        with read(self.service.engine) as connection:
            found = agreements.in_force(connection, self.engagement_id)
        return read_agreement(found.document).terms if found is not None else None

    def submissions(self) -> list[Submission]:
        """Everything that was handed in."""
        with read(self.service.engine) as connection:
            return submissions.all_of(connection, self.engagement_id)

    def agree(self) -> None:
        """The candidate accepts the first terms."""
        answering.accept(self.means, self.worker, self.engagement_id, 1)

    def amended(self, by: Party, seen: int = 1, **changes: Any) -> Agreement:
        """Propose the terms with something changed."""
        terms = msgspec.structs.replace(TERMS, **changes)
        return proposing.propose(self.means, by, self.engagement_id, terms, seen)

    def hand_in(
        self, handed_in: HandedIn = LINKS, agreement: int = 1, submission: int = 0, by: Party | None = None
    ) -> Submission:
        """Hand something in, as the candidate or as somebody else."""
        return submitting.deliver(
            self.means, by or self.worker, self.engagement_id, handed_in, agreement=agreement, submission=submission
        )

    def letters(self, address: str) -> list[Letter]:
        """Letters about the work to an address."""
        kept = [self.service.outbox.read(one.id) for one in reversed(self.service.outbox.listed()) if one.body]
        return [letter for mail, letter in kept if mail.address == address and letter.kind in ("work", "reminder")]

    def told(self, address: str) -> str:
        """All that letters about the work told somebody."""
        return "\n".join(f"{one.subject}\n{' '.join(one.paragraphs)}" for one in self.letters(address))


OWNER, CANDIDATE = "owner@acme.example", "ana@mail.example"


def started(folder: Path, database: str = "", terms: Terms = TERMS, **settings: object) -> Job:
    """A job whose first terms wait for the candidate."""
    clock = Clock(NOW)
    given: dict[str, Any] = {"data_dir": folder, "base_url": BASE_URL, **settings}
    if database:
        given["database_url"] = database
    service, letters = with_letters(open_service(load_settings(**given), clock=clock))
    service.issuer.create_issuer("acme", "Acme Ltd", "https://acme.example")
    service.issuer.confirm("acme", "acme.example", note="checked by telephone")
    people = World(service.accounts, letters, clock)
    owner, candidate = people.owner(OWNER), people.person(CANDIDATE, "Ana Souza")
    return Job(service, people, owner, candidate, engaged(service, owner, candidate, terms))


def engaged(service: Service, owner: Member, candidate: Visitor, terms: Terms = TERMS) -> str:
    """The id of a new engagement, from an offer that the candidate took."""
    now, project_id, application_id = service.clock(), new_id(), new_id()
    with write(service.engine) as connection:
        connection.execute(
            insert(project).values(
                id=project_id,
                issuer_id=owner.issuer.id,
                author_id=owner.visitor.person_id,
                state="filled",
                form="{}",
                title=terms.title,
                words="",
                remote=True,
                version=1,
                created_at=now,
                changed_at=now,
            )
        )
        connection.execute(
            insert(application).values(
                id=application_id,
                project_id=project_id,
                issuer_id=owner.issuer.id,
                person_id=candidate.person_id,
                state="taken",
                note="",
                created_at=now,
                changed_at=now,
            )
        )
        offered = SimpleNamespace(id=project_id, issuer_id=owner.issuer.id, author_id=owner.visitor.person_id)
        taken = SimpleNamespace(id=application_id, person_id=candidate.person_id)
        return begin(service.desk, connection, project=offered, application=taken, terms=terms, now=now).id
