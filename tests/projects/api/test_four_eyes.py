"""Where a company wants two people for each award, no program stands for one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from credentials.accounts import organisations
from credentials.accounts.acting import Member
from credentials.accounts.errors import RoleMissing
from credentials.console import awarding
from credentials.console.errors import AwardChanged, SecondPersonWanted
from credentials.projects.agreeing.errors import WorkOutOfTurn
from credentials.projects.reviewing.reviewing import Verdict, review
from tests.projects.api.conftest import ACCEPT_ALL, WORK, Programs
from tests.web.cast import Cast

BOTH = {0: Verdict(True), 1: Verdict(True)}


@pytest.fixture
def strict(programs: Programs) -> Iterator[Cast]:
    """The website, while acme wants two people."""
    means = programs.cast.site.service.accounts
    organisations.set_four_eyes(means, programs.cast.member("founder", "acme"), True)
    yield programs.cast
    organisations.set_four_eyes(means, programs.cast.member("founder", "acme"), False)


def reviewer(cast: Cast) -> Member:
    """A person who reviews and signs."""
    return replace(cast.member("reviewer", "acme"), roles=frozenset({"reviewer", "signer"}))


def test_a_program_accepts_no_work(programs: Programs, strict: Cast) -> None:
    work = programs.delivered(programs.candidate())
    answer = programs.review(work, *ACCEPT_ALL)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "two-people-wanted")
    assert programs.work(work)["work"]["state"] == "delivered"
    assert {one["verdict"] for one in programs.work(work)["deliverables"]} == {None}


def test_a_program_may_return_work(programs: Programs, strict: Cast) -> None:
    work = programs.delivered(programs.candidate())
    answer = programs.review(work, ACCEPT_ALL[0], {"deliverable": 1, "accepted": False, "note": "Page 4 is missing."})

    assert programs.done(answer)["work"]["state"] == "returned"


def test_a_program_issues_nothing(programs: Programs, strict: Cast) -> None:
    answer = programs.call("POST", "/api/v1/credentials", {})

    assert (answer.status_code, answer.get_json()["code"]) == (403, "two-people-wanted")


def test_no_program_makes_itself_the_one_who_wrote_an_award(programs: Programs, strict: Cast) -> None:
    # Whoever accepted the work could sign it alone, were the program of a colleague to become its author.
    service, work = strict.site.service, programs.delivered(programs.candidate())
    person = reviewer(strict)
    version = programs.work(work)["work"]["version"]
    accepted = review(service.desk, person, work, version, BOTH)
    answer = programs.call("PUT", f"{WORK}/{work}/assessment", {"words": "Changed by a program."})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "two-people-wanted")
    assert programs.work(work)["assessment"]["words"] == ""
    with pytest.raises(SecondPersonWanted):
        awarding.sign(service.desk, person, accepted.award_id or "", 1)


def test_an_assessment_before_acceptance_is_for_programs_too(programs: Programs, strict: Cast) -> None:
    work = programs.delivered(programs.candidate())

    assert programs.call("PUT", f"{WORK}/{work}/assessment", {"words": "Good."}).status_code == 200


def test_what_a_program_accepted_its_own_person_signs_not_once_two_are_wanted(programs: Programs) -> None:
    service, means = programs.cast.site.service, programs.cast.site.service.accounts
    founder = programs.cast.member("founder", "acme")
    accepted = programs.done(programs.review(programs.delivered(programs.candidate()), *ACCEPT_ALL))
    organisations.set_four_eyes(means, founder, True)
    try:
        with pytest.raises(SecondPersonWanted):
            awarding.sign(service.desk, replace(founder, roles=frozenset({"signer"})), accepted["award"]["id"], 1)
    finally:
        organisations.set_four_eyes(means, founder, False)


def test_a_program_has_no_role_to_sign_with(programs: Programs) -> None:
    rules = [rule for rule in programs.cast.app.url_map.iter_rules() if rule.rule.startswith(WORK)]

    assert [rule.rule for rule in rules if "sign" in rule.rule or "complete" in rule.rule] == []


def test_accepted_work_is_reviewed_no_more(programs: Programs) -> None:
    work = programs.delivered(programs.candidate())
    programs.done(programs.review(work, *ACCEPT_ALL))
    answer = programs.review(work, *ACCEPT_ALL)

    assert (answer.status_code, answer.get_json()["code"]) == (409, WorkOutOfTurn.code)


def accepted_by_a_program(programs: Programs) -> str:
    """The id of the award of work that a program accepted."""
    work = programs.delivered(programs.candidate())
    return str(programs.done(programs.review(work, *ACCEPT_ALL))["award"]["id"])


@pytest.fixture
def before(programs: Programs) -> str:
    """An award that a program wrote while one person was enough; used before `strict`."""
    return accepted_by_a_program(programs)


def test_what_a_program_wrote_before_is_signed_by_no_single_person(
    programs: Programs, before: str, strict: Cast
) -> None:
    means = programs.cast.site.service.desk
    for member in (reviewer(strict), strict.member("founder", "acme")):
        version = awarding.find(means, member, before).award.version
        with pytest.raises(SecondPersonWanted) as refused:
            awarding.sign(means, member, before, version)
        assert refused.value.code == "written-by-program"


def test_once_a_person_saved_it_another_signs(programs: Programs, before: str, strict: Cast) -> None:
    means, author = programs.cast.site.service.desk, strict.member("founder", "acme")
    found = awarding.find(means, author, before)
    saved = awarding.save(means, author, before, found.form, found.award.version)
    with pytest.raises(SecondPersonWanted) as refused:
        awarding.sign(means, author, before, saved.version)
    issued = awarding.sign(means, reviewer(strict), before, saved.version)

    assert (saved.key_id, saved.version) == (None, found.award.version + 1)
    assert refused.value.code == "second-person-wanted"
    assert issued.id


def test_saving_it_again_unchanged_is_no_second_hand(programs: Programs, before: str, strict: Cast) -> None:
    means, author = programs.cast.site.service.desk, strict.member("founder", "acme")
    found = awarding.find(means, author, before)
    saved = awarding.save(means, author, before, found.form, found.award.version)

    assert awarding.save(means, author, before, found.form, saved.version).version == saved.version


def test_one_person_is_enough_where_two_are_not_wanted(programs: Programs, before: str) -> None:
    means, member = programs.cast.site.service.desk, programs.cast.member("founder", "acme")
    version = awarding.find(means, member, before).award.version

    assert awarding.sign(means, member, before, version).id


def test_an_assessment_by_a_program_makes_it_the_program_s_again(programs: Programs, before: str) -> None:
    means, author = programs.cast.site.service.desk, programs.cast.member("founder", "acme")
    found = awarding.find(means, author, before)
    saved = awarding.save(means, author, before, found.form, found.award.version)
    changed = programs.call("PUT", f"{WORK}/{found.form.engagement}/assessment", {"words": "Quicker than most."})

    assert saved.key_id is None
    assert changed.status_code == 200, changed.text
    assert awarding.find(means, author, before).award.key_id is not None


def test_what_was_signed_before_is_found_again_once_two_are_wanted(programs: Programs, before: str) -> None:
    means, founder = programs.cast.site.service.desk, programs.cast.member("founder", "acme")
    found = awarding.find(means, founder, before)
    issued = awarding.sign(means, founder, before, found.award.version)
    organisations.set_four_eyes(programs.cast.site.service.accounts, founder, True)
    try:
        again = awarding.sign(means, reviewer(programs.cast), before, found.award.version)
    finally:
        organisations.set_four_eyes(programs.cast.site.service.accounts, founder, False)

    assert again.id == issued.id


def test_saving_what_is_signed_unchanged_changes_nothing(programs: Programs, before: str) -> None:
    # Whoever may both write and sign presses one button, perhaps twice.
    means, founder = programs.cast.site.service.desk, programs.cast.member("founder", "acme")
    found = awarding.find(means, founder, before)
    awarding.sign(means, founder, before, found.award.version)
    saved = awarding.save(means, founder, before, found.form, found.award.version)

    assert (saved.state, saved.version) == ("signed", found.award.version)


def test_nobody_takes_on_a_version_that_they_did_not_see(programs: Programs, before: str, strict: Cast) -> None:
    means, author = programs.cast.site.service.desk, strict.member("founder", "acme")
    with pytest.raises(AwardChanged):
        awarding.save(means, author, before, awarding.find(means, author, before).form, 7)
    assert awarding.find(means, author, before).award.key_id is not None


def test_whoever_may_not_write_takes_nothing_on(programs: Programs, before: str, strict: Cast) -> None:
    means, signer = programs.cast.site.service.desk, strict.member("signer", "acme")
    with pytest.raises(RoleMissing):
        awarding.save(means, signer, before, awarding.find(means, signer, before).form, 1)
