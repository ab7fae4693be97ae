"""With all network taken away: what needs none gets the same verdicts, and what needs it says so.

In a network namespace of its own a process has no device but the loopback, and at first not even that.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.cases import corpus

pytestmark = pytest.mark.netns
ROOT = Path(__file__).parents[2]
NOTHING = ["unshare", "--user", "--map-root-user", "--net"]
LOOPBACK = [*NOTHING, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
NAMESPACES = {"nothing": NOTHING, "loopback": LOOPBACK}
in_each = pytest.mark.parametrize("namespace", NAMESPACES)


def said(where: list[str], what: str) -> dict[str, Any]:
    """What `without_network` says there."""
    command = [*where, sys.executable, "-m", "tests.hostile.without_network", what]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(autouse=True)
def _namespaces() -> None:
    if not shutil.which("unshare") or subprocess.run([*LOOPBACK, "true"], check=False).returncode:
        pytest.skip("no network namespaces here")


@pytest.fixture(scope="module")
def here() -> dict[str, Any]:
    return said([], "at-hand")


@in_each
def test_a_namespace_has_no_way_out(namespace: str) -> None:
    code = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 53))"
    run = subprocess.run(
        [*NAMESPACES[namespace], sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert "Network is unreachable" in run.stderr


@in_each
def test_what_is_at_hand_gets_the_same_verdicts(here: dict[str, Any], namespace: str) -> None:
    there = said(NAMESPACES[namespace], "at-hand")
    assert len(there) > len(corpus())
    assert {name: told for name, told in there.items() if told != here[name]} == {}


@in_each
def test_what_needs_the_network_says_so(namespace: str) -> None:
    found = said(NAMESPACES[namespace], "ask")
    states = {name: state for name, (state, _) in found.items()}
    for form in ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022"):
        assert states[f"a key that names itself, {form}"] == "GENUINE"
        assert states[f"a key that names itself, and a list, {form}"] == "CANT_CHECK"
        assert states[f"a domain, {form}"] == "NO_KEY"
        assert states[f"at the site, a stranger's {form}"] == "NO_KEY"
    assert states["at the site, token"] == states["at the site, embedded proof"] == "GENUINE"
    assert {code for state, code in found.values() if state in ("NO_KEY", "CANT_CHECK")} == {"host-unknown"}
