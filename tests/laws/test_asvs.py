"""The table of security requirements: each of the standard's numbers, with a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "site" / "docs" / "reference" / "asvs.md"
ROW = re.compile(r"^\| (?P<numbers>\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) [^|]+ \| [^|]+ \| (?P<tests>[^|]+) \|$")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
# How many requirements each section of OWASP ASVS 5.0.0 has, and which of them are of level 3 alone. Section 10 is
# for a client: there is no authorization server here.
SECTIONS: dict[str, tuple[int, tuple[int, ...]]] = {
    "1.1": (2, ()),
    "1.2": (10, (10,)),
    "1.3": (12, (12,)),
    "1.4": (3, ()),
    "1.5": (3, (3,)),
    "2.1": (3, ()),
    "2.2": (3, ()),
    "2.3": (5, (5,)),
    "2.4": (2, (2,)),
    "5.1": (1, ()),
    "5.2": (6, (4, 5, 6)),
    "5.3": (3, (3,)),
    "5.4": (3, ()),
    "6.1": (3, ()),
    "6.2": (12, ()),
    "6.3": (8, (5, 6, 7, 8)),
    "6.4": (6, (5, 6)),
    "6.5": (8, (6, 7, 8)),
    "6.6": (4, (4,)),
    "6.8": (4, ()),
    "7.1": (3, ()),
    "7.2": (4, ()),
    "7.3": (2, ()),
    "7.4": (5, ()),
    "7.5": (3, (3,)),
    "7.6": (2, ()),
    "8.1": (4, (3, 4)),
    "8.2": (4, (4,)),
    "8.3": (3, (2, 3)),
    "8.4": (2, (2,)),
    "10.1": (2, ()),
    "10.2": (3, (3,)),
    "10.5": (5, ()),
}


def rows() -> list[re.Match[str]]:
    """The rows of the page's tables, without their heads."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    found = [(line, ROW.match(line)) for line in lines if not line.startswith("| Requirement")]
    assert [line for line, match in found if match is None] == []
    return [match for _line, match in found if match]


def functions_of(path: Path) -> set[str]:
    """The names of the test functions of a file."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["numbers"])
def test_each_requirement_has_a_test_that_exists(row: re.Match[str]) -> None:
    named = NAMED.findall(row["tests"])

    assert named
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(ROOT / path)] == []


def wanted() -> set[str]:
    """The numbers of levels 1 and 2 in these sections."""
    return {
        f"{section}.{number}"
        for section, (last, of_level_3) in SECTIONS.items()
        for number in range(1, last + 1)
        if number not in of_level_3
    }


def test_each_requirement_of_levels_1_and_2_stands_once_and_no_other_does() -> None:
    numbers = [number for row in rows() for number in row["numbers"].split(", ")]

    assert sorted(numbers) == sorted(wanted())
