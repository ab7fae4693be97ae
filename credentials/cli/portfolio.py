"""`credentials portfolio`: find the portfolios of candidates, and join those that are one person's."""

import click

from credentials.cli.invocation import Invocation, command_options
from credentials.cli.listing import table
from credentials.store import candidates
from credentials.store.credentials import of_candidate
from credentials.store.engine import read


@click.group()
def portfolio() -> None:
    """Find the portfolios that candidates show, and join those of one person."""


@portfolio.command("list", epilog="Example:  credentials portfolio list")
@command_options
def list_portfolios(call: Invocation) -> None:
    """List every portfolio with its candidate, its address and the number of projects in it."""
    with call.issuing() as service, read(service.engine) as connection:
        found = [
            (person, f"{service.base_url}/p/{person.slug}", len(of_candidate(connection, person.id)))
            for person in candidates.every(connection)
            if person.joined_into is None
        ]
    documents = [{"slug": p.slug, "name": p.name, "url": url, "projects": count} for p, url, count in found]
    rows = [(person.name, str(count), url) for person, url, count in found]
    call.result({"portfolios": documents}, table(("name", "projects", "portfolio"), rows))


@portfolio.command("join", epilog="Example:  credentials portfolio join ana-lima-7kq2m9xv4t ana-lima-3fw80yd5ne")
@click.argument("slug", metavar="FROM")
@click.argument("into", metavar="INTO")
@command_options
def join_portfolios(call: Invocation, slug: str, into: str) -> None:
    """Show the projects of the portfolio FROM in the portfolio INTO: you know that both are one person's.

    Each issuer's candidates have portfolios of their own, even at one e-mail address, for an issuer can write down
    anybody's. FROM's address leads to INTO from then on. It cannot be undone, and the log keeps it.
    """
    with call.issuing() as service:
        shown = service.issuer.join_portfolios(slug, into)
        address = f"{service.base_url}/p/{shown.slug}"
    call.result({"slug": shown.slug, "url": address}, [f"{slug} is shown at {address} now."])
