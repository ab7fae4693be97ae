"""`credentials revoke`, `suspend` and `lift`: change what verifiers are told of a credential."""

from collections.abc import Callable

import click

from credentials.cli.credential_argument import credential_id
from credentials.cli.invocation import Invocation, command_options
from credentials.web.issuing import Issuing

Change = Callable[[str, str, str], object]


def _apply(call: Invocation, named: str, reason: str, note: str, done: str, pick: Callable[[Issuing], Change]) -> None:
    with call.issuing() as service:
        found = credential_id(service, named)
        pick(service)(found, reason, note)
        page = f"{service.base_url}/c/{found}"
    call.result({"id": found, "url": page, "status": done, "reason": reason}, [f"{done.capitalize()}: {page}"])


reason_option = click.option("--reason", required=True, help="Public: shown to everyone who verifies.")
note_option = click.option("--note", default="", help="Private: kept here, never shown.")


@click.command(epilog='Example:  credentials revoke 7KQ2-M9XV-4T --reason "Issued in error"')
@click.argument("credential")
@reason_option
@note_option
@command_options
def revoke(call: Invocation, credential: str, reason: str, note: str) -> None:
    """Withdraw CREDENTIAL (its link, id or code) for good."""
    _apply(call, credential, reason, note, "revoked", lambda service: service.issuer.revoke)


@click.command(epilog='Example:  credentials suspend 7KQ2-M9XV-4T --reason "Under review"')
@click.argument("credential")
@reason_option
@note_option
@command_options
def suspend(call: Invocation, credential: str, reason: str, note: str) -> None:
    """Put CREDENTIAL (its link, id or code) on hold until it is lifted."""
    _apply(call, credential, reason, note, "suspended", lambda service: service.issuer.suspend)


@click.command(epilog='Example:  credentials lift 7KQ2-M9XV-4T --reason "Review ended"')
@click.argument("credential")
@reason_option
@note_option
@command_options
def lift(call: Invocation, credential: str, reason: str, note: str) -> None:
    """End the hold on CREDENTIAL (its link, id or code)."""
    _apply(call, credential, reason, note, "lifted", lambda service: service.issuer.lift)
