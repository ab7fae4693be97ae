"""What a holder says should stand in their credential: told to the company alone, taken over or answered."""

from __future__ import annotations

import re

import pytest

from credentials.console import correcting, proposing
from credentials.console.award_form import AwardForm
from tests.console.conftest import Desk
from tests.console.test_awarding import FORM, version_of
from tests.console.test_correcting import LIST, REASON, issued
from tests.web.staff import Browser

ANA = "ana@mail.example"
WANTED = {"recipient_name": "Ana Maria Souza", "hours": "45", "words": "My name is longer, and it took more hours."}


def holder(desk: Desk) -> tuple[str, Browser]:
    """A credential and the browser of whoever took it."""
    number, path = issued(desk), desk.letters_path(ANA)
    assert desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana").status_code == 303
    return number, desk.person(ANA)


def page_of(number: str) -> str:
    return f"/account/credentials/{number}/wrong"


def test_the_company_sees_the_difference_and_takes_it_over(desk: Desk) -> None:
    number, ana = holder(desk)
    assert 'value="Ana Souza"' in ana.get(page_of(number)).text
    said = ana.post(page_of(number), page_of(number), **WANTED)
    assert said.status_code == 200
    assert "<ins>Maria " in said.text

    assert "My name is longer" in desk.owner.get(LIST).text
    page = desk.owner.get(f"{LIST}/{number}/correct").text
    assert "<ins>Maria " in page
    assert "<del>40</del><ins>45</ins>" in page
    begun = desk.owner.post(f"{LIST}/{number}/correct", LIST, reason=REASON, proposed="yes")
    form = desk.owner.get(str(begun.headers["Location"])).text
    assert 'value="Ana Maria Souza"' in form
    assert 'value="45"' in form
    assert "Customer survey report" in form


def test_without_the_tick_the_form_has_what_was_signed(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    begun = desk.owner.post(f"{LIST}/{number}/correct", LIST, reason=REASON)

    assert "Ana Maria" not in desk.owner.get(str(begun.headers["Location"])).text


def test_nobody_else_sees_any_of_it(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)

    for path in (f"/c/{number}", f"/c/{number}/status"):
        assert "Maria" not in desk.nobody().get(path).text
    eve = desk.person("eve@other.example")
    missing = eve.get(page_of("0" * 26))
    foreign = eve.get(page_of(number))
    assert foreign.status_code == missing.status_code == 404
    assert eve.post(page_of(number), "/account", **WANTED).status_code == 404
    assert desk.nobody().get(page_of(number)).status_code == 303


def test_a_link_says_it_too_before_anybody_signed_up(desk: Desk) -> None:
    number, path = issued(desk), desk.letters_path(ANA)
    assert 'name="hours" value="40"' in desk.nobody().get(path).text
    answer = desk.nobody().post(f"{path}/dispute", path, **WANTED)

    assert answer.status_code == 200
    assert proposing.proposed(desk.service.desk, number) == {"recipient_name": "Ana Maria Souza", "hours": "45"}


def test_the_company_leaves_it_and_says_why(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    note = "The time sheet says 40 <b>hours</b>."
    assert desk.owner.post(f"{LIST}/{number}/answer", LIST, note=note).status_code == 303

    to, letter = desk.sent()[-1]
    assert (to, letter.kind) == (ANA, "dispute-answered")
    assert note in letter.paragraphs[1]
    assert "My name is longer" not in desk.owner.get(LIST).text
    assert proposing.proposed(desk.service.desk, number) == {}


def test_where_nothing_was_said_nothing_is_answered(desk: Desk) -> None:
    number, _ana = holder(desk)
    before = len(desk.sent())
    assert desk.owner.post(f"{LIST}/{number}/answer", LIST, note="No.").status_code == 303

    assert len(desk.sent()) == before


@pytest.mark.parametrize("role", ["reviewer", "signer"])
def test_only_an_author_answers(desk: Desk, role: str) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    someone = desk.invited(f"{role}@acme.example", role)

    assert someone.post(f"{LIST}/{number}/answer", LIST, note="No.").status_code == 403
    assert proposing.proposed(desk.service.desk, number) != {}


def test_markup_stays_text(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), recipient_name='"><script>alert(1)</script>', words="<script>x</script>")

    for page in (desk.owner.get(f"{LIST}/{number}/correct").text, desk.owner.get(LIST).text):
        assert "<script>alert" not in page
        assert "<script>x" not in page


def test_what_is_signed_stays_as_it_is(desk: Desk) -> None:
    number, ana = holder(desk)
    before = desk.service.portfolio.signed(number).body
    ana.post(page_of(number), page_of(number), **WANTED)

    assert desk.service.portfolio.signed(number).body == before
    assert desk.service.issuer.story(number) == []


def corrected(desk: Desk, number: str) -> str:
    """The company takes over what the holder said; the number of the new credential."""
    begun = desk.owner.post(f"{LIST}/{number}/correct", LIST, reason=REASON, proposed="yes")
    path = str(begun.headers["Location"])
    form = FORM | {"recipient_name": "Ana Maria Souza", "hours": "45"}
    done = desk.owner.post(path, path, do="sign", version=version_of(desk.owner, path), **form)
    desk.service.tasks.drain()
    return str(done.headers["Location"]).partition("new=")[2]


def test_a_correction_that_takes_it_over_is_signed(desk: Desk) -> None:
    number, ana = holder(desk)
    ana.post(page_of(number), page_of(number), **WANTED)
    new = corrected(desk, number)

    assert "Ana Maria Souza" in desk.nobody().get(f"/c/{new}").text
    assert re.search(rf'href="/c/{new}"', ana.get("/account").text)


SIGNED = AwardForm(recipient_name="Ana", project_title="Report", hours="40", summary="Done.\nWell.")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({}, {}),
        ({"recipient_name": "Ana", "hours": " 40 "}, {}),
        ({"summary": "Done.\r\nWell."}, {}),
        ({"recipient_name": ""}, {}),
        ({"recipient_name": "Ana M."}, {"recipient_name": "Ana M."}),
        ({"recipient_email": "eve@mail.example", "compensation": "EUR 9"}, {}),
        ({"summary": "x" * 5000}, {"summary": "x" * 4000}),
    ],
)
def test_only_what_differs_is_a_proposal(typed: dict[str, str], wanted: dict[str, str]) -> None:
    assert proposing.read_proposal(SIGNED, typed) == wanted


def test_every_reason_can_be_chosen() -> None:
    assert len(set(correcting.REASONS)) == len(correcting.REASONS)
