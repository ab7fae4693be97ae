"""The commands that the documentation shows: those of the tutorial are run, all others exist as written."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from credentials.cli.invocation import Invocation
from credentials.cli.main import cli
from credentials.portfolio.qr import qr_address, qr_png
from credentials.store import credentials
from credentials.store.engine import read

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "site" / "docs"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = ("sh run", "export PATH", "credentials serve")
FOLDER = Path("data/tutorial")


def blocks(page: Path) -> list[str]:
    """The shell blocks of a page."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, str]]:
    """Every call of `credentials` on any page: the page, and the call without what surrounds it."""
    for page in [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]:
        for block in blocks(page):
            for line in block.replace("\\\n", " ").splitlines():
                found = re.match(r"(?:[A-Z_]+=(?:'[^']*'|\S+) )*(credentials .*)", line)
                if found:
                    yield page.name, found[1]


@pytest.mark.parametrize(("page", "call"), list(calls()))
def test_a_documented_call_exists_as_written(page: str, call: str) -> None:
    words = shlex.split(call)[1:]
    command: click.Command = cli
    context = click.Context(cli, info_name="credentials")
    while isinstance(command, click.Group) and not words[0].startswith("-"):
        child = command.get_command(context, words.pop(0))
        assert child is not None, call
        command = child
        context = click.Context(command, info_name=command.name, parent=context, resilient_parsing=True)
    # The parser knows the options and counts the arguments; whether files exist does not matter here.
    command.parse_args(context, words)


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block as a reader does: in a shell, with the command on the path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDENTIALS_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env=environment | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def photo_and_code(folder: Path) -> tuple[bytes, str]:
    """A picture of the QR code of the one credential that the tutorial issued, and its code."""
    with Invocation(folder / FOLDER, as_json=False).service() as service, read(service.engine) as connection:
        issuer = service.issuer.issuers()[0]
        (found,) = credentials.of_issuer(connection, issuer.id)
        return qr_png(qr_address(service.base_url, found.id)), found.code


def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    said = []
    for block in blocks(DOCS / "tutorial.md"):
        if block.startswith(NOT_RUN):
            continue
        if "screenshot.png" in block or "CODE" in block:
            picture, code = photo_and_code(tmp_path)
            (tmp_path / "screenshot.png").write_bytes(picture)
            block = block.replace("CODE", code)
        done = shell(block, tmp_path)
        assert done.returncode == 0, block + done.stderr
        said.append(done.stdout)

    assert "GENUINE (valid)" in "".join(said)
    assert shell(f"credentials verify screenshot.png --data {FOLDER}", tmp_path).stdout.startswith("REVOKED")
