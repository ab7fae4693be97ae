"""The form of a submission: links for each deliverable of the terms, and a note, with every problem by its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from credentials.console.award_form import Problem
from credentials.core.plain_text import is_plain_line
from credentials.projects.terms import Terms

LINKS: Final = 5
"""How many links one deliverable may have."""
_LONGEST_LINK: Final = 1000
_LONGEST_NOTE: Final = 4000


class Typed(Protocol):
    """What a form sent: one text by name, or all of a name."""

    def get(self, key: str, default: str) -> str:
        """The first text of a name."""
        ...

    def getlist(self, key: str) -> list[str]:
        """All texts of a name."""
        ...


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was typed: a note, and the links of each deliverable by its place (from 0)."""

    note: str = ""
    links: Mapping[int, tuple[str, ...]] | None = None

    def of(self, deliverable: int) -> tuple[str, ...]:
        """The links of one deliverable."""
        return (self.links or {}).get(deliverable, ())


def read_handed_in(typed: Typed, count: int) -> HandedIn:
    """What was typed for the terms' `count` deliverables: a link a line, each once."""
    links = {place: tuple(_lines(typed.get(f"links_{place}", ""))) for place in range(count)}
    return HandedIn(typed.get("note", "").replace("\r\n", "\n").strip(), links)


def _lines(text: str) -> Iterator[str]:
    yield from dict.fromkeys(line for one in text.splitlines() if (line := one.strip()))


def judge(handed_in: HandedIn, terms: Terms, accepted: Collection[int] = ()) -> list[Problem]:
    """Everything that keeps it from being handed in. Deliverables that are `accepted` need nothing new."""
    found = [problem for place in range(len(terms.deliverables)) for problem in _links(handed_in, terms, place)]
    for place, one in enumerate(terms.deliverables):
        if place not in accepted and not handed_in.of(place):
            found.append(Problem(f"links_{place}", f"Nothing is there for “{one.name}”.", "Give at least one link."))
    if not any(handed_in.of(place) for place in range(len(terms.deliverables))) and not found:
        found.append(Problem("links_0", "Nothing is handed in.", "Give at least one link."))
    texts_show = all(is_plain_line(line) for line in handed_in.note.split("\n"))
    if len(handed_in.note) > _LONGEST_NOTE or not texts_show:
        found.append(Problem("note", "This note can’t be used.", f"At most {_LONGEST_NOTE} plain characters."))
    return found


def _links(handed_in: HandedIn, terms: Terms, place: int) -> Iterator[Problem]:
    name, links = terms.deliverables[place].name, handed_in.of(place)
    if len(links) > LINKS:
        yield Problem(f"links_{place}", f"“{name}” has too many links.", f"At most {LINKS}: a folder is one link.")
    elif not all(map(is_link, links)):
        yield Problem(
            f"links_{place}", f"A link of “{name}” can’t be used.", "Give addresses that begin with https://."
        )


def is_link(text: str) -> bool:
    """Whether text is an https address with a host, without a user name, spaces or hidden characters."""
    if len(text) > _LONGEST_LINK or not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and port != 0
