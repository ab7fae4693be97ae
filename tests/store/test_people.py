"""People at rest: whose an address is, that one of them always gets the mail, and who runs the service."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import people
from credentials.store.engine import read, write
from credentials.store.people import Address, Person
from tests.store.rows import DAY, NOW, add_person


def address(canonical: str, person_id: str = "ann", first: bool = False) -> Address:
    return Address(canonical=canonical, person_id=person_id, address=canonical.title(), first=first, proved_at=NOW)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Ann with three addresses, of which b@ gets the mail, and Bob with one."""
    with write(engine) as connection:
        add_person(connection, "ann", "Ann")
        add_person(connection, "bob", "Bob")
        for one in (address("a@x"), address("b@x", first=True), address("c@x"), address("d@x", "bob", first=True)):
            people.add_address(connection, one)
    return engine


def firsts(connection: Connection, person_id: str = "ann") -> list[str]:
    return [one.canonical for one in people.addresses(connection, person_id) if one.first]


def test_an_address_leads_to_its_person_and_no_other_spelling_does(kept: Engine) -> None:
    expected = {"a@x": "ann", "d@x": "bob", "A@X": None, "a@x ": None, "": None, "%": None, "_@x": None, "a@": None}
    with read(kept) as connection:
        found = {text: people.by_address(connection, text) for text in expected}
    assert {text: None if one is None else one.id for text, one in found.items()} == expected


def test_a_handle_leads_to_its_person_and_a_part_of_it_to_nobody(kept: Engine) -> None:
    whole = b"ann".ljust(32, b".")
    with read(kept) as connection:
        found = [people.by_handle(connection, handle) for handle in (whole, whole[:31], whole + b"\x00", b"")]
        missing = people.by_id(connection, "ANN")
    assert [None if one is None else one.id for one in found] == ["ann", None, None, None]
    assert missing is None


def test_an_address_or_a_handle_is_one_persons(kept: Engine) -> None:
    second = Person(id="cid", name="Cid", handle=b"ann".ljust(32, b"."), created_at=NOW)
    with write(kept) as connection:
        with pytest.raises(IntegrityError), connection.begin_nested():
            people.add_address(connection, address("a@x", "bob"))
        with pytest.raises(IntegrityError), connection.begin_nested():
            people.add_address(connection, address("e@x", "nobody"))
        with pytest.raises(IntegrityError), connection.begin_nested():
            people.add(connection, second)


def test_the_first_address_comes_first_and_the_others_in_their_order(kept: Engine) -> None:
    with read(kept) as connection:
        assert [one.canonical for one in people.addresses(connection, "ann")] == ["b@x", "a@x", "c@x"]
        assert people.addresses(connection, "nobody") == []


def test_only_another_of_ones_own_addresses_goes(kept: Engine) -> None:
    # The first stays, somebody else's stays, and what is gone goes once.
    asked = [("ann", "b@x"), ("ann", "d@x"), ("bob", "a@x"), ("ann", "A@x"), ("ann", "a@x"), ("ann", "a@x")]
    with write(kept) as connection:
        done = [people.remove_address(connection, *one) for one in asked]
        assert done == [False, False, False, False, True, False]
        assert firsts(connection, "bob") == ["d@x"]
        assert [one.canonical for one in people.addresses(connection, "ann")] == ["b@x", "c@x"]


def test_one_address_gets_the_mail_whatever_is_asked_for(kept: Engine) -> None:
    with write(kept) as connection:
        for canonical, answer in {"d@x": False, "e@x": False, "b@x": True, "c@x": True, "a@x": True}.items():
            before = firsts(connection)
            assert people.make_first(connection, "ann", canonical) is answer
            assert firsts(connection) == ([canonical] if answer else before)
        assert firsts(connection, "bob") == ["d@x"]


def test_an_address_that_goes_in_the_same_moment_does_not_get_the_mail(kept: Engine) -> None:
    def choose() -> bool:
        with write(kept) as connection:
            return people.make_first(connection, "ann", "c@x")

    with ThreadPoolExecutor(1) as pool:
        with write(kept) as connection:
            people.remove_address(connection, "ann", "c@x")
            chosen = pool.submit(choose)
            with pytest.raises(TimeoutError):
                chosen.result(0.5)
        assert not chosen.result(30)
    with read(kept) as connection:
        assert firsts(connection) == ["b@x"]


def test_another_name_is_one_persons_alone(kept: Engine) -> None:
    with write(kept) as connection:
        people.rename(connection, "ann", "Robert'); DROP TABLE person;--")
        people.rename(connection, "nobody", "Nobody")
        names = [one.name for own in ("ann", "bob") if (one := people.by_id(connection, own)) is not None]
    assert names == ["Robert'); DROP TABLE person;--", "Bob"]


def test_who_runs_the_service_is_told_oldest_first(kept: Engine) -> None:
    with write(kept) as connection:
        people.add_operator(connection, "bob", NOW)
        people.add_operator(connection, "ann", NOW + DAY)
        with pytest.raises(IntegrityError), connection.begin_nested():
            people.add_operator(connection, "ann", NOW)
        with pytest.raises(IntegrityError), connection.begin_nested():
            people.add_operator(connection, "nobody", NOW)
        assert [one.id for one in people.operators(connection)] == ["bob", "ann"]
        assert sorted(people.lock_operators(connection)) == ["ann", "bob"]
        people.remove_operator(connection, "bob")
        people.remove_operator(connection, "nobody")
        assert [people.is_operator(connection, own) for own in ("ann", "bob", "nobody")] == [True, False, False]
