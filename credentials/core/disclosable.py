"""Which parts of our own credentials a candidate may leave out, and what each is called in plain words.

The person, each piece of evidence (a deliverable, the supervisor's words, the link to the work) and each result (hours,
pay, a rating) are disclosed one by one: each is an element of an array. A result and its description are two elements
and one part: neither means anything without the other. So are the supervisor's words and the endorsement that says them
again. All else stays: without it there is no credential.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

import msgspec

from credentials.core.micro_internship import (
    AGREEMENT,
    COMPENSATION,
    DELIVERABLE,
    EVIDENCE_LINK,
    RATING,
    SUPERVISOR_WORDS,
)

IDENTIFIERS: Final = "/credentialSubject/identifier"
RESULTS: Final = "/credentialSubject/result"
DESCRIPTIONS: Final = "/credentialSubject/achievement/resultDescription"
EVIDENCE: Final = "/evidence"
ENDORSEMENTS: Final = "/endorsementJwt"

_KINDS: Final = {
    DELIVERABLE: "deliverable",
    EVIDENCE_LINK: "link",
    AGREEMENT: "agreement",
    SUPERVISOR_WORDS: "words",
    RATING: "reason",
}
_WORDS: Final = {
    "deliverable": "Deliverable",
    "link": "Link to the work",
    "agreement": "Digest of",
    "words": "Words of",
    "reason": "Reason for the rating of",
}


class Part(msgspec.Struct, frozen=True):
    """One thing that may be left out. `name` is typed by people: unique in a credential, lower case, no spaces.

    `words` say what it is; `pointers` are the JSON pointers of all that belongs to it.
    """

    name: str
    words: str
    pointers: tuple[str, ...]


def disclosable(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The JSON pointers of all that may be left out of `document`, ours or shaped like ours."""
    return tuple([
        f"{array}/{number}"
        for array in (IDENTIFIERS, RESULTS, DESCRIPTIONS, EVIDENCE, ENDORSEMENTS)
        for number in range(len(_at(document, array)))
    ])  # fmt: skip


def parts(document: Mapping[str, Any]) -> tuple[Part, ...]:
    """All that may be left out of `document`, in the order in which people read it; null elements are passed over."""
    found: dict[str, Part] = {}
    numbers: dict[str, Iterator[str]] = {}
    for part in (*_people(document), *_results(document), *_evidence(document)):
        # A stranger's document may have many parts of one name: each number is tried once.
        numbered = numbers.setdefault(part.name, _numbered(part.name))
        name = next(name for name in numbered if name not in found)
        found[name] = Part(name, part.words, part.pointers)
    return tuple(found.values())


def _people(document: Mapping[str, Any]) -> Iterator[Part]:
    for number, identity in _each(document, IDENTIFIERS):
        kind = _text(identity, "identityType") or "identifier"
        value = _text(identity, "identityHash")
        name, words = ("name", f"Name: {value}") if kind == "name" else ("email", "The e-mail address, as a hash")
        if kind not in ("name", "emailAddress"):
            name, words = "identifier", f"Identifier: {kind}"
        yield Part(name, words, (f"{IDENTIFIERS}/{number}",))


def _results(document: Mapping[str, Any]) -> Iterator[Part]:
    named, used = _named(document), set[int | None]()
    for number, result in _each(document, RESULTS):
        meaning = named.pop(_text(result, "resultDescription"), None)
        used.add(meaning)
        title = "Result" if meaning is None else _text(_at(document, DESCRIPTIONS)[meaning], "name") or "Result"
        pointers = (f"{RESULTS}/{number}", *([] if meaning is None else [f"{DESCRIPTIONS}/{meaning}"]))
        name = "pay" if title == COMPENSATION else _slug(title)
        yield Part(name, f"{title}: {_text(result, 'value')}", pointers)
    for number, _ in _each(document, DESCRIPTIONS):
        if number not in used:
            yield Part("description", "The description of a result", (f"{DESCRIPTIONS}/{number}",))


def _named(document: Mapping[str, Any]) -> dict[str, int]:
    """The places of the descriptions that a result can name, by their ids: of two with one id, the first."""
    named: dict[str, int] = {}
    for number, one in _each(document, DESCRIPTIONS):
        if name := _text(one, "id"):
            named.setdefault(name, number)
    return named


def _evidence(document: Mapping[str, Any]) -> Iterator[Part]:
    said = tuple(f"{ENDORSEMENTS}/{number}" for number, _ in _each(document, ENDORSEMENTS))
    for number, item in _each(document, EVIDENCE):
        kind = _KINDS.get(_text(item, "genre"), "deliverable")
        title = _text(item, "name") or _text(item, "id")
        again, said = (said, ()) if kind == "words" else ((), said)
        yield Part(kind, f"{_WORDS[kind]}: {title}", (f"{EVIDENCE}/{number}", *again))
    if said:
        yield Part("endorsement", "The endorsement", said)


def _numbered(name: str) -> Iterator[str]:
    """`name`, `name-2`, `name-3` …"""
    return (name if number == 1 else f"{name}-{number}" for number in count(1))


def _slug(title: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split()) or "result"


def _each(document: Mapping[str, Any], pointer: str) -> Iterator[tuple[int, Any]]:
    return ((number, element) for number, element in enumerate(_at(document, pointer)) if element is not None)


def _at(document: Mapping[str, Any], pointer: str) -> list[Any]:
    """The array at a pointer, or none."""
    value: Any = document
    for step in pointer[1:].split("/"):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else []


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""
