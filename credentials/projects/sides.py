"""The two pages of one engagement: the candidate's under /work, the company's in its console. Where each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.projects.parties import Party, Side


@dataclass(frozen=True, slots=True)
class Pages:
    """One side's pages: the pattern of their addresses, the parameter that has the id, the template around them."""

    side: Side
    base: str
    key: str
    frame: str

    def home(self, ids: Mapping[str, Any]) -> str:
        """The address of the engagement's page."""
        if self.side == "candidate":
            return f"/work/{ids[self.key]}"
        return f"/console/{ids['slug']}/work/{ids[self.key]}"


OWN: Final = Pages("candidate", "/work/<work_id>", "work_id", "own_frame.html")
COMPANY: Final = Pages("company", "/console/<slug>/work/<engagement_id>", "engagement_id", "desk.html")
PartyOf = Callable[[], Party]
"""Who asks, on one side."""
