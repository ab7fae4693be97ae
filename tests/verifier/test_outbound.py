"""The outbound client. Its hostile world (`outbound_*cases`) runs once, in a network namespace with nothing real."""

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from credentials.verifier.errors import AddressRefused, LocationRefused, NotHttps
from credentials.verifier.outbound import OutboundClient
from tests.verifier.outbound_world import OWN_EVERY_ADDRESS

CASES = [Path(__file__).with_name(name) for name in ("outbound_cases.py", "outbound_post_cases.py")]
ROOT = Path(__file__).parents[2]
NAMES = [
    node.name
    for cases in CASES
    for node in ast.parse(cases.read_text()).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
]
ALONE = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", f'{OWN_EVERY_ADDRESS} && exec "$@"', "sh"]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """How often each case passed, failed or was skipped."""
    folder = tmp_path_factory.mktemp("outbound")
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"], check=False).returncode:
        pytest.skip("no network namespaces here")
    report = folder / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'inner'}", f"--junitxml={report}"]
    command = [*ALONE, sys.executable, "-m", "pytest", *map(str, CASES), *options]
    environment = {**os.environ, "RES_OPTIONS": "timeout:1 attempts:1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    sys.stdout.write(run.stdout)
    return _read(report)


def _read(report: Path) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own report
        outcome = case[0].tag if len(case) else "passed"
        found.setdefault(case.get("name", "").partition("[")[0], Counter())[outcome] += 1
    return found


@pytest.mark.netns
@pytest.mark.parametrize("name", NAMES)
def test_in_a_network_of_its_own(outcomes: dict[str, Counter[str]], name: str) -> None:
    assert set(outcomes[name]) == {"passed"}, outcomes[name]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://issuer.example/", NotHttps),
        ("https://127.0.0.1/", AddressRefused),
        ("https://issuer.example:22/", LocationRefused),
    ],
)
def test_refused_before_any_lookup(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        OutboundClient(lookup=lambda _host, _port: pytest.fail("looked up")).get(url, accept="*/*")


def test_a_bad_file_of_authorities_shows_at_start(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(OSError):
        OutboundClient(authorities=tmp_path / "empty.pem")
    with pytest.raises(FileNotFoundError):
        OutboundClient(authorities=tmp_path / "missing.pem")
