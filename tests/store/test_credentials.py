"""Credentials at rest: asked for once, released once, shown only once released, in one order on each database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import candidates, credentials
from credentials.store.credentials import SecuredForm, SigningIntent
from credentials.store.engine import read, write
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_candidate, add_credential

ODD = ("", "A ", "%", "_", "a'--")


def form(own: str, name: str = "vc+jwt", body: bytes = b"first") -> SecuredForm:
    return SecuredForm(own, name, "application/vc+jwt", NOW, body)


def intent(own: str, name: str = "vc+jwt", key: str = "key-1") -> SigningIntent:
    return SigningIntent(own, name, key, NOW, b"template")


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two companies; acme's credentials A and B and other's C, each with an intent and none released."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    with write(engine) as connection:
        for own, issuer_id in (("B", ACME), ("A", ACME), ("C", OTHER)):
            add_credential(connection, own, issuer_id=issuer_id)
            credentials.add(connection, [], [intent(own)])
    return engine


def waiting(connection: Connection, *ids: str) -> list[tuple[str, str]]:
    found = credentials.unreleased(connection, ids=ids)
    return [(one.intent.credential_id, one.intent.format) for one in found]


TAKEN = {
    "id": {"own": "A", "candidate_id": "of-A"},
    "code": {"own": "D", "code": "code-A"},
    "code of another company": {"own": "D", "code": "code-C"},
    "idempotency key": {"own": "D", "idempotency_key": "k"},
    "no candidate": {"own": "D", "candidate_id": "nobody"},
}


@pytest.mark.parametrize("more", TAKEN.values(), ids=TAKEN)
def test_what_is_taken_is_not_taken_again(kept: Engine, more: dict[str, str]) -> None:
    with write(kept) as connection:
        add_credential(connection, "K", idempotency_key="k")
    with pytest.raises(IntegrityError), write(kept) as connection:
        add_credential(connection, **more)
    with read(kept) as connection:
        assert credentials.by_id(connection, "D") is None


def test_a_batch_goes_in_whole_or_not_at_all(kept: Engine) -> None:
    with read(kept) as connection:
        row = credentials.by_id(connection, "A")
    assert row is not None
    good, bad = row._replace(id="D", code="code-D"), row._replace(id="E")  # the second has A's code
    with pytest.raises(IntegrityError), write(kept) as connection:
        credentials.add(connection, [good, bad], [intent("D")])
    with pytest.raises(IntegrityError), write(kept) as connection:
        credentials.add(connection, [good], [intent("unknown")])
    with read(kept) as connection:
        assert credentials.by_id(connection, "D") is None
        assert waiting(connection, "D") == []


def test_an_idempotency_key_is_its_companys_own(kept: Engine) -> None:
    with write(kept) as connection:
        root = add_candidate(connection, "root")
        add_credential(connection, "D", idempotency_key="k")
        add_credential(connection, "E", idempotency_key="k", issuer_id=OTHER)
        candidates.join(connection, "of-D", root.id)
        mine = credentials.known(connection, ACME, ["k", "K", "k ", "%", ""])
        assert {key: (one.id, one.portfolio_slug) for key, one in mine.items()} == {"k": ("D", "at-root")}
        assert credentials.known(connection, OTHER, ["k"])["k"].portfolio_slug == "at-of-E"
        assert credentials.known(connection, "id-of-nobody", ["k"]) == {}
        assert credentials.known(connection, ACME, []) == {}


def test_a_form_is_released_once_and_stays_as_it_is(kept: Engine) -> None:
    with write(kept) as connection:
        assert not credentials.is_released(connection, "A")
        credentials.release(connection, [])
        credentials.release(connection, [form("A")])
        credentials.release(connection, [form("A", body=b"second"), form("A", "ldp", b"other")])
        assert credentials.secured(connection, "A", "vc+jwt") == form("A")
        assert [one.format for one in credentials.every_form(connection, "A")] == ["ldp", "vc+jwt"]
        assert [credentials.secured(connection, "A", name) for name in ("", "VC+JWT", "%")] == [None] * 3
        assert credentials.every_form(connection, "B") == []
        assert [credentials.is_released(connection, own) for own in ("A", "B", "a", "")] == [True, False, False, False]


def test_two_that_release_the_same_crosswise_both_go_on(kept: Engine) -> None:
    def release(*ids: str) -> None:
        with write(kept) as connection:
            credentials.release(connection, [form(own, body=ids[0].encode()) for own in ids])

    assert at_once(lambda: release("A", "B"), lambda: release("B", "A")) == [None, None]
    with read(kept) as connection:
        bodies = {form.body for own in "AB" for form in credentials.every_form(connection, own)}
    assert len(bodies) == 1  # one of the two, whole


def test_an_intent_waits_until_just_its_own_form_is_released(kept: Engine) -> None:
    with write(kept) as connection:
        credentials.add(connection, [], [intent("A", "ldp")])
        credentials.release(connection, [form("A", "ldp"), form("B", "ldp")])
        assert waiting(connection, "A", "B", "unknown") == [("A", "vc+jwt"), ("B", "vc+jwt")]
        assert waiting(connection) == []
        assert waiting(connection, *ODD) == []
        held = credentials.wait_for_unreleased(connection, ids=["B", "A"])
        assert [(one.intent.credential_id, one.unsigned) for one in held] == [("A", b"A"), ("B", b"B")]
        assert credentials.wait_for_unreleased(connection, ids=[]) == []


@pytest.mark.parametrize(
    ("issuer_id", "limit", "claimed"),
    [
        (None, 10, ["A", "B", "C"]),
        (None, 2, ["A", "B"]),
        (None, 0, []),
        (ACME, 10, ["A", "B"]),
        (OTHER, 1, ["C"]),
        ("id-of-nobody", 10, []),
        ("", 10, []),
    ],
)
def test_what_is_claimed(kept: Engine, issuer_id: str | None, limit: int, claimed: list[str]) -> None:
    with write(kept) as connection:
        found = credentials.claim_unreleased(connection, issuer_id=issuer_id, limit=limit)
    assert [one.intent.credential_id for one in found] == claimed


def test_the_formats_of_one_credential_come_in_one_order(kept: Engine) -> None:
    with write(kept) as connection:
        credentials.add(connection, [], [intent("A", "z"), intent("A", "a"), intent("A", "m")])
        assert [name for _, name in waiting(connection, "A")] == ["a", "m", "vc+jwt", "z"]
        some = credentials.claim_unreleased(connection, issuer_id=ACME, limit=2)
        assert [one.intent.format for one in some] == ["a", "m"]


def test_just_the_named_intent_is_replaced_or_dropped(kept: Engine) -> None:
    with write(kept) as connection:
        credentials.add(connection, [], [intent("A", "ldp")])
        credentials.replace_intent(connection, "vc+jwt", intent("A", "vc+jwt", "key-2"))
        credentials.replace_intent(connection, "unknown", intent("A", "new"))
        credentials.drop_intent(connection, intent("A", "VC+JWT"))
        found = credentials.unreleased(connection, ids=["A", "B"])
        keys = {(one.intent.credential_id, one.intent.format): one.intent.key_id for one in found}
        assert keys == {("A", "ldp"): "key-1", ("A", "vc+jwt"): "key-2", ("B", "vc+jwt"): "key-1"}
        credentials.drop_intent(connection, intent("A"))
        assert waiting(connection, "A", "B") == [("A", "ldp"), ("B", "vc+jwt")]
        credentials.add(connection, [], [intent("A", "other")])
    with pytest.raises(IntegrityError), write(kept) as connection:
        credentials.replace_intent(connection, "other", intent("A", "ldp"))  # a second one of that format


def test_a_credential_is_found_by_its_own_id_and_code_alone(kept: Engine) -> None:
    with write(kept) as connection:
        made = add_credential(connection, "D", full_document=b"whole", valid_until=NOW + DAY)
        assert made == credentials.by_id(connection, "D") == credentials.by_code(connection, "code-D")
        assert made == credentials.lock(connection, "D")
        for ask in (credentials.by_id, credentials.by_code, credentials.lock, credentials.full_document):
            assert [ask(connection, odd) for odd in (*ODD, "d", "CODE-D")] == [None] * 7
        documents = {own: credentials.full_document(connection, own) for own in ("D", "A", "unknown")}
        assert documents == {"D": b"whole", "A": None, "unknown": None}


@dataclass(frozen=True)
class Row:
    """A credential of the portfolio's, when it was made, and whether it is released."""

    own: str
    seconds: int
    released: bool = True


