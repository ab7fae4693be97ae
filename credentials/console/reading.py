"""How an uploaded list is read: of which sheet, which column is what, the order of dates, the cells put right in it.

The file stays as it was uploaded. What a person says of its columns is remembered for the next list with the same
headings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from credentials.issuer.bulk.dates import Order
from credentials.issuer.bulk.fields import FIELDS, fold
from credentials.issuer.bulk.plan import BulkPlan, plan

LONGEST_CELL = 4000
_FIX = re.compile(r"fix-(\d{1,6})-(\d{1,3})")


class Reading(msgspec.Struct, frozen=True):
    """`mapping`: from field to heading, empty for none; `fixes`: by row and place.

    `sheet`: of a workbook, the one that is read; `sheets`: those that people see in it, to choose from.
    """

    mapping: dict[str, str] = {}
    date_format: Order | None = None
    fixes: dict[int, dict[int, str]] = {}
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def columns(self) -> Reading:
        """What holds for the next list too."""
        return Reading(self.mapping, self.date_format)

    def kept(self) -> str:
        """As it is stored."""
        return msgspec.json.encode(self).decode()

    def plan(self, file: Path | bytes) -> BulkPlan:
        """How the file will be read. Raises as `credentials.issuer.bulk.plan.plan` does."""
        return replace(plan(file, self.mapping or None, self.date_format), fixes=self.fixes)

    def with_fixes(self, fixes: Mapping[int, Mapping[int, str]]) -> Reading:
        """With more cells put right."""
        merged = {row: dict(cells) for row, cells in self.fixes.items()}
        for row, cells in fixes.items():
            merged.setdefault(row, {}).update(cells)
        return msgspec.structs.replace(self, fixes=merged)


def restored(text: str) -> Reading:
    """A reading that was stored."""
    return msgspec.json.decode(text, type=Reading)


def headings_digest(titles: Iterable[str]) -> str:
    """The same for lists with the same headings, however they are typed; their order counts."""
    return hashlib.sha256("\0".join(map(fold, titles)).encode()).hexdigest()


def read_mapping(titles: Iterable[str], chosen: Iterable[str], date_format: str, of: Reading | None = None) -> Reading:
    """What a person chose for each column, in order: a field's name, or nothing. Fields of no column have none.

    `of`: how the list was read so far. Its sheet stays; what was put right in its cells does not.
    """
    told = {field: title for title, field in zip(titles, chosen, strict=False) if field in FIELDS}
    order: Order | None = "dmy" if date_format == "dmy" else "mdy" if date_format == "mdy" else None
    before = of or Reading()
    mapping = {field: told.get(field, "") for field in FIELDS}
    return Reading(mapping, order, sheet=before.sheet, sheets=before.sheets)


def read_fixes(form: Mapping[str, str], before: Mapping[int, list[str]]) -> dict[int, dict[int, str]]:
    """The cells that a form changed, of rows that may be changed (`before`: their cells now)."""
    fixes: dict[int, dict[int, str]] = {}
    for name, text in form.items():
        found = _FIX.fullmatch(name)
        row, place = (int(found[1]), int(found[2])) if found else (0, 0)
        if row in before and place < len(before[row]) and before[row][place] != text.strip():
            fixes.setdefault(row, {})[place] = text.strip()[:LONGEST_CELL]
    return fixes
