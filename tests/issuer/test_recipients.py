"""Whose portfolio it is, whoever writes the address down, and whoever else does so at the same moment."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from credentials.issuer.draft import Draft
from credentials.issuer.recipients import Recipients, normal_email, portfolio_slug
from credentials.store import candidates, issuers
from credentials.store.candidates import Candidate
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from tests.issuer.conftest import MakeDraft

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("Ana Lima", "ana-lima-"),
        ("Björn Åkesson", "bjorn-akesson-"),
        ("  --O'Neil--  ", "o-neil-"),
        ("Søren Kjærgaard", "soren-kjaergaard-"),
        ("Łukasz Wójcik", "lukasz-wojcik-"),
        ("Jörg Weiß", "jorg-weiss-"),
        ("ẞ Đặng Œuvre", "ss-dang-oeuvre-"),
        ("Þórður Ísaksson", "thordur-isaksson-"),
        ("Işıl İnce", "isil-ince-"),
        ("Ħal Ŋora", "hal-nora-"),
        ("李小龙", "portfolio-"),
        ("Анна", "portfolio-"),
        ("x" * 200, "x" * 40 + "-"),
        ("../../etc", "etc-"),
    ],
)
def test_a_slug_is_readable_and_cannot_be_guessed(name: str, beginning: str) -> None:
    slug = portfolio_slug(name, bytes(7))
    assert slug == beginning + "0" * 10
    assert portfolio_slug(name, b"\xff" * 7) != slug


def test_addresses_are_compared_without_case_and_space() -> None:
    assert normal_email(" Ana.Lima@Mail.Example ") == "ana.lima@mail.example"


def two_issuers(engine: Engine) -> tuple[str, str]:
    """The ids of two issuers."""
    made = ("a" * 26, "b" * 26)
    with write(engine) as connection:
        for own in made:
            did = f"did:web:x.example:{own}"
            add = Issuer(id=own, slug=own, name="X", url=None, did=did, suspends=True, sandbox=False, created_at=NOW)
            issuers.add(connection, add)
    return made


def test_people_are_found_again_and_added_once(engine: Engine, draft: MakeDraft) -> None:
    issuer, _ = two_issuers(engine)
    addresses = ("a@x.example", None, "A@x.example", "b@x.example")
    drafts: list[Draft] = [draft(recipient_email=address) for address in addresses]
    with write(engine) as connection:
        first = Recipients.find_or_add(connection, issuer, drafts, NOW)
        people = [first.next_for(one) for one in drafts]
    assert people[0] == people[2]
    assert len(set(people)) == 3
    with write(engine) as connection:
        again = Recipients.find_or_add(connection, issuer, drafts, NOW)
        assert [again.next_for(one) for one in drafts if one.recipient_email] == [people[0], people[0], people[3]]
    with read(engine) as connection:
        assert len(candidates.every(connection)) == 4


def test_somebody_added_meanwhile_is_read_back(engine: Engine, draft: MakeDraft) -> None:
    issuer, _ = two_issuers(engine)
    person = Candidate("0" * 26, issuer, "ana", "Ana", "a@x.example", NOW)
    with write(engine) as connection:
        assert candidates.add_missing(connection, [person])
        assert not candidates.add_missing(connection, [person._replace(id="1" * 26, slug="other")])
        found = Recipients.find_or_add(connection, issuer, [draft(recipient_email="a@x.example")], NOW)
        assert found.next_for(draft(recipient_email="a@x.example")) == ("0" * 26, "ana")


def test_another_issuers_person_is_not_found(engine: Engine, draft: MakeDraft) -> None:
    one, other = two_issuers(engine)
    wanted = [draft(recipient_email="a@x.example")]
    with write(engine) as connection:
        here = Recipients.find_or_add(connection, one, wanted, NOW).next_for(wanted[0])
        there = Recipients.find_or_add(connection, other, wanted, NOW).next_for(wanted[0])
        again = Recipients.find_or_add(connection, one, wanted, NOW).next_for(wanted[0])
    assert here == again
    assert here[0] != there[0]
    assert here[1] != there[1]
