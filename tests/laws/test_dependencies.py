"""What is declared is used, what is used is declared, and everything has an upper bound."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.laws.source_tree import SourceTree

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Where the name that is imported differs from the name that is installed.
IMPORTED_AS = {"dnspython": "dns", "pillow": "PIL", "pyjwt": "jwt", "pynacl": "nacl", "zxing-cpp": "zxingcpp"}
# What a framework is made of and hands out in its own interface, so that it comes with it.
COMES_WITH = {"werkzeug": "flask", "markupsafe": "flask", "jinja2": "flask", "urllib3": "requests-hardened"}
COMES_WITH |= {"requests": "requests-hardened", "wtforms": "flask-wtf", "_typeshed": "mypy"}
# Loaded by SQLAlchemy, by the rate limits and by the keyring when a setting names them.
BY_SETTING = {"psycopg", "redis", "pkcs11", "boto3", "botocore"}


def names(requirements: list[str]) -> set[str]:
    """The installed names of requirements."""
    return {re.split(r"[\[>=<~! ]", requirement)[0].lower() for requirement in requirements}


def imported() -> set[str]:
    """Top-level names of everything that the package imports from outside the standard library."""
    tree = SourceTree.of(ROOT / "credentials")
    return set().union(*(module.outside() for module in tree)) - set(sys.stdlib_module_names) - {"__future__"}


def module_of(name: str) -> str:
    """The module that an installed name is imported as."""
    return IMPORTED_AS.get(name, name.replace("-", "_"))


def test_every_dependency_is_used() -> None:
    found = imported()
    unused = {name for name in names(PROJECT["dependencies"]) if module_of(name) not in found}

    assert unused == set()


def test_everything_used_is_declared() -> None:
    declared = {module_of(name) for name in names(PROJECT["dependencies"])}

    assert imported() - declared - COMES_WITH.keys() - BY_SETTING == set()


ALL = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]


@pytest.mark.parametrize("requirement", ALL)
def test_every_dependency_has_both_bounds(requirement: str) -> None:
    assert re.search(r">=[\d.]+,<[\d.]+$", requirement)


def test_the_lock_pins_every_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {name.lower() for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", lock, re.MULTILINE)}

    assert names(ALL) - pinned == set()