ROWS = [Row("E", 0), Row("D", 0), Row("F", 5), Row("G", 9, released=False), Row("H", -5)]


def test_a_portfolio_shows_what_is_released_newest_first_and_of_who_was_joined(kept: Engine) -> None:
    with write(kept) as connection:
        root = add_candidate(connection, "root")
        for row in ROWS:
            add_credential(
                connection, row.own, candidate_id=root.id, created_at=NOW + row.seconds * SECOND, visibility="private"
            )
            credentials.release(connection, [form(row.own), form(row.own, "ldp")] if row.released else [])
        credentials.release(connection, [form("C")])
        shown = [one.id for one in credentials.of_candidate(connection, root.id)]
        assert shown == ["F", "D", "E", "H"]  # once each, however many forms it has
        candidates.join(connection, "of-C", root.id)
        joined = credentials.of_candidate(connection, root.id)
        assert [one.id for one in joined] == ["F", "C", "D", "E", "H"]
        assert {(one.issuer_slug, one.candidate_slug) for one in joined} == {("acme", "at-root"), ("other", "at-root")}
        assert [credentials.of_candidate(connection, odd) for odd in (*ODD, "at-root")] == [[]] * 6


def test_pages_of_a_company_leave_nothing_out_and_repeat_nothing(kept: Engine) -> None:
    with write(kept) as connection:
        for own in ("G", "D", "F", "E"):
            add_credential(connection, own)
            credentials.release(connection, [form(own)] if own != "E" else [])
        credentials.release(connection, [form("A"), form("C")])
        seen: list[str] = []
        while page := credentials.of_issuer(connection, ACME, after=seen[-1] if seen else "", limit=2):
            seen += [one.id for one in page]
        assert seen == ["A", "D", "F", "G"]
        assert credentials.of_issuer(connection, ACME, limit=0) == []
        assert credentials.of_issuer(connection, ACME, after="Z") == []
        assert [one.id for one in credentials.of_issuer(connection, OTHER)] == ["C"]
        assert credentials.of_issuer(connection, "") == []


def test_just_the_named_credentials_are_hidden(kept: Engine) -> None:
    with write(kept) as connection:
        credentials.set_visibility(connection, "A", "private")
        credentials.set_visibility(connection, "unknown", "private")
        credentials.set_visibility(connection, "%", "private")
        assert credentials.visibilities(connection, ["A", "B", "unknown", ""]) == {"A": "private", "B": "public"}
        assert credentials.visibilities(connection, []) == {}
        assert credentials.private(connection) == ["A"]


def test_more_ids_than_one_query_takes(kept: Engine) -> None:
    many = {f"no-{number}" for number in range(1001)} | {"A", "B", "zzz"}
    with read(kept) as connection:
        assert credentials.visibilities(connection, many).keys() == {"A", "B"}
