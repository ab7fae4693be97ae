"""Ways to sign in at rest: everything that is good once is good once, in time, and for its own person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import sign_in
from credentials.store.engine import read, write
from credentials.store.sign_in import Link, Passkey
from tests.accounts.actors import at_once
from tests.store.rows import DAY, NOW, SECOND, add_person

LINK = Link(
    digest=b"l" * 32,
    purpose="sign-in",
    address="a@x",
    person_id=None,
    subject_id=None,
    created_at=NOW,
    expires_at=NOW + DAY,
)
PASSKEY = Passkey(
    id="key", person_id="ann", credential_id=b"c", public_key=b"p", sign_count=0, label="Phone", created_at=NOW
)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    with write(engine) as connection:
        add_person(connection, "ann")
        add_person(connection, "bob")
    return engine


LINKS: list[tuple[str, Link, timedelta, bool]] = [
    ("at once", LINK, timedelta(), True),
    ("in its last second", LINK, DAY - SECOND, True),
    ("in the second that it ends", LINK, DAY, False),
    ("after it ended", LINK, 2 * DAY, False),
    ("used before", replace(LINK, used_at=NOW), timedelta(), False),
]


def test_a_link_is_good_in_time_and_once(kept: Engine) -> None:
    with write(kept) as connection:
        for number, (why, link, later, good) in enumerate(LINKS):
            digest = bytes([number]) * 32
            sign_in.add_link(connection, replace(link, digest=digest))
            assert sign_in.take_link(connection, digest, NOW + later) is good, why
            assert not sign_in.take_link(connection, digest, NOW + later), why
        for digest in (b"", b"\x00", b"\x00" * 31, b"\x00" * 33):
            assert not sign_in.take_link(connection, digest, NOW)
            assert sign_in.find_link(connection, digest) is None


def test_what_was_used_is_still_found_and_says_when(kept: Engine) -> None:
    with write(kept) as connection:
        sign_in.add_link(connection, LINK)
        sign_in.take_link(connection, LINK.digest, NOW + SECOND)
        assert sign_in.find_link(connection, LINK.digest) == replace(LINK, used_at=NOW + SECOND)


def test_of_several_at_once_one_uses_it_up(kept: Engine) -> None:
    with write(kept) as connection:
        sign_in.add_link(connection, LINK)
        sign_in.replace_recovery_codes(connection, "ann", [b"r"], NOW)

    def link() -> bool:
        with write(kept) as connection:
            return sign_in.take_link(connection, LINK.digest, NOW)

    def ticket() -> bool:
        with write(kept) as connection:
            return sign_in.spend_ticket(connection, b"t", NOW + DAY)

    def code() -> bool:
        with write(kept) as connection:
            return sign_in.take_recovery_code(connection, "ann", b"r", NOW)

    for call in (link, ticket, code):
        assert sorted(map(str, at_once(*[call] * 3))) == ["False", "False", "True"], call


def test_a_newer_link_takes_the_place_of_those_of_its_kind_alone(kept: Engine) -> None:
    others = {
        b"1": replace(LINK, digest=b"1"),
        b"2": replace(LINK, digest=b"2", purpose="invitation"),
        b"3": replace(LINK, digest=b"3", address="A@x"),
        b"4": replace(LINK, digest=b"4", used_at=NOW),
    }
    with write(kept) as connection:
        for one in others.values():
            sign_in.add_link(connection, one)
        sign_in.void_links(connection, "a@x", "sign-in", NOW + SECOND)
        found = {digest: sign_in.find_link(connection, digest) for digest in others}
    used = {digest: None if one is None else one.used_at for digest, one in found.items()}
    assert used == {b"1": NOW + SECOND, b"2": None, b"3": None, b"4": NOW}


def test_how_many_were_asked_for_counts_the_used_and_the_very_moment(kept: Engine) -> None:
    made = [(0, "sign-in", "a@x"), (1, "sign-in", "a@x"), (2, "sign-in", "a@x"), (2, "other", "a@x"),
            (2, "sign-in", "b@x")]  # fmt: skip
    with write(kept) as connection:
        for number, (at, purpose, address) in enumerate(made):
            digest = bytes([number])
            link = replace(LINK, digest=digest, purpose=purpose, address=address, created_at=NOW + at * SECOND)
            sign_in.add_link(connection, link)
        sign_in.take_link(connection, b"\x01", NOW + SECOND)
        since = [sign_in.links_since(connection, "a@x", "sign-in", NOW + at * SECOND) for at in range(4)]
    assert since == [3, 2, 1, 0]


def test_a_ticket_is_good_again_only_once_it_is_forgotten(kept: Engine) -> None:
    with write(kept) as connection:
        sign_in.add_link(connection, LINK)
        assert sign_in.spend_ticket(connection, b"t", NOW + DAY)
        sign_in.forget_expired(connection, NOW + DAY)
        assert sign_in.find_link(connection, LINK.digest) == LINK
        assert not sign_in.spend_ticket(connection, b"t", NOW + 9 * DAY)
        sign_in.forget_expired(connection, NOW + DAY + SECOND)
        assert sign_in.find_link(connection, LINK.digest) is None
        assert sign_in.spend_ticket(connection, b"t", NOW + DAY)


def test_a_passkey_is_registered_once_and_taken_away_by_its_own_person(kept: Engine) -> None:
    with write(kept) as connection:
        sign_in.add_passkey(connection, PASSKEY)
        sign_in.add_passkey(connection, replace(PASSKEY, id="old", credential_id=b"d", created_at=NOW - DAY))
        with pytest.raises(IntegrityError), connection.begin_nested():
            sign_in.add_passkey(connection, replace(PASSKEY, id="stolen", person_id="bob"))
        sign_in.used_passkey(connection, "key", 7, NOW + SECOND)
        assert [one.id for one in sign_in.passkeys(connection, "ann")] == ["old", "key"]
        assert sign_in.find_passkey(connection, b"c") == replace(PASSKEY, sign_count=7, last_used_at=NOW + SECOND)
        assert sign_in.find_passkey(connection, b"C") is None
        removed = [sign_in.remove_passkey(connection, *one) for one in (("bob", "key"), ("ann", "key"), ("ann", "key"))]
        assert removed == [False, True, False]
        assert sign_in.passkeys(connection, "bob") == []


def test_recovery_codes_are_ones_own_and_the_newest(kept: Engine) -> None:
    with write(kept) as connection:
        sign_in.replace_recovery_codes(connection, "ann", [b"1", b"2"], NOW)
        sign_in.replace_recovery_codes(connection, "bob", [b"3"], NOW)
        taken = [sign_in.take_recovery_code(connection, *one, NOW) for one in
                 (("bob", b"1"), ("ann", b"3"), ("ann", b""), ("ann", b"1"), ("ann", b"1"))]  # fmt: skip
        assert taken == [False, False, False, True, False]
        assert sign_in.recovery_codes_left(connection, "ann") == 1
        sign_in.replace_recovery_codes(connection, "ann", [b"4"], NOW)
        assert not sign_in.take_recovery_code(connection, "ann", b"2", NOW)
        sign_in.replace_recovery_codes(connection, "ann", [], NOW)
    with read(kept) as connection:
        assert [sign_in.recovery_codes_left(connection, own) for own in ("ann", "bob")] == [0, 1]
