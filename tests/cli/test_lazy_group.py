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
names = ("sqlalchemy", "alembic", "flask", "granian", "requests", "huey", "openpyxl")
print(*(name for name in names if name in sys.modules), sep="\\n")
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


def test_verifying_imports_a_database_only_for_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"?")
    lines = loaded("verify", "--offline", str(tmp_path / "file"))

    assert lines[0].startswith("UNREADABLE")
    assert not {"sqlalchemy", "alembic", "flask", "granian"} & set(lines)
    assert "sqlalchemy" in loaded("verify", "--data", str(tmp_path), str(tmp_path / "file"))


def test_a_command_that_issues_imports_neither_pages_nor_tasks(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("Name,Project,Description,Started,Finished,Supervisor\nA B,P,Did it,2026-03-02,2026-03-03,R\n")
    data = ("--data", str(tmp_path / "data"))
    subprocess.run(
        [sys.executable, "-m", "credentials.cli", "issuer", "create", "acme", "--name", "A", *data], check=True
    )
    lines = loaded("issue", "--issuer", "acme", *data, str(rows))

    assert "1 issued." in lines
    assert not {"alembic", "flask", "granian", "requests", "huey", "openpyxl"} & set(lines)


def test_ctrl_c_while_the_command_itself_is_imported(tmp_path: Path) -> None:
    """As early as our own code can be: in place of the first library that is imported, somebody presses Ctrl-C."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")
    done = subprocess.run(
        [sys.executable, "-m", "credentials.cli", "--help"],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"},
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_the_command_starts_before_the_library_is_imported() -> None:
    """What is imported before `credentials.cli.__main__` could not be interrupted without a traceback."""
    script = "import sys, credentials.cli; print(*sorted(one for one in sys.modules if one.startswith('credentials')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["credentials", "credentials.cli", "credentials.version"]


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
