"""`credentials issuer`: the companies that issue here, and what the operator found out about each."""

from typing import Any

import click

from credentials.cli.invocation import Invocation, command_options
from credentials.cli.listing import day, table
from credentials.core.instants import format_instant
from credentials.keyring.signer import KeyAlgorithm
from credentials.store.issuers import Issuer


@click.group()
def issuer() -> None:
    """Create, list and confirm the companies that issue here."""


def _document(found: Issuer) -> dict[str, Any]:
    return {
        "slug": found.slug,
        "name": found.name,
        "url": found.url,
        "did": found.did,
        "confirmedDomain": found.confirmed_domain,
        "confirmedLevel": found.confirmed_level,
        "confirmedAt": None if found.confirmed_at is None else format_instant(found.confirmed_at),
        "suspends": found.suspends,
        "sandbox": found.sandbox,
    }


@issuer.command(epilog='Example:  credentials issuer create northwind-bakeries --name "Northwind Bakeries"')
@click.argument("slug")
@click.option("--name", required=True, help="The company's name, as it calls itself.")
@click.option("--url", help="Its web address.")
@click.option("--algorithm", type=click.Choice(["Ed25519", "P-256"]), default="Ed25519", show_default=True)
@click.option("--suspends/--no-suspends", default=True, help="Whether its credentials can be put on hold.")
@click.option("--sandbox", is_flag=True, help="Everything it issues is marked as a test.")
@click.option("--post-quantum", is_flag=True, help="Sign each credential a second time, with ML-DSA-44.")
@command_options
def create(
    call: Invocation,
    slug: str,
    name: str,
    url: str | None,
    algorithm: KeyAlgorithm,
    suspends: bool,
    sandbox: bool,
    post_quantum: bool,
) -> None:
    """Create the issuer SLUG with a signing key of its own. SLUG becomes part of its address."""
    with call.issuing() as service:
        made = service.issuer.create_issuer(
            slug, name, url, algorithm=algorithm, suspends=suspends, sandbox=sandbox, post_quantum=post_quantum
        )
    call.result(
        _document(made),
        [f"Created {made.name}: {made.did}", f"Nobody has confirmed it yet: credentials issuer confirm {slug} --help"],
    )


@issuer.command("list", epilog="Example:  credentials issuer list")
@command_options
def list_issuers(call: Invocation) -> None:
    """List all issuers."""
    with call.issuing() as service:
        found = service.issuer.issuers()
    rows = [
        (
            i.slug,
            i.name,
            i.confirmed_domain or "not confirmed",
            day(i.confirmed_at if i.confirmed_domain else None),
            i.did,
        )
        for i in found
    ]
    headings = ("slug", "name", "confirmed as", "since", "DID")
    call.result({"issuers": [_document(one) for one in found]}, table(headings, rows))


@issuer.command(epilog='Example:  credentials issuer confirm northwind-bakeries northwind.example --note "Rang them"')
@click.argument("slug")
@click.argument("domain")
@click.option("--note", default="", help="Private: how it was checked.")
@command_options
def confirm(call: Invocation, slug: str, domain: str, note: str) -> None:
    """Record that you checked: the issuer SLUG is the company behind DOMAIN.

    Verifiers then name DOMAIN, not the name the company typed. The date and the level "operator" are public.
    """
    with call.issuing() as service:
        found = service.issuer.confirm(slug, domain, note=note)
        doubts = [one for one in service.resemblances.of_issuer(found.id) if one.cleared_at is None]
    told = [f"{found.name} is confirmed as {found.confirmed_domain}, by the operator."]
    told += [
        f"It is shown as unconfirmed until this is cleared: {one.what} looks like {one.resembles}." for one in doubts
    ]
    call.result(_document(found) | {"looksLike": sorted({one.resembles for one in doubts})}, told)


@issuer.command("look-alikes", epilog="Example:  credentials issuer look-alikes")
@command_options
def look_alikes(call: Invocation) -> None:
    """List the issuers that look like somebody else, until you clear them."""
    with call.issuing() as service:
        found = service.resemblances.standing()
        slugs = {one.id: one.slug for one in service.issuer.issuers()}
    rows = [
        (slugs.get(one.issuer_id, one.issuer_id), one.what, one.resembles, one.how, day(one.found_at)) for one in found
    ]
    documents = [
        {"slug": slug, "what": what, "resembles": resembles, "how": how, "foundAt": format_instant(one.found_at)}
        for (slug, what, resembles, how, _), one in zip(rows, found, strict=True)
    ]
    call.result({"lookAlikes": documents}, table(("slug", "name or domain", "looks like", "how", "since"), rows))


@issuer.command(epilog='Example:  credentials issuer clear northwind-bakeries --note "Rang them"')
@click.argument("slug")
@click.option("--note", required=True, help="Private: how you know that it is no impostor.")
@command_options
def clear(call: Invocation, slug: str, note: str) -> None:
    """Say that the issuer SLUG may look like whom it looks like: all that stands of it is cleared."""
    with call.issuing() as service:
        issuer_id = service.issuer.issuer(slug).id
        stands = [one for one in service.resemblances.of_issuer(issuer_id) if one.cleared_at is None]
        for one in stands:
            service.resemblances.clear(one, by="the command line", note=note, now=service.clock())
    call.result({"slug": slug, "cleared": len(stands)}, [f"{len(stands)} cleared of {slug}."])
