"""The steps of the story, each taken through its service, and only if it was not taken before.

So a first run that was cut short goes on where it stopped, and a second one changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import msgspec

from credentials.accounts.acting import Member
from credentials.cli.demo_story.play import Person, Play
from credentials.console import awarding
from credentials.projects import parties
from credentials.projects.agreeing import answering, proposing
from credentials.projects.agreeing.document import read_agreement
from credentials.projects.applying import choosing, sending
from credentials.projects.delivering import submitting
from credentials.projects.delivering.form import HandedIn
from credentials.projects.delivering.sending import Upload, receive
from credentials.projects.parties import Party
from credentials.projects.posting import publishing
from credentials.projects.posting.project_form import ProjectForm
from credentials.projects.reviewing import assessing, reviewing
from credentials.projects.reviewing.assessment_form import AssessmentForm
from credentials.projects.reviewing.reviewing import Verdict
from credentials.store import agreements, assessments, engagements, submissions
from credentials.store.engine import read

ANSWERABLE = ("sent", "shortlisted")


def post(play: Play, member: Member, number: str, form: ProjectForm) -> str:
    """A project on the board; its id. `number` tells one project of a person from another."""
    project = publishing.start(play.desk, member, form, number)
    if project.state == "draft":
        publishing.put_up(play.desk, member, project.id)
    return project.id


def invite(play: Play, member: Member, project_id: str, person: Person) -> None:
    """Somebody who worked for the company before is invited to a project."""
    person_id = play.visitor(person).person_id
    _project, pool = choosing.pool(play.desk, member, project_id)
    if person_id not in pool.invited | pool.applied:
        choosing.invite(play.desk, member, project_id, person_id)


def apply(play: Play, person: Person, project_id: str, note: str) -> str:
    """Somebody applies, with their portfolio where they have one; the application's id."""
    visitor = play.visitor(person)
    before = sending.sent_before(play.desk, visitor, project_id)
    pages = sending.portfolios(play.desk, visitor)
    return (before or sending.apply(play.desk, visitor, project_id, note, pages[0] if pages else "")).id


def decline(play: Play, member: Member, person: Person, application_id: str, words: str) -> None:
    """The company says no, in a letter."""
    if sending.find(play.desk, play.visitor(person), application_id).application.state in ANSWERABLE:
        choosing.decline(play.desk, member, application_id, words)


def offer(play: Play, member: Member, person: Person, application_id: str, words: str) -> None:
    """The company offers the project."""
    if sending.find(play.desk, play.visitor(person), application_id).application.state in ANSWERABLE:
        choosing.offer(play.desk, member, application_id, words)


def take(play: Play, person: Person, application_id: str) -> str:
    """The offer is taken as it was seen; the id of the work that begins."""
    visitor = play.visitor(person)
    own = sending.find(play.desk, visitor, application_id)
    return own.engagement_id or sending.take(play.desk, visitor, application_id, own.project.version).id


def accept_terms(play: Play, party: Party, engagement_id: str, number: int) -> None:
    """A side accepts a version of the terms that the other one proposed."""
    with read(play.desk.accounts.engine) as connection:
        chosen = agreements.by_number(connection, engagement_id, number)
    if chosen is not None and chosen.agreed_at is None:
        answering.accept(play.desk, party, engagement_id, number)


def propose(play: Play, party: Party, engagement_id: str, number: int, **changes: str) -> None:
    """A side proposes the terms before this version with something changed."""
    with read(play.desk.accounts.engine) as connection:
        last = agreements.newest(connection, engagement_id)
    if last is not None and last.number < number:
        terms = msgspec.structs.replace(read_agreement(last.document).terms, **changes)
        proposing.propose(play.desk, party, engagement_id, terms, last.number)


def hand_in(
    play: Play,
    person: Person,
    engagement_id: str,
    number: int,
    typed: HandedIn,
    files: Mapping[int, tuple[str, bytes]],
) -> None:
    """The candidate hands in submission `number`: what was typed, and a file (its name and bytes) for some places."""
    with read(play.desk.accounts.engine) as connection:
        if submissions.by_number(connection, engagement_id, number) is not None:
            return
        agreed = agreements.in_force(connection, engagement_id)
    uploads = {place: [Upload(name, BytesIO(content))] for place, (name, content) in files.items()}
    received = receive(play.desk, play.visitor(person), engagement_id, typed, uploads)
    submitting.deliver(
        play.desk,
        play.party(person),
        engagement_id,
        received.handed_in,
        agreement=agreed.number if agreed else 0,
        submission=number - 1,
    )


def review(play: Play, member: Member, engagement_id: str, number: int, verdicts: Sequence[Verdict]) -> None:
    """The company decides on submission `number`, deliverable by deliverable."""
    with read(play.desk.accounts.engine) as connection:
        sent = submissions.by_number(connection, engagement_id, number)
        engagement = engagements.by_id(connection, engagement_id)
    if sent is not None and sent.reviewed_at is None and engagement is not None:
        said = dict(enumerate(verdicts))
        reviewing.review(play.desk, member, engagement_id, engagement.version, said)


def describe(play: Play, person: Person, engagement_id: str, text: str) -> None:
    """The candidate says what was done."""
    with read(play.desk.accounts.engine) as connection:
        kept = assessments.of_engagement(connection, engagement_id)
    if kept is None or not kept.description:
        assessing.describe(play.desk, play.visitor(person), engagement_id, text)


def assess(play: Play, member: Member, engagement_id: str, form: AssessmentForm) -> None:
    """The supervisor rates and praises."""
    with read(play.desk.accounts.engine) as connection:
        kept = assessments.of_engagement(connection, engagement_id)
    if kept is None or not kept.words:
        assessing.assess(play.desk, member, engagement_id, form)


def sign(play: Play, member: Member, engagement_id: str) -> str:
    """Somebody signs the award of accepted work; the credential's id."""
    with read(play.desk.accounts.engine) as connection:
        engagement = engagements.by_id(connection, engagement_id)
    award = awarding.find(play.desk, member, engagement.award_id or "" if engagement else "").award
    return award.credential_id or awarding.sign(play.desk, member, award.id, award.version).id


def begun(play: Play, member: Member, person: Person, project_id: str, note: str, words: str) -> str:
    """Somebody applies, gets the offer, takes it, and accepts its terms; the id of the work."""
    application_id = apply(play, person, project_id, note)
    offer(play, member, person, application_id, words)
    engagement_id = take(play, person, application_id)
    accept_terms(play, play.party(person), engagement_id, 1)
    return engagement_id


def side(member: Member) -> Party:
    """A member on the company's side of a project."""
    return parties.of_company(member)
