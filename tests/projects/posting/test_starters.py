"""The six starters: what a company begins with can be posted, agreed on and signed as it stands."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from credentials.projects.agreeing.form import judge as judge_terms
from credentials.projects.posting.project_form import judge, restored, stored, terms_of
from credentials.projects.posting.skills import COMMON_SKILLS
from credentials.projects.posting.starters import STARTERS

TODAY = date(2026, 3, 16)
GIVEN = {"starts_on": "2026-03-20", "ends_on": "2026-04-17", "compensation": "EUR 400"}
every_starter = pytest.mark.parametrize("name", STARTERS)


@every_starter
def test_with_dates_and_pay_it_can_be_posted_and_its_terms_proposed(name: str) -> None:
    form = msgspec.structs.replace(STARTERS[name][1], **GIVEN)

    assert judge(form, TODAY) == []
    assert judge_terms(terms_of(form)) == []
    assert restored(stored(form)) == form


@every_starter
def test_a_skill_is_one_that_the_form_offers(name: str) -> None:
    assert {one.name for one in STARTERS[name][1].skills} - set(COMMON_SKILLS) == set()
