"""Who can be stepped into, and where each of them has something to do: written down once, beside the demo's links."""

from __future__ import annotations

from pathlib import Path

import msgspec

from credentials.cli.demo_drafts import NORTHWIND
from credentials.cli.demo_story.scenes import Told
from credentials.cli.demo_story.words import DANA, ROBIN, RUTH, ZOE

TOUR_FILE = "tour.json"


class Stop(msgspec.Struct, frozen=True):
    """Something to do: what, and the path of its page."""

    label: str
    path: str


class Role(msgspec.Struct, frozen=True):
    """Somebody to step into. `address` is whose account it is; empty for a visitor without one."""

    name: str
    part: str
    address: str
    stops: tuple[Stop, ...]


def tour(told: Told, portfolio: str) -> tuple[Role, ...]:
    """The roles and their stops. `portfolio` is a path."""
    desk, credential = f"/console/{NORTHWIND.slug}", f"/c/{told.credential}"
    return (
        Role(
            DANA.name,
            "Supervisor at Northwind Bakeries: writes projects, reviews work, pays.",
            DANA.address,
            (
                Stop("See what waits for her", desk),
                Stop("Compare three applicants", f"{desk}/projects/{told.open_project}/applicants"),
                Stop("Review what Amara handed in", f"{desk}/work/{told.handed_in}/review"),
                Stop("See how Zoë’s pay was settled", f"{desk}/work/{told.finished}/pay"),
                Stop("Offer Zoë a further project", f"{desk}/work/{told.finished}/next"),
                Stop("See where people may ask her", "/references"),
            ),
        ),
        Role(
            RUTH.name,
            "Second signer at Northwind Bakeries: nobody there signs what they wrote themselves.",
            RUTH.address,
            (
                Stop("Sign what Dana wrote", f"{desk}/awards/{told.award}"),
                Stop("See what was issued", f"{desk}/issued"),
            ),
        ),
        Role(
            ZOE.name,
            "Candidate: finished one project and was paid for it, works on another, applied for a third.",
            ZOE.address,
            (
                Stop("See her work", "/work"),
                Stop("Answer a change of terms", f"/work/{told.under_way}"),
                Stop("Hand something in", f"/work/{told.under_way}/deliver"),
                Stop("Answer the offer of a job", f"/work/{told.finished}#next-steps"),
            ),
        ),
        Role(
            ROBIN.name,
            "Operator: runs this service and handles reports.",
            ROBIN.address,
            (Stop("See the service at a glance", "/operator"), Stop("Handle a report", "/operator/reports")),
        ),
        Role(
            "A hiring manager",
            "Has no account, and needs none.",
            "",
            (
                Stop("Open Zoë’s portfolio", portfolio),
                Stop("Check her newest credential", credential),
                Stop("Ask its reference a question", f"{credential}/ask"),
            ),
        ),
    )


def keep(data_dir: Path, roles: tuple[Role, ...]) -> None:
    """Write the tour into the data folder."""
    (data_dir / TOUR_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(roles), indent=2) + b"\n")


def kept(data_dir: Path) -> tuple[Role, ...]:
    """The tour of a data folder; none where there is no such file."""
    path = data_dir / TOUR_FILE
    return msgspec.json.decode(path.read_bytes(), type=tuple[Role, ...]) if path.exists() else ()
