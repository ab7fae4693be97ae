"""The outbox: letters are put there in the transaction of what they tell of, and leave when that is committed.

- With a mail server, a letter waits for a worker, who takes it by a lease of two minutes. A server that does not answer
  is asked again after a minute, then ever more seldom, for two days. A refusal of the address for good is a bounce.
- The Message-ID follows from the letter's id. Should a worker die between a server's answer and our note of it, the
  letter goes out again under the same id, which mail programs show once.
- Without a mail server letters are kept for a week, and whoever runs the service reads them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine

from credentials.core import base64url
from credentials.core.errors import CredentialError
from credentials.core.identifiers import CREDENTIAL_ID_BYTES, credential_id, wanted_id
from credentials.mail.errors import MailUnknown, UnsubscribeRefused
from credentials.mail.message import Letter, render
from credentials.mail.sealing import Seal
from credentials.mail.smtp import MailServer, Outcome, send
from credentials.store import mail as rows
from credentials.store.engine import read, write
from credentials.store.mail import Mail

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=2)
KEPT_FOR = timedelta(days=7)
PAGE = 100
MAY_BE_TURNED_OFF = frozenset({"reminder", "news"})
"""Kinds of letters that a reader may turn off. Those that guard an account, or that somebody asked for, are none."""
_MAC_BYTES = 16


CameBack = Callable[[Connection, Mail, datetime], None]
"""Told of a letter that came back, in the transaction in which that is noted."""


def nobody_hears(connection: Connection, mail: Mail, now: datetime) -> None:
    """Nobody is told."""
    del connection, mail, now


@dataclass(frozen=True, slots=True)
class Outbox:
    """See above. `server` is None where there is no mail server."""

    engine: Engine
    secret: bytes = field(repr=False)
    base_url: str
    server: MailServer | None
    clock: Callable[[], datetime]
    came_back: CameBack = nobody_hears

    def put(
        self,
        connection: Connection,
        letter: Letter,
        address: str,
        *,
        issuer_id: str | None = None,
        subject_id: str | None = None,
    ) -> str | None:
        """Put a letter there, in the caller's transaction; returns its id, None when its reader turned its kind off."""
        if self._is_off(connection, letter.kind, address):
            return None
        now, mail_id = self.clock(), credential_id(secrets.token_bytes(CREDENTIAL_ID_BYTES))
        mail = Mail(
            id=mail_id,
            kind=letter.kind,
            address=address,
            issuer_id=issuer_id,
            subject_id=subject_id,
            subject=letter.subject,
            body=Seal(self.secret).close(letter, mail_id),
            state="queued" if self.server else "kept",
            attempts=0,
            due_at=now,
            created_at=now,
        )
        rows.add(connection, mail)
        return mail_id

    def send(self, connection: Connection, letter: Letter, address: str) -> str | None:
        """As `put`, for letters that concern nobody but their reader."""
        return self.put(connection, letter, address)

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The ids of letters that wait."""
        with read(self.engine) as connection:
            return rows.due(connection, now, limit) if self.server else ()

    def deliver(self, mail_id: str) -> Outcome | None:
        """Send a letter that waits; None when somebody else does, or there is nothing (any more) to send."""
        mail = self._taken(mail_id)
        if mail is None or mail.body is None or self.server is None:
            return None
        outcome = self._sent(mail, mail.body, self.server)
        with write(self.engine) as connection:
            self.record(connection, mail, outcome)
        return outcome

    def _taken(self, mail_id: str) -> Mail | None:
        """The letter under a lease; None also when its reader turned its kind off while it waited."""
        now = self.clock()
        with write(self.engine) as connection:
            mail = rows.lease(connection, mail_id, now, now + LEASE)
            if mail is not None and self._is_off(connection, mail.kind, mail.address):
                rows.ended(connection, mail_id, "failed", "unsubscribed", now)
                return None
        return mail

    @staticmethod
    def _is_off(connection: Connection, kind: str, address: str) -> bool:
        return kind in MAY_BE_TURNED_OFF and rows.is_unsubscribed(connection, address.lower(), kind)

    def _sent(self, mail: Mail, body: bytes, server: MailServer) -> Outcome:
        try:
            letter = Seal(self.secret).open(body, mail.id)
            message = self._message(mail, letter, server.sender)
        except CredentialError as error:
            return Outcome("refused", error.code)
        return send(server, message, envelope_sender=server.sender, recipient=mail.address)

    def _message(self, mail: Mail, letter: Letter, sender: str) -> EmailMessage:
        off = self.unsubscribe_url(mail.id) if mail.kind in MAY_BE_TURNED_OFF else None
        name = self.message_id(mail.id)
        return render(
            letter, sender=sender, address=mail.address, date=mail.created_at, message_id=name, unsubscribe=off
        )

    def record(self, connection: Connection, mail: Mail, outcome: Outcome) -> None:
        """Note what came of a letter that was taken. A lease that ended counts no more, unless the letter left."""
        now, attempts = self.clock(), mail.attempts + 1
        if outcome.kind == "sent":
            rows.sent(connection, mail.id, now)
        elif not rows.is_held(connection, mail):
            return  # Another worker took it meanwhile: what came of it is that worker's to say.
        elif outcome.kind == "refused":
            rows.ended(connection, mail.id, "bounced", outcome.problem, now)
            self.came_back(connection, mail, now)
        elif now - mail.created_at >= GIVE_UP_AFTER:
            rows.ended(connection, mail.id, "failed", outcome.problem, now)
        else:
            rows.postponed(connection, mail.id, attempts, now + pause(attempts), outcome.problem)

    def message_id(self, mail_id: str) -> str:
        """The letter's own Message-ID, without angle brackets; the same however often it is sent."""
        return f"{mail_id.lower()}@{urlsplit(self.base_url).hostname}"

    def listed(
        self, limit: int = PAGE, states: Sequence[str] = (), before: tuple[datetime, str] | None = None
    ) -> list[Mail]:
        """The newest letters; `before`: those that follow the one of this time and id."""
        with read(self.engine) as connection:
            return rows.newest(connection, limit, states, before)

    def counts(self) -> dict[str, int]:
        """How many letters there are of each state."""
        with read(self.engine) as connection:
            return rows.counts(connection)

    def read(self, mail_id: str) -> tuple[Mail, Letter]:
        """A letter that was not sent yet, opened. Raises MailUnknown, LetterUnreadable."""
        with read(self.engine) as connection:
            mail = rows.by_id(connection, wanted_id(mail_id))
        if mail is None or mail.body is None:
            raise MailUnknown(where="mail")
        return mail, Seal(self.secret).open(mail.body, mail.id)

    def tidy(self) -> None:
        """Erase what was kept too long; send what was kept, now that there is a server."""
        now = self.clock()
        with write(self.engine) as connection:
            if self.server is not None:
                rows.queue_kept(connection, now)
            rows.erase_kept(connection, now - KEPT_FOR)

    def bounced(self, mail_id: str, problem: str) -> None:
        """Note that a letter came back. Raises MailUnknown."""
        with write(self.engine) as connection:
            mail, now = rows.by_id(connection, mail_id), self.clock()
            if mail is None:
                raise MailUnknown(where="mail")
            rows.ended(connection, mail_id, "bounced", problem, now)
            self.came_back(connection, mail, now)

    def unsubscribe_url(self, mail_id: str) -> str:
        """Where the reader of a letter turns off letters of its kind; names the letter, and nobody."""
        return f"{self.base_url}/unsubscribe/{mail_id}-{self._mac(mail_id)}"

    def unsubscribe(self, token: str) -> str:
        """Turn off letters of a kind, for good; returns the kind. Raises UnsubscribeRefused."""
        mail = self.unsubscribing(token)
        with write(self.engine) as connection:
            rows.unsubscribe(connection, mail.address.lower(), mail.kind, self.clock())
        return mail.kind

    def unsubscribing(self, token: str) -> Mail:
        """The letter that a link names. Raises UnsubscribeRefused."""
        mail_id, _, mac = token.partition("-")
        if not hmac.compare_digest(mac.encode(), self._mac(mail_id).encode()):
            raise UnsubscribeRefused
        with read(self.engine) as connection:
            mail = rows.by_id(connection, mail_id)
        if mail is None or mail.kind not in MAY_BE_TURNED_OFF:
            raise UnsubscribeRefused
        return mail

    def _mac(self, mail_id: str) -> str:
        mac = hmac.digest(self.secret, f"unsubscribe:{mail_id}".encode(), hashlib.sha256)
        return base64url.encode(mac[:_MAC_BYTES])


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, doubled each time, six hours at most, a tenth by chance."""
    plain: timedelta = min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)
    return plain + plain * secrets.randbelow(100) // 1000
