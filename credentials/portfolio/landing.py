"""The first page: what this is for, and in a demonstration the labelled samples to open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from credentials.core import strict_json
from credentials.core.errors import CredentialError
from credentials.portfolio.views import LandingView, SampleLink

SAMPLES_FILE = "demo.json"
LARGEST_FILE = 65_536
ART = f"/covers/{hashlib.sha256(b'landing').hexdigest()}.svg"

LABELS: Mapping[str, tuple[str, str]] = {
    "worked": ("From a project", "Posted, agreed, handed in, returned once, accepted here; signed by a second person."),
    "genuine": ("Genuine", "Signed, current, unchanged: what a hiring manager hopes to see."),
    "revoked": ("Revoked", "Withdrawn by its issuer. The page says who, when and why."),
    "expired": ("Expired", "Past its date. The signature is good and the work still happened."),
    "tampered": ("Tampered", "One digit was changed after signing. The page shows none of it."),
    "portfolio": ("Portfolio", "One person’s finished work, result first, seal second."),
    "board": ("Open projects", "What companies look for now, with pay and deadline."),
    "issuer": ("Issuer", "Who signed, how that was confirmed, and with which keys."),
}
TO_TRY = (
    "Save a screenshot of the genuine sample’s QR code and hand it to the check page.",
    "Copy the genuine sample’s signed data, change one letter anywhere, and check that.",
    "Type the 10-character code beside a QR code into the check page.",
)


def landing_view(data_dir: Path) -> LandingView:
    """The first page; the samples are those that a demonstration left in its data folder, if it did."""
    links = _links(data_dir / SAMPLES_FILE)
    samples = tuple(SampleLink(label, links[name], note) for name, (label, note) in LABELS.items() if name in links)
    return LandingView(ART, samples, TO_TRY if samples else (), links.get("portfolio"))


def _links(path: Path) -> dict[str, str]:
    """Label → path on this site. A file that cannot be read is no demonstration."""
    try:
        found = strict_json.parse_object(path.read_bytes(), max_bytes=LARGEST_FILE)
    except (OSError, CredentialError):
        return {}
    paths = {name: urlsplit(value).path for name, value in found.items() if isinstance(value, str)}
    return {name: path for name, path in paths.items() if path.startswith("/")}
