"""What is mutated, and how: signed samples in every form, bit flips of their bytes, edits of their JSON, splices."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785

from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES
from credentials.core.linked_data.oxigraph import read_by_oxigraph
from tests.hostile.making import a_world, make
from tests.verifier.sd_world import SdWorld
from tests.verifier.world import World

SUITES = tuple(CRYPTOSUITES)
TOKENS = ("vc+jwt", "vc+jwt by P-256", "vc+sd-jwt", "dc+sd-jwt")
EDITS = ("change", "drop", "add", "rename", "move", "duplicate", "wrap", "unwrap", "retype", "reorder", "splice")
_CHANGERS: dict[str, Callable[[_Edit], bool]]


@dataclass(frozen=True)
class Sample:
    """A credential that is genuine in `world`, and another one by the same issuer in the same form."""

    form: str
    data: bytes
    other: bytes
    world: World


def samples() -> list[Sample]:
    """One of each form."""
    return [_embedded(suite) for suite in SUITES] + [_token(form) for form in TOKENS]


def _embedded(suite: str) -> Sample:
    made = make({"base": suite})
    other = make({"base": suite, "edits": OTHERS})
    return Sample(suite, made.data, other.data, made.world)


# The other credential of the issuer: of somebody else, for other work, about other evidence.
OTHERS = [
    ["set", "/id", "https://credentials.example/c/9123456789ABCDEFGHJKMNPQRS"],
    ["set", "/name", "Database of second-hand bicycles"],
    ["set", "/credentialSubject/id", "urn:uuid:00000000-0000-4000-8000-000000000009"],
    ["set", "/credentialSubject/role", "Engineer"],
    ["set", "/credentialSubject/achievement/id", "urn:uuid:00000000-0000-4000-8000-000000000008"],
    ["set", "/credentialSubject/achievement/name", "Database of second-hand bicycles"],
    ["set", "/credentialStatus/0/statusListIndex", "9"],
    ["set", "/evidence/0/id", "https://credentials.example/evidence/9"],
]


def _token(form: str) -> Sample:
    if form.startswith("vc+jwt"):
        key = {"key": "p1"} if "P-256" in form else {}
        made = make({"base": "vc+jwt", **key})
        return Sample(form, made.data, make({"base": "vc+jwt", "edits": OTHERS, **key}).data, made.world)
    world = a_world()
    return Sample(form, *_selective(world, form), world)


def _selective(world: SdWorld, form: str) -> tuple[bytes, bytes]:
    whole = world.sd_jwt_vc() if form == "dc+sd-jwt" else world.vc_sd_jwt()
    first, *rest = whole.split(b"~")
    return whole, b"~".join([first, *reversed(rest[:-1]), b""])


def every_flip(data: bytes) -> Iterator[bytes]:
    """`data` with each of its bits turned, one at a time."""
    changed = bytearray(data)
    for place in range(len(changed)):
        for bit in range(8):
            changed[place] ^= 1 << bit
            yield bytes(changed)
            changed[place] ^= 1 << bit


def splices(sample: Sample) -> Iterator[bytes]:
    """Parts of two signed tokens in each other's places. The same parts in another order are not among them."""
    one, two = (data.split(b"~")[0].split(b".") for data in (sample.data, sample.other))
    rest = b"~".join(sample.data.split(b"~")[1:])
    tail = b"~" + rest if rest else b""
    for choice in range(1, 7):
        parts = [(two if choice >> place & 1 else one)[place] for place in range(3)]
        token = b".".join(parts)
        if token not in (b".".join(one), b".".join(two)):
            yield token + tail


class _Edit:
    """One random edit of a copy of a document: `apply` says whether it found something to do."""

    def __init__(self, document: Any, other: Any, chance: random.Random) -> None:
        self.document, self.other, self.chance = document, other, chance
        places = list(_places(document))
        self.node, self.name = chance.choice(places)

    @property
    def value(self) -> Any:
        return self.node[self.name]

    def objects(self) -> list[Any]:
        """Every object in the document."""
        return [self.document, *(node[name] for node, name in _places(self.document) if isinstance(node[name], dict))]


def edited(document: Any, other: Any, chance: random.Random) -> Any:
    """A copy of `document` with one random edit; the document itself where the edit found nothing to do."""
    edit = _Edit(copy.deepcopy(document), other, chance)
    return edit.document if _CHANGERS[chance.choice(EDITS)](edit) else document


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    level: list[Any] = [document]
    while level:
        node = level.pop()
        names: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node)))
        for name in names:
            yield node, name
            if isinstance(node[name], dict | list):
                level.append(node[name])


def _change(edit: _Edit) -> bool:
    value, chance = edit.value, edit.chance
    if isinstance(value, bool) or value is None:
        edit.node[edit.name] = not value
    elif isinstance(value, int | float):
        edit.node[edit.name] = value + chance.choice((-1, 1, 0.5, 2**53))
    elif isinstance(value, str):
        place = chance.randrange(len(value) + 1)
        put = chance.choice(("x", " ", "é", "\u0301", "\u202e", "\0", "'", "https://x.example/", ""))
        edit.node[edit.name] = value[:place] + put + value[place + chance.randrange(2) :]
    else:
        edit.node[edit.name] = chance.choice(("x", 1, None, True, {}, []))
    return True


