"""`credentials export`: hand a credential's signed forms to whoever may have them."""

import click

from credentials.cli.credential_argument import credential_id
from credentials.cli.invocation import Invocation, command_options
from credentials.core.securing import MECHANISMS
from credentials.issuer.errors import FormNotMade
from credentials.issuer.lookup import form_of


@click.command("export", epilog="Example:  credentials export 7KQ2-M9XV-4T --form dc+sd-jwt")
@click.argument("credential")
@click.option("--form", type=click.Choice(list(MECHANISMS)), required=True, help="Which of its signed forms.")
@command_options
def export(call: Invocation, credential: str, form: str) -> None:
    """Print a signed form of CREDENTIAL (its link, id or code).

    The forms with sd-jwt in their names hold all that is private: give them to the candidate and to nobody else.
    """
    with call.service() as service:
        found = form_of(service.issuer.means, credential_id(service, credential), form)
    if found is None:
        raise FormNotMade(f"it was not issued as {form}")
    body = found.body.decode("utf-8")
    call.result({"id": found.credential_id, "form": form, "mediaType": found.media_type, "body": body}, [body])
