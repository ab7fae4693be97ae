"""`credentials demo` and `serve` as whole processes: they start, show, and end cleanly on Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from credentials.cli.demo import LABELS, command_here, default_folder
from tests.cli.conftest import Credentials, Demo

SECONDS_TO_START = 10
PATIENCE = 6
"""The machine of a test run is busy: what must take 10 s on an idle one may take so many times as long there."""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*arguments: object, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A `credentials` process in a folder, in a process group of its own as a terminal would make it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDENTIALS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "credentials.cli", *map(str, arguments)],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def ctrl_c(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """What the terminal does on Ctrl-C: SIGINT to the whole group. Exit code, and the rest of both outputs."""
    os.killpg(process.pid, signal.SIGINT)
    code = process.wait(timeout=60)
    assert process.stdout is not None
    assert process.stderr is not None
    return code, process.stdout.read(), process.stderr.read()


def links(process: subprocess.Popen[str]) -> dict[str, str]:
    """The labelled links that the demo prints, once it serves."""
    assert process.stdout is not None
    found = {}
    while line := process.stdout.readline().strip():
        label, address = line.split(":", 1)
        found[label] = address.strip()
    return found


def page(address: str) -> str:
    """What a browser gets there."""
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


def test_from_nothing_in_an_empty_folder_and_again(tmp_path: Path, port: int) -> None:
    begun = time.monotonic()
    with running("demo", "--port", port, folder=tmp_path) as process:
        first = links(process)
        took = time.monotonic() - begun
        pages = {label: page(address) for label, address in first.items()}
        code, out, err = ctrl_c(process)
    with running("demo", "--port", port, folder=tmp_path) as process:
        second = links(process)
        assert ctrl_c(process)[0] == 0

    assert list(first) == list(LABELS.values())
    assert took < SECONDS_TO_START * PATIENCE
    assert "Genuine and current" in pages["Genuine"]
    assert "Withdrawn by" in pages["Revoked"]
    assert "Expired" in pages["Expired"]
    assert "Not genuine" in pages["Tampered"]
    assert "Leaflet" not in pages["Tampered"]
    assert "Zoë Brännström" in pages["Portfolio"]
    assert (code, "Traceback" in err) == (0, False)
    assert "confirmed by" in err
    # There is no `credentials` on the path of this test that is the one running: it is named so that it can be run.
    hint = next(line.strip() for line in out.splitlines() if " verify --data " in line)
    assert hint.startswith(
        f"{sys.executable} -m credentials.cli verify --data data/demo-{port} http://127.0.0.1:{port}/c/"
    )
    assert second == first
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_json_is_one_document(tmp_path: Path, port: int) -> None:
    with running("demo", "--port", port, "--json", "--data", "elsewhere", folder=tmp_path) as process:
        assert process.stdout is not None
        text = "".join(iter(process.stdout.readline, "}\n")) + "}"
        code, rest, _ = ctrl_c(process)

    assert set(msgspec.json.decode(text)) == set(LABELS)
    assert (code, rest) == (0, "")
    assert msgspec.json.decode((tmp_path / "elsewhere" / "demo.json").read_bytes()) == msgspec.json.decode(text)


def test_serve_the_same_folder(own_demo: Demo, tmp_path: Path, port: int) -> None:
    with running("serve", "--port", port, "--data", own_demo.folder, folder=tmp_path) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        health = page(f"http://127.0.0.1:{port}/healthz")
        code, _, err = ctrl_c(process)

    assert re.match(r"Serving http://127\.0\.0\.1:8123/ at 127\.0\.0\.1:\d+$", ready)
    assert health
    assert (code, "Traceback" in err) == (0, False)


def test_sigterm_ends_it_too(own_demo: Demo, tmp_path: Path, port: int) -> None:
    with running("serve", "--port", port, "--data", own_demo.folder, folder=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        code = process.wait(timeout=60)
        assert process.stderr is not None
        err = process.stderr.read()

    assert (code, "Traceback" in err) == (0, False)


@pytest.mark.parametrize(
    ("called", "on_path", "shown"),
    [
        ("venv/bin/credentials", "", "venv/bin/credentials"),
        ("venv/bin/credentials", "venv/bin", "credentials"),
        ("venv/bin/credentials", "other/bin", "venv/bin/credentials"),
        ("my venv/bin/credentials", "", "'my venv/bin/credentials'"),
        ("/elsewhere/bin/credentials", "", "/elsewhere/bin/credentials"),
    ],
)
def test_the_hint_can_be_run_as_printed(
    called: str, on_path: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("venv/bin", "my venv/bin", "other/bin"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "credentials").write_text("#!/bin/sh\n")
        (tmp_path / folder / "credentials").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / on_path) if on_path else "/nowhere")
    monkeypatch.setattr(sys, "argv", [called])

    assert command_here() == shown


def test_each_port_has_a_folder_of_its_own() -> None:
    assert [str(default_folder(port)) for port in (None, 8000, 8001)] == ["data/demo", "data/demo", "data/demo-8001"]


def test_a_folder_made_for_another_port_is_refused(demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("demo", "--data", demo.folder, "--port", free_port())

    assert outcome.code == 78
    assert outcome.err.endswith("[base-url-fixed]\n")


def test_a_folder_of_a_real_service_is_no_demo(
    credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_BASE_URL", "https://credentials.example")
    credentials("issuer", "list", "--data", tmp_path / "data")
    monkeypatch.delenv("CREDENTIALS_BASE_URL")

    outcome = credentials("demo", "--data", tmp_path / "data")

    assert (outcome.code, outcome.err.splitlines()[-1].endswith("[base-url-fixed]")) == (78, True)
