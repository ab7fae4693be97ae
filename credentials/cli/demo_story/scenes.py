"""The scenes of the demo's story, in the order in which they happen. Each can be played again and changes nothing then.

The first project goes the whole way: posted, applied for, agreed, amended once, handed in, returned once, accepted,
signed by a second person, claimed, asked about, paid. Around it stands what is under way, so that everybody has
something to do now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from credentials.accounts import organisations
from credentials.accounts.acting import Member
from credentials.cli.demo_drafts import FJORD, HARBOUR, NORTHWIND, Company
from credentials.cli.demo_story import afterwards, steps, words
from credentials.cli.demo_story.play import Person, Play
from credentials.cli.demo_story.words import AMARA, DANA, INGRID, ROBIN, RUTH, SOREN, YUKI, ZOE
from credentials.console import awarding, handing_over, reports
from credentials.projects.delivering.form import HandedIn
from credentials.projects.posting.starters import STARTERS
from credentials.projects.reviewing.reviewing import Verdict
from credentials.store import people
from credentials.store.engine import read, write

YES = Verdict(accepted=True)
OF_WHOM: tuple[tuple[str, Person, Company, int], ...] = (
    ("expired", AMARA, NORTHWIND, 210),
    ("waste", ZOE, NORTHWIND, 190),
    ("churn", ZOE, HARBOUR, 150),
    ("suppliers", ZOE, FJORD, 110),
    ("revoked", SOREN, NORTHWIND, 80),
    ("genuine", ZOE, NORTHWIND, 40),
)
"""Which sample is whose, who signed it, and how many days before the first run it was signed and taken."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the story leaves: ids of works, projects, an award and the credential at its end."""

    finished: str
    credential: str
    under_way: str
    handed_in: str
    open_project: str
    award: str


def tell(play: Play, issued: Mapping[str, str]) -> Told:
    """Tell the story, or what is missing of it. `issued`: the name of each sample and its credential's id."""
    for name, person, company, days_ago in OF_WHOM:
        play.at(days_ago, 9)
        _take_over(play, person, company, issued[name])
    play.at(38, 9)
    dana = play.member(DANA, NORTHWIND.slug)
    ruth = play.member(RUTH, NORTHWIND.slug, "reviewer", "signer", by=dana)
    if not organisations.people(play.desk.accounts, dana).four_eyes:
        organisations.set_four_eyes(play.desk.accounts, dana, wanted=True)
    finished = _agreed(play, dana)
    credential = _worked(play, dana, ruth, finished)
    _asked_about(play, dana, finished, credential)
    _settled(play, dana, finished)
    handed_in, under_way = _allergens(play, dana), _counter(play, dana)
    _others(play)
    told = Told(finished, credential, under_way, handed_in, _orders(play, dana), _elsewhere(play, dana))
    _operated(play, issued["tampered"])
    return told


def _take_over(play: Play, person: Person, company: Company, credential_id: str) -> None:
    """A sample reaches its holder, who takes it."""
    issuer = play.desk.issuer.issuer(company.slug)
    with write(play.desk.accounts.engine) as connection:
        handing_over.send_first(play.desk, connection, issuer, credential_id)
    play.claim(person, credential_id)


def _agreed(play: Play, dana: Member) -> str:
    """Rainy Saturdays, from the board to the terms; its deadline is moved once, as Zoë asks."""
    play.at(36, 10)
    project = steps.post(play, dana, "rainy", words.rainy_saturdays(play))
    steps.invite(play, dana, project, ZOE)
    play.at(35, 18)
    hers = steps.apply(play, ZOE, project, "You asked what we do on rainy Saturdays. I would like to find out.")
    play.at(34, 8)
    his = steps.apply(play, SOREN, project, "I like bread and numbers, and have Saturdays free.")
    play.at(33, 14)
    steps.offer(play, dana, ZOE, hers, "It was your question. Can you begin on Wednesday?")
    steps.decline(play, dana, SOREN, his, "Thank you. This time we chose somebody who knows our till data already.")
    play.at(32, 9)
    work = steps.take(play, ZOE, hers)
    steps.accept_terms(play, play.party(ZOE), work, 1)
    play.at(22, 17)
    steps.propose(play, play.party(ZOE), work, 2, ends_on=play.day(-13))
    play.at(21, 9)
    steps.accept_terms(play, steps.side(dana), work, 2)
    return work


