"""`credentials mail`: the outbox, for whoever runs the service."""

import sys

import click

from credentials.cli.invocation import Invocation, command_options
from credentials.cli.listing import table
from credentials.core.instants import format_instant
from credentials.mail.bounces import LARGEST, parse_bounce
from credentials.store.mail import Mail


@click.group("mail")
def mail() -> None:
    """Look into the outbox; note letters that came back."""


def _document(one: Mail) -> dict[str, object]:
    said = {"id": one.id, "kind": one.kind, "to": one.address, "subject": one.subject, "state": one.state}
    return {**said, "created": format_instant(one.created_at), "attempts": one.attempts, "problem": one.problem}


@mail.command("list", epilog="Example:  credentials mail list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many.")
@command_options
def list_all(call: Invocation, limit: int) -> None:
    """List the newest letters: to whom, about what, and what became of them."""
    with call.service() as service:
        found = service.outbox.listed(limit)
    rows = [(m.id, format_instant(m.created_at), m.state, m.address, m.subject, m.problem or "") for m in found]
    headings = ("id", "made", "state", "to", "subject", "problem")
    call.result({"letters": [_document(one) for one in found]}, table(headings, rows))


@mail.command(epilog="Example:  credentials mail show 7ZX3N4Q0V9T2M8B6K1HDWJ5RCE")
@click.argument("mail_id", metavar="ID")
@command_options
def show(call: Invocation, mail_id: str) -> None:
    """Show the letter ID, link and all, if it was not sent yet."""
    with call.service() as service:
        found, letter = service.outbox.read(mail_id)
    link = [letter.action.url] if letter.action else []
    lines = [f"To: {found.address}", f"Subject: {letter.subject}", "", *letter.paragraphs, *link, *letter.after]
    said = {**_document(found), "text": list(letter.paragraphs), "link": letter.action.url if letter.action else None}
    call.result(said, lines)


@mail.command(epilog="Example:  credentials mail bounce < notification.eml")
@command_options
def bounce(call: Invocation) -> None:
    """Note a letter that came back: reads one delivery status notification (RFC 3464) from standard input.

    A mail server calls this for what arrives at the sender's address.
    """
    found = parse_bounce(sys.stdin.buffer.read(LARGEST + 1))
    with call.service() as service:
        service.outbox.bounced(found.mail_id, f"status {found.status}")
    call.result({"id": found.mail_id, "status": found.status}, [f"Noted: {found.mail_id} came back ({found.status})."])
