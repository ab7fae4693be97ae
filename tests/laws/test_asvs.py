"""The table of security requirements: each row has a number of its own chapter and a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "site" / "docs" / "reference" / "asvs.md"
ROW = re.compile(r"^\| (?P<numbers>\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) [^|]+ \| [^|]+ \| (?P<tests>[^|]+) \|$")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
CHAPTERS = ("2", "6", "7", "8")


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


def test_each_number_stands_once_and_each_chapter_has_some() -> None:
    numbers = [number for row in rows() for number in row["numbers"].split(", ")]

    assert sorted(numbers) == sorted(set(numbers))
    assert {number.partition(".")[0] for number in numbers} == set(CHAPTERS)
    assert len(numbers) > 40
