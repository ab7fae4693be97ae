"""Which column holds which field: what the person said with `--map` first, then what the headings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from credentials.issuer.bulk.errors import ColumnAmbiguous, ColumnMissing, HeadingNotFound, MappingWrong
from credentials.issuer.bulk.fields import FIELDS, REQUIRED, fold, guess
from credentials.issuer.characters import visible

__all__ = ["Columns", "columns_of"]

_ALONE_A_FULL_NAME = frozenset({"nombre", "nom"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The heading as in the file, the place of each field in it, and the places that hold no field."""

    heading: tuple[str, ...]
    places: Mapping[str, int]
    unknown: tuple[int, ...]

    def title(self, field: str) -> str:
        """The heading of a field as in the file; the field's own name when it has no column."""
        place = self.places.get(field)
        return field if place is None else visible(self.heading[place])


def columns_of(heading: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """Decide on every column. `mapping` goes from field to heading; an empty heading means that no column is used.

    Raises MappingWrong, HeadingNotFound, ColumnAmbiguous or ColumnMissing.
    """
    titles = _trimmed(heading)
    told = _told(titles, mapping or {})
    guessed = _guessed(titles, told)
    if not told and not guessed:
        raise HeadingNotFound(f"it reads: {visible(', '.join(titles))}")
    places = {field: place for field, place in (told | _single(titles, guessed)).items() if place >= 0}
    _full_name(titles, places)
    _refuse_missing(places)
    used = set(places.values())
    unknown = tuple(place for place in range(len(titles)) if place not in used)
    return Columns(titles, places, unknown)


def _trimmed(heading: Sequence[str]) -> tuple[str, ...]:
    """The headings without white space, and without the empty ones that spreadsheets add at the end."""
    titles = [" ".join(title.split()) for title in heading]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _told(titles: tuple[str, ...], mapping: Mapping[str, str]) -> dict[str, int]:
    """The places that `--map` names; -1 for a field that shall have no column."""
    told: dict[str, int] = {}
    for name, title in mapping.items():
        field = name if name in FIELDS else guess(name)
        if field is None:
            raise MappingWrong(f"there is no field {visible(name)}; fields are {', '.join(FIELDS)}")
        if field in told:
            raise MappingWrong(f"{field} is mapped twice")
        told[field] = _find(titles, " ".join(title.split())) if title.strip() else -1
    places = [place for place in told.values() if place >= 0]
    if len(set(places)) < len(places):
        raise MappingWrong("one column is mapped to two fields")
    return told


def _find(titles: tuple[str, ...], wanted: str) -> int:
    same = [place for place, title in enumerate(titles) if title == wanted]
    alike = same or [place for place, title in enumerate(titles) if title and fold(title) == fold(wanted)]
    if not alike:
        raise MappingWrong(f"the file has no column {visible(wanted)}; it has {visible(', '.join(titles), 400)}")
    if len(alike) > 1:
        raise MappingWrong(f"several columns are headed {visible(wanted)}; give them different headings")
    return alike[0]


def _guessed(titles: tuple[str, ...], told: Mapping[str, int]) -> dict[str, list[int]]:
    taken = set(told.values())
    guessed: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        field = None if place in taken else guess(title)
        if field is not None and field not in told:
            guessed.setdefault(field, []).append(place)
    return guessed


def _single(titles: tuple[str, ...], guessed: Mapping[str, list[int]]) -> dict[str, int]:
    for field, places in guessed.items():
        if len(places) > 1:
            names = " and ".join(visible(titles[place]) for place in places)
            raise ColumnAmbiguous(f"{names} both look like {field}")
    return {field: places[0] for field, places in guessed.items()}


def _full_name(titles: tuple[str, ...], places: dict[str, int]) -> None:
    """ "Nombre" or "Nom" alone is the whole name; beside the other part, one half of it."""
    halves = [field for field in ("given_name", "family_name") if field in places]
    if "recipient_name" in places or len(halves) != 1:
        return
    if fold(titles[places[halves[0]]]) in _ALONE_A_FULL_NAME:
        places["recipient_name"] = places.pop(halves[0])


def _refuse_missing(places: Mapping[str, int]) -> None:
    missing = [field for field in REQUIRED if field not in places]
    if "given_name" in places and "family_name" in places:
        missing = [field for field in missing if field != "recipient_name"]
    if missing:
        raise ColumnMissing(f"no column was found for {', '.join(missing)}")
