"""The policy of the front door is one page of the reference; here the page and the code are held together.

A row names the constant that holds its value: both must say the same. A cap that the code has and the page does not
state fails, and so does a code of refusal that the page leaves out, or that no hostile sample anywhere in the tests
meets.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest

import credentials.core
import credentials.verifier
from credentials.core.errors import registry
from credentials.core.linked_data import bundled_contexts

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "site" / "docs" / "reference" / "front-door.md").read_text(encoding="utf-8")
UNITS: Mapping[str, int | timedelta] = {
    "KiB": 1024, "MiB": 1024 * 1024, "seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1),
}  # fmt: skip
CAP = re.compile(r"^(_?(?:MAX|MIN|LONGEST)_?[A-Z_]*)\b[^=\n]*= ", re.MULTILINE)

NOT_CAPS = {
    "core.permutation.MAX_SIZE",  # how many status indexes an issuer may spread; nothing arrives there
    "verifier.outbound._LONGEST_RECEIPT",  # of the answer to a webhook or a question of ours, which is dropped
}
NOT_REFUSALS = {
    "nothing-given", "nothing-here", "not-recognised", "no-credential-at-link",  # what a person typed is no credential
    "bad-identifier",  # an address of our own
    "nothing-to-hide",  # said to an issuer
    "credential-withdrawn", "credential-on-hold", "only-a-test",  # verdicts about what was let in, in the VC API's form
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One choice: its rule, its value, the constant that holds it, the codes that a refusal carries, its source."""

    rule: str
    value: str
    constant: str
    codes: tuple[str, ...]
    source: str


def rows() -> Iterator[Row]:
    """Every row of every table of the page."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("| ") else []
        if len(cells) == 5 and cells[0] not in ("Rule", "---"):
            rule, value, constant, codes, source = cells
            yield Row(rule, value, constant.strip("`"), tuple(re.findall(r"`([^`]+)`", codes)), source)


ROWS = tuple(rows())
HELD = [row for row in ROWS if row.constant and not row.constant.endswith("()")]


@cache
def modules() -> Mapping[str, ModuleType]:
    """The modules of core and verifier by their name inside the package."""
    rooms = (credentials.core, credentials.verifier)
    names = [found.name for room in rooms for found in walk_packages(room.__path__, f"{room.__name__}.")]
    return {name.removeprefix("credentials."): import_module(name) for name in names}


def constant(name: str) -> Any:
    """What the code has under this dotted name."""
    module, _, attribute = name.rpartition(".")
    return getattr(modules()[module], attribute)


def stated(value: str) -> object:
    """What a cell says, as code has it."""
    if listed := re.findall(r"`([^`]+)`", value):
        return frozenset(listed)
    numbers = [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", value)]
    if len(numbers) > 1:
        return range(int(numbers[0]), int(numbers[-1]) + 1) if " to " in value else tuple(numbers)
    unit = value.rpartition(" ")[2]
    return UNITS[unit] * numbers[0] if unit in UNITS else numbers[0]


def in_code(value: Any) -> object:
    """A constant in the same terms: lists and tables of texts as the set of them, without "not there"."""
    if isinstance(value, str):
        return frozenset({value})
    listed = isinstance(value, tuple | frozenset) and any(isinstance(one, str) for one in value)
    if listed or isinstance(value, Mapping):
        return frozenset(value) - {None}
    return value


@pytest.mark.parametrize("row", HELD, ids=lambda row: row.constant)
def test_the_page_states_the_value_that_the_code_has(row: Row) -> None:
    assert stated(row.value) == in_code(constant(row.constant))


def test_every_choice_has_a_rule_and_a_source_and_every_constant_a_value() -> None:
    assert [row for row in ROWS if not row.rule or not row.source] == []
    assert [row for row in HELD if not row.value] == []
    assert [row for row in ROWS if row.value and not row.constant] == []
    assert len({row.constant for row in HELD}) == len(HELD) > 50


def test_every_cap_of_the_code_is_on_the_page() -> None:
    caps = {
        f"{name}.{cap}"
        for name, module in modules().items()
        for cap in CAP.findall(Path(str(module.__file__)).read_text(encoding="utf-8"))
    }
    assert sorted(caps - {row.constant for row in HELD} - NOT_CAPS) == []


def test_every_bundled_context_is_on_the_page_and_no_other() -> None:
    assert set(re.findall(r"^- `([^`]+)`$", PAGE, re.MULTILINE)) == set(bundled_contexts())


def test_every_refusal_is_on_the_page_and_no_other() -> None:
    full_names = {f"credentials.{name}" for name in modules()}
    refusals = {code for code, kind in registry().items() if kind.__module__ in full_names}
    told = {code for row in ROWS for code in row.codes}

    assert sorted(refusals - told - NOT_REFUSALS) == []
    assert sorted(told - refusals) == []


def test_a_sample_meets_every_refusal() -> None:
    own = Path(__file__)
    files = [path for path in (ROOT / "tests").rglob("*.py") if path != own and "node_modules" not in path.parts]
    vectors = list((ROOT / "tests" / "vectors").rglob("*.json"))
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files + vectors)
    kinds = registry()
    unmet = [
        code
        for row in ROWS
        for code in row.codes
        if not re.search(rf"(?<![\w-])(?:{code}|{kinds[code].__name__})(?![\w-])", texts)
    ]
    assert unmet == []
