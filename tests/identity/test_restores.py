"""What a restored backup says of who a company is never counts for more than what was published since."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.identity.world import DOMAIN, Town

TABLES = ("domain_proof", "resemblance", "issuer", "organisation")


class Backup:
    """The rows of who companies are, as they were."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            self.rows = {name: self._read(connection, name) for name in TABLES}

    @staticmethod
    def _read(connection: Any, name: str) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608

    def restore(self, engine: Engine) -> None:
        """Put the values back into the rows that are there, and whole rows where they are not."""
        with engine.begin() as connection:
            for name in ("domain_proof", "resemblance", "organisation"):
                connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608
            for row in self.rows["issuer"]:
                assigned = ", ".join(f"{column} = :{column}" for column in row)
                connection.execute(text(f"UPDATE issuer SET {assigned} WHERE id = :id"), row)  # noqa: S608
            for name in ("domain_proof", "resemblance", "organisation"):
                for row in self.rows[name]:
                    columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
                    connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({values})"), row)  # noqa: S608


@pytest.fixture
def backup(town: Town) -> Callable[[], Backup]:
    """Takes one."""
    return lambda: Backup(town.issuing.means.engine)


def lose_dns(town: Town) -> None:
    """Let the record be gone for two days."""
    town.zone.texts.clear()
    town.live(49)


def test_what_was_lost_is_not_confirmed_again(town: Town, backup: Callable[[], Backup]) -> None:
    town.prove()
    old = backup()
    lose_dns(town)
    assert town.confirmed() == (None, None)
    old.restore(town.issuing.means.engine)
    assert town.identity.listed(town.acme.id)[0].state == "holds"
    assert town.confirmed() == (None, None)
    town.live(72)
    assert town.confirmed() == (None, None)
    assert town.identity.listed(town.acme.id)[0].state == "lost"


def test_nor_by_an_old_row_when_another_proof_is_found(town: Town, backup: Callable[[], Backup]) -> None:
    town.prove("file")
    town.prove("dns")
    old = backup()
    lose_dns(town)
    assert town.confirmed() == (DOMAIN, "file")
    old.restore(town.issuing.means.engine)
    file = next(one for one in town.identity.listed(town.acme.id) if one.method == "file")
    town.identity.check(file.id)
    assert town.confirmed() == (DOMAIN, "file")
    town.live(48)
    assert town.confirmed() == (DOMAIN, "file")


def test_an_address_from_before_the_restore_raises_nobody(town: Town, backup: Callable[[], Backup]) -> None:
    proof = town.identity.record_address(town.acme.id, f"ana@{DOMAIN}", town.clock())
    old = backup()
    town.clock.advance(hours=1)
    town.identity.withdraw(town.acme.id, proof.id)
    old.restore(town.issuing.means.engine)
    town.clock.advance(days=10)
    town.identity.check(proof.id)
    assert town.confirmed() == (None, None)
    town.identity.record_address(town.acme.id, f"ana@{DOMAIN}", town.clock())
    assert town.confirmed() == (DOMAIN, "e-mail")


def test_what_held_all_along_holds(town: Town, backup: Callable[[], Backup]) -> None:
    old = backup()
    town.prove()
    confirmed = town.issuing.issuer("acme")
    old.restore(town.issuing.means.engine)
    assert town.issuing.issuer("acme") == confirmed


def test_a_look_alike_that_comes_back_is_flagged_again(town: Town, backup: Callable[[], Backup]) -> None:
    old = backup()
    made = town.issuing.create_issuer("pp", "PayPa1")
    town.issuing.confirm("pp", "brightpath.example")
    old.restore(town.issuing.means.engine)
    with town.issuing.means.engine.begin() as connection:
        connection.execute(text("DELETE FROM signing_key WHERE issuer_id = :id"), {"id": made.id})
        connection.execute(text("DELETE FROM issuer WHERE id = :id"), {"id": made.id})
    assert town.issuing.issuer("pp").confirmed_domain == "brightpath.example"
    with town.issuing.means.engine.connect() as connection:
        assert connection.execute(text("SELECT issuer_id FROM resemblance")).scalars().all() == [made.id]
