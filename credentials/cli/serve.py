"""`credentials serve`: run the service until it is told to stop."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click

from credentials.cli.invocation import Invocation, command_options, note
from credentials.projects.api import trying
from credentials.web.app import More, build_app
from credentials.web.composition import Service
from credentials.web.errors import PortTaken
from credentials.web.readiness import require_keys
from credentials.web.server import check_address, serve
from credentials.web.settings import Settings

SECOND_PORTS = 50
SANDBOX = Path("data/sandbox")
certificate = click.Path(dir_okay=False, path_type=Path)


def run_server(
    settings: Settings,
    host: str,
    port: int,
    on_ready: Callable[[], None],
    more: More | None = None,
    **options: object,
) -> None:
    """Serve until Ctrl-C; a taken port is said with one that is free. `more` makes routes that a service has not.

    Raises PortTaken, AddressUnusable, TlsFilesUnusable.
    """
    serve(partial(build_app, settings, more), host=host, port=port, on_ready=on_ready, **options)  # type: ignore[arg-type]


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken, naming a free port, when something listens there already."""
    try:
        check_address(host, port)
    except PortTaken as error:
        raise PortTaken(f"something listens at {host}:{port} already; {_hint(host, port)}") from error


def _hint(host: str, port: int) -> str:
    for candidate in range(port + 1, min(port + SECOND_PORTS, 65536)):
        try:
            check_address(host, candidate)
        except PortTaken:
            continue
        return f"--port {candidate} is free"
    return "so do others at the ports after it"


@click.command("serve", epilog="Example:  credentials serve --host 0.0.0.0 --workers 2")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port.  [default: the base address's, or 8000]")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes.")
@click.option("--pin/--no-pin", default=True, show_default=True, help="Keep each worker on one processor.")
@click.option("--tls-cert", type=certificate, help="PEM certificate chain, to serve https without a proxy.")
@click.option("--tls-key", type=certificate, help="PEM key of the certificate.")
@click.option(
    "--sandbox", is_flag=True, help=f"Make tests only, for whoever asks, in a folder of its own.  [default: {SANDBOX}]"
)
@command_options
def serve_command(
    call: Invocation,
    host: str,
    port: int | None,
    workers: int,
    pin: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
    sandbox: bool,
) -> None:
    """Serve the pages and the API until Ctrl-C.

    The base address (CREDENTIALS_BASE_URL) is fixed with the data folder on its first run: it is inside everything
    that is signed.
    """
    if sandbox and "data_dir" not in call.settings().model_fields_set:
        call = Invocation(SANDBOX, call.as_json)
    with call.service(sandbox=sandbox or None) as service:
        open_keys(service)
        _say_issuers(service)
        settings, base_url = service.settings, service.base_url
    chosen = port or urlsplit(base_url).port or 8000
    refuse_taken_port(host, chosen)
    ready = partial(_say_ready, call, base_url, host, chosen)
    run_server(settings, host, chosen, ready, workers=workers, pinned=pin, tls_cert=tls_cert, tls_key=tls_key)


def open_keys(service: Service) -> None:
    """Open every key now. Raises for one that signs, says the others."""
    for warning in require_keys(service):
        note(f"warning: a key that does not sign cannot be opened: {warning}. What it signed still verifies.")


def _say_issuers(service: Service) -> None:
    """Whom a sandbox signs as, and a key for its API: clients want to know before they ask."""
    if service.settings.sandbox:
        note("This is a sandbox: whatever it signs is a test, and anyone may have it signed. It signs as")
        for issuer in service.issuer.issuers():
            note(f"  {issuer.did}")
        note(f"A key for its API, shown once, good for {trying.KEY_LIFETIME.days} days:")
        note(f"  {trying.new_key(service.desk).secret}")


def _say_ready(call: Invocation, base_url: str, host: str, port: int) -> None:
    call.result({"url": base_url, "host": host, "port": port}, [f"Serving {base_url}/ at {host}:{port}"])
    note("Ctrl-C ends it.")
