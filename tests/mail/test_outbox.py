"""Letters wait in the outbox, leave through a real mail server, and come back in every way they can."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, update

from credentials.mail.errors import LetterUnreadable, MailUnknown, UnsubscribeRefused
from credentials.mail.message import Action, Letter
from credentials.mail.outbox import GIVE_UP_AFTER, KEPT_FOR, LEASE, Outbox, pause
from credentials.mail.smtp import MailServer, Outcome
from credentials.store import mail as rows
from credentials.store.engine import read, write
from credentials.store.mail import Mail
from credentials.store.tables import mail
from tests.mail.sink import sink

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TOKEN = "k5Yh0Q2Lw8"
LETTER = Letter(
    kind="sign-in",
    subject="Sign in",
    paragraphs=("Open this & go on.",),
    action=Action("Continue", f"https://service.example/link/{TOKEN}?a=1&b=2"),
    reason="Somebody asked.",
)
NEWS = Letter(kind="news", subject="News", paragraphs=("There is news.",), reason="You wanted it.")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The present, as these tests have it."""
    return Clock()


@pytest.fixture
def outbox_to(engine: Engine, clock: Clock) -> Callable[[MailServer | None], Outbox]:
    """An outbox before a mail server, or before none."""
    return lambda server: Outbox(engine, b"s" * 32, "https://service.example", server, clock)


def put(outbox: Outbox, letter: Letter = LETTER, address: str = "Ana@mail.example") -> str:
    with write(outbox.engine) as connection:
        mail_id = outbox.put(connection, letter, address)
    assert mail_id is not None
    return mail_id


def row(outbox: Outbox, mail_id: str) -> Mail:
    with read(outbox.engine) as connection:
        found = rows.by_id(connection, mail_id)
    assert found is not None
    return found


def test_a_letter_leaves_once_and_its_text_is_erased(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox)
        assert list(outbox.due(NOW, 10)) == [mail_id]
        assert outbox.deliver(mail_id) is not None
        assert outbox.deliver(mail_id) is None

    ((to, message),) = server.taken
    assert to == "Ana@mail.example"
    assert message["Message-ID"] == f"<{mail_id.lower()}@service.example>"
    assert TOKEN not in message["Subject"]
    text, html = (part.get_payload(decode=True).decode() for part in message.get_payload())  # type: ignore[union-attr]
    assert text.startswith("Open this & go on.")
    assert f"/link/{TOKEN}?a=1&b=2" in text
    assert f'href="https://service.example/link/{TOKEN}?a=1&amp;b=2"' in html
    assert "Open this &amp; go on." in html
    kept = row(outbox, mail_id)
    assert (kept.state, kept.body, kept.sent_at) == ("sent", None, NOW)


def put_and_fail(outbox: Outbox) -> None:
    with write(outbox.engine) as connection:
        outbox.put(connection, LETTER, "ana@mail.example")
        raise MailUnknown


def test_what_is_rolled_back_never_leaves(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        with pytest.raises(MailUnknown):
            put_and_fail(outbox)
        assert list(outbox.due(NOW, 10)) == []


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("rcpt", "550 5.1.1 no such user", "bounced"),
        ("rcpt", "450 4.2.0 greylisted", "queued"),
        ("data", "554 5.7.1 looks like spam", "bounced"),
        ("data", "451 4.3.0 try later", "queued"),
        ("data", "drop", "queued"),
    ],
)
def test_a_server_that_does_not_take_it(
    step: str, answer: str, state: str, outbox_to: Callable[..., Outbox], clock: Clock
) -> None:
    refused: dict[str, Any] = {step: answer}
    with sink(**refused) as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox)
        outbox.deliver(mail_id)

        found = row(outbox, mail_id)
        assert found.state == state
        assert (found.body is None) == (state == "bounced")
        assert "user" not in (found.problem or "")
        if state == "queued":
            assert list(outbox.due(NOW, 10)) == []
            server.refuse.clear()
            clock.now += timedelta(minutes=2)
            assert list(outbox.due(clock.now, 10)) == [mail_id]
            outbox.deliver(mail_id)
            assert row(outbox, mail_id).state == "sent"
    assert len(server.taken) == (state == "queued")


def test_a_server_that_is_not_there_is_given_up_after_two_days(outbox_to: Callable[..., Outbox], clock: Clock) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outbox = outbox_to(MailServer(host="127.0.0.1", port=port, security="none", sender="a@b.example"))
    mail_id = put(outbox)
    outbox.deliver(mail_id)
    assert row(outbox, mail_id).state == "queued"

    clock.now += GIVE_UP_AFTER
    outbox.deliver(mail_id)

    assert (row(outbox, mail_id).state, row(outbox, mail_id).body) == ("failed", None)


