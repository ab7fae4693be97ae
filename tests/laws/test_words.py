"""What no file of the project may say: the host of a package registry, or a path of somebody's machine."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in two halves so that this file keeps the law it states.
REGISTRY_HOSTS = tuple(
    f"{name}.{end}"
    for name, end in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("golang", "org"),
        ("crates", "io"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("anaconda", "org"),
        ("deb.debian", "org"),
    )
)
HOSTS = re.compile(r"(?<![\w-])(?:[\w-]+\.)*(?:" + "|".join(re.escape(host) for host in REGISTRY_HOSTS) + r")(?![\w-])")
MACHINE_PATHS = re.compile(
    r"(?<![\w.~:/-])/(?:work/(?:main|shared)|root|home/[\w.-]+|Users/[\w.-]+)/\w|(?<!\w)\.\./" + "shared/"
)


def breaches(text: str) -> list[str]:
    """The forbidden words of a text, in their order."""
    return [match.group() for law in (HOSTS, MACHINE_PATHS) for match in law.finditer(text)]


def texts() -> Iterator[tuple[str, str]]:
    """Every text file under version control, and every new one that is not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git working tree")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = {name: words for name, text in texts() if (words := breaches(text))}

    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        *(f'"resolved": "https://registry.{host}/a.tgz"' for host in REGISTRY_HOSTS),
        *(f"see {host}." for host in REGISTRY_HOSTS),
        "open('/" + "work/main/a.py')",
        "cd /" + "root/project",
        "/" + "home/alice/project",
        "data in .." + "/shared/data",
    ],
)
def test_breaches_are_seen(text: str) -> None:
    assert breaches(text)


@pytest.mark.parametrize(
    "text",
    ["https://northwind.example/work/1", "the work/life balance", "/home/", "not" + "pypi.orgs", "frameworks/root/x"],
)
def test_neighbours_are_let_pass(text: str) -> None:
    assert breaches(text) == []


def test_the_lock_has_hashes_and_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", lock, re.MULTILINE)

    assert len(pins) > 50
    assert "://" not in lock
    assert all(re.search(rf"^{re.escape(pin)}[^\n]*\\\n +--hash=sha256:", lock, re.MULTILINE) for pin in pins)
