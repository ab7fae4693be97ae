"""What the pages read: ids and codes in any spelling, nothing private, nothing by guessing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.portfolio import service as portfolio_service
from credentials.portfolio.errors import NothingHere
from credentials.store import credentials
from credentials.store.engine import read
from credentials.web.app import create_app
from credentials.web.composition import Service
from tests.portfolio.conftest import Shown
from tests.portfolio.samples import DRAFT, TITLE, at, company, issue, set_visibility, signed_bytes

UNKNOWN = "0" * 26
ODD = [
    "",
    "x",
    UNKNOWN,
    UNKNOWN + "0",
    "U" * 26,
    "é" * 26,
    "../../etc/passwd",
    "0" * 5000,
    "Z" * 26,
    "'" * 26,
    "\x00" * 26,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_ids_are_nothing(shown: Shown, text: str) -> None:
    for look in (shown.service.portfolio.credential, shown.service.portfolio.signed, shown.service.portfolio.story):
        with pytest.raises(NothingHere):
            look(text)


@pytest.mark.parametrize("text", ["", "x", "0000000000", "7KQ2-M9XV-4U", "-" * 40, "é" * 10, "0" * 5000])
def test_odd_codes_are_nothing(shown: Shown, text: str) -> None:
    with pytest.raises(NothingHere):
        shown.service.portfolio.id_of_code(text)


def test_any_spelling_of_an_id_is_that_id(shown: Shown) -> None:
    number = shown.states["GENUINE"]
    spelled = number.lower().replace("0", "o").replace("1", "l")

    assert shown.service.portfolio.shown_id(spelled) == number


def test_any_spelling_of_a_code_is_that_code(shown: Shown) -> None:
    number = shown.states["GENUINE"]
    code = shown.service.portfolio.credential(number).links.code
    assert code is not None

    assert shown.service.portfolio.id_of_code(f" {code.lower().replace('-', ' ')} ") == number


def test_a_private_credential_looks_like_a_missing_one(service: Service) -> None:
    number = issue(service, company(service, "kveik"))
    code = service.portfolio.credential(number).links.code
    assert code is not None
    set_visibility(service, number, "private")
    told = set()
    for wanted in (number, UNKNOWN):
        with pytest.raises(NothingHere) as nothing:
            service.portfolio.credential(wanted)
        told.add(str(nothing.value))
    for look, text in ((service.portfolio.signed, number), (service.portfolio.id_of_code, code)):
        with pytest.raises(NothingHere):
            look(text)

    assert len(told) == 1


def test_the_story_of_a_private_credential_is_told_without_its_title(service: Service) -> None:
    number = issue(service, company(service, "kveik"))
    service.issuer.revoke(number, "Issued in error.")
    set_visibility(service, number, "private")
    story = service.portfolio.story(number)

    assert (story.title, story.credential) == (None, None)
    assert TITLE not in repr(story)
    assert [event.word for event in story.events] == ["Issued", "Withdrawn"]


def test_a_story_tells_its_events_in_order(service: Service) -> None:
    number = issue(service, company(service, "kveik"))
    now = service.clock()
    at(service, now - timedelta(days=9)).suspend(number, "A complaint.", "private: from R.")
    at(service, now - timedelta(days=5)).lift(number, "Cleared.")
    story = service.portfolio.story(number)

    assert [(event.word, event.reason) for event in story.events] == [
        ("Issued", ""), ("Put on hold", "A complaint."), ("Hold lifted", "Cleared.")
    ]  # fmt: skip
    assert "from R." not in repr(story)
    assert story.verdict.state == "GENUINE"
    assert story.title == TITLE


def test_a_tampered_credential_has_a_story_without_a_title(shown: Shown) -> None:
    assert shown.service.portfolio.story(shown.states["TAMPERED"]).title is None


def test_signed_bytes_are_served_as_they_are(shown: Shown) -> None:
    number = shown.states["GENUINE"]
    form = shown.service.portfolio.signed(number)

    assert form.body == signed_bytes(shown.service, number)
    assert form.media_type == "application/vc+jwt"


@pytest.mark.parametrize(("pieces", "newest"), [(2, None), (3, 2)])
def test_a_portfolio_says_where_it_has_older_work_too(
    service: Service, monkeypatch: pytest.MonkeyPatch, pieces: int, newest: int | None
) -> None:
    monkeypatch.setattr(portfolio_service, "MOST", 2)
    company(service, "kveik")
    for number in range(pieces):
        issued = at(service, service.clock() - timedelta(days=9 - number)).issue(
            "kveik",
            replace(DRAFT, recipient_email="ana@mail.example", deliverables=(), project_title=f"Piece {number}"),
        )
    link = service.portfolio.credential(issued.id).links.portfolio
    assert link is not None
    view = service.portfolio.portfolio(link.rpartition("/")[2])
    page = create_app(service, log_stream=io.StringIO()).test_client().get(link).text

    assert view.newest == newest
    assert [card.title for card in view.cards] == [f"Piece {pieces - 1}", f"Piece {pieces - 2}"]
    assert ("This page has the newest 2. Older work" in page) is (newest is not None)


def test_an_issuer_page_counts_each_withdrawal_once(service: Service) -> None:
    company(service, "kveik")
    numbers = [issue(service, "kveik") for _ in range(4)]
    service.issuer.suspend(numbers[0], "A complaint.")
    service.issuer.revoke(numbers[0], "Issued in error.")
    service.issuer.suspend(numbers[1], "A complaint.")
    view = service.portfolio.issuer("kveik")

    assert (view.issued, view.withdrawn) == (4, 1)
    assert (view.headline, view.confirmed, view.warning) == ("kveik.example", True, None)


def test_an_unconfirmed_issuer_is_not_named_in_the_headline(shown: Shown) -> None:
    view = shown.service.portfolio.issuer("self-named")

    assert (view.headline, view.confirmed) == ("The issuer", False)
    assert "Kveik" not in view.page_title
    assert view.warning is not None


@pytest.mark.parametrize(("slug", "word"), [("dropped", "no longer vouches"), ("playground", "sandbox")])
def test_an_issuer_in_trouble_says_so(shown: Shown, slug: str, word: str) -> None:
    assert word in (shown.service.portfolio.issuer(slug).warning or "")


def test_keys_tell_their_life(service: Service) -> None:
    company(service, "kveik")
    first = service.issuer.keys("kveik")[0]
    service.issuer.rotate_key("kveik")
    service.issuer.report_compromise("kveik", first.name, service.clock() - timedelta(days=2))

    assert [key.state for key in service.portfolio.issuer("kveik").keys] == ["reported stolen", "signs now"]


@pytest.mark.parametrize("slug", ["", "nobody", "../kveik", "KVEIK\x00", "x" * 5000])
def test_odd_issuers_are_nothing(shown: Shown, slug: str) -> None:
    with pytest.raises(NothingHere):
        shown.service.portfolio.issuer(slug)


def test_what_the_record_says_is_hidden_is_hidden_whatever_the_database_says(service: Service) -> None:
    """A database that was restored while the service runs shows nothing that its holder hid since."""
    slug = company(service, "kveik")
    mail = "one@mail.example"
    number, other = issue(service, slug, recipient_email=mail), issue(service, slug, recipient_email=mail)
    portfolio = service.portfolio.credential(number).links.portfolio
    assert portfolio is not None
    service.issuer.set_visibility(number, "private")
    set_visibility(service, number, "public")  # as an older copy has it
    for look in (service.portfolio.credential, service.portfolio.signed, service.portfolio.shown_id):
        with pytest.raises(NothingHere):
            look(number)
    assert service.find_code(stored_code(service, number)) is None
    shown = service.portfolio.portfolio(portfolio.removeprefix("/p/"))
    assert [card.href for card in shown.cards] == [f"/c/{other}"]
    service.issuer.set_visibility(number, "unlisted")
    assert service.portfolio.shown_id(number) == number


def stored_code(service: Service, number: str) -> str:
    with read(service.engine) as connection:
        stored = credentials.by_id(connection, number)
    assert stored is not None
    return stored.code
