"""Offer a further project or a job to somebody whose work was completed, and take their answer.

A further project begins as a draft, filled from what was agreed on before. Its candidate is invited once it is on the
board, in the way in which anybody known to the company is. A job is a note: nothing here applies for it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from credentials.accounts.acting import Member, Visitor
from credentials.accounts.organisations import require
from credentials.console.means import Means
from credentials.issuer.characters import broken, hidden, stacked
from credentials.projects.agreeing.document import Agreement, read_agreement
from credentials.projects.applying import choosing
from credentials.projects.applying.errors import InvitedBefore
from credentials.projects.delivering.form import is_link
from credentials.projects.following import letters
from credentials.projects.following.errors import JobUnusable, NothingCompleted, StepUnknown
from credentials.projects.letters import company_name, to_company
from credentials.projects.parties import Party, find, of_candidate, of_company, tell
from credentials.projects.posting import publishing
from credentials.projects.posting.project_form import ProjectForm, TypedSkill
from credentials.projects.telling import announce
from credentials.projects.terms import Terms
from credentials.store import agreements, next_steps, people, projects
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.next_steps import FurtherStep, StepState

MOST = 5
"""The most offers after one engagement."""
LONGEST = {"title": 120, "place": 120, "link": 500, "words": 2000}


@dataclass(frozen=True, slots=True)
class TypedJob:
    """A job as somebody typed it."""

    title: str = ""
    place: str = ""
    link: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What was offered after an engagement, to whom; `open` are the numbers of the projects that take applications."""

    person: str
    title: str
    steps: tuple[FurtherStep, ...]
    open: frozenset[int]
    more: bool


def offered(means: Means, member: Member, engagement_id: str) -> Offered:
    """What the company's page shows. Raises EngagementUnknown, NothingCompleted."""
    with read(means.accounts.engine) as connection:
        engagement, agreed = _completed(connection, of_company(member), engagement_id)
        steps = [_titled(connection, one) for one in next_steps.of_engagement(connection, engagement.id)]
        ready = frozenset(one.number for one in steps if _is_open(connection, one))
    return Offered(agreed.candidate.name, agreed.terms.title, tuple(steps), ready, len(steps) < MOST)


def _titled(connection: Connection, step: FurtherStep) -> FurtherStep:
    """An offer with the title that its project has now."""
    project = projects.by_id(connection, step.project_id) if step.project_id else None
    return replace(step, title=project.title or step.title) if project else step


def _is_open(connection: Connection, step: FurtherStep) -> bool:
    project = projects.by_id(connection, step.project_id) if step.project_id else None
    return project is not None and project.state == "open"


def begin_project(means: Means, member: Member, engagement_id: str) -> FurtherStep:
    """Begin the draft of a further project. Raises RoleMissing, EngagementUnknown, NothingCompleted."""
    party = _offering(member)
    with read(means.accounts.engine) as connection:
        engagement, agreed = _completed(connection, party, engagement_id)
        _next_number(connection, engagement)
    made = publishing.start(means, member, form_from(agreed.terms))
    with write(means.accounts.engine) as connection:
        engagement, _agreed = _completed(connection, party, engagement_id, lock=True)
        step = _step(means, connection, member, engagement, TypedJob(title=made.title))
        step = replace(step, kind="project", project_id=made.id, state="draft")
        next_steps.add(connection, step)
        tell(connection, party, engagement, "next-step.begun", means.accounts.clock(), project=made.id)
    return step


def form_from(terms: Terms) -> ProjectForm:
    """The form of a further project: as the one before, without its days."""
    links = dict(zip(terms.skills, terms.skill_links, strict=False))
    return ProjectForm(
        title=terms.title,
        brief=terms.brief,
        deliverables=terms.deliverables,
        skills=tuple(TypedSkill(name, links.get(name, "")) for name in terms.skills),
        hours=terms.hours,
        compensation=terms.compensation,
        expectations=terms.expectations,
        owner_of_work=terms.owner_of_work or "company",
        may_be_shown=terms.may_be_shown or "yes",
    )


def invite(means: Means, member: Member, engagement_id: str, number: int) -> FurtherStep:
    """Invite the candidate to a further project that is on the board.

    Raises RoleMissing, EngagementUnknown, StepUnknown, and what `choosing.invite` raises.
    """
    party = of_company(member)
    with read(means.accounts.engine) as connection:
        engagement, _agreed = _completed(connection, party, engagement_id)
        found = _numbered(connection, engagement, number, ("draft",))
    # Invited from the project's own page before: the answer is asked for here all the same.
    with suppress(InvitedBefore):
        choosing.invite(means, member, found.project_id or "", engagement.person_id)
    with write(means.accounts.engine) as connection:
        engagement, _agreed = _completed(connection, party, engagement_id, lock=True)
        found = _titled(connection, _numbered(connection, engagement, number, ("draft",)))
        return _changed(means, connection, party, engagement, found, "sent")


