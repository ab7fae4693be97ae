"""`credentials demo`: from nothing to companies, projects, signed credentials and a portfolio, served here."""

import shlex
import shutil
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click

from credentials.cli.demo_samples import DemoLinks, prepare
from credentials.cli.demo_story.routes import blueprint
from credentials.cli.invocation import Invocation, command_options, note
from credentials.cli.serve import open_keys, refuse_taken_port, run_server
from credentials.web.data_folder import SERVICE_FILE, bind
from credentials.web.errors import BaseUrlFixed

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
FOLDER = Path("data")

LABELS = {
    "landing": "Start here",
    "roles": "Step into a role",
    "board": "Open projects",
    "worked": "A project's credential",
    "portfolio": "Portfolio",
    "genuine": "Genuine",
    "revoked": "Revoked",
    "expired": "Expired",
    "tampered": "Tampered",
    "issuer": "Issuer",
}
TO_TRY = (
    "To try: open the genuine one and give a screenshot of its QR code to the page /verify. Open the tampered one, in",
    "which one digit was changed after it was signed. Or ask from another terminal:",
)


@click.command(epilog="Example:  credentials demo --port 8001")
@click.option("--port", type=click.IntRange(1, 65535), help=f"The port.  [default: {DEFAULT_PORT}]")
@command_options
def demo(call: Invocation, port: int | None) -> None:
    """Make companies, their projects, signed credentials and a portfolio out of nothing, and serve them here.

    The page /demo lets you step into each role: who gives work, who does it, who signs, who hires. Run again, it shows
    the same. The address is inside what is signed, so each port has a data folder of its own: data/demo,
    data/demo-8001 …
    """
    call = call if call.data is not None else replace(call, data=default_folder(port))
    chosen = port or _port_of(call)
    refuse_taken_port(HOST, chosen)
    base_url = f"http://{HOST}:{chosen}"
    with call.service(base_url=base_url, log_level="warning") as service:
        open_keys(service)
        links, settings = prepare(service), service.settings
    _introduce(call)
    run_server(settings, HOST, chosen, partial(_show, call, links), blueprint)


def default_folder(port: int | None) -> Path:
    """Where the demo of a port lives when `--data` does not say."""
    return FOLDER / ("demo" if port in (None, DEFAULT_PORT) else f"demo-{port}")


def _port_of(call: Invocation) -> int:
    """The port that the folder was made with, or the default when it is new."""
    settings = call.settings()
    if not (settings.data_dir / SERVICE_FILE).exists():
        return DEFAULT_PORT
    parts = urlsplit(bind(settings))
    if parts.hostname != HOST or parts.scheme != "http":
        raise BaseUrlFixed(f"the folder belongs to {parts.geturl()}, which is no demo", where=str(settings.data_dir))
    return parts.port or DEFAULT_PORT


def _introduce(call: Invocation) -> None:
    note(f"The demo lives in {call.settings().data_dir}/. Its companies are made up; their domains were confirmed by")
    note("the operator, which is you. Nothing here proves anything to anyone else.")


def _show(call: Invocation, links: DemoLinks) -> None:
    width = max(map(len, LABELS.values())) + 1
    lines = [f"{LABELS[name] + ':':<{width}} {address}" for name, address in links.labelled()]
    command = f"  {command_here()} verify --data {call.settings().data_dir} {links.genuine}"
    call.result(asdict(links), [*lines, "", *TO_TRY, command, "", "Ctrl-C ends it."])


def command_here() -> str:
    """How this command is called from where it was called: by its name where that finds it, else by its path."""
    called = Path(sys.argv[0]).absolute()
    found = shutil.which("credentials")
    if found is not None and Path(found).resolve() == called.resolve():
        return "credentials"
    if called.name == "__main__.py":
        return f"{_from_here(Path(sys.executable))} -m credentials.cli"
    return _from_here(called)


def _from_here(path: Path) -> str:
    """A path as one types it here: relative where the working folder holds it."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
