"""What the owners of a company are told by letter: of the proofs of its domain, of webhooks that ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine

from credentials.accounts.acting import SERVICE, Actor
from credentials.accounts.audit import note
from credentials.core.instants import format_instant
from credentials.mail.message import Action, Letter
from credentials.mail.outbox import Outbox
from credentials.store import issuers, organisations, people
from credentials.store.engine import write
from credentials.store.issuers import Issuer
from credentials.store.webhooks import Webhook
from credentials.webhooks.messages import emit

WORDS: Mapping[str, str] = {
    "domain-failing": "A proof of your company’s domain was not found today. New keys are frozen until it is found "
    "again; after a day without it the proof is lost.",
    "domain-lost": "A proof of your company’s domain was not found for a day, so it counts no more.",
    "domain-recovered": "The proof of your company’s domain was found again.",
    "domain-expired": "A proof of your company’s domain was not found in time.",
}
"""What each event says in a letter; those that are not here are no news to whoever pressed the button."""


class DomainAlerts:
    """Told by the identity service of every change of a proof, after it is stored."""

    def __init__(self, engine: Engine, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        self._engine, self._outbox, self._clock = engine, outbox, clock

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
                emit(connection, issuer_id, "domain.lost", f"domain.lost:{format_instant(now)}", data, now)
            if event in WORDS:
                tell_owners(self._outbox, connection, issuer, _letter(self._outbox, issuer, WORDS[event]))


class WebhookAlerts:
    """Told of each webhook that ended by itself, in the transaction in which it does."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def __call__(self, connection: Connection, webhook: Webhook) -> None:
        """Tell the owners."""
        issuer = issuers.by_id(connection, webhook.issuer_id)
        if issuer is not None:
            tell_owners(self._outbox, connection, issuer, _ended(self._outbox, issuer))


def tell_owners(outbox: Outbox, connection: Connection, issuer: Issuer, letter: Letter) -> None:
    """Send every owner of a company a letter, in the caller's transaction."""
    for member in organisations.members(connection, issuer.id):
        if "owner" in member.roles.split():
            for address in people.addresses(connection, member.person_id)[:1]:
                outbox.put(connection, letter, address.address, issuer_id=issuer.id)


def _letter(outbox: Outbox, issuer: Issuer, words: str) -> Letter:
    return Letter(
        kind="domain",
        subject="The proof of your company’s domain",
        paragraphs=(words,),
        action=Action("See its proofs", f"{outbox.base_url}/console/{issuer.slug}/proof"),
        reason="You are an owner of this company.",
    )


def _ended(outbox: Outbox, issuer: Issuer) -> Letter:
    return Letter(
        kind="webhook-ended",
        subject="A webhook of your company was ended",
        paragraphs=("It took no message for five days, or said that it is gone. Nothing more is sent there.",),
        action=Action("See your webhooks", f"{outbox.base_url}/console/{issuer.slug}/webhooks"),
        reason="You are an owner of this company.",
    )
