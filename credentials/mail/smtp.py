"""Hand a message to a mail server (RFC 5321), and tell what came of it: taken, refused for good, or try again."""

from __future__ import annotations

import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Literal

Security = Literal["starttls", "tls", "none"]
SECONDS_TO_CONNECT = 20
SECONDS = 80.0
"""How long one whole session may take. With the connection this stays below the lease of a letter."""
SECONDS_TO_LEAVE = 2.0
_SHORTEST = 0.001
_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes. `security`: `tls` from the first byte, `starttls` (never without), or `none`.

    `seconds`: how long one session may take.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    sender: str
    trusted: str | None = None
    seconds: float = SECONDS

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailServer({self.host}:{self.port}, {self.security})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message. `problem` is a code of the protocol and a class, never an address or a text."""

    kind: Literal["sent", "refused", "again"]
    problem: str = ""


class _Session(smtplib.SMTP):
    """A session that ends: each answer is waited for no longer than what is left of the whole."""

    def __init__(self, server: MailServer, **options: Any) -> None:
        self.ends = time.monotonic() + server.seconds
        super().__init__(server.host, server.port, timeout=SECONDS_TO_CONNECT, **options)

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer."""
        if self.sock is not None:
            self.sock.settimeout(max(self.ends - time.monotonic(), _SHORTEST))
        return super().getreply()

    def leave(self) -> None:
        """Say goodbye (RFC 5321 §4.1.1.10). What the server answers changes nothing of what it took before."""
        self.ends = time.monotonic() + SECONDS_TO_LEAVE
        with suppress(OSError, smtplib.SMTPException, ValueError):
            self.quit()
        self.close()


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def send(server: MailServer, message: EmailMessage, *, envelope_sender: str, recipient: str) -> Outcome:
    """Send one message. Raises nothing that a mail server can cause."""
    try:
        session = _connected(server)
        try:
            session.send_message(message, from_addr=envelope_sender, to_addrs=[recipient])
        finally:
            session.leave()
    except smtplib.SMTPRecipientsRefused as error:
        return _answered(next(iter(error.recipients.values()))[0], for_good="refused")
    except smtplib.SMTPResponseException as error:
        # A server that refuses the message itself, or us: ours to mend, so it is tried again.
        return _answered(error.smtp_code, for_good="refused" if isinstance(error, smtplib.SMTPDataError) else "again")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Outcome("again", type(error).__name__)
    return Outcome("sent")


def _connected(server: MailServer) -> _Session:
    context = ssl.create_default_context(cafile=server.trusted)
    session = _TlsSession(server, context=context) if server.security == "tls" else _Session(server)
    try:
        if server.security == "starttls":
            session.starttls(context=context)
        if server.user:
            session.login(server.user, server.password)
    except BaseException:
        session.close()
        raise
    return session


def _answered(code: int, *, for_good: Literal["refused", "again"]) -> Outcome:
    return Outcome(for_good if code in _PERMANENT else "again", f"smtp {code}")
