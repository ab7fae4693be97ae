"""Edits of a document as data: `[operation, JSON pointer, value]`.

`set` puts a value at a pointer (`-` stands for one past the end of an array), `drop` takes one away, `rename` gives a
member another name, `move` and `copy` bring what stands at `value`, another pointer. A value may be made instead of
written out: `{"$repeat": [text, times]}`, `{"$nest": [times]}` (arrays), `{"$chain": [name, times]}` (objects),
`{"$many": [value, times]}`, where `#` in a text of the value stands for the number of its copy.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

Edit = Sequence[Any]


def edited(document: Any, edits: Sequence[Edit]) -> Any:
    """A copy of `document` with all edits made, in order."""
    found = copy.deepcopy(document)
    for operation, pointer, *rest in edits:
        _OPERATIONS[operation](found, pointer, *rest)
    return found


def value_of(written: Any) -> Any:
    """A value as an edit has it, made if it says how."""
    match written:
        case {"$repeat": [text, times]}:
            return text * times
        case {"$nest": [times]}:
            return json.loads("[" * times + "]" * times)
        case {"$chain": [name, times]}:
            return json.loads(f'{{"{name}":' * times + "0" + "}" * times)
        case {"$many": [one, times]}:
            text = json.dumps(one)
            return [json.loads(text.replace("#", str(number))) for number in range(times)]
        case dict():
            return {name: value_of(value) for name, value in written.items()}
        case list():
            return [value_of(value) for value in written]
    return written


def _place(document: Any, pointer: str) -> tuple[Any, Any]:
    """The node that holds what a pointer names, and its name or number in there."""
    *path, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return (document, last) if isinstance(document, dict) else (document, len(document) if last == "-" else int(last))


def _set(document: Any, pointer: str, written: Any) -> None:
    node, name = _place(document, pointer)
    if isinstance(node, list) and name == len(node):
        node.append(value_of(written))
    else:
        node[name] = value_of(written)


def _drop(document: Any, pointer: str) -> None:
    node, name = _place(document, pointer)
    del node[name]


def _rename(document: Any, pointer: str, new: str) -> None:
    node, name = _place(document, pointer)
    members = [(new if one == name else one, value) for one, value in node.items()]
    node.clear()
    node.update(members)


def _copy(document: Any, pointer: str, source: str) -> None:
    node, name = _place(document, source)
    value = copy.deepcopy(node[name])
    target, place = _place(document, pointer)
    if isinstance(target, list) and place == len(target):
        target.append(value)
    else:
        target[place] = value


def _move(document: Any, pointer: str, source: str) -> None:
    _copy(document, pointer, source)
    _drop(document, source)


_OPERATIONS: dict[str, Any] = {"set": _set, "drop": _drop, "rename": _rename, "copy": _copy, "move": _move}
