"""`credentials stamp`: take the timestamps that signatures still lack, as the service does by itself."""

import click

from credentials.cli.invocation import Invocation, command_options
from credentials.issuer.errors import NoTimestampAuthority
from credentials.issuer.stamping import Stamper

BATCH = 100


@click.command(epilog="Example:  credentials stamp --limit 5000")
@click.option("--limit", type=click.IntRange(1), default=10_000, show_default=True, help="Credentials, at most.")
@command_options
def stamp(call: Invocation, limit: int) -> None:
    """Take the timestamps that signatures still lack, the newest first.

    It stops at the first that cannot be had. The service does this by itself; call it to have it done at once, or after
    an authority was set.
    """
    with call.service() as service:
        if service.stamper is None:
            raise NoTimestampAuthority("none is set", where="CREDENTIALS_TIMESTAMP_AUTHORITY")
        taken = _take(service.stamper, limit)
    call.result({"taken": taken}, [f"Took {taken} timestamps."])


def _take(stamper: Stamper, limit: int) -> int:
    taken = 0
    while limit > 0 and (found := stamper.missing(min(BATCH, limit))):
        taken += sum(stamper.run(one) for one in found)
        limit -= len(found)
    return taken
