"""The people of a sandbox: somebody who answers for the company's programs, and a candidate who does as they are asked.

Both have addresses under `.invalid` (RFC 2606 section 2): no letter reaches anybody, and nobody can sign in as them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import Connection

from credentials.accounts import organisations
from credentials.accounts.acting import Visitor
from credentials.accounts.api_keys import SCOPES, MadeKey, make_key
from credentials.accounts.tokens import new_id
from credentials.console import awarding, handing_over
from credentials.console.errors import AwardUnknown
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.issuer.errors import CredentialUnknown
from credentials.issuer.sandbox import HOSTED
from credentials.projects import parties
from credentials.projects.agreeing import answering, proposing
from credentials.projects.applying import sending
from credentials.projects.applying.errors import ApplicationUnknown
from credentials.projects.delivering.form import HandedIn
from credentials.projects.delivering.submitting import deliver
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.projects.referring import standing
from credentials.projects.showing import Work, show
from credentials.store import applications, awards, handovers, issuers, people, projects
from credentials.store import organisations as places
from credentials.store.engine import read, write
from credentials.store.people import Address, Person

SUPERVISOR: Final = "supervisor@sandbox.invalid"
CANDIDATE: Final = "candidate@sandbox.invalid"
KEY_LIFETIME: Final = timedelta(days=30)
NOTE: Final = "I am the sandbox's candidate. I did work of this kind before."
WRONG: Final = "It took two hours more."
LINK: Final = "https://files.example/deliverable-{number}"
Step = Literal["apply", "take", "agree", "propose", "deliver", "confirm", "refer", "dispute"]


def prepare(means: Means) -> None:
    """Have the sandbox's people ready: whoever is missing is made, and the supervisor owns the hosted company."""
    with write(means.accounts.engine) as connection:
        supervisor = _person(means, connection, SUPERVISOR, "Sandbox Supervisor")
        _person(means, connection, CANDIDATE, "Sandbox Candidate")
        issuer = issuers.by_slug(connection, HOSTED)
        if issuer is not None and places.by_id(connection, issuer.id) is None:
            organisations.found(means.accounts, connection, _visitor(supervisor, means.accounts.clock()), issuer)


def new_key(means: Means) -> MadeKey:
    """A key that may do everything in the sandbox's company for a month."""
    now = means.accounts.clock()
    with read(means.accounts.engine) as connection:
        found = people.by_address(connection, SUPERVISOR)
    return make_key(
        means.accounts.engine,
        HOSTED,
        SCOPES,
        label="Made when the sandbox was started",
        now=now,
        expires_at=now + KEY_LIFETIME,
        person_id=found.id if found else None,
    )


def _person(means: Means, connection: Connection, address: str, name: str) -> Person:
    found = people.by_address(connection, address)
    if found is not None:
        return found
    now = means.accounts.clock()
    made = Person(id=new_id(), name=name, handle=secrets.token_bytes(32), created_at=now)
    people.add(connection, made)
    proved = Address(canonical=address, person_id=made.id, address=address, first=True, proved_at=now)
    people.add_address(connection, proved)
    return made


def _visitor(person: Person, now: datetime) -> Visitor:
    return Visitor(
        person_id=person.id,
        name=person.name,
        session_id="",
        proved_at=now,
        strong=False,
        guarded=False,
        operator=False,
        origin="",
    )


def step(means: Means, do: Step, row_id: str) -> str:
    """Let the candidate take a step; returns the next id.

    With a project they `apply`, with an application they `take` the offer, a credential they `dispute`; else with work.

    Raises what the candidate's own pages say: nothing here is theirs to do that is not theirs there.
    """
    with read(means.accounts.engine) as connection:
        found = people.by_address(connection, CANDIDATE)
    if found is None:
        raise LookupError("the sandbox was not prepared")
    return _STEPS[do](means, _visitor(found, means.accounts.clock()), row_id)


