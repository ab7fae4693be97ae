"""The form of a submission: files and links for each deliverable of the terms, a note, every problem by its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from credentials.console.award_form import Problem
from credentials.core.plain_text import is_plain_line
from credentials.projects.terms import Terms

LINKS: Final = 5
"""How many files and links, taken together, one deliverable may have."""
_LONGEST_LINK: Final = 1000
_LONGEST_NOTE: Final = 4000
_GIVE: Final = "Give a file or a link."


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
    """What was typed and sent: a note, and the links and files (by id) of each deliverable by its place (from 0)."""

    note: str = ""
    links: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def of(self, deliverable: int) -> tuple[str, ...]:
        """The links of one deliverable."""
        return self.links.get(deliverable, ())

    def files_of(self, deliverable: int) -> tuple[str, ...]:
        """The ids of one deliverable's files."""
        return self.files.get(deliverable, ())

    def count(self, deliverable: int) -> int:
        """How many things are there for one deliverable."""
        return len(self.of(deliverable)) + len(self.files_of(deliverable))

    @property
    def every_file(self) -> tuple[str, ...]:
        """The ids of all files."""
        return tuple(one for place in sorted(self.files) for one in self.files[place])


def read_handed_in(typed: Typed, count: int) -> HandedIn:
    """What was typed for the terms' `count` deliverables: a link a line, each once; files that came before, but for
    those that are to be left out.
    """
    links = {place: tuple(_lines(typed.get(f"links_{place}", ""))) for place in range(count)}
    dropped = set(typed.getlist("drop"))
    files = {
        place: tuple(dict.fromkeys(one for one in typed.getlist(f"files_{place}") if one not in dropped))
        for place in range(count)
    }
    return HandedIn(typed.get("note", "").replace("\r\n", "\n").strip(), links, files)


def _lines(text: str) -> Iterator[str]:
    yield from dict.fromkeys(line for one in text.splitlines() if (line := one.strip()))


def judge(handed_in: HandedIn, terms: Terms, accepted: Collection[int] = ()) -> list[Problem]:
    """Everything that keeps it from being handed in. Deliverables that are `accepted` need nothing new."""
    found = [problem for place in range(len(terms.deliverables)) for problem in _links(handed_in, terms, place)]
    for place, one in enumerate(terms.deliverables):
        if place not in accepted and not handed_in.count(place):
            found.append(Problem(f"links_{place}", f"Nothing is there for “{one.name}”.", _GIVE))
    if not any(handed_in.count(place) for place in range(len(terms.deliverables))) and not found:
        found.append(Problem("links_0", "Nothing is handed in.", _GIVE))
    texts_show = all(is_plain_line(line) for line in handed_in.note.split("\n"))
    if len(handed_in.note) > _LONGEST_NOTE or not texts_show:
        found.append(Problem("note", "This note can’t be used.", f"At most {_LONGEST_NOTE} plain characters."))
    return found


def _links(handed_in: HandedIn, terms: Terms, place: int) -> Iterator[Problem]:
    name, links = terms.deliverables[place].name, handed_in.of(place)
    if handed_in.count(place) > LINKS:
        advice = f"At most {LINKS} files and links: put many files into one archive."
        yield Problem(f"links_{place}", f"“{name}” has too many parts.", advice)
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
