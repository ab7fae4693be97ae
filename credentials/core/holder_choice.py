"""A holder's choice in plain words: what can be left out of an SD-JWT, and which disclosures a choice keeps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from credentials.core.disclosable import Part, parts
from credentials.core.errors import NothingToHide
from credentials.core.sd_jwt.presenting import opened
from credentials.core.sd_jwt.serialised import SdJwt


def offers(sd_jwt: SdJwt) -> tuple[Part, ...]:
    """All that can be left out: our own parts by their names, whatever else there is by its JSON pointer.

    Raises as `opened`.
    """
    unveiled = opened(sd_jwt)
    places = [place.pointer for place in unveiled.places]
    told: list[Part] = []
    for part in parts(unveiled.payload):
        pointers = tuple([pointer for pointer in part.pointers if pointer in places])
        if pointers:
            told.append(Part(part.name, part.words, pointers))
    named = {pointer for part in told for pointer in part.pointers}
    others = [Part(pointer, pointer.rpartition("/")[2], (pointer,)) for pointer in places if pointer not in named]
    return (*told, *others)


def kept(offered: Sequence[Part], *, keep: Collection[str] = (), without: Collection[str] = ()) -> frozenset[str]:
    """The JSON pointers to keep, for what a holder named: only `keep`, or all but `without`.

    Both take a part's name, or a JSON pointer of one of its disclosures. Raises NothingToHide for what is not offered.
    """
    pointers = {pointer for part in offered for pointer in part.pointers}
    named = {name: _pointers(offered, name, pointers) for name in (*keep, *without)}
    chosen = {pointer for name in keep for pointer in named[name]} if keep else pointers
    return frozenset(chosen - {pointer for name in without for pointer in named[name]})


def _pointers(offered: Sequence[Part], name: str, pointers: Collection[str]) -> tuple[str, ...]:
    for part in offered:
        if name == part.name:
            return part.pointers
    if name not in pointers:
        raise NothingToHide(f"nothing in it is named {name[:80]!r}")
    return (name,)
