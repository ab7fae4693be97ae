"""What a company's programs are told of a credential on its way to its holder: claimed, disputed, come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from credentials.store import issuers
from credentials.store.mail import Mail
from credentials.webhooks.messages import emit

HANDED_OVER = frozenset({"claim", "reminder", "corrected"})
"""The kinds of letters that hand a credential over."""


@dataclass(frozen=True, slots=True)
class HandoverEvents:
    """Tells of each in the transaction in which it happens. `base_url` is the public origin."""

    base_url: str

    def claimed(self, connection: Connection, issuer_id: str, credential_id: str, now: datetime) -> None:
        """Its holder took a credential as theirs."""
        self._emit(
            connection, issuer_id, "credential.claimed", f"credential.claimed:{credential_id}", credential_id, now
        )

    def disputed(
        self, connection: Connection, issuer_id: str, credential_id: str, dispute_id: str, now: datetime
    ) -> None:
        """Its holder says that something is wrong. What it is stands on the company's own page, and in the dispute."""
        event = f"credential.disputed:{credential_id}:{now}"
        self._emit(connection, issuer_id, "credential.disputed", event, credential_id, now, dispute=dispute_id)

    def came_back(self, connection: Connection, mail: Mail, now: datetime) -> None:
        """A letter came back; of those that hand nothing over nobody is told."""
        if mail.kind in HANDED_OVER and mail.issuer_id and mail.subject_id:
            event = f"credential.bounced:{mail.id}"
            self._emit(connection, mail.issuer_id, "credential.bounced", event, mail.subject_id, now)

    def _emit(
        self,
        connection: Connection,
        issuer_id: str,
        kind: str,
        event: str,
        credential_id: str,
        now: datetime,
        **more: str,
    ) -> None:
        issuer = issuers.by_id(connection, issuer_id)
        if issuer is not None:
            url = f"{self.base_url}/c/{credential_id}"
            data = {"issuer": issuer.slug, "credential": credential_id, "url": url, **more}
            emit(connection, issuer_id, kind, event, data, now)
