"""The rows of the award form: what was handed over, as a link or a file, and how well each skill was shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Protocol

import msgspec

from credentials.issuer.draft import Deliverable, Visibility
from credentials.issuer.lint import RATINGS, Finding

DELIVERABLES = 8
VISIBILITIES: tuple[Visibility, ...] = ("public", "link", "confidential")
_LONGEST_ID = 26


class Typed(Protocol):
    """What a form sent: one text by name, or all of a name."""

    def get(self, key: str, default: str) -> str:
        """The first text of a name."""
        ...

    def getlist(self, key: str) -> list[str]:
        """All texts of a name."""
        ...


class KeptFile(msgspec.Struct, frozen=True):
    """A file of an award. A form sends only its id; all else is looked up, and empty when there is no such file.

    `digest` as a credential states it (SRI), `url` is its address here.
    """

    id: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    digest: str = ""
    url: str = ""
    preview: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether there is such a file."""
        return bool(self.digest)


class TypedDeliverable(msgspec.Struct, frozen=True):
    """One row of what was handed over: a link, or a file."""

    name: str = ""
    url: str = ""
    visibility: str = "public"
    file: KeptFile | None = None

    def __str__(self) -> str:
        """What was typed, on a line."""
        file = self.file.name if self.file else ""
        return " ".join(filter(None, (self.name, self.url, file, f"({self.visibility})")))


class TypedRating(msgspec.Struct, frozen=True):
    """One rated skill, with the line on what was seen."""

    skill: str = ""
    level: str = ""
    reason: str = ""

    def __str__(self) -> str:
        """What was typed, on a line."""
        return f"{self.skill}: {self.level} ({self.reason})"


NO_FILES: Mapping[int, KeptFile] = {}


def typed_deliverables(typed: Typed, received: Mapping[int, KeptFile] = NO_FILES) -> Iterator[TypedDeliverable]:
    """Every row that was sent, empty ones too; `received` are files that came with it, by the number of their row."""
    columns = [typed.getlist(f"deliverable_{part}") for part in ("name", "url", "visibility", "kept")]
    removed = set(typed.getlist("deliverable_remove"))
    for number, (name, url, shown, kept) in enumerate(zip_longest(*columns, fillvalue="")):
        if number == DELIVERABLES:
            return
        before = KeptFile(kept[:_LONGEST_ID]) if kept and kept not in removed else None
        file = received.get(number, before)
        yield TypedDeliverable(name.strip() or (file.name if file else ""), url.strip(), shown, file)


def typed_ratings(typed: Typed) -> Iterator[TypedRating]:
    """The rows that are not empty; one with a level alone is told as incomplete."""
    columns = [typed.getlist(f"rating_{part}") for part in ("skill", "level", "reason")]
    rows = [TypedRating(*(text.strip() for text in row)) for row in zip_longest(*columns, fillvalue="")]
    return iter([row for row in rows[:RATINGS] if row != TypedRating()])


def signable(row: TypedDeliverable) -> Deliverable:
    """A row as it goes into a draft."""
    file = row.file
    if file is None or not file.is_whole:
        return Deliverable(row.name, shown_to(row), row.url or None)
    return Deliverable(row.name, shown_to(row), file.url, file.digest, file.media_type, file.size)


def shown_to(row: TypedDeliverable) -> Visibility:
    """Who may see a deliverable: the parties alone, where the form says nothing that there is."""
    return next((one for one in VISIBILITIES if one == row.visibility), "confidential")


def row_problems(deliverables: Iterable[TypedDeliverable], ratings: Iterable[TypedRating]) -> Iterator[Finding]:
    """What is wrong with rows and is nothing that the issuer's own rules know of."""
    for row in deliverables:
        name = f"“{row.name}”" if row.name else "A deliverable"
        if row.file is not None and not row.file.is_whole:
            yield _found("deliverables", f"The file of {name} is not there any more.", "Upload it again.")
        elif row.file is not None and row.url:
            yield _found("deliverables", f"{name} has both a file and a link.", "Keep one of them.")
    if any(not (one.skill and one.level and one.reason) for one in ratings):
        advice = "Give each skill a level and a line on what you saw, or empty its row."
        yield _found("ratings", "A rating is not complete.", advice)


def _found(field: str, problem: str, advice: str) -> Finding:
    return Finding("error", field, "", problem, advice, "row-incomplete")