def test_nothing_is_sent_in_the_clear_when_tls_is_wanted(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        assert server.server is not None
        outbox = outbox_to(replace(server.server, security="starttls"))
        mail_id = put(outbox)
        outbox.deliver(mail_id)

    assert server.taken == []
    assert row(outbox, mail_id).state == "queued"


def test_of_two_workers_one_sends(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox)
        workers = [Thread(target=outbox.deliver, args=[mail_id]) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert len(server.taken) == 1


def test_a_lease_of_a_dead_worker_ends(outbox_to: Callable[..., Outbox], clock: Clock) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox)
        with write(outbox.engine) as connection:
            assert rows.lease(connection, mail_id, NOW, NOW + LEASE)
        assert list(outbox.due(NOW, 10)) == []
        assert outbox.deliver(mail_id) is None

        clock.now += LEASE
        assert list(outbox.due(clock.now, 10)) == [mail_id]
        outbox.deliver(mail_id)

    assert len(server.taken) == 1


def test_without_a_server_letters_are_kept_and_read(outbox_to: Callable[..., Outbox], clock: Clock) -> None:
    outbox = outbox_to(None)
    mail_id = put(outbox)

    assert list(outbox.due(NOW, 10)) == []
    assert outbox.read(mail_id)[1] == LETTER
    clock.now += KEPT_FOR + timedelta(seconds=1)
    outbox.tidy()
    with pytest.raises(MailUnknown):
        outbox.read(mail_id)


def test_kept_letters_leave_once_there_is_a_server(outbox_to: Callable[..., Outbox]) -> None:
    mail_id = put(outbox_to(None))
    with sink() as server:
        outbox = outbox_to(server.server)
        outbox.tidy()
        outbox.deliver(mail_id)

    assert [to for to, _ in server.taken] == ["Ana@mail.example"]


def test_a_letter_is_sealed_at_rest(outbox_to: Callable[..., Outbox]) -> None:
    outbox = outbox_to(None)
    first, second = put(outbox), put(outbox)
    body = row(outbox, first).body
    assert body is not None
    assert TOKEN.encode() not in body

    with pytest.raises(LetterUnreadable):
        replace(outbox, secret=b"t" * 32).read(first)
    with write(outbox.engine) as connection:
        rows.sent(connection, second, NOW)
        connection.execute(update(mail).where(mail.c.id == second).values(body=body))
    with pytest.raises(LetterUnreadable):
        outbox.read(second)


def test_turning_a_kind_off(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox, NEWS)
        outbox.deliver(mail_id)
        link = server.taken[0][1]["List-Unsubscribe"].strip("<>")
        assert server.taken[0][1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "ana" not in link.lower()

        assert outbox.unsubscribe(link.rpartition("/")[2]) == "news"

        with write(outbox.engine) as connection:
            assert outbox.put(connection, NEWS, "ana@MAIL.example") is None
            assert outbox.put(connection, LETTER, "ana@mail.example") is not None


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-1], lambda t: ("1" if t[0] == "0" else "0") + t[1:], lambda t: t.replace("-", ""), lambda _: "é-ü"],
)
def test_a_link_to_turn_off_that_was_changed(change: Callable[[str], str], outbox_to: Callable[..., Outbox]) -> None:
    outbox = outbox_to(None)
    token = outbox.unsubscribe_url(put(outbox, NEWS)).rpartition("/")[2]

    with pytest.raises(UnsubscribeRefused):
        outbox.unsubscribe(change(token))


def test_what_guards_an_account_cannot_be_turned_off(outbox_to: Callable[..., Outbox]) -> None:
    outbox = outbox_to(None)

    with pytest.raises(UnsubscribeRefused):
        outbox.unsubscribe(outbox.unsubscribe_url(put(outbox)).rpartition("/")[2])


def test_pauses_grow_and_end_at_six_hours() -> None:
    pauses = [pause(attempts) for attempts in (1, 2, 5, 50)]

    assert pauses == sorted(pauses)
    assert timedelta(minutes=1) <= pauses[0] <= timedelta(minutes=1.1)
    assert timedelta(hours=6) <= pauses[-1] <= timedelta(hours=6.6)


def test_a_letter_says_when_it_was_written_however_late_it_leaves(
    outbox_to: Callable[..., Outbox], clock: Clock
) -> None:
    with sink(rcpt="450 4.2.0 greylisted") as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox)
        outbox.deliver(mail_id)
        server.refuse.clear()
        clock.now += timedelta(hours=5)
        outbox.deliver(mail_id)

    assert [message["Date"] for _, message in server.taken] == ["Mon, 16 Mar 2026 09:00:00 +0000"]


def test_an_address_that_cannot_be_written_does_not_come_round_for_ever(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox, address="ana@[::1")
        outbox.deliver(mail_id)

    found = row(outbox, mail_id)
    assert (found.state, found.body, found.problem) == ("bounced", None, "letter-address-unwritable")
    assert server.taken == []


def test_news_that_waited_is_not_sent_once_it_was_turned_off(outbox_to: Callable[..., Outbox]) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        first, second, other = put(outbox, NEWS), put(outbox, NEWS), put(outbox)
        outbox.unsubscribe(outbox.unsubscribe_url(first).rpartition("/")[2])
        for mail_id in (first, second, other):
            outbox.deliver(mail_id)

    assert [message["Subject"] for _, message in server.taken] == ["Sign in"]
    assert (row(outbox, second).state, row(outbox, second).body) == ("failed", None)


@pytest.mark.parametrize("late", [Outcome("again", "smtp 451"), Outcome("refused", "smtp 550")])
def test_what_a_late_worker_says_undoes_nothing(late: Outcome, outbox_to: Callable[..., Outbox], clock: Clock) -> None:
    with sink() as server:
        outbox = outbox_to(server.server)
        mail_id = put(outbox)
        with write(outbox.engine) as connection:
            slow = rows.lease(connection, mail_id, NOW, NOW + LEASE)
        assert slow is not None
        clock.now += LEASE
        with write(outbox.engine) as connection:
            assert rows.lease(connection, mail_id, clock.now, clock.now + LEASE)
        with write(outbox.engine) as connection:
            outbox.record(connection, slow, late)

        found = row(outbox, mail_id)
        assert (found.state, found.attempts, found.leased_until) == ("queued", 0, clock.now + LEASE)
        assert found.body is not None
