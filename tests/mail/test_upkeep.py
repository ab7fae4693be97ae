"""The outbox is tidied while the service runs, not only when it starts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from credentials.mail.errors import MailUnknown
from credentials.mail.message import Letter
from credentials.mail.outbox import KEPT_FOR, Outbox
from credentials.mail.upkeep import EVERY, Upkeep
from credentials.store.engine import write
from credentials.tasks.queue import Kind, Tasks

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def test_kept_letters_are_erased_after_a_week_without_a_restart(engine: Engine) -> None:
    moments = [NOW]
    outbox = Outbox(engine, b"s" * 32, "https://service.example", None, lambda: moments[-1])
    upkeep = Upkeep(outbox)
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
