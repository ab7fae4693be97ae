"""`credentials keys`: an issuer's signing keys and their life, created → active → retired."""

from typing import Any, get_args

import click

from credentials.cli.invocation import Invocation, command_options
from credentials.cli.listing import day, table
from credentials.core.instants import format_instant, parse_instant
from credentials.keyring.signer import KeyAlgorithm
from credentials.store.signing_keys import SigningKey

ALGORITHMS = click.Choice(get_args(KeyAlgorithm))
issuer_option = click.option("--issuer", "slug", required=True, metavar="SLUG", help="The issuer whose keys these are.")


@click.group()
def keys() -> None:
    """List an issuer's signing keys, make one, rotate, retire, report one stolen."""


def _document(key: SigningKey) -> dict[str, Any]:
    moments = {"created": key.created_at, "activated": key.activated_at, "retired": key.retired_at}
    known = {name: format_instant(moment) for name, moment in moments.items() if moment is not None}
    return {"name": key.name, "algorithm": key.algorithm, "state": key.state, **known}


@keys.command("list", epilog="Example:  credentials keys list --issuer northwind-bakeries")
@issuer_option
@command_options
def list_keys(call: Invocation, slug: str) -> None:
    """List the keys of an issuer."""
    with call.issuing() as service:
        found = service.issuer.keys(slug)
    rows = [(k.name, k.algorithm, k.state, day(k.created_at), day(k.activated_at), day(k.retired_at)) for k in found]
    headings = ("name", "algorithm", "state", "created", "active since", "retired")
    call.result({"issuer": slug, "keys": [_document(key) for key in found]}, table(headings, rows))


@keys.command(epilog="Example:  credentials keys create --issuer northwind-bakeries --algorithm P-256")
@issuer_option
@click.option("--algorithm", type=ALGORITHMS, default="Ed25519", show_default=True)
@command_options
def create(call: Invocation, slug: str, algorithm: KeyAlgorithm) -> None:
    """Make and publish a key that does not sign yet; the next rotation takes it."""
    with call.issuing() as service:
        key = service.issuer.create_key(slug, algorithm)
    told = f"Created {key.name} ({key.algorithm}). It signs after: credentials keys rotate{_which(key)}"
    call.result(_document(key), [told])


def _which(key: SigningKey) -> str:
    """What to add to `keys rotate` so that it means this kind of key."""
    return f" --algorithm {key.algorithm}" if key.is_post_quantum else ""


@keys.command(epilog="Example:  credentials keys rotate --issuer northwind-bakeries")
@issuer_option
@click.option("--algorithm", type=ALGORITHMS, help="The new key's kind; the one in use if not given.")
@command_options
def rotate(call: Invocation, slug: str, algorithm: KeyAlgorithm | None) -> None:
    """Sign with a fresh key from now on. Everything signed before keeps verifying.

    A key for ML-DSA-44 takes no other key's place: the issuer signs each credential with both from now on.
    """
    with call.issuing() as service:
        key = service.issuer.rotate_key(slug, algorithm)
    call.result(_document(key), [f"{slug} now signs with {key.name} ({key.algorithm}). Older ones still verify."])


@keys.command(
    epilog="Example:  credentials keys stolen --issuer northwind-bakeries key-3q2hV1s --since 2026-05-29T12:00:00Z"
)
@issuer_option
@click.option(
    "--since", required=True, metavar="TIME", help="When others may first have had it, such as the example's."
)
@click.argument("name")
@command_options
def stolen(call: Invocation, slug: str, name: str, since: str) -> None:
    """Tell all verifiers that the key NAME was in foreign hands since TIME. There is no way back.

    If it is in use it is replaced first. What it signed counts no more, but for what a timestamp shows to be older.
    """
    moment = parse_instant(since)
    with call.issuing() as service:
        key = service.issuer.report_compromise(slug, name, moment)
    reported = key.compromised_since or moment
    told = f"Reported {key.name} stolen since {format_instant(reported)}. Only older timestamps save what it signed."
    call.result(_document(key) | {"stolenSince": format_instant(reported)}, [told])


@keys.command(epilog="Example:  credentials keys retire --issuer northwind-bakeries key-3q2hV1s")
@issuer_option
@click.argument("name")
@command_options
def retire(call: Invocation, slug: str, name: str) -> None:
    """Let the key NAME sign no more; what it signed keeps verifying.

    The ordinary key in use cannot be retired, only rotated; that for ML-DSA-44 can, and ends the second signature.
    """
    with call.issuing() as service:
        key = service.issuer.retire_key(slug, name)
    call.result(_document(key), [f"Retired {key.name}. What it signed still verifies."])
