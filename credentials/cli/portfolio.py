"""`credentials portfolio`: find the portfolio of a candidate."""

import click

from credentials.cli.invocation import Invocation, command_options
from credentials.cli.listing import table
from credentials.store import candidates
from credentials.store.credentials import of_candidate
from credentials.store.engine import read


@click.group()
def portfolio() -> None:
    """Find the portfolios that candidates show."""


@portfolio.command("list", epilog="Example:  credentials portfolio list")
@command_options
def list_portfolios(call: Invocation) -> None:
    """List every candidate with the address of the portfolio and the number of projects in it."""
    with call.service() as service, read(service.engine) as connection:
        found = [
            (person, f"{service.base_url}/p/{person.slug}", len(of_candidate(connection, person.id)))
            for person in candidates.every(connection)
        ]
    documents = [{"slug": p.slug, "name": p.name, "url": url, "projects": count} for p, url, count in found]
    rows = [(person.name, str(count), url) for person, url, count in found]
    call.result({"portfolios": documents}, table(("name", "projects", "portfolio"), rows))
