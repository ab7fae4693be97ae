"""Real mail servers of the tests' own on loopback: one that takes everything, and several that do not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from types import MappingProxyType
from typing import Any

from aiosmtpd.controller import Controller

from credentials.mail.smtp import MailServer


@dataclass
class Sink:
    """Takes mail and remembers it. `refuse`: what to answer instead, by the step (`rcpt`, `data` or `quit`).

    `wait`: how many seconds to think before the message is answered.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    taken: list[tuple[str, Message]] = field(default_factory=list)
    server: MailServer | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """The recipient."""
        if "rcpt" in self.refuse:
            return self.refuse["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The message itself."""
        answer = self.refuse.get("data", "250 OK")
        if answer == "drop":
            server.transport.close()
            return "250 never read"
        await asyncio.sleep(self.wait)
        if answer.startswith("250"):
            self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The goodbye."""
        return self.refuse.get("quit", "221 Bye")


@contextmanager
def sink(*, wait: float = 0, options: Mapping[str, Any] = MappingProxyType({}), **refuse: str) -> Iterator[Sink]:
    """A running sink. `options`: those of aiosmtpd's controller and server."""
    found = Sink(dict(refuse), wait)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        found.server = MailServer(host="127.0.0.1", port=port, security="none", sender="no-reply@service.example")
        yield found
    finally:
        controller.stop()
