"""Awards at rest, on both databases: begun once however often it is sent, found by their own company alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from credentials.store import awards
from credentials.store.awards import Award
from credentials.store.engine import read, write
from tests.accounts.actors import at_once, world
from tests.accounts.conftest import add_issuer

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def award(engine: Engine) -> Award:
    """An award of acme that is not kept yet."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    author = world(engine, NOW).person("ann@acme.example")
    return Award(
        id="0123456789ABCDEFGHJKMNPQRS",
        issuer_id="id-of-acme",
        author_id=author.person_id,
        state="draft",
        form="{}",
        version=1,
        created_at=NOW,
        changed_at=NOW,
    )


def test_begun_at_once_is_begun_once(engine: Engine, award: Award) -> None:
    def begin() -> bool:
        with write(engine) as connection:
            return awards.add_once(connection, award)

    assert sorted(map(str, at_once(*[begin] * 4))) == ["False", "False", "False", "True"]


def test_what_is_kept_comes_back_as_it_was(engine: Engine, award: Award) -> None:
    with write(engine) as connection:
        awards.add_once(connection, award)
        assert not awards.add_once(connection, replace(award, form='{"hours":"41"}'))
    with read(engine) as connection:
        assert awards.by_id(connection, "id-of-acme", award.id) == award


def test_another_company_finds_nothing(engine: Engine, award: Award) -> None:
    with write(engine) as connection:
        awards.add_once(connection, award)
        assert awards.by_id(connection, "id-of-other", award.id) is None
        assert awards.unsigned(connection, "id-of-other") == []


def test_what_is_being_signed_is_still_listed_and_what_is_signed_is_not(engine: Engine, award: Award) -> None:
    with write(engine) as connection:
        awards.add_once(connection, award)
        awards.change(connection, replace(award, state="signing"))
        assert [one.state for one in awards.unsigned(connection, "id-of-acme")] == ["signing"]
        awards.change(connection, replace(award, state="signed"))
        assert awards.unsigned(connection, "id-of-acme") == []


def test_what_is_not_signed_comes_changed_last_first_after_a_place(engine: Engine, award: Award) -> None:
    with write(engine) as connection:
        for own, more in (("b", 0), ("a", 0), ("c", 5)):
            made = replace(award, id=own, changed_at=award.changed_at + timedelta(seconds=more))
            awards.add_once(connection, made)
        places = (
            None,
            (award.changed_at + timedelta(seconds=5), "c"),
            (award.changed_at, "a"),
            (award.changed_at, "b"),
        )
        found = [[one.id for one in awards.unsigned(connection, "id-of-acme", place)] for place in places]
        assert found == [["c", "a", "b"], ["a", "b"], ["b"], []]
        assert [one.id for one in awards.unsigned(connection, "id-of-acme", limit=1)] == ["c"]
