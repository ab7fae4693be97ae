"""Nothing in a document can be changed, taken away or added without its canonical form changing too."""

from typing import Any

import pytest

from credentials.core.errors import CredentialError
from credentials.core.linked_data import canonical_nquads
from tests.core.linked_data.test_reading import BASE, Json, changed


def pointers(value: Any, here: str = "") -> list[str]:
    """Every place in `value` but the contexts."""
    if not isinstance(value, dict | list):
        return [here]
    items = enumerate(value) if isinstance(value, list) else value.items()
    below = [place for name, item in items if name != "@context" for place in pointers(item, f"{here}/{name}")]
    return [here, *below] if here else below


def at(pointer: str) -> Any:
    """What stands there in the base."""
    found: Any = BASE
    for part in pointer.split("/")[1:]:
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def covers(document: Json) -> bool:
    """Whether a signature over the base would notice that it became this document."""
    try:
        return canonical_nquads(document) != canonical_nquads(BASE)
    except CredentialError:
        return True


PLACES = pointers(BASE)
OTHERS: tuple[object, ...] = (
    "another", "urn:another", 7, 7.5, True, None, [], {}, ["another"], {"id": "urn:another"}, {"name": "another"},
)  # fmt: skip


@pytest.mark.parametrize("pointer", PLACES)
def test_no_place_can_be_changed_unnoticed(pointer: str) -> None:
    for other in OTHERS:
        assert covers(changed([[pointer, other]])), other


@pytest.mark.parametrize("pointer", [place for place in PLACES if not place.rpartition("/")[2].isdigit()])
def test_no_member_can_be_taken_away_or_renamed_unnoticed(pointer: str) -> None:
    parent, _, name = pointer.rpartition("/")
    assert covers(changed([[pointer, "DELETE"]]))
    whole = f"https:~1~1www.w3.org~12018~1credentials#{name}"
    for other in (name.title(), f"{name} ", f"@{name}", f"cred:{name}", whole):
        assert covers(changed([[f"{parent}/{other}", at(pointer)], [pointer, "DELETE"]])), other


@pytest.mark.parametrize("pointer", ["", *(place for place in PLACES if isinstance(at(place), dict))])
def test_nothing_can_be_added_unnoticed(pointer: str) -> None:
    known = {name for place in PLACES for name in place.split("/") if name}
    missing = [
        name
        for name in known | {"grade", "@id", "urn:x", "x y", "...", "_sd"}
        if not name.isdigit() and (not pointer or name not in at(pointer))
    ]
    assert missing
    for name in set(missing) - (BASE.keys() if not pointer else set()):
        assert covers(changed([[f"{pointer}/{name}", "urn:added"]])), name
