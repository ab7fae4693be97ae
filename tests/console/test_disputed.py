"""What holders said stays to be read in the console, with what became of it."""

from __future__ import annotations

import re

import pytest

from credentials.accounts.organisations import invite_owner
from credentials.store import disputes, pages
from credentials.store.engine import write
from tests.console.conftest import Desk
from tests.console.test_correcting import LIST
from tests.console.test_proposing import WANTED, corrected, holder, page_of

SAID = f"{LIST}/said"


def test_nothing_was_said(desk: Desk) -> None:
    assert "Nobody said so far" in desk.owner.get(SAID).text
    assert SAID in desk.owner.get(LIST).text


def test_what_is_open_leads_to_the_answer(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    page = desk.owner.get(SAID).text

    assert "not answered yet" in page
    assert "My name is longer" in page
    assert "Ana Maria Souza" in page
    assert f'{LIST}/{number}/correct">Answer' in page
    assert "/correct" not in desk.invited("reviewer@acme.example", "reviewer").get(SAID).text


def test_what_was_left_as_it_is_says_what_was_written(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    desk.owner.post(f"{LIST}/{number}/answer", LIST, note="The time sheet says <b>40</b>.")
    page = desk.owner.get(SAID).text

    assert "left as it is" in page
    assert "You wrote back" in page
    assert "says &lt;b&gt;40&lt;/b&gt;" in page
    assert "/correct" not in page


def test_what_was_corrected_leads_to_the_new_one(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    new = corrected(desk, number)
    page = desk.owner.get(SAID).text

    assert "corrected " in page
    assert f'href="/c/{new}"' in page


def test_another_company_sees_none_of_it(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)

    invite_owner(desk.service.accounts, desk.service.issuer.create_issuer("other", "Other Ltd"), "otto@other.example")
    otto = desk.opened("otto@other.example")

    assert "Nobody said so far" in otto.get("/console/other/issued/said").text
    assert [one.get(SAID).status_code for one in (otto, ana)] == [404, 404]
    assert desk.nobody().get(SAID).status_code in (303, 404)


@pytest.mark.parametrize("more", [0, 1])
def test_page_by_page(desk: Desk, more: int) -> None:
    number, ana = holder(desk)
    for said in range(pages.PAGE + more):
        ana.post(page_of(number), page_of(number), words=f"No. {said}.")
        with write(desk.service.engine) as connection:
            disputes.answered(connection, number, "", desk.service.clock())
    first = desk.owner.get(SAID).text
    older = re.search(rf'href="({SAID}\?before=[^"]+)"', first)
    read = re.findall(r"No\. \d+\.", first + (desk.owner.get(older[1]).text if older else ""))

    assert (older is not None) is bool(more)
    assert sorted(set(read)) == sorted(f"No. {said}." for said in range(pages.PAGE + more))
    assert len(read) == pages.PAGE + more
