"""`credentials operator`: whoever runs the service, made from the machine that it runs on."""

import click

from credentials.accounts.acting import Actor
from credentials.accounts.dismissing import dismiss
from credentials.accounts.organisations import invite_owner, make_operator
from credentials.cli.invocation import Invocation, command_options, note
from credentials.cli.listing import day, table
from credentials.store import people
from credentials.store.engine import read


@click.group("operator")
def operator() -> None:
    """Make, list and remove the people who run the service."""


@operator.command(epilog="Example:  credentials operator create kim@northwind.example")
@click.argument("address", metavar="ADDRESS")
@command_options
def create(call: Invocation, address: str) -> None:
    """Make whoever reads the mail of ADDRESS an operator: prints a link, which is also sent there.

    It works once, for a day.
    """
    with call.service() as service:
        url = make_operator(service.accounts, address)
    note("Open this link in a browser. It works once, for a day; whoever opens it runs the service.")
    call.result({"link": url}, [url or ""])


@operator.command("list", epilog="Example:  credentials operator list")
@command_options
def list_all(call: Invocation) -> None:
    """List the operators."""
    with call.service() as service, read(service.engine) as connection:
        found = people.operators(connection)
    rows = [(one.id, one.name, day(one.created_at)) for one in found]
    call.result(
        {"operators": [{"id": one.id, "name": one.name} for one in found]}, table(("id", "name", "since"), rows)
    )


@operator.command(epilog="Example:  credentials operator remove 7KQ2M9XV4T0000000000000000")
@click.argument("number", metavar="ID")
@command_options
def remove(call: Invocation, number: str) -> None:
    """Take back the right of the operator ID (see operator list) to run the service. The last one stays."""
    with call.service() as service:
        dismiss(service.engine, Actor("command-line"), number, service.clock())
    call.result({"operator": number, "removed": True}, ["They run the service no longer."])


@operator.command("invite-owner", epilog="Example:  credentials operator invite-owner acme kim@acme.example")
@click.argument("slug", metavar="SLUG")
@click.argument("address", metavar="ADDRESS")
@command_options
def invite(call: Invocation, slug: str, address: str) -> None:
    """Invite the owner of the issuer SLUG, which was registered by command, to the console."""
    with call.service() as service:
        invite_owner(service.accounts, service.issuer.issuer(slug), address)
    call.result({"issuer": slug, "invited": True}, ["An invitation is on its way."])
