"""A good draft to change one thing of."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from credentials.issuer.draft import Deliverable, Draft

GOOD = Draft(
    recipient_name="Nkechi Obi",
    recipient_email="nkechi.obi@example.net",
    project_title="Price survey of 60 corner shops",
    summary="Visited 60 shops, recorded 14 prices in each, and mapped the result.",
    deliverables=(Deliverable("Data set"), Deliverable("Field notes", "confidential")),
    skills=("field research", "cartography"),
    started_on=date(2026, 3, 2),
    ended_on=date(2026, 3, 11),
    hours=Decimal("38.5"),
    supervisor_name="Ruth Adeyemi",
    supervisor_words="Careful work.",
    evidence_url="https://work.example.net/p/1",
)


def draft(**changes: Any) -> Draft:
    """The good draft with some fields changed."""
    return replace(GOOD, **changes)
