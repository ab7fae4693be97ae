"""Record what happened, in the transaction in which it happens, so that no crash can lose it.

Where an issuer has no webhook that wants to know, this costs one query and nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from credentials.core.identifiers import CREDENTIAL_ID_BYTES, credential_id
from credentials.store import webhooks as rows
from credentials.store.webhooks import Delivery, Message
from credentials.webhooks.kinds import require_data
from credentials.webhooks.signing import payload

Happening = tuple[str, Mapping[str, object]]
"""The name under which an event happens once, such as `credential.issued:<id>`, and the data told about it."""


def new_id() -> str:
    """26 random Crockford base-32 characters, 128 bits."""
    return credential_id(os.urandom(CREDENTIAL_ID_BYTES))


def announce(
    connection: Connection, issuer_id: str, kind: str, happenings: Iterable[Happening], now: datetime
) -> list[str]:
    """Record events of one kind and a delivery of each to every endpoint that wants it; ids of the new messages.

    An event whose name was recorded before is left out. `happenings` is not even read where nobody wants to know.
    Raises ValueError for an unknown kind and for data that this kind does not tell.
    """
    wanting = [one for one, kinds in rows.active_kinds(connection, issuer_id).items() if kind in kinds.split()]
    if not wanting:
        return []
    messages = [_message(issuer_id, kind, happening, now) for happening in happenings]
    new = rows.add_messages(connection, messages)
    told = [one.id for one in messages if one.id in new]
    rows.add_deliveries(connection, [Delivery(one, webhook, "waiting", 0, now) for one in told for webhook in wanting])
    return told


def emit(
    connection: Connection, issuer_id: str, kind: str, event: str, data: Mapping[str, object], now: datetime
) -> str | None:
    """Record one event, as `announce` does; the id of its message, or None when nobody wants to know."""
    if made := announce(connection, issuer_id, kind, [(event, data)], now):
        return made[0]
    return rows.ids_of_events(connection, issuer_id, [event]).get(event)


def _message(issuer_id: str, kind: str, happening: Happening, now: datetime) -> Message:
    event, data = happening
    require_data(kind, data)
    return Message(f"msg_{new_id()}", issuer_id, kind, event, payload(kind, now, data), now)
