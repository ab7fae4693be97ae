"""The page of an engagement: each side sees the same facts, its own steps, and nothing that waits for nobody."""

from __future__ import annotations

from io import BytesIO

import msgspec
import pytest

from credentials.projects import parties
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.errors import EngagementUnknown, WorkOutOfTurn
from credentials.projects.delivering.form import HandedIn
from credentials.projects.showing import proposed_before, show
from tests.projects.agreeing.conftest import job as job
from tests.projects.at_work import TERMS, Job


def states(job: Job) -> list[str]:
    """What became of each version of the terms, the first one first."""
    return [one.state for one in show(job.means, job.company, job.engagement_id).versions]


def test_a_proposal_waits_for_the_other_side_alone(job: Job) -> None:
    theirs, mine = (show(job.means, party, job.engagement_id) for party in (job.worker, job.company))

    assert theirs.proposal is not None
    assert mine.proposal is not None
    assert (theirs.proposal.mine, mine.proposal.mine) == (False, True)
    assert (theirs.step.path, mine.step.path) == ("agree", "")
    assert (theirs.terms, theirs.agreed, theirs.in_force) == (mine.terms, False, 0)


def test_nobody_else_sees_it_and_nobody_from_the_other_side(job: Job) -> None:
    job.service.issuer.create_issuer("other", "Other Ltd", "https://other.example")
    foreign, eve = job.people.owner("olaf@other.example", "other"), job.people.person("eve@mail.example")
    asking = [parties.of_company(foreign), *map(parties.of_candidate, (eve, job.owner.visitor, foreign.visitor))]

    for party in asking:
        with pytest.raises(EngagementUnknown):
            show(job.means, party, job.engagement_id)
        with pytest.raises(EngagementUnknown):
            proposed_before(job.means, party, job.engagement_id)


@pytest.mark.parametrize("role", ["reviewer", "signer", "owner"])
def test_who_has_no_say_is_offered_no_step(role: str, job: Job) -> None:
    job.agree()
    job.amended(job.worker, ends_on="2026-04-20")
    seen = show(job.means, job.party(role), job.engagement_id)

    assert seen.allowed == frozenset()
    assert not seen.step.act
    assert "deliver" not in show(job.means, job.party("author"), job.engagement_id).allowed


@pytest.mark.parametrize("state", ["accepted", "completed", "ended"])
@pytest.mark.parametrize("by", ["author", "candidate"])
def test_what_was_never_answered_waits_for_nobody_once_the_work_is_over(by: str, state: str, job: Job) -> None:
    job.agree()
    job.amended(job.party(by), ends_on="2026-04-20")
    job.put(state)

    for party in (job.worker, job.company):
        seen = show(job.means, party, job.engagement_id)
        assert seen.proposal is None
        assert not seen.step.act
        assert (seen.in_force, seen.terms.ends_on) == (1, TERMS.ends_on)
        with pytest.raises(WorkOutOfTurn):
            answering.accept(job.means, party, job.engagement_id, 2)
    assert states(job) == ["in force", "was never answered"]


def test_first_terms_that_nobody_answered_are_none_after_the_end(job: Job) -> None:
    answering.end(job.means, job.worker, job.engagement_id, "I found a job.")

    seen = show(job.means, job.worker, job.engagement_id)
    assert (seen.proposal, seen.agreed, seen.stage, seen.allowed) == (None, False, "", frozenset())
    assert states(job) == ["was never answered"]


def test_each_version_says_what_became_of_it(job: Job) -> None:
    job.amended(job.worker, compensation="EUR 500")
    answering.accept(job.means, job.company, job.engagement_id, 2)
    job.amended(job.company, seen=2, ends_on="2026-04-20")
    answering.refuse(job.means, job.worker, job.engagement_id, 3, "Too late for me.")
    job.amended(job.worker, seen=3, ends_on="2026-04-12")
    answering.accept(job.means, job.company, job.engagement_id, 4)
    job.amended(job.worker, seen=4, ends_on="2026-04-13")

    assert states(job) == [
        "replaced before it was answered", "was in force", "not accepted", "in force", "waits for an answer",
    ]  # fmt: skip
    assert show(job.means, job.worker, job.engagement_id).versions[2].reason == "Too late for me."


def test_a_new_proposal_begins_from_what_waits_and_else_from_what_is_in_force(job: Job) -> None:
    job.agree()
    job.amended(job.company, ends_on="2026-04-20")
    engagement, last, waiting = proposed_before(job.means, job.worker, job.engagement_id)
    assert (engagement.id, last.number, waiting.terms.ends_on) == (job.engagement_id, 2, "2026-04-20")

    answering.refuse(job.means, job.worker, job.engagement_id, 2, "No.")
    _engagement, last, agreed = proposed_before(job.means, job.worker, job.engagement_id)
    assert (last.number, agreed.terms) == (2, TERMS)


def test_what_was_handed_in_keeps_the_names_that_it_was_agreed_under(job: Job) -> None:
    job.agree()
    job.hand_in()
    renamed = (msgspec.structs.replace(TERMS.deliverables[0], name="Another"), TERMS.deliverables[1])
    job.amended(job.company, deliverables=renamed)
    answering.accept(job.means, job.worker, job.engagement_id, 2)

    seen = show(job.means, job.company, job.engagement_id)
    assert [name for name, _parts in seen.handed[0].items] == ["Report", "Raw notes"]
    assert [one.name for one in seen.terms.deliverables] == ["Another", "Raw notes"]


def test_files_and_links_stand_with_their_deliverable_and_a_file_that_was_not_handed_in_nowhere(job: Job) -> None:
    job.agree()
    subject, issuer_id = f"engagement:{job.engagement_id}", job.owner.issuer.id
    made, _kept_back = (
        job.service.files.receive(BytesIO(content), "r.txt", subject, issuer_id, job.candidate)
        for content in (b"a report", b"a draft")
    )
    job.hand_in(HandedIn("", {1: ("https://files.example/notes",)}, {0: (made.id,)}))

    for party in (job.worker, job.company):
        (handed,) = show(job.means, party, job.engagement_id).handed
        assert handed.items == (("Report", (made,)), ("Raw notes", ("https://files.example/notes",)))
