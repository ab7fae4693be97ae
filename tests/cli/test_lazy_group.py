"""Commands are imported when they are asked for, and no sooner; Ctrl-C meanwhile is no traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from credentials.cli.lazy_group import Place
from credentials.cli.main import PLACES, cli, run
from tests.cli.conftest import Credentials

LOADED = """
import sys
from credentials.cli.main import run
run(sys.argv[1:])
print(*(name for name in ("sqlalchemy", "flask", "granian", "requests") if name in sys.modules), sep="\\n")
"""


@pytest.mark.parametrize("name", sorted(PLACES))
def test_the_list_says_what_the_command_says(name: str) -> None:
    command = PLACES[name].load()
    context = click.Context(command)

    assert command.name == name
    # What is in brackets explains an argument; the list leaves it out.
    told = re.sub(r" \([^)]*\)", "", " ".join((command.help or "").split()))
    assert told.startswith(PLACES[name].short_help)
    assert command.get_usage(context)


def loaded(*arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_help_imports_no_server_and_no_database() -> None:
    lines = loaded("--help")

    assert all(f"  {name} " in "\n".join(lines) for name in PLACES)
    assert not {"sqlalchemy", "flask", "granian", "requests"} & set(lines)


def test_ctrl_c_while_a_command_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, credentials: Credentials
) -> None:
    (tmp_path / "slow_command.py").write_text("raise KeyboardInterrupt\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(cli, "places", {"slow": Place("slow_command:slow", "Slow.")})

    outcome = credentials("slow")

    assert (outcome.code, outcome.out, outcome.err.strip()) == (130, "", "")


def test_a_place_without_a_command_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "places", {"odd": Place("credentials.cli.main:run", "Odd.")})

    with pytest.raises(TypeError, match="not a command"):
        run(["odd"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verify", "file"), 2),
        (("verify", "--json", "file"), 2),
        (("verify", "--json", "nothing"), 65),
        (("issuer", "list"), 141),
        (("--help",), 141),
        (("verify", "--help"), 141),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_closed_pipe_is_no_verdict(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"?")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "credentials.cli", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        text=True,
    )
    os.close(writer)

    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
