"""The page of the reference about what people type: each value that it states is the value that the code has."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "site" / "docs" / "reference" / "input.md"
ROW = re.compile(r"^\| [^|]+ \| [^|]+ \| (?P<value>[\d,]+)(?P<unit> minutes)? \| `(?P<name>[\w.]+)` \|$", re.MULTILINE)
ROWS = list(ROW.finditer(PAGE.read_text(encoding="utf-8")))


def held(name: str) -> object:
    """What the code has under a dotted name: a constant of a module, or an entry of one."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            module = import_module(f"credentials.{'.'.join(parts[:cut])}")
        except ModuleNotFoundError:
            continue
        found = getattr(module, parts[cut])
        return found[parts[cut + 1]] if parts[cut + 1 :] else found
    raise AssertionError(name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_page_states_the_value_that_the_code_has(row: re.Match[str]) -> None:
    number = int(row["value"].replace(",", ""))

    assert held(row["name"]) == (timedelta(minutes=number) if row["unit"] else number)


def test_each_row_with_a_value_names_its_constant() -> None:
    with_values = [line for line in PAGE.read_text("utf-8").splitlines() if re.search(r"\| [\d,]+( minutes)? \|", line)]

    assert len(with_values) == len(ROWS) > 30
