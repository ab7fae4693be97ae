"""The page that goes the whole way with curl: every line of it is run against a sandbox that really serves."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image

from credentials.web.app import create_app
from tests.cli.test_documented_commands import DOCS, blocks
from tests.web.test_sandbox import open_sandbox

PAGE = DOCS / "how-to" / "projects-api.md"
# Spoken of in a sentence, for each leads off the way.
NOT_SHOWN = {"close", "fill", "decline", "end", "files", "invitations", "cancel"}
BEGINNINGS = ("projects", "applications", "work", "references", "lists", "brand", "disputes", "sandbox")
KEY = re.compile(r"vck_[A-Za-z0-9_-]{43}")
SECONDS = 60


def commands() -> list[str]:
    """Every call of curl on the page, in its order, each with the lines that belong to it."""
    found: list[str] = []
    for block in blocks(PAGE):
        for line in block.splitlines():
            if line.startswith("curl "):
                found.append(line)
            elif found and not line.startswith(("credentials ", "API=", "AUTH=", "JSON=")):
                found[-1] += f"\n{line}"
    return found


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A sandbox that serves, as the page starts it: its address, and the key that it printed."""
    port, said = free_port(), tmp_path / "said.txt"
    base = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDENTIALS_")}
    environment |= {"PYTHONPATH": str(DOCS.parents[1]), "CREDENTIALS_BASE_URL": base}
    call = [sys.executable, "-m", "credentials.cli", "serve", "--sandbox", "--data", str(tmp_path / "data")]
    with said.open("wb") as output:
        process = subprocess.Popen(call, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            yield base, key_of(process, said)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(SECONDS)


def key_of(process: subprocess.Popen[bytes], said: Path) -> str:
    """The key that a sandbox printed, once it serves."""
    ends = monotonic() + SECONDS
    while "Ctrl-C" not in (text := said.read_text("utf-8")):
        assert process.poll() is None, text
        assert monotonic() < ends, text
        sleep(0.05)
    found = KEY.findall(text)
    assert len(found) == 1
    return str(found[0])


def run(command: str, variables: dict[str, str]) -> tuple[int, str]:
    """Run a line in a shell: the status of the answer, and its body."""
    script = command.replace("curl -s", "curl -s -o body.txt -w '%{http_code}'", 1)
    folder = Path(variables["HOME"])
    path = {"PATH": f"{Path(shutil.which('curl') or '').parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-e", "-u", "-c", script],
        cwd=folder,
        env=path | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, command + done.stderr
    return int(done.stdout), (folder / "body.txt").read_text("utf-8")


def settled(command: str, variables: dict[str, str]) -> tuple[int, str]:
    """As `run`; a list is read until nobody works on it, as the page says."""
    ends = monotonic() + SECONDS
    while True:
        status, body = run(command, variables)
        worked_on = body.startswith('{"summary"') and json.loads(body)["summary"]["state"] in ("checking", "running")
        if not worked_on or not command.startswith("curl -s $API/lists/$LIST -H"):
            return status, body
        assert monotonic() < ends, body
        sleep(0.2)


def learn(command: str, answer: dict[str, Any], variables: dict[str, str]) -> None:
    """The ids that the page tells its reader to keep."""
    if '"apply"' in command:
        variables["APPLICATION"] = answer["id"]
    elif '"take"' in command:
        variables["WORK"] = answer["id"]
    elif "credential" in answer:
        variables["CREDENTIAL"] = answer["credential"]
    elif answer.get("disputes"):
        variables["DISPUTE"] = answer["disputes"][0]["id"]
    elif "lists?name" in command:
        variables["LIST"] = answer["summary"]["id"]
    elif "next-steps/project" in command:
        variables["PROJECT"] = answer["steps"][-1]["projectId"]
    elif "project" in answer:
        variables["PROJECT"] = answer["id"]
    elif isinstance(answer.get("work"), dict):
        variables["VERSION"] = str(answer["work"]["version"])


def june(path: Path) -> None:
    """A workbook with a list in each of two sheets."""
    made = Workbook()
    made.active.title = "May"
    for one in (made.active, made.create_sheet("June")):
        one.append(["name", "project", "summary", "start", "end", "supervisor"])
        one.append([f"Cy of {one.title}", "Customer survey", "Asked.", "2026-02-02", "2026-03-06", "Kim Larsen"])
    made.save(path)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_every_line_works_as_written(sandbox: tuple[str, str], tmp_path: Path) -> None:
    base, key = sandbox
    variables = {
        "API": f"{base}/api/v1",
        "AUTH": f"Authorization: Bearer {key}",
        "JSON": "Content-Type: application/json",
        "HOME": str(tmp_path),
    }
    Image.new("RGB", (200, 200), "teal").save(tmp_path / "logo.png")
    june(tmp_path / "june.xlsx")
    answers = []
    for command in commands():
        status, body = settled(command, variables)
        assert status in (200, 201), command + body
        if body.startswith("{"):
            answers.append(json.loads(body))
            learn(command, answers[-1], variables)
    lists = [one for one in answers if "summary" in one]
    assert (lists[-1]["sheet"], lists[-1]["sheets"], lists[-1]["summary"]["good"]) == ("June", ["May", "June"], 1)
    done = [one for one in lists if one["summary"]["name"] == "june.csv"][-1]
    assert (done["summary"]["state"], done["summary"]["issued"], done["problems"]) == ("done", 2, [])
    wrong = [one for one in answers if "wanted" in one]
    assert [(one["state"], one["wanted"]["hours"]) for one in wrong] == [("open", "42"), ("answered", "42")]
    look = next(one for one in reversed(answers) if "accent" in one)
    assert (look["accent"], len(look["logoSha256"])) == ("#0b5d4c", 64)
    work = next(one for one in reversed(answers) if isinstance(one.get("work"), dict))
    assert len(answers) > 25
    assert work["work"]["state"] == "accepted"
    steps = next(one["steps"] for one in reversed(answers) if "steps" in one)
    assert [(one["kind"], one["state"]) for one in steps] == [("job", "sent"), ("project", "sent")]
    assert [one["invited"] for one in next(one["people"] for one in answers if "people" in one)] == [True]
    assert [one["state"] for one in next(one["references"] for one in answers if "references" in one)] == ["asked"]
    assert work["agreements"][-1]["state"] == "in force"
    assert (work["terms"]["compensation"], work["payment"]["reference"]) == ("EUR 500", "Invoice 17")
    _status, receipt = run('curl -s $API/work/$WORK/receipts/1 -H "$AUTH"', variables)
    verify = 'curl -s $API/verify -H "$JSON" -d \'{"credential": "\'$TOKEN\'"}\''
    report = json.loads(run(verify, variables | {"TOKEN": receipt})[1])
    assert (report["verdict"], report["state"]) == ("indeterminate", "TEST")


def test_the_page_shows_every_route(tmp_path: Path) -> None:
    service = open_sandbox(tmp_path / "data")
    rules = [rule.rule for rule in create_app(service).url_map.iter_rules()]
    service.close()
    wanted = {last_word(rule) for rule in rules if rule.startswith(tuple(f"/api/v1/{name}" for name in BEGINNINGS))}
    shown = {last_word(command.split(" -d ")[0]) for command in commands()}

    assert wanted - shown == NOT_SHOWN
    assert all(re.search(rf"/{name}\b", PAGE.read_text("utf-8")) for name in NOT_SHOWN)


def last_word(text: str) -> str:
    """The last word of a route or of a shown address that is neither an id nor a number."""
    path = re.search(r"(?:\$API|/api/v1)([^\s?\"]*)", text)
    assert path is not None, text
    return [part for part in path[1].split("/") if re.fullmatch(r"[a-z-]+", part)][-1]
