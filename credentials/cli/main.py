"""The `credentials` command: its subcommands, and the one place where failures become exit codes."""

import os
import sys
from collections.abc import Sequence

import click
import msgspec

from credentials.cli import failures
from credentials.cli.api_key import api_key
from credentials.cli.demo import demo
from credentials.cli.doctor import doctor
from credentials.cli.issue import issue_command
from credentials.cli.issuer import issuer
from credentials.cli.keys import keys
from credentials.cli.portfolio import portfolio
from credentials.cli.serve import serve_command
from credentials.cli.status import lift, revoke, suspend
from credentials.cli.verify import verify_command
from credentials.version import __version__


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:  credentials demo",
)
@click.version_option(__version__, prog_name="credentials")
def cli() -> None:
    """Issue, show and verify signed credentials for finished micro-internships."""


COMMANDS = (
    demo,
    serve_command,
    issue_command,
    verify_command,
    revoke,
    suspend,
    lift,
    keys,
    issuer,
    api_key,
    portfolio,
    doctor,
)
for command in COMMANDS:
    cli.add_command(command)


def _fail(error: Exception, *, as_json: bool) -> int:
    failure = failures.describe(error)
    if failure is None:
        raise error
    if as_json:
        click.echo(msgspec.json.encode(failure.document()).decode())
    click.echo(failure.line(), err=True)
    return failure.exit_code


def _leave_quietly() -> int:
    """The reader of our output went away: the interpreter must not complain when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        outcome = cli.main(list(arguments), prog_name="credentials", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return failures.WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return _leave_quietly()
    except Exception as error:  # noqa: BLE001 - the boundary: what is not known here is raised again
        return _fail(error, as_json="--json" in arguments)
    return outcome if isinstance(outcome, int) else 0


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))