def offer_job(means: Means, member: Member, engagement_id: str, typed: TypedJob) -> FurtherStep:
    """Tell the candidate of a job, in a letter and on the page of their work.

    Raises RoleMissing, EngagementUnknown, NothingCompleted, JobUnusable.
    """
    party, job, now = _offering(member), checked(typed), means.accounts.clock()
    with write(means.accounts.engine) as connection:
        engagement, agreed = _completed(connection, party, engagement_id, lock=True)
        step = _step(means, connection, member, engagement, job)
        next_steps.add(connection, step)
        tell(connection, party, engagement, "next-step.job-offered", now)
        url, who = f"{means.accounts.base_url}/work/{engagement.id}", company_name(connection, engagement.issuer_id)
        said = tuple(filter(None, (", ".join(filter(None, (job.title, job.place))), job.words)))
        letter = letters.job_letter(means.accounts.host, who, agreed.terms.title, url, said)
        for one in people.addresses(connection, engagement.person_id)[:1]:
            means.outbox.put(connection, letter, one.address, issuer_id=engagement.issuer_id, subject_id=engagement.id)
    return step


def answer(means: Means, visitor: Visitor, engagement_id: str, number: int, said: str) -> FurtherStep:
    """The candidate says whether an offer interests them; they may say otherwise later.

    Raises EngagementUnknown, NothingCompleted, StepUnknown.
    """
    party = of_candidate(visitor)
    with write(means.accounts.engine) as connection:
        engagement, agreed = _completed(connection, party, engagement_id, lock=True)
        if said not in ("interested", "not-now"):
            raise StepUnknown(where="answer")
        state: StepState = "interested" if said == "interested" else "not-now"
        found = _titled(connection, _numbered(connection, engagement, number, ("sent", "interested", "not-now")))
        if found.state == state:
            return found
        subject, words = letters.answered(agreed.candidate.name, found.title, state)
        to_company(means, connection, engagement, subject, (words,))
        return _changed(means, connection, party, engagement, found, state)


def checked(typed: TypedJob) -> TypedJob:
    """A job with its spaces put right. Raises JobUnusable."""
    job = TypedJob(
        " ".join(typed.title.split()),
        " ".join(typed.place.split()),
        typed.link.strip(),
        typed.words.strip().replace("\r\n", "\n"),
    )
    if not job.title:
        raise JobUnusable(where="title")
    for name, longest in LONGEST.items():
        text = getattr(job, name)
        if len(text) > longest or hidden(text, lines=name == "words") or broken(text) or stacked(text):
            raise JobUnusable(where=name)
    if job.link and not is_link(job.link):
        raise JobUnusable(where="link")
    return job


def _offering(member: Member) -> Party:
    """Who offers something. Raises RoleMissing, and NothingCompleted for a company that is suspended."""
    require(member, "author")
    if member.issuer.is_suspended:
        raise NothingCompleted("the company is suspended", where="company")
    return of_company(member)


def _completed(
    connection: Connection, party: Party, engagement_id: str, *, lock: bool = False
) -> tuple[Engagement, Agreement]:
    engagement = find(connection, party, engagement_id, lock=lock)
    agreed = agreements.in_force(connection, engagement.id)
    if engagement.state != "completed" or agreed is None:
        raise NothingCompleted(where="state")
    return engagement, read_agreement(agreed.document)


def _next_number(connection: Connection, engagement: Engagement) -> int:
    found = next_steps.of_engagement(connection, engagement.id)
    if len(found) >= MOST:
        raise NothingCompleted(where="state")
    return len(found) + 1


def _step(means: Means, connection: Connection, member: Member, engagement: Engagement, job: TypedJob) -> FurtherStep:
    now = means.accounts.clock()
    return FurtherStep(
        engagement_id=engagement.id,
        number=_next_number(connection, engagement),
        issuer_id=engagement.issuer_id,
        person_id=engagement.person_id,
        kind="job",
        title=job.title,
        place=job.place,
        link=job.link,
        words=job.words,
        state="sent",
        created_by=member.visitor.person_id,
        created_at=now,
        changed_at=now,
    )


def _numbered(connection: Connection, engagement: Engagement, number: int, states: tuple[str, ...]) -> FurtherStep:
    for one in next_steps.of_engagement(connection, engagement.id):
        if one.number == number and one.state in states:
            return one
    raise StepUnknown(where="number")


def _changed(
    means: Means, connection: Connection, party: Party, engagement: Engagement, step: FurtherStep, state: StepState
) -> FurtherStep:
    now = means.accounts.clock()
    after = replace(step, state=state, changed_at=now)
    next_steps.change(connection, after)
    action = "next-step.sent" if state == "sent" else "next-step.answered"
    tell(connection, party, engagement, action, now, number=str(step.number), state=state)
    if action == "next-step.answered":
        event = f"{action}:{engagement.id}:{step.number}:{now}"
        announce(means, connection, action, event, engagement, now, step=step.number)
    return after