def _worked(play: Play, dana: Member, ruth: Member, work: str) -> str:
    """Handed in, returned once, accepted by Dana, signed by Ruth, claimed by Zoë; the credential's id."""
    files = {1: ("rainy-saturdays.csv", words.table_by_shop().encode()), 2: ("notebook.py", words.NOTEBOOK.encode())}
    play.at(16, 19)
    first = HandedIn("The table rests on 98 Saturdays.")
    steps.hand_in(play, ZOE, work, 1, first, {0: ("rule.md", words.RULE.encode()), **files})
    play.at(15, 11)
    note = "Clear. Say below it how many Saturdays it rests on, or our managers won’t believe it."
    steps.review(play, dana, work, 1, (Verdict(accepted=False, note=note), YES, YES))
    play.at(14, 20)
    again = {0: ("rule.md", words.RULE_WITH_SOURCE.encode())}
    steps.hand_in(play, ZOE, work, 2, HandedIn("With its source now."), again)
    steps.describe(play, ZOE, work, words.DESCRIPTION)
    play.at(12, 10)
    steps.assess(play, dana, work, words.ASSESSMENT)
    steps.review(play, dana, work, 2, (YES, YES, YES))
    play.at(11, 15)
    credential = steps.sign(play, ruth, work)
    play.at(11, 18)
    play.claim(ZOE, credential)
    return credential


def _settled(play: Play, dana: Member, work: str) -> None:
    """Northwind pays, Zoë sees it arrive, and Dana tells her of a job, which she has not answered."""
    play.at(9, 10)
    afterwards.pay(play, dana, work, play.day(-9), words.PAID_UNDER)
    play.at(7, 8)
    afterwards.confirm_pay(play, ZOE, work)
    play.at(3, 11)
    afterwards.offer_job(play, dana, work, words.SATURDAY_JOB)


def _asked_about(play: Play, dana: Member, work: str, credential: str) -> None:
    """Dana stands as Zoë's reference; a hiring manager's question reaches her, and her answer them."""
    play.at(10, 9)
    afterwards.ask_reference(play, ZOE, work)
    play.at(10, 14)
    afterwards.agree_to_stand(play, dana, work)
    play.at(10, 19)
    afterwards.show_reference(play, ZOE, work)
    play.at(6, 10)
    afterwards.ask_question(play, words.LENA, credential)
    play.at(6, 11)
    afterwards.confirm_question(play, words.LENA, work)
    play.at(5, 16)
    afterwards.answer_question(play, DANA, work, words.DANAS_ANSWER)


def _allergens(play: Play, dana: Member) -> str:
    """Amara handed in what Dana is to review."""
    play.at(19, 10)
    project = steps.post(play, dana, "allergens", words.winter_allergens(play))
    play.at(18, 12)
    work = steps.begun(play, dana, AMARA, project, words.FROM_AMARA, "As in summer, please.")
    play.at(1, 16)
    links = HandedIn(
        "Two recipes say “may contain”: I asked the bakers.", {1: ("https://work.example.org/amara/checks",)}
    )
    steps.hand_in(play, AMARA, work, 1, links, {0: ("winter-allergens.txt", words.SHEET.encode())})
    return work


def _counter(play: Play, dana: Member) -> str:
    """Zoë works, and Dana proposes a change that she may accept."""
    play.at(9, 10)
    project = steps.post(play, dana, "counter", words.counter_questions(play))
    play.at(8, 12)
    work = steps.begun(play, dana, ZOE, project, "I know both shops from the rain.", "Then you know where to stand.")
    play.at(1, 12)
    steps.propose(play, steps.side(dana), work, 2, ends_on=play.day(16), compensation="EUR 480", hours="24")
    return work


def _others(play: Play) -> None:
    """Two more companies have a project on the board."""
    for person, company, name, pay in ((YUKI, HARBOUR, "design", "EUR 700"), (INGRID, FJORD, "research", "NOK 7000")):
        play.at(7, 11)
        member = play.member(person, company.slug)
        dated = msgspec.structs.replace(
            STARTERS[name][1], starts_on=play.day(7), ends_on=play.day(35), compensation=pay
        )
        steps.post(play, member, name, dated)


def _orders(play: Play, dana: Member) -> str:
    """An open project with three people to compare."""
    play.at(4, 9)
    project = steps.post(play, dana, "orders", words.christmas_orders(play))
    said = ((SOREN, words.FROM_SOREN), (ZOE, words.FROM_ZOE), (AMARA, words.FROM_AMARA))
    for days_ago, (person, note) in enumerate(said, 1):
        play.at(4 - days_ago, 8)
        steps.apply(play, person, project, note)
    return project


def _elsewhere(play: Play, dana: Member) -> str:
    """Dana wrote an award that a second person is to sign."""
    play.at(2, 15)
    form = msgspec.structs.replace(words.restaurant_list(), started_on=play.day(-14), ended_on=play.day(-4))
    award = awarding.start(play.desk, dana, form, "demo")
    if award.state == "draft":
        awarding.submit(play.desk, dana, award.id)
    return award.id


def _operated(play: Play, tampered: str) -> None:
    """Robin runs the service, and somebody told of a page that looked wrong."""
    play.at(2, 20)
    accounts, robin = play.desk.accounts, play.visitor(ROBIN)
    with read(accounts.engine) as connection:
        if people.is_operator(connection, robin.person_id):
            return
    if not reports.unhandled(accounts.engine):
        said = reports.Said("not-true", "A candidate sent me this page. It says that it was changed: is it them?", "")
        reports.send(accounts.engine, "credential", tampered, said, play.moment)
    organisations.make_operator(accounts, ROBIN.address)
    play.opened(ROBIN, "operator")
