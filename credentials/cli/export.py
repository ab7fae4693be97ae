"""`credentials export`: hand a credential's signed forms to whoever may have them."""

import base64
from pathlib import Path

import click

from credentials.cli.credential_argument import credential_id
from credentials.cli.invocation import Invocation, command_options
from credentials.core.securing import MECHANISMS
from credentials.issuer.errors import FormNotMade, StampNotTaken
from credentials.issuer.lookup import form_of
from credentials.issuer.stamping import stamp_of


@click.command("export", epilog="Example:  credentials export 7KQ2-M9XV-4T --form dc+sd-jwt")
@click.argument("credential")
@click.option("--form", type=click.Choice(list(MECHANISMS)), required=True, help="Which of its signed forms.")
@click.option(
    "--stamp",
    "stamp_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the timestamp of this form to a file (a TimeStampToken, DER).",
)
@command_options
def export(call: Invocation, credential: str, form: str, stamp_file: Path | None) -> None:
    """Print a signed form of CREDENTIAL, or write its timestamp.

    CREDENTIAL is its link, id or code. The timestamp is for the day on which the issuer's key is stolen.

    The forms with sd-jwt in their names hold all that is private: give them to the candidate and to nobody else.
    """
    with call.issuing() as service:
        named = credential_id(service, credential)
        found = form_of(service.issuer.means, named, form)
        token = stamp_of(service.issuer.means, named, form)
    if found is None:
        raise FormNotMade(f"it was not issued as {form}")
    if stamp_file is not None:
        if token is None:
            raise StampNotTaken(f"{form} has none")
        stamp_file.write_bytes(token)
    body = found.body.decode("utf-8")
    document = {"id": found.credential_id, "form": form, "mediaType": found.media_type, "body": body}
    call.result(document | ({"stamp": base64.b64encode(token).decode()} if token else {}), [body])
