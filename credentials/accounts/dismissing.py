"""Take back the right to run the service. It holds at the next request, in sessions that are open too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from credentials.accounts.acting import Actor
from credentials.accounts.audit import note
from credentials.accounts.errors import LastOperator, PersonUnknown
from credentials.core.identifiers import wanted_id
from credentials.store import people
from credentials.store.engine import write


def dismiss(engine: Engine, actor: Actor, person_id: str, now: datetime) -> None:
    """Let an operator be none; nothing for somebody who is none. Raises PersonUnknown, LastOperator."""
    number = wanted_id(person_id)
    with write(engine) as connection:
        running = people.lock_operators(connection)
        if people.by_id(connection, number) is None:
            raise PersonUnknown(where="person")
        if running == [number]:
            raise LastOperator(where="person")
        if number in running:
            people.remove_operator(connection, number)
            note(connection, actor, "operator.dismissed", f"person:{number}", now=now)
