"""Skills that come up often, to choose from while typing; and one spelling under which two of them are the same."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

COMMON_SKILLS: Final[tuple[str, ...]] = tuple(
    files("credentials.projects.posting").joinpath("skills.txt").read_text(encoding="utf-8").splitlines()
)
"""Suggestions only: a company may name any skill."""

FRAMEWORKS: Final = {
    "data.europa.eu": "ESCO",
    "ec.europa.eu": "ESCO",
    "esco.ec.europa.eu": "ESCO",
    "www.onetonline.org": "O*NET",
    "onetonline.org": "O*NET",
    "www.onetcenter.org": "O*NET",
    "services.onetcenter.org": "O*NET",
}
"""Hosts of the two frameworks' addresses of skills."""

_SPACES = re.compile(r"\s+")


def folded(text: str) -> str:
    """Text as it is searched and compared: no case, no accents, single spaces (Unicode NFKD, default case folding).

    What can't be printed, which databases don't all take, separates words.
    """
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    bare = "".join(char if char.isprintable() else " " for char in bare)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare.casefold())).strip()


def framework_of(address: str) -> str | None:
    """The framework that an address of a skill belongs to, or None for any other address.

    https, or the http addresses by which ESCO itself names its skills (http://data.europa.eu/esco/…).
    """
    try:
        parts = urlsplit(address)
        host, odd = parts.hostname or "", parts.port is not None or "@" in parts.netloc
    except ValueError:
        return None
    named_by_esco = address.startswith("http://data.europa.eu/esco/")
    return FRAMEWORKS.get(host) if (parts.scheme == "https" or named_by_esco) and not odd else None