def _drop(edit: _Edit) -> bool:
    del edit.node[edit.name]
    return True


NEW = (
    "name",
    "description",
    "validUntil",
    "id",
    "type",
    "@id",
    "@type",
    "@graph",
    "grade",
    "role",
    "credentialStatus",
    "https://www.w3.org/2018/credentials#validUntil",
    "xsd:string",
    "awardedDate",
    "expires",
    "domain",
)
"""Members to add: known and unknown terms, keywords, IRIs."""


def _add(edit: _Edit) -> bool:
    node = edit.chance.choice(edit.objects())
    name = edit.chance.choice(NEW)
    if name in node:
        return False
    node[name] = edit.chance.choice(("x", "2020-01-01T00:00:00Z", "urn:x:1", 1, None, {"id": "urn:x:1"}, ["x"]))
    return True


def _rename(edit: _Edit) -> bool:
    if not isinstance(edit.node, dict):
        return False
    new = edit.chance.choice((*NEW, edit.name.upper(), edit.name + "s"))
    members = [(new if name == edit.name else name, value) for name, value in edit.node.items()]
    edit.node.clear()
    edit.node.update(members)
    return True


def _move(edit: _Edit) -> bool:
    target = edit.chance.choice(edit.objects())
    value = edit.value
    if target is edit.node or target is value or not isinstance(edit.node, dict) or _holds(value, target):
        return False
    del edit.node[edit.name]
    target[edit.name] = value
    return True


def _holds(value: Any, target: Any) -> bool:
    return isinstance(value, dict | list) and any(node[name] is target for node, name in _places(value))


def _duplicate(edit: _Edit) -> bool:
    if not isinstance(edit.node, list) or _is_proof(edit):
        return False
    edit.node.insert(edit.chance.randrange(len(edit.node) + 1), copy.deepcopy(edit.value))
    return True


def _is_proof(edit: _Edit) -> bool:
    """Two equal proofs are two lines of a report, so one proof more is not the same page."""
    return edit.node is edit.document.get("proof")


def _wrap(edit: _Edit) -> bool:
    edit.node[edit.name] = [edit.value]
    return True


def _unwrap(edit: _Edit) -> bool:
    if not isinstance(edit.value, list) or len(edit.value) != 1:
        return False
    edit.node[edit.name] = edit.value[0]
    return True


def _retype(edit: _Edit) -> bool:
    value = edit.value
    if isinstance(value, str):
        edit.node[edit.name] = edit.chance.choice(({"@value": value}, {"id": value}, value.encode().hex()))
    elif isinstance(value, dict) and "id" in value:
        edit.node[edit.name] = value["id"]
    else:
        edit.node[edit.name] = str(value)
    return True


def _reorder(edit: _Edit) -> bool:
    if isinstance(edit.value, list):
        edit.chance.shuffle(edit.value)
        return True
    members = list(edit.node.items()) if isinstance(edit.node, dict) else []
    edit.chance.shuffle(members)
    if members:
        edit.node.clear()
        edit.node.update(members)
    return bool(members)


def _splice(edit: _Edit) -> bool:
    """What stands at the same name in the other credential of the issuer, proof and all."""
    found = [node[name] for node, name in _places(edit.other) if name == edit.name]
    if not found or not isinstance(edit.name, str):
        return False
    edit.node[edit.name] = copy.deepcopy(edit.chance.choice(found))
    return True


_CHANGERS = {
    "change": _change,
    "drop": _drop,
    "add": _add,
    "rename": _rename,
    "move": _move,
    "duplicate": _duplicate,
    "wrap": _wrap,
    "unwrap": _unwrap,
    "retype": _retype,
    "reorder": _reorder,
    "splice": _splice,
}


def covered(document: Any, suite: str) -> object:
    """What the signatures of a document cover, as others read it: pyoxigraph its RDF, rfc8785 its JSON.

    None where they cannot read it. Equal for two documents exactly if a signature of one holds for the other.
    """
    try:
        proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
        unsecured = {name: value for name, value in document.items() if name != "proof"}
        return _canonical(unsecured, suite), tuple(sorted(_covered_proof(proof, unsecured, suite) for proof in proofs))
    except Exception:  # noqa: BLE001 - whatever other people's software raises for a mutant
        return None


def _covered_proof(proof: Any, unsecured: Any, suite: str) -> tuple[bytes, str]:
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    read = options if "jcs" in suite else {"@context": unsecured["@context"], **options}
    return _canonical(read, suite), json.dumps(proof["proofValue"])


def _canonical(document: Any, suite: str) -> bytes:
    return rfc8785.dumps(document) if "jcs" in suite else read_by_oxigraph(document).encode()
