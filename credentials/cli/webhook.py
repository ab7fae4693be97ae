"""`credentials webhook`: addresses of an issuer's own programs that are told what happens."""

from typing import Any

import click

from credentials.cli.invocation import Invocation, command_options, note
from credentials.cli.listing import day, table
from credentials.core.instants import format_instant
from credentials.store.webhooks import Listed, Webhook
from credentials.webhooks.kinds import KINDS
from credentials.webhooks.service import MadeWebhook

issuer_option = click.option("--issuer", "slug", required=True, metavar="SLUG", help="The issuer it belongs to.")
id_argument = click.argument("webhook_id", metavar="ID")
_SHOWN_ONCE = "This is shown once. Keep it where secrets are kept."


@click.group()
def webhook() -> None:
    """Tell an issuer's own programs what happens to its credentials."""


def _document(one: Webhook) -> dict[str, Any]:
    moments = {"created": one.created_at, "failingSince": one.failing_since, "ended": one.ended_at}
    known: dict[str, Any] = {name: format_instant(moment) for name, moment in moments.items() if moment is not None}
    reason = {} if one.ended_reason is None else {"endedReason": one.ended_reason}
    return {"id": one.id, "address": one.address, "kinds": one.kinds.split(), **known, **reason}


def _show_secret(call: Invocation, made: MadeWebhook) -> None:
    if not call.as_json:
        note(_SHOWN_ONCE)
    call.result(_document(made.webhook) | {"secret": made.secret}, [made.secret])


@webhook.command(
    epilog="Example:  credentials webhook add --issuer northwind-bakeries --kind credential.issued "
    "https://hr.northwind.example/hooks"
)
@issuer_option
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), required=True, help="What to tell.")
@click.argument("address")
@command_options
def add(call: Invocation, slug: str, kinds: tuple[str, ...], address: str) -> None:
    """Tell ADDRESS, an https address, from now on. Its secret is shown once."""
    with call.service() as service:
        made = service.webhooks.add(service.webhooks.issuer_id(slug), address, kinds)
    _show_secret(call, made)


@webhook.command("list", epilog="Example:  credentials webhook list --issuer northwind-bakeries")
@issuer_option
@command_options
def list_all(call: Invocation, slug: str) -> None:
    """List the webhooks of an issuer, without their secrets."""
    with call.service() as service:
        found = service.webhooks.listed(service.webhooks.issuer_id(slug))
    rows = [(one.id, _state(one), day(one.created_at), one.kinds.replace(" ", ","), one.address) for one in found]
    headings = ("id", "state", "created", "kinds", "address")
    call.result({"issuer": slug, "webhooks": [_document(one) for one in found]}, table(headings, rows))


def _state(one: Webhook) -> str:
    if one.ended_at is not None:
        return f"ended: {one.ended_reason}"
    return "active" if one.failing_since is None else f"failing since {day(one.failing_since)}"


@webhook.command(epilog="Example:  credentials webhook remove --issuer northwind-bakeries 7ZZ1M5W0C2T9QJ4E8R6K3X1A0B")
@issuer_option
@id_argument
@command_options
def remove(call: Invocation, slug: str, webhook_id: str) -> None:
    """Tell the webhook ID nothing more."""
    with call.service() as service:
        service.webhooks.remove(service.webhooks.issuer_id(slug), webhook_id)
    call.result({"id": webhook_id, "removed": True}, [f"Removed {webhook_id}. What waited for it is dropped."])


@webhook.command(epilog="Example:  credentials webhook rotate --issuer northwind-bakeries 7ZZ1M5W0C2T9QJ4E8R6K3X1A0B")
@issuer_option
@id_argument
@command_options
def rotate(call: Invocation, slug: str, webhook_id: str) -> None:
    """Give the webhook ID a new secret; the one before signs beside it for 24 hours."""
    with call.service() as service:
        made = service.webhooks.rotate(service.webhooks.issuer_id(slug), webhook_id)
    _show_secret(call, made)


@webhook.command(epilog="Example:  credentials webhook history --issuer northwind-bakeries 7ZZ1M5W0C2T9QJ4E8R6K3X1A0B")
@issuer_option
@id_argument
@click.option("--cursor", help="Go on behind this message.")
@command_options
def history(call: Invocation, slug: str, webhook_id: str, cursor: str | None) -> None:
    """List what the webhook ID was told, the newest first."""
    with call.service() as service:
        page = service.webhooks.history(service.webhooks.issuer_id(slug), webhook_id, cursor)
    rows = [(one.delivery.message_id, one.kind, one.delivery.state, *_tries(one)) for one in page.deliveries]
    if page.cursor is not None and not call.as_json:
        note(f"There is more: --cursor {page.cursor}")
    told = [_delivery(one) for one in page.deliveries]
    headings = ("message", "kind", "state", "tries", "last answer")
    call.result({"id": webhook_id, "deliveries": told, "cursor": page.cursor}, table(headings, rows))


def _tries(one: Listed) -> tuple[str, str]:
    answered = "-" if one.delivery.answered is None else str(one.delivery.answered)
    return str(one.delivery.attempts), one.delivery.problem or answered


def _delivery(one: Listed) -> dict[str, Any]:
    delivery = one.delivery
    told = {"message": delivery.message_id, "kind": one.kind, "created": format_instant(one.created_at)}
    tried = {"attempts": delivery.attempts, "answered": delivery.answered, "problem": delivery.problem}
    return told | {"state": delivery.state} | tried


@webhook.command(
    epilog="Example:  credentials webhook replay --issuer northwind-bakeries 7ZZ1M5W0C2T9QJ4E8R6K3X1A0B msg_…"
)
@issuer_option
@id_argument
@click.argument("message_id", metavar="MESSAGE")
@command_options
def replay(call: Invocation, slug: str, webhook_id: str, message_id: str) -> None:
    """Send MESSAGE to the webhook ID again, under the same id."""
    with call.service() as service:
        service.webhooks.replay(service.webhooks.issuer_id(slug), message_id, webhook_id)
    call.result({"id": webhook_id, "message": message_id, "due": True}, [f"{message_id} is sent again within moments."])
