"""The portfolio: result first, the seal from a real check, nothing private, nothing unchecked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from credentials.core.micro_internship import CompletedWork
from credentials.portfolio.errors import NothingHere
from credentials.portfolio.shelf import RESULT_CHARS, result_line
from credentials.portfolio.work import work_of
from credentials.web.composition import Service
from tests.portfolio.samples import TITLE, company, issue, put_bytes, set_visibility, signed_bytes

SUMMARIES = [
    ("Cleaned the till data. The weekday error fell from 31 % to 12 %.", "The weekday error fell from 31 % to 12 %"),
    ("Scored 62 suppliers on delivery and price. Five were replaced.", "Scored 62 suppliers on delivery and price"),
    ("Cut the error from 3.5 to 1.25 in v2.0 of the tool", "Cut the error from 3.5 to 1.25 in v2.0 of the tool"),
    ("Did the work  as\nagreed and on time!", "Did the work as agreed and on time!"),
    ("Done.", TITLE),
    ("", TITLE),
]


def a_work(**changes: object) -> CompletedWork:
    _, work = work_of({"type": ["VerifiableCredential"], "name": TITLE})
    return replace(work, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("summary", "line"), SUMMARIES)
def test_result_line(summary: str, line: str) -> None:
    assert result_line(a_work(summary=summary)) == line


@pytest.mark.parametrize("summary", ["word " * 100, "x" * 500, "ต" * 500])
def test_a_long_result_is_cut(summary: str) -> None:
    line = result_line(a_work(summary=summary))

    assert len(line) <= RESULT_CHARS + 1
    assert line.endswith("…")


@pytest.fixture
def shelf(service: Service) -> tuple[Service, str, list[str]]:
    """Three projects of one person; the service, the portfolio's slug and the ids, newest last."""
    company(service, "kveik")
    numbers = [
        issue(service, "kveik", recipient_email="a@example.org", project_title=f"Project {n}", skills=skills)
        for n, skills in enumerate([("Writing", "R&D"), ("writing",), ("Data cleaning",)])
    ]
    slug = service.portfolio.credential(numbers[0]).links.portfolio
    assert slug is not None
    return service, slug.removeprefix("/p/"), numbers


def test_each_card_carries_its_own_verdict(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, numbers = shelf
    service.issuer.revoke(numbers[0], "Issued in error.")
    view = service.portfolio.portfolio(slug)

    assert {card.title: card.tone for card in view.cards} == {
        "Project 0": "bad",
        "Project 1": "good",
        "Project 2": "good",
    }
    assert {card.seal for card in view.cards} == {"kveik.example"}
    assert view.summary == "3 projects · 1 company · 1 withdrawn, 2 genuine and current"


def test_all_genuine_is_said_only_when_all_are(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, _ = shelf

    assert service.portfolio.portfolio(slug).summary.endswith("all genuine and current")


def test_a_forged_one_is_counted_but_shows_nothing(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, numbers = shelf
    put_bytes(service, numbers[1], signed_bytes(service, numbers[1])[:-4] + b"AAAA")
    view = service.portfolio.portfolio(slug)

    assert [card.title for card in view.cards if card.title == "Project 1"] == []
    assert view.hidden == 1
    assert "Project 1" not in repr(view)


def test_private_work_leaves_no_trace(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, numbers = shelf
    set_visibility(service, numbers[2], "private")
    view = service.portfolio.portfolio(slug)

    assert len(view.cards) == 2
    assert "Data cleaning" not in repr(view)
    assert view.hidden == 0


def test_a_shelf_with_nothing_to_show_looks_like_none(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, numbers = shelf
    for number in numbers:
        set_visibility(service, number, "private")
    with pytest.raises(NothingHere) as private:
        service.portfolio.portfolio(slug)
    with pytest.raises(NothingHere) as missing:
        service.portfolio.portfolio("nobody-here")

    assert str(private.value) == str(missing.value)


def test_search_engines_are_let_in_only_when_all_is_public(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, numbers = shelf
    for number in numbers[:2]:
        set_visibility(service, number, "public")
    assert service.portfolio.portfolio(slug).hidden_from_search
    set_visibility(service, numbers[2], "public")
    assert not service.portfolio.portfolio(slug).hidden_from_search


@pytest.mark.parametrize(
    ("skill", "count"), [("Writing", 2), ("WRITING", 2), ("R&D", 1), ("Juggling", 0), ("'; --", 0)]
)
def test_a_skill_filters(shelf: tuple[Service, str, list[str]], skill: str, count: int) -> None:
    service, slug, _ = shelf
    view = service.portfolio.portfolio(slug, skill)

    assert len(view.cards) == count
    assert view.filtered
    assert [chip.label.casefold() for chip in view.chips if chip.current] == ([skill.casefold()] if count else [])


def test_chips_count_projects_and_encode_their_skill(shelf: tuple[Service, str, list[str]]) -> None:
    service, slug, _ = shelf
    chips = service.portfolio.portfolio(slug).chips

    assert [(chip.label.casefold(), chip.count) for chip in chips] == [
        ("all", None), ("writing", 2), ("data cleaning", 1), ("r&d", 1)
    ]  # fmt: skip
    assert chips[3].href == f"/p/{slug}?skill=R%26D"
    assert chips[0].current
