"""The `credentials` command: its subcommands, and the one place where failures become exit codes."""

import sys
from collections.abc import Sequence

import click

from credentials.cli import failures
from credentials.cli.lazy_group import LazyGroup, Place
from credentials.cli.terminal import leave_quietly, note, say_json
from credentials.version import __version__

PLACES = {
    "api-key": Place("credentials.cli.api_key:api_key", "Create, list and revoke the API keys of an issuer."),
    "backup": Place(
        "credentials.cli.backup:backup",
        "Copy database, keys and uploaded files into FOLDER while the service runs.",
    ),
    "correct": Place(
        "credentials.cli.correct:correct",
        "Sign a corrected version of CREDENTIAL, to which the old one leads from then on.",
    ),
    "demo": Place(
        "credentials.cli.demo:demo",
        "Make companies, their projects, signed credentials and a portfolio out of nothing, and serve them here.",
    ),
    "disclose": Place("credentials.cli.disclose:disclose", "Choose what to show of the SD-JWT in FILE."),
    "doctor": Place(
        "credentials.cli.doctor:doctor",
        "Check settings, data folder, disk, clock, database, keys, and what was published.",
    ),
    "export": Place("credentials.cli.export:export", "Print a signed form of CREDENTIAL, or write its timestamp."),
    "issue": Place(
        "credentials.cli.issue:issue_command",
        "Issue a credential for each row of FILE, a CSV file or an .xlsx workbook.",
    ),
    "issuer": Place("credentials.cli.issuer:issuer", "Create, list and confirm the companies that issue here."),
    "keys": Place(
        "credentials.cli.keys:keys", "List an issuer's signing keys, make one, rotate, retire, report one stolen."
    ),
    "lift": Place("credentials.cli.status:lift", "End the hold on CREDENTIAL."),
    "mail": Place("credentials.cli.mail:mail", "Look into the outbox; note letters that came back."),
    "operator": Place("credentials.cli.operator:operator", "Make, list and remove the people who run the service."),
    "portfolio": Place(
        "credentials.cli.portfolio:portfolio", "Find the portfolios that candidates show, and join those of one person."
    ),
    "restore": Place("credentials.cli.backup:restore", "Put the backup in FOLDER back. Stop the service first."),
    "revoke": Place("credentials.cli.status:revoke", "Withdraw CREDENTIAL for good."),
    "secure": Place(
        "credentials.cli.secure:secure_command",
        "Secure one document: an unsigned credential in FILE, with a key of your own.",
    ),
    "serve": Place("credentials.cli.serve:serve_command", "Serve the pages and the API until Ctrl-C."),
    "stamp": Place("credentials.cli.stamp:stamp", "Take the timestamps that signatures still lack, the newest first."),
    "suspend": Place("credentials.cli.status:suspend", "Put CREDENTIAL on hold until it is lifted."),
    "verify": Place(
        "credentials.cli.verify:verify_command",
        "Verify a credential: a file, a link, a code, or - for standard input.",
    ),
    "worker": Place("credentials.cli.worker:worker", "Do what waits: mail, webhooks, checks of domains."),
    "webhook": Place(
        "credentials.cli.webhook:webhook", "Tell an issuer's own programs what happens to its credentials."
    ),
}


@click.group(
    cls=LazyGroup,
    places=PLACES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:  credentials demo",
)
@click.version_option(__version__, prog_name="credentials")
def cli() -> None:
    """Issue, show and verify signed credentials for finished micro-internships."""


def _fail(error: Exception, *, as_json: bool) -> int:
    failure = failures.describe(error)
    if failure is None:
        raise error
    try:
        if as_json:
            say_json(failure.document())
        note(failure.line())
    except BrokenPipeError:
        leave_quietly()
    return failure.exit_code


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        outcome = cli.main(list(arguments), prog_name="credentials", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return failures.WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:  # noqa: BLE001 - the boundary: what is not known here is raised again
        return _fail(error, as_json="--json" in arguments)
    return outcome if isinstance(outcome, int) else 0


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))
