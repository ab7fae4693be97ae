"""The four levels on which a skill is rated, each anchored in what a supervisor saw somebody do. Pure.

A level says how much guidance the work took and not how good a person is, so two supervisors who saw the same work
choose the same one. In a credential a level is one line: `3 of 4, works independently`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Anchor:
    """One level: `number` 1 to 4, its name, and what somebody on it did."""

    number: int
    name: str
    behaviour: str

    @property
    def words(self) -> str:
        """The level as it stands in a credential."""
        return f"{self.number} of 4, {self.name.lower()}"


ANCHORS: Final = (
    Anchor(1, "Needs guidance", "Did parts of it when shown how. Somebody had to check each step."),
    Anchor(2, "Works with support", "Did the usual parts alone, and asked when something new came up."),
    Anchor(3, "Works independently", "Did all of it alone, checked the work, and solved what came up."),
    Anchor(4, "Leads others", "Did more than was asked. Others here could learn from how it was done."),
)
BY_NUMBER: Final[Mapping[str, Anchor]] = MappingProxyType({str(one.number): one for one in ANCHORS})
"""Each level by the digit that a form sends."""