def _apply(means: Means, candidate: Visitor, project_id: str) -> str:
    return sending.apply(means, candidate, project_id, NOTE).id


def _take(means: Means, candidate: Visitor, application_id: str) -> str:
    with read(means.accounts.engine) as connection:
        found = applications.of_person(connection, candidate.person_id, wanted_id(application_id))
        project = projects.by_id(connection, found.project_id) if found else None
    if found is None or project is None:
        raise ApplicationUnknown(where="application")
    return sending.take(means, candidate, found.id, project.version).id


def _work(means: Means, candidate: Visitor, engagement_id: str) -> Work:
    return show(means, parties.of_candidate(candidate), engagement_id)


def _agree(means: Means, candidate: Visitor, engagement_id: str) -> str:
    work = _work(means, candidate, engagement_id)
    return answering.accept(means, parties.of_candidate(candidate), work.engagement.id, work.newest).id


def _propose(means: Means, candidate: Visitor, engagement_id: str) -> str:
    """An amendment: a week more."""
    work = _work(means, candidate, engagement_id)
    later = (date.fromisoformat(work.terms.ends_on) + timedelta(days=7)).isoformat()
    terms = msgspec.structs.replace(work.terms, ends_on=later)
    proposing.propose(means, parties.of_candidate(candidate), work.engagement.id, terms, work.newest)
    return work.engagement.id


def _deliver(means: Means, candidate: Visitor, engagement_id: str) -> str:
    """A link for each deliverable."""
    work = _work(means, candidate, engagement_id)
    links = {number: (LINK.format(number=number),) for number in range(len(work.terms.deliverables))}
    last = work.handed[-1].number if work.handed else 0
    deliver(
        means,
        parties.of_candidate(candidate),
        work.engagement.id,
        HandedIn("All of it.", links),
        agreement=work.in_force,
        submission=last,
    )
    return work.engagement.id


def _confirm(means: Means, candidate: Visitor, engagement_id: str) -> str:
    return PaymentService(means, ByHand()).confirm(candidate, engagement_id).engagement_id


def _refer(means: Means, candidate: Visitor, engagement_id: str) -> str:
    return standing.ask(means, candidate, engagement_id).engagement_id


def _dispute(means: Means, _candidate: Visitor, credential_id: str) -> str:
    """Of a credential that was sent to the candidate: what is wrong, and what should stand there."""
    with read(means.accounts.engine) as connection:
        found = handovers.by_id(connection, wanted_id(credential_id))
        issuer = issuers.by_id(connection, found.issuer_id) if found else None
    if found is None or issuer is None or found.address != CANDIDATE:
        raise CredentialUnknown(where="credential")
    handing_over.say_wrong(means, issuer, found.credential_id, "wrong", WRONG, {"hours": "42"})
    return found.credential_id


def sign(means: Means, engagement_id: str) -> str:
    """Let the supervisor sign the award of accepted work; returns the credential's id.

    Raises EngagementUnknown, AwardUnknown for work that is not accepted, and what the award's own page says.
    """
    with read(means.accounts.engine) as connection:
        found = people.by_address(connection, SUPERVISOR)
    if found is None:
        raise LookupError("the sandbox was not prepared")
    member = organisations.member(means.accounts, _visitor(found, means.accounts.clock()), HOSTED)
    if member is None:
        raise AwardUnknown(where="award")
    with read(means.accounts.engine) as connection:
        work = parties.find(connection, parties.of_company(member), engagement_id)
        award = awards.by_id(connection, member.issuer.id, work.award_id or "")
    if award is None:
        raise AwardUnknown(where="award")
    return awarding.sign(means, member, award.id, award.version).id


_STEPS: Mapping[Step, Callable[[Means, Visitor, str], str]] = {
    "apply": _apply,
    "take": _take,
    "agree": _agree,
    "propose": _propose,
    "deliver": _deliver,
    "confirm": _confirm,
    "refer": _refer,
    "dispute": _dispute,
}
