"""Tokens and tickets: nothing but exactly what was made opens, and only for its purpose and time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.accounts.errors import LinkUnusable
from credentials.accounts.tokens import Tickets, digest_of, looks_like_token, new_id, new_token

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
SECRET = bytes(range(32))
LIFETIME = timedelta(minutes=10)
TICKETS = Tickets(SECRET, "second-step", LIFETIME)


def refused(text: str, now: datetime = NOW, tickets: Tickets = TICKETS) -> None:
    with pytest.raises(LinkUnusable) as caught:
        tickets.open(text, now)
    assert str(caught.value) == LinkUnusable.title


@given(st.text(max_size=100).filter(lambda text: text.isprintable()))
def test_a_ticket_opens_to_its_data(data: str) -> None:
    opened = TICKETS.open(TICKETS.make(data, NOW), NOW)

    assert opened.data == data
    assert opened.expires_at == NOW + LIFETIME


@given(st.data())
def test_any_changed_bit_is_refused(data: st.DataObject) -> None:
    ticket = TICKETS.make("person", NOW).encode()
    bit = data.draw(st.integers(0, len(ticket) * 8 - 1))
    changed = bytearray(ticket)
    changed[bit // 8] ^= 1 << bit % 8

    refused(changed.decode("latin-1"))


@given(st.integers(0, 120))
def test_a_shortened_ticket_is_refused(kept: int) -> None:
    ticket = TICKETS.make("person", NOW)

    refused(ticket[: min(kept, len(ticket) - 1)])


@given(st.text(max_size=200))
def test_text_that_is_no_ticket_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize("more", ["=", "A", "AAAA", "\n", " ", "A" * 100_000])
def test_a_lengthened_ticket_is_refused(more: str) -> None:
    refused(TICKETS.make("person", NOW) + more)


def test_a_ticket_for_another_purpose_is_refused() -> None:
    refused(TICKETS.make("person", NOW), tickets=Tickets(SECRET, "passkey-sign-in", LIFETIME))


def test_a_ticket_under_another_secret_is_refused() -> None:
    refused(TICKETS.make("person", NOW), tickets=Tickets(bytes(32), "second-step", LIFETIME))


def test_a_ticket_ends_at_its_second() -> None:
    ticket = TICKETS.make("person", NOW)

    assert TICKETS.open(ticket, NOW + LIFETIME - timedelta(microseconds=1)).data == "person"
    refused(ticket, NOW + LIFETIME)
    refused(ticket, NOW + timedelta(days=365))


def test_a_ticket_from_the_future_is_refused() -> None:
    ticket = TICKETS.make("person", NOW + timedelta(seconds=60))

    assert TICKETS.open(ticket, NOW).data == "person"
    refused(ticket, NOW - timedelta(seconds=1))


def test_two_tickets_for_the_same_data_differ() -> None:
    made = [TICKETS.make("person", NOW) for _ in range(20)]

    assert len(set(made)) == 20
    assert len({TICKETS.open(one, NOW).digest for one in made}) == 20


def test_tokens_are_random_and_known_by_their_digest() -> None:
    made = [new_token() for _ in range(20)]

    assert len({token for token, _digest in made}) == 20
    assert all(digest_of(token) == digest and looks_like_token(token) for token, digest in made)
    assert len({new_id() for _ in range(20)}) == 20


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "é" * 43, "A" * 42 + "=", "A" * 42 + "\n", "\ud800" * 43])
def test_what_has_not_the_form_of_a_token(text: str) -> None:
    assert not looks_like_token(text)
    assert len(digest_of(text)) == 32
