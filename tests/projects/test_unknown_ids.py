"""Ids that can be no row's are refused by name, by every service that takes one, on each database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from credentials.accounts import dismissing, organisations
from credentials.accounts.errors import MemberUnknown, PersonUnknown
from credentials.console import awarding, correcting, handing_over, proposing
from credentials.console.api import dispute_records
from credentials.console.errors import AwardUnknown, DisputeUnknown
from credentials.core.errors import NotFound
from credentials.files.errors import FileUnknown
from credentials.issuer.errors import CredentialUnknown
from credentials.mail.errors import MailUnknown
from credentials.projects import parties
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.api import project_records, work_records
from credentials.projects.applying import choosing, sending
from credentials.projects.applying.errors import ApplicationUnknown
from credentials.projects.posting import board, publishing
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.referring import questions, standing
from credentials.projects.referring.errors import ReferenceUnknown
from credentials.projects.reviewing import sheet
from credentials.projects.showing import proposed_before, show
from tests.projects.applying.test_choosing import PROVER
from tests.projects.conftest import FORM, Fair

# What a driver cannot carry, what is too long, what is looked for in another way, and nothing.
NO_IDS = ["\0", "0" * 25 + "\0", "0" * 25 + "\ud800", "x" * 5000, "' or 1=1 --", "%", ""]
Step = Callable[[Fair, str], object]
QUESTION = questions.Typed("Petra Falk", "petra@big.example", "Big Ltd", "How was it?", consent=True)

ENGAGEMENT: dict[str, Step] = {
    "show to the company": lambda fair, text: show(fair.means, parties.of_company(fair.owner), text),
    "show to the candidate": lambda fair, text: show(fair.means, _candidate(fair), text),
    "propose": lambda fair, text: proposed_before(fair.means, _candidate(fair), text),
    "accept": lambda fair, text: answering.accept(fair.means, _candidate(fair), text, 1),
    "end": lambda fair, text: answering.end(fair.means, parties.of_company(fair.owner), text, "No."),
    "review": lambda fair, text: sheet.for_company(fair.means, fair.owner, text),
    "outcome": lambda fair, text: sheet.for_candidate(fair.means, fair.owner.visitor, text),
    "ask for a reference": lambda fair, text: standing.ask(fair.means, fair.owner.visitor, text),
    "told to a program": lambda fair, text: work_records.look(fair.means, fair.owner, text),
}
PROJECT: dict[str, Step] = {
    "find": lambda fair, text: publishing.find(fair.means, fair.owner, text),
    "save": lambda fair, text: publishing.save(fair.means, fair.owner, text, FORM, 1),
    "put up": lambda fair, text: publishing.put_up(fair.means, fair.owner, text),
    "look": lambda fair, text: board.look(fair.means, text),
    "apply": lambda fair, text: sending.apply(fair.means, fair.owner.visitor, text, "I did this before."),
    "compare": lambda fair, text: choosing.compare(fair.means, fair.owner, text, PROVER),
    "pool": lambda fair, text: choosing.pool(fair.means, fair.owner, text),
    "list": lambda fair, text: project_records.list_applications(fair.means, fair.owner, text, None),
}
APPLICATION: dict[str, Step] = {
    "find own": lambda fair, text: sending.find(fair.means, fair.owner.visitor, text),
    "withdraw": lambda fair, text: sending.withdraw(fair.means, fair.owner.visitor, text),
    "find": lambda fair, text: choosing.find(fair.means, fair.owner, text, PROVER),
    "shortlist": lambda fair, text: choosing.shortlist(fair.means, fair.owner, text),
}
CREDENTIAL: dict[str, Step] = {
    "correct": lambda fair, text: correcting.begin(fair.means, fair.owner, text, correcting.REASONS[0]),
    "send again": lambda fair, text: handing_over.send_again(fair.means, fair.owner, text),
    "require": lambda fair, text: handing_over.require_issued(fair.means, fair.owner, text),
    "held": lambda fair, text: proposing.held(fair.means, fair.owner.visitor, text),
    "signed": lambda fair, text: proposing.signed_form(fair.means, text),
    "answer": lambda fair, text: proposing.answer(fair.means, fair.owner, text, "It is right."),
}
OTHERS: list[tuple[type[NotFound], Step]] = [
    (ReferenceUnknown, lambda fair, text: standing.look(fair.means, fair.owner.visitor, text)),
    (ReferenceUnknown, lambda fair, text: questions.ask(fair.means, text, QUESTION)),
    (DisputeUnknown, lambda fair, text: dispute_records.find(fair.means, fair.owner, text)),
    (DisputeUnknown, lambda fair, text: dispute_records.answer(fair.means, fair.owner, text, "It is right.")),
    (AwardUnknown, lambda fair, text: awarding.submit(fair.means, fair.owner, text)),
    (MailUnknown, lambda fair, text: fair.means.outbox.read(text)),
    (FileUnknown, lambda fair, text: fair.means.files.find(text, fair.owner.visitor)),
    (PersonUnknown, lambda fair, text: dismissing.dismiss(fair.engine, fair.owner.actor, text, fair.world.clock.now)),
    (MemberUnknown, lambda fair, text: organisations.remove(fair.means.accounts, fair.owner, text)),
    (MemberUnknown, lambda fair, text: organisations.withdraw_invitation(fair.means.accounts, fair.owner, text)),
    (MemberUnknown, lambda fair, text: organisations.change_roles(fair.means.accounts, fair.owner, text, ["author"])),
]


def _candidate(fair: Fair) -> parties.Party:
    return parties.of_candidate(fair.owner.visitor)


def test_what_can_be_no_id_is_unknown_and_no_drivers_error(fair: Fair) -> None:
    steps: list[tuple[type[NotFound], Step]] = [(EngagementUnknown, one) for one in ENGAGEMENT.values()]
    steps += [(ProjectUnknown, one) for one in PROJECT.values()]
    steps += [(ApplicationUnknown, one) for one in APPLICATION.values()]
    steps += [(CredentialUnknown, one) for one in CREDENTIAL.values()]
    for unknown, step in [*steps, *OTHERS]:
        for text in NO_IDS:
            with pytest.raises(unknown):
                step(fair, text)
    for text in NO_IDS:
        assert sending.sent_before(fair.means, fair.owner.visitor, text) is None
        assert proposing.proposed(fair.means, text) == {}
