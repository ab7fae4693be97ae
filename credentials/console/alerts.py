"""What the owners of a company are told about the proofs of its domain: a letter, a webhook, a line of the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from credentials.accounts.acting import SERVICE, Actor
from credentials.accounts.audit import note
from credentials.core.instants import format_instant
from credentials.mail.message import Action, Letter
from credentials.mail.outbox import Outbox
from credentials.store import issuers, organisations, people
from credentials.store.engine import write
from credentials.store.issuers import Issuer

WORDS: Mapping[str, str] = {
    "domain-failing": "A proof of your company’s domain was not found today. New keys are frozen until it is found "
    "again; after a day without it the proof is lost.",
    "domain-lost": "A proof of your company’s domain was not found for a day, so it counts no more.",
    "domain-recovered": "The proof of your company’s domain was found again.",
    "domain-expired": "A proof of your company’s domain was not found in time.",
}
"""What each event says in a letter; those that are not here are no news to whoever pressed the button."""


class Emit(Protocol):
    """Tells a company's programs, in the caller's transaction; once for each event's name."""

    def __call__(
        self,
        connection: Connection,
        issuer_id: str,
        kind: str,
        event: str,
        data: Mapping[str, Any],
        now: datetime,
    ) -> object:
        """Take the message."""
        ...


class DomainAlerts:
    """Told by the identity service of every change of a proof, after it is stored."""

    def __init__(self, engine: Engine, outbox: Outbox, emit: Emit, clock: Callable[[], datetime]) -> None:
        self._engine, self._outbox, self._emit, self._clock = engine, outbox, emit, clock

    def __call__(self, issuer_id: str, event: str) -> None:
        """Tell everybody who should know."""
        now = self._clock()
        with write(self._engine) as connection:
            issuer = issuers.by_id(connection, issuer_id)
            if issuer is None:
                return
            note(
                connection,
                Actor(SERVICE),
                event.replace("-", ".", 1),
                f"issuer:{issuer_id}",
                now=now,
                issuer_id=issuer_id,
            )
            if event == "domain-lost":
                data = {"issuer": issuer.slug, "at": format_instant(now)}
                self._emit(connection, issuer_id, "domain.lost", f"domain.lost:{format_instant(now)}", data, now)
            if event in WORDS:
                self._write(connection, issuer, WORDS[event])

    def _write(self, connection: Connection, issuer: Issuer, words: str) -> None:
        letter = Letter(
            kind="domain",
            subject="The proof of your company’s domain",
            paragraphs=(words,),
            action=Action("See its proofs", f"{self._outbox.base_url}/console/{issuer.slug}/proof"),
            reason="You are an owner of this company.",
        )
        for member in organisations.members(connection, issuer.id):
            if "owner" in member.roles.split():
                for address in people.addresses(connection, member.person_id)[:1]:
                    self._outbox.put(connection, letter, address.address, issuer_id=issuer.id)
