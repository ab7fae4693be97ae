"""A micro-internship in any state, on a real service: rows as the steps before leave them, without the steps."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert

from credentials.accounts import organisations, sessions
from credentials.accounts.acting import Member, Visitor
from credentials.accounts.sessions import Client
from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.projects.agreeing.document import Agreement as Document
from credentials.projects.agreeing.document import Candidate, Company, new_salt, sha256, write_agreement
from credentials.projects.terms import Terms, TermsDeliverable
from credentials.store import agreements, engagements, people, submissions
from credentials.store import organisations as organisation_rows
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.organisations import Membership
from credentials.store.people import Address, Person
from credentials.store.submissions import Submission, SubmittedItem
from credentials.store.tables import application, project
from credentials.web.composition import Service
from tests.web.staff import with_letters

CLIENT = Client("127.0.0.1", "a browser of the tests")
AGREED_AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
TERMS = Terms(
    title="Customer survey report",
    brief="Interview 20 customers and write a report with three proposals.",
    deliverables=(
        TermsDeliverable(name="Report", description="Ten pages", visibility="public"),
        TermsDeliverable(name="Raw notes", description="All interviews", visibility="confidential"),
    ),
    skills=("Survey design", "Interviewing"),
    hours="40",
    starts_on="2026-02-02",
    ends_on="2026-03-06",
    compensation="EUR 400",
    expectations="A call each Monday.",
)
LINKS = ("https://files.example/report", "https://files.example/notes")


@dataclass(frozen=True)
class Stage:
    """A company with people, a candidate, and a way to put an engagement into any state."""

    service: Service
    people: dict[str, str]

    @property
    def means(self) -> Means:
        """What the services work with."""
        return self.service.desk

    def visitor(self, name: str) -> Visitor:
        """Somebody in a session that began just now."""
        engine, now = self.service.engine, self.service.clock()
        with write(engine) as connection:
            cookie = sessions.begin(connection, self.people[name], "link", CLIENT, now).cookie
        found = sessions.visitor(engine, cookie, CLIENT, now)
        assert found is not None
        return found

    def member(self, name: str) -> Member:
        """Somebody in the company."""
        found = organisations.member(self.service.accounts, self.visitor(name), "acme")
        assert found is not None
        return found

    def hire(self, name: str, *roles: str) -> Member:
        """Give somebody a place in the company."""
        if name not in self.people:
            self.people[name] = add_person(self.service, name)
        issuer, now = self.service.issuer.issuer("acme"), self.service.clock()
        place = Membership(issuer_id=issuer.id, person_id=self.people[name], roles=" ".join(roles), created_at=now)
        with write(self.service.engine) as connection:
            organisation_rows.put_member(connection, place)
        return self.member(name)

    def engagement(self, state: str, *, terms: Terms = TERMS, rounds: int = 1) -> Engagement:
        """An engagement of the candidate in a state, with its agreement and what was handed in."""
        issuer, now = self.service.issuer.issuer("acme"), self.service.clock()
        made = Engagement(
            id=new_id(),
            issuer_id=issuer.id,
            project_id=new_id(),
            application_id=new_id(),
            person_id=self.people["candidate"],
            state=state,
            version=1,
            ends_on=date(2026, 3, 6),
            created_at=AGREED_AT,
            changed_at=now,
        )
        with write(self.service.engine) as connection:
            _add_before(connection, made, terms, self.people["owner"])
            engagements.add(connection, made)
            agreements.add(connection, agreement_of(made, terms, self.people["owner"]))
            for number in range(1, rounds + 1):
                self.hand_in(connection, made, number, range(len(terms.deliverables)))
        return made

    def hand_in(self, connection: Connection, made: Engagement, number: int, which: Iterable[int]) -> None:
        """Hand in some of the deliverables."""
        now = self.service.clock()
        sent = Submission(
            engagement_id=made.id, number=number, issuer_id=made.issuer_id, note="", late=False, created_at=now
        )
        items = [
            SubmittedItem(
                engagement_id=made.id,
                number=number,
                deliverable=deliverable,
                place=0,
                issuer_id=made.issuer_id,
                url=f"{LINKS[deliverable % 2]}-{number}",
            )
            for deliverable in which
        ]
        submissions.add(connection, sent, items)

    def again(self, made: Engagement, number: int, which: Iterable[int]) -> Engagement:
        """The candidate hands in some deliverables anew after a return; returns the engagement as it is then."""
        with write(self.service.engine) as connection:
            self.hand_in(connection, made, number, which)
            found = engagements.of_company(connection, made.issuer_id, made.id, lock=True)
            assert found is not None
            changed = replace(found, state="delivered", version=found.version + 1)
            engagements.change(connection, changed)
        return changed

    def now(self, made: Engagement) -> Engagement:
        """The engagement as it is kept."""
        with read(self.service.engine) as connection:
            found = engagements.of_company(connection, made.issuer_id, made.id)
        assert found is not None
        return found


def agreement_of(made: Engagement, terms: Terms, by: str, number: int = 1) -> Agreement:
    """An agreement that both accepted. Its document has what a real one has of the terms, and a salt."""
    document = write_agreement(
        Document(
            type="MicroInternshipAgreement",
            engagement=made.id,
            number=number,
            salt=new_salt(secrets.token_bytes(16)),
            company=Company("did:web:credentials.example:issuers:acme", "Acme Ltd"),
            candidate=Candidate(made.person_id, "Candidate"),
            proposed_by="company",
            proposed_at="2026-02-01T09:00:00Z",
            terms=terms,
        )
    )
    return Agreement(
        engagement_id=made.id,
        number=number,
        issuer_id=made.issuer_id,
        document=document,
        digest=sha256(document),
        proposed_by=by,
        created_at=AGREED_AT,
        company_accepted_at=AGREED_AT,
        company_accepted_by=by,
        candidate_accepted_at=AGREED_AT,
    )


def _add_before(connection: Connection, made: Engagement, terms: Terms, author: str) -> None:
    """The project and the application that an engagement follows from."""
    values = {
        "id": made.project_id,
        "issuer_id": made.issuer_id,
        "author_id": author,
        "state": "filled",
        "form": "{}",
        "title": terms.title,
        "words": "",
        "remote": True,
        "version": 1,
        "created_at": AGREED_AT,
        "changed_at": AGREED_AT,
    }
    connection.execute(insert(project).values(**values))
    sent = {
        "id": made.application_id,
        "project_id": made.project_id,
        "issuer_id": made.issuer_id,
        "person_id": made.person_id,
        "state": "taken",
        "note": "",
        "created_at": AGREED_AT,
        "changed_at": AGREED_AT,
    }
    connection.execute(insert(application).values(**sent))


def add_person(service: Service, name: str, address: str = "") -> str:
    """A person with an address; returns their id."""
    now = service.clock()
    made = Person(id=new_id(), name=name.title(), handle=new_id().encode(), created_at=now)
    mail = address or f"{name}@mail.example"
    with write(service.engine) as connection:
        people.add(connection, made)
        proved = Address(canonical=mail, person_id=made.id, address=mail, first=True, proved_at=now)
        people.add_address(connection, proved)
    return made.id


@contextmanager
def staged(service: Service) -> Iterator[Stage]:
    """A stage on an opened service with the company acme, whose owner may do everything."""
    service, _letters = with_letters(service)
    stage = Stage(service, {name: add_person(service, name) for name in ("owner", "candidate", "stranger")})
    issuer = service.issuer.create_issuer("acme", "Acme Ltd", "https://acme.example")
    service.issuer.confirm("acme", "acme.example", note="checked by telephone")
    owner = stage.visitor("owner")
    with write(service.engine) as connection:
        organisations.found(service.accounts, connection, owner, issuer)
    yield stage
