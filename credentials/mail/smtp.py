"""Hand a message to a mail server (RFC 5321), and tell what came of it: taken, refused for good, or try again."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

Security = Literal["starttls", "tls", "none"]
SECONDS = 20
_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes. `security`: `tls` from the first byte, `starttls` (never without), or `none`."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    sender: str
    trusted: str | None = None

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailServer({self.host}:{self.port}, {self.security})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message. `problem` is a code of the protocol and a class, never an address or a text."""

    kind: Literal["sent", "refused", "again"]
    problem: str = ""


def send(server: MailServer, message: EmailMessage, *, envelope_sender: str, recipient: str) -> Outcome:
    """Send one message. Raises nothing that a mail server can cause."""
    try:
        with _connected(server) as session:
            session.send_message(message, from_addr=envelope_sender, to_addrs=[recipient])
    except smtplib.SMTPRecipientsRefused as error:
        return _answered(next(iter(error.recipients.values()))[0], for_good="refused")
    except smtplib.SMTPResponseException as error:
        # A server that refuses the message itself, or us: ours to mend, so it is tried again.
        return _answered(error.smtp_code, for_good="refused" if isinstance(error, smtplib.SMTPDataError) else "again")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Outcome("again", type(error).__name__)
    return Outcome("sent")


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.trusted)
    if server.security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
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
