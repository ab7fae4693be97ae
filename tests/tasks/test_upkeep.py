"""What is kept too long is erased while the service runs, not only when it starts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from credentials.mail.errors import MailUnknown
from credentials.mail.message import Letter
from credentials.mail.outbox import KEPT_FOR, Outbox
from credentials.store.engine import write
from credentials.tasks.queue import Kind, Tasks
from credentials.tasks.upkeep import EVERY, Hourly

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def test_kept_letters_are_erased_after_a_week_without_a_restart(engine: Engine) -> None:
    moments = [NOW]
    outbox = Outbox(engine, b"s" * 32, "https://service.example", None, lambda: moments[-1])
    upkeep = Hourly(outbox.tidy, outbox.clock)
    tasks = Tasks("", b"s" * 32, outbox.clock, lambda *_: None)
    tasks.register(Kind("mail-upkeep", upkeep.due, upkeep.run))
    with write(engine) as connection:
        mail_id = outbox.put(connection, Letter(kind="sign-in", subject="Hi", paragraphs=("Hi.",)), "ana@mail.example")
    assert mail_id is not None

    assert tasks.drain() == 1
    assert tasks.drain() == 0
    moments.append(NOW + KEPT_FOR)
    tasks.drain()
    assert outbox.read(mail_id)[1].subject == "Hi"

    moments.append(NOW + KEPT_FOR + EVERY - timedelta(seconds=1))
    assert tasks.drain() == 0
    moments.append(NOW + KEPT_FOR + EVERY)
    assert tasks.drain() == 1
    with pytest.raises(MailUnknown):
        outbox.read(mail_id)


def test_upkeep_that_fails_is_due_again_and_told() -> None:
    told: list[tuple[str, str]] = [("", "")]
    tries: list[int] = []

    def broken() -> None:
        tries.append(1)
        raise MailUnknown

    upkeep = Hourly(broken, lambda: NOW)
    tasks = Tasks("", b"s" * 32, lambda: NOW, lambda *said: told.append(said))
    tasks.register(Kind("upkeep", upkeep.due, upkeep.run))

    assert (tasks.drain(), tasks.drain()) == (1, 1)
    assert len(tries) == 2
    assert told[1:] == [("upkeep", "mail-unknown")] * 2
