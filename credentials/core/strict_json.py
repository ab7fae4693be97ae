"""JSON as one value with one meaning (RFC 8259, RFC 8725 section 2.4).

Refused: a byte order mark, other encodings than UTF-8, duplicate names, NaN and Infinity, numbers that overflow,
lone surrogates, anything after the value, anything but an object (or an array, where one is asked for), and nesting
beyond a cap.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import GenericAlias
from typing import Any, Final, TypeAlias

import msgspec

from credentials.core.errors import DuplicateKey, NotJson, NotUtf8, TooDeep, TooLarge

DEFAULT_DEPTH: Final = 32

_SHALLOW_DEPTH: Final = 8
# A number is found in bytes in an eighth of the time.
_BACKSLASH: Final = ord("\\")


def _nested(levels: int) -> Any:
    """The type of a value that nests at most so deep; its size doubles with each level."""
    scalar = str | int | float | bool | None
    kind: Any = scalar
    for _ in range(levels):
        kind = scalar | GenericAlias(list, kind) | GenericAlias(dict, (str, kind))
    return kind


# Most documents are flat. Decoding them as a type of bounded depth proves the depth at no cost.
_SHALLOW_TYPE: Final[Any] = GenericAlias(dict, (str, _nested(_SHALLOW_DEPTH - 1)))
_SHALLOW_DECODER: Final = msgspec.json.Decoder(_SHALLOW_TYPE)
_SHALLOW_ARRAY_DECODER: Final = msgspec.json.Decoder(GenericAlias(list, _nested(_SHALLOW_DEPTH - 1)))
_SHALLOW_ARRAYS_DECODER: Final = msgspec.json.Decoder(
    GenericAlias(list, GenericAlias(list, _nested(_SHALLOW_DEPTH - 2)))
)
_DECODER: Final = msgspec.json.Decoder()
_ENCODER: Final = msgspec.json.Encoder()
_SORTING_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def parse_object(data: bytes, *, max_bytes: int, max_depth: int = DEFAULT_DEPTH) -> dict[str, Any]:
    """The object in `data`.

    `max_depth` (at least 8) counts objects and arrays, the outermost included. Raises TooLarge, NotUtf8, NotJson,
    DuplicateKey, TooDeep.
    """
    value: dict[str, Any] = _parse(data, _SHALLOW_DECODER, max_bytes, max_depth)
    return value


def parse_array(data: bytes, *, max_bytes: int, max_depth: int = DEFAULT_DEPTH) -> list[Any]:
    """The array in `data`; all else as for `parse_object`."""
    value: list[Any] = _parse(data, _SHALLOW_ARRAY_DECODER, max_bytes, max_depth)
    return value


def parse_arrays(data: Sequence[bytes], *, max_bytes: int) -> list[list[Any]]:
    """The array in each of `data`: as `parse_array` for one after the other, in one go where they are small and flat.

    Raises as `parse_array` does for the first that is refused.
    """
    joined = b"[" + b",".join(data) + b"]"
    if len(joined) <= max_bytes:
        with suppress(msgspec.MsgspecError, ValueError, RecursionError):
            values: list[list[Any]] = _SHALLOW_ARRAYS_DECODER.decode(joined)
            # Where one ends and the next begins is shown by this too.
            if list(map(_ENCODER.encode, values)) == list(data):
                return values
    return [parse_array(one, max_bytes=max_bytes) for one in data]


def has_escapes(written: bytes) -> bool:
    """Whether some character in this JSON may be spelled as another: without, names are found by their own bytes."""
    return _BACKSLASH in written


class Written(msgspec.Struct, gc=False):
    """An object known to be strict JSON of an ordinary depth, taken apart once somebody asks what it says.

    `source` is all of it; or, up to `end`, its first members, before a comma and others that are no part of it.
    """

    source: bytes
    end: int = 0
    _members: dict[str, Any] | None = None

    @property
    def data(self) -> bytes:
        """Its JSON."""
        return self.source[: self.end] + b"}" if self.end else self.source

    def members(self) -> dict[str, Any]:
        """What it says: one dict for all who ask."""
        if self._members is None:
            self._members = _DECODER.decode(self.data)
        return self._members


Said: TypeAlias = Mapping[str, Any] | Written
"""An object in JSON, taken apart or not."""


def members(said: Said) -> Mapping[str, Any]:
    """What an object says; it is taken apart if nobody has asked before."""
    return said.members() if isinstance(said, Written) else said


def may_have(said: Said, name: str) -> bool:
    """Whether an object may have a member `name`: False is sure, and takes nothing apart."""
    return name.encode() in said.data if isinstance(said, Written) else name in said


def json_of(said: Said) -> object:
    """What `dump` writes as the object."""
    return msgspec.Raw(said.data) if isinstance(said, Written) else said


def dump(value: object) -> bytes:
    """`value` as compact UTF-8 JSON; members in their own order."""
    return _ENCODER.encode(value)


def canonical(value: object) -> bytes:
    """`value` as compact UTF-8 JSON with members by name: the same bytes for what means the same, to compare values."""
    return _SORTING_ENCODER.encode(value)


def _parse(data: bytes, shallow: msgspec.json.Decoder[Any], max_bytes: int, max_depth: int) -> Any:
    if len(data) > max_bytes:
        raise TooLarge(f"{len(data)} bytes are more than the {max_bytes} allowed here")
    try:
        value = shallow.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        value = _parse_any(data, dict if shallow is _SHALLOW_DECODER else list, max_depth)
    # Encoding a dict cannot repeat a name: equal bytes prove that the input did not either.
    if _ENCODER.encode(value) != data:
        _check_names(data)
    return value


def _parse_any(data: bytes, outermost: type[dict[Any, Any] | list[Any]], max_depth: int) -> Any:
    """What the shallow decoder would not take: a deeper document, or the reason why it is none."""
    try:
        value = _DECODER.decode(data)
    except UnicodeDecodeError as err:
        raise NotUtf8(f"byte {err.start} of a text is not UTF-8") from None
    except RecursionError:
        raise TooDeep("nested beyond what can be read") from None
    except (msgspec.MsgspecError, ValueError) as err:
        raise _unreadable(data, err) from None
    if not isinstance(value, outermost):
        raise NotJson(f"the outermost value is not an {'object' if outermost is dict else 'array'}")
    _check_depth(value, max_depth)
    return value


def _unreadable(data: bytes, err: Exception) -> NotJson | NotUtf8:
    """Tell another encoding from broken JSON, so that the advice fits."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return NotUtf8("the text starts with a byte order mark")
    if b"\x00" in data[:4]:
        return NotUtf8("the text looks like UTF-16 or UTF-32")
    return NotJson(str(err))


def _check_depth(value: object, max_depth: int) -> None:
    level: list[Any] = [value]
    for _ in range(max_depth):
        level = [
            child
            for node in level
            for child in (node.values() if type(node) is dict else node)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return
    raise TooDeep(f"more than {max_depth} levels")


def _check_names(data: bytes) -> None:
    """Raise DuplicateKey if an object names a member twice, counting escaped spellings as the same name."""
    try:
        json.loads(data, object_pairs_hook=_distinct)
    except RecursionError:
        raise TooDeep("nested beyond what can be read") from None
    except ValueError as err:
        # What one reader takes and another refuses has no one meaning.
        raise NotJson(str(err)) from None


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise DuplicateKey(f"{name[:80]!r} is named twice")
        seen.add(name)
