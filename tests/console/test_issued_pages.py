"""The list of what was issued, filtered: by its form and by its links, and nobody's name in an address."""

import re

import pytest

from credentials.console import handing_over
from credentials.console.handing_over import LONGEST_SOUGHT, STATES, sought
from credentials.issuer.service import KeyedDraft
from tests.console.conftest import Desk
from tests.console.test_awarding import award
from tests.web.conftest import make_draft

LIST = "/console/acme/issued"
ZOLA: dict[str, object] = {
    "recipient_name": "Émile Zola",
    "recipient_email": "zola@mail.example",
    "project_title": "Budget plan",
}


def titles(page: str) -> list[str]:
    """What is listed."""
    return re.findall(r'<a href="/c/\w{26}" dir="auto">([^<]+)</a>', page)


def seek(desk: Desk, **form: str) -> str:
    answer = desk.owner.post(LIST, LIST, **form)
    assert answer.status_code == 200
    return str(answer.text)


def test_the_form_finds_a_person_and_a_title(desk: Desk) -> None:
    award(desk.owner, "sign", **ZOLA)

    assert titles(seek(desk, text="zola")) == ["Budget plan"]
    assert titles(seek(desk, text="  budget   PLAN ")) == ["Budget plan"]
    assert titles(seek(desk, text="souza")) == ["Customer survey report"]
    assert len(titles(seek(desk))) == 2


def test_a_state_and_a_text_are_both_wanted(desk: Desk) -> None:
    award(desk.owner, "sign", **ZOLA)

    assert titles(seek(desk, state="on its way")) == ["Budget plan"]
    assert titles(seek(desk, state="not sent")) == ["Customer survey report"]
    page = seek(desk, state="not sent", text="zola")
    assert titles(page) == []
    assert "Nothing that fits" in page
    assert 'value="zola"' in page
    assert "<option selected>not sent</option>" in page


def test_a_state_can_be_linked_to(desk: Desk) -> None:
    desk.service.issuer.revoke(desk.issued_id, "Issued in error")

    assert titles(desk.owner.get(f"{LIST}?state=withdrawn").text) == ["Customer survey report"]
    assert titles(desk.owner.get(f"{LIST}?state=claimed").text) == []


@pytest.mark.parametrize("state", ["", "lost", "withdrawn'", "Withdrawn"])
def test_an_unknown_state_is_none(desk: Desk, state: str) -> None:
    assert len(titles(seek(desk, state=state))) == 1


@pytest.mark.parametrize("text", ["\u200b", "  ", "\u202e"])
def test_a_text_of_nothing_visible_is_none(desk: Desk, text: str) -> None:
    assert len(titles(seek(desk, text=text))) == 1


def test_markup_in_the_text_is_text(desk: Desk) -> None:
    page = seek(desk, text='"><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_the_form_wants_its_token(desk: Desk) -> None:
    answer = desk.owner.client.post(LIST, data={"text": "souza"}, base_url=desk.owner.base_url)
    assert answer.status_code == 403


def test_a_text_in_an_address_is_not_read(desk: Desk) -> None:
    """Nobody's name belongs into an address, so no link has one, and one that has is not obeyed."""
    assert len(titles(desk.owner.get(f"{LIST}?text=nobody").text)) == 1


@pytest.fixture
def many(desk: Desk) -> Desk:
    """A company with two pages and a half of one person, and one credential of another."""
    drafts = [make_draft(**ZOLA | {"project_title": f"Work {number}"}) for number in range(125)]
    list(desk.service.issuer.issue_many("acme", [KeyedDraft(None, one) for one in drafts]))
    return desk


def test_older_ones_are_sought_in_the_same_way(many: Desk) -> None:
    form, seen = {"text": "zola", "state": "not sent"}, list[str]()
    while True:
        page = seek(many, **form)
        assert "before=" not in page
        assert "Zola" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page))
        seen += titles(page)
        before = re.search(r'name="before" value="([^"]+)"', page)
        if before is None:
            break
        form["before"] = before[1]
    assert sorted(seen) == sorted(f"Work {number}" for number in range(125))


def test_older_ones_of_a_state_are_linked(many: Desk) -> None:
    path: str | None = f"{LIST}?state=not+sent"
    seen = list[str]()
    while path is not None:
        page = many.owner.get(path).text
        seen += titles(page)
        link = re.search(rf'href="({LIST}\?before=[^"]+)"', page)
        path = link and link[1].replace("&amp;", "&")
        assert path is None or "state=not%20sent" in path
    assert len(seen) == len(set(seen)) == 126


def test_what_was_typed_becomes_one_short_line() -> None:
    found = sought("claimed", "  a\n\tb\x00c " + "x" * 200)
    assert found.text.startswith("a b c x")
    assert len(found.text) == LONGEST_SOUGHT
    assert found.reached == "claimed"
    assert set(STATES) >= {"sent", "opened", "claimed", "bounced", "on hold", "withdrawn"}
    assert handing_over.sought("", "").reached is None
