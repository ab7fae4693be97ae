"""Which representation suits whom, from real Accept headers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from credentials.portfolio.offers import Offer, chosen, offers, with_extension
from credentials.store.credentials import SecuredForm


def form(name: str, media_type: str) -> SecuredForm:
    now = datetime(2026, 3, 16, tzinfo=UTC)
    return SecuredForm(credential_id="0" * 26, format=name, media_type=media_type, released_at=now, body=name.encode())


TOKEN = form("vc+jwt", "application/vc+jwt")
EMBEDDED = form("eddsa-rdfc-2022", "application/vc")
SD_JWT = form("vc+sd-jwt", "application/vc+sd-jwt")
ALL = (SD_JWT, TOKEN, EMBEDDED)


def best(accept: str, *forms: SecuredForm) -> Offer | None:
    header = parse_accept_header(accept, MIMEAccept)
    return chosen(offers(forms), header.best_match)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        ("application/vc", "application/vc"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/jwt", "application/jwt"),
        ("application/vc+sd-jwt", "application/vc+sd-jwt"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("application/*", "application/vc"),
        ("APPLICATION/VC", "application/vc"),
        ("application/vc;q=0.2, application/vc+jwt;q=0.3", "application/vc+jwt"),
        ("application/vc+jwt;q=0.5, text/html;q=0.4", "application/vc+jwt"),
        ("application/vc+jwt, */*;q=0.1", "application/vc+jwt"),
        ("image/png, */*;q=0.1", "text/html"),
        ("application/vc;q=0, */*", "text/html"),
    ],
)
def test_what_is_asked_for_most_is_given(accept: str, media_type: str) -> None:
    found = best(accept, *ALL)
    assert found is not None
    assert found.media_type == media_type


@pytest.mark.parametrize(
    "accept", ["image/png", "application/pdf, image/*", "application/vc;q=0", "text/plain", "application/vc+cose"]
)
def test_nothing_suits_whoever_takes_nothing_of_it(accept: str) -> None:
    assert best(accept, *ALL) is None


@pytest.mark.parametrize("accept", ["application/vc", "application/json", "application/ld+json"])
def test_a_form_that_was_not_issued_is_not_offered(accept: str) -> None:
    assert best(accept, TOKEN, SD_JWT) is None


@pytest.mark.parametrize("accept", ["application/vc", "application/json", "application/ld+json"])
def test_json_of_any_name_is_the_embedded_form(accept: str) -> None:
    found = best(accept, *ALL)
    assert found is not None
    assert found.form == EMBEDDED


def test_the_page_is_offered_first_and_each_type_once() -> None:
    given = offers(ALL)
    assert given[0] == Offer("text/html")
    names = [offer.media_type for offer in given]
    assert len(names) == len(set(names))


def test_of_two_forms_of_one_type_the_first_stands() -> None:
    given = offers((form("a", "application/vc"), form("b", "application/vc")))
    assert [offer.form.format for offer in given if offer.form and offer.media_type == "application/vc"] == ["a"]


def test_without_any_form_there_is_only_the_page() -> None:
    assert offers(()) == (Offer("text/html"),)


@given(st.text(max_size=60))
def test_no_header_whatever_breaks_the_choice(accept: str) -> None:
    found = best(accept, *ALL)
    assert found is None or found in offers(ALL)


def test_an_ending_stands_for_the_first_of_its_formats_that_was_issued() -> None:
    other = form("eddsa-jcs-2022", "application/vc")
    assert with_extension((other, EMBEDDED), ("eddsa-rdfc-2022", "eddsa-jcs-2022")) == EMBEDDED
    assert with_extension((other, TOKEN), ("eddsa-rdfc-2022", "eddsa-jcs-2022")) == other
    assert with_extension((TOKEN,), ("eddsa-rdfc-2022", "eddsa-jcs-2022")) is None
