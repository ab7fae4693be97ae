"""`credentials api-key`: keys with which an issuer's own programs call the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from credentials.accounts.api_keys import SCOPES, is_active, list_keys, make_key
from credentials.accounts.programs import find_person
from credentials.cli.invocation import Invocation, command_options, note
from credentials.cli.listing import day, table
from credentials.core.instants import format_instant
from credentials.store.api_keys import ApiKey

issuer_option = click.option("--issuer", "slug", required=True, metavar="SLUG", help="The issuer it belongs to.")


@click.group("api-key")
def api_key() -> None:
    """Create, list and revoke the API keys of an issuer."""


def _document(key: ApiKey) -> dict[str, Any]:
    moments = {"expires": key.expires_at, "lastUsed": key.last_used_at, "revoked": key.revoked_at}
    known = {name: format_instant(moment) for name, moment in moments.items() if moment is not None}
    made = format_instant(key.created_at)
    known |= {"person": key.person_id} if key.person_id else {}
    return {"id": key.id, "label": key.label, "scopes": key.scopes.split(), "created": made, **known}


@api_key.command(epilog='Example:  credentials api-key create --issuer northwind-bakeries --label "HR system"')
@issuer_option
@click.option("--label", required=True, help="What it is for, to tell it from others.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), default=["issue"], show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), help="Expires after so many days.")
@click.option(
    "--person", "address", metavar="ADDRESS", help="Who in the company answers for what it writes in projects."
)
@command_options
def create(
    call: Invocation, slug: str, label: str, scopes: tuple[str, ...], days: int | None, address: str | None
) -> None:
    """Make a key. It is shown once and kept nowhere."""
    now = datetime.now(UTC)
    expires_at = None if days is None else now + timedelta(days=days)
    with call.issuing() as service:
        person_id = find_person(service.engine, address) if address else None
        made = make_key(service.engine, slug, scopes, label=label, now=now, expires_at=expires_at, person_id=person_id)
    if not call.as_json:
        note("This is shown once. Keep it where secrets are kept.")
    call.result(_document(made.key) | {"secret": made.secret}, [made.secret])


@api_key.command("list", epilog="Example:  credentials api-key list --issuer northwind-bakeries")
@issuer_option
@command_options
def list_all(call: Invocation, slug: str) -> None:
    """List the keys of an issuer, without their secrets."""
    with call.issuing() as service:
        found = list_keys(service.engine, slug)
    now = datetime.now(UTC)
    rows = [
        (k.id, k.label, k.scopes, "active" if is_active(k, now) else "ended", day(k.created_at), day(k.last_used_at))
        for k in found
    ]
    headings = ("id", "label", "scopes", "state", "created", "last used")
    call.result({"issuer": slug, "keys": [_document(key) for key in found]}, table(headings, rows))


@api_key.command(epilog="Example:  credentials api-key revoke --issuer northwind-bakeries 0f3a9c1e5b7d2468")
@issuer_option
@click.argument("key_id", metavar="ID")
@command_options
def revoke(call: Invocation, slug: str, key_id: str) -> None:
    """Revoke the key ID at once."""
    with call.service() as service:
        service.revoke_api_key(slug, key_id)
    call.result({"id": key_id, "revoked": True}, [f"Revoked {key_id}. Calls with it are refused from now on."])
