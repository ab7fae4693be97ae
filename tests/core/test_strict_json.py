"""JSON as one value with one meaning."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.errors import CredentialError, DuplicateKey, NotJson, NotUtf8, TooDeep, TooLarge
from credentials.core.strict_json import dump, parse_array, parse_arrays, parse_object

CAP = 1_000_000


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    """An object and `levels` - 1 more containers inside it."""
    return f'{{"x":{opening * (levels - 1)}{closing * (levels - 1)}}}'.encode()


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"a":1}',
        ' {"a" : [ 1 , 2.5 , -3e7 , true , false , null , "x" ] }\n',
        '{"a":{"b":1},"c":{"b":1}}',
        '{"\\u0061":"\\/\\ud83d\\ude00"}',
        '{"a":"é\U0001f600","":"\\u0000"}',
        '{"a":123456789012345678901234567890}',
        '{"a":-0.0,"b":1E5,"c":1.0}',
    ],
)
def test_what_others_read_is_read_the_same(text: str) -> None:
    assert parse_object(text.encode(), max_bytes=CAP) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":1,"b":2,"a":3}',
        '{"a":1,"\\u0061":1}',
        '{"a":{"b":{"c":1,"c":2}}}',
        '{"a":[{"b":1,"b":2}]}',
        '{"":1,"":2}',
        '{"é":1,"\\u00e9":2}',
        '{"a":1,"a":1} ',
        '{"proto":1,"x":[[[[[[[[[[{"y":1,"y":1}]]]]]]]]]]}',
    ],
)
def test_a_name_may_stand_once(text: str) -> None:
    with pytest.raises(DuplicateKey):
        parse_object(text.encode(), max_bytes=CAP)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[]",
        "1",
        '"x"',
        "null",
        "true",
        "{",
        "}",
        '{"a"}',
        '{"a":}',
        '{"a":1,}',
        "{a:1}",
        "{'a':1}",
        '{"a":01}',
        '{"a":+1}',
        '{"a":.5}',
        '{"a":1.}',
        '{"a":0x1}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":-Infinity}',
        '{"a":1e400}',
        '{"a":-1e400}',
        '{"a":"\n"}',
        '{"a":"\t"}',
        '{"a":"\\x"}',
        '{"a":"\\u12"}',
        '{"a":"\\ud800"}',
        '{"a":"\\udc00"}',
        '{"a":"\\udc00\\ud800"}',
        '{"\\ud800":1}',
        '{"a":1}{"a":1}',
        '{"a":1} x',
        '{"a":1}\0',
        '{"a":1}//',
        '/**/{"a":1}',
        '{"a":tru}',
        '{"a":True}',
        '{"a":undefined}',
        '{"a":[1,]}',
        '{"a":[1 2]}',
        "{1:2}",
        '{"a":1;"b":2}',
        '{"a"=1}',
        '{"a":"x}',
        "\x0b{}",
        "{}\x0c",
        "\u00a0{}",
        "\u2028{}",
        '{"a":١}',
        '{"a":' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises((NotJson, NotUtf8)):
        parse_object(text.encode(), max_bytes=CAP)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        '{"a":1}'.encode("utf-16-be"),
        '{"a":1}'.encode("utf-32-be"),
        b'{"a":"\xff"}',
        b'{"a":"\xc0\x80"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xf4\x90\x80\x80"}',
        b'{"a":"\xe2\x82"}',
        b'{"\xe9":1}',
        b'{"a":"ok","b":"\x80"}',
    ],
)
def test_only_utf8_is_read(data: bytes) -> None:
    with pytest.raises(NotUtf8):
        parse_object(data, max_bytes=CAP)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_depth_is_counted_exactly(opening: str, closing: str) -> None:
    def build(levels: int) -> bytes:
        each = 2 if opening.startswith("[{") else 1
        middle = (levels - 1) // each
        return b'{"x":' + opening.encode() * middle + b"1" + closing.encode() * middle + b"}"

    assert parse_object(build(31), max_bytes=CAP)
    assert parse_object(build(31), max_bytes=CAP, max_depth=31)
    with pytest.raises(TooDeep):
        parse_object(build(33), max_bytes=CAP)
    with pytest.raises(TooDeep):
        parse_object(build(33), max_bytes=CAP, max_depth=32)


@pytest.mark.parametrize("levels", range(1, 45))
def test_every_depth_is_judged_alike(levels: int) -> None:
    if levels <= strict_json.DEFAULT_DEPTH:
        assert parse_object(nested(levels) if levels > 1 else b'{"x":1}', max_bytes=CAP)
    else:
        with pytest.raises(TooDeep):
            parse_object(nested(levels), max_bytes=CAP)


@pytest.mark.parametrize("data", [nested(100_000), b"[" * 100_000, b'{"a":' * 100_000, nested(900), nested(2000)])
def test_no_depth_ends_in_a_crash(data: bytes) -> None:
    with pytest.raises(TooDeep):
        parse_object(data, max_bytes=CAP)


def test_brackets_in_texts_are_no_depth() -> None:
    assert parse_object(b'{"x":"' + b"[{" * 500 + b'"}', max_bytes=CAP)


def test_size_is_counted_in_bytes() -> None:
    assert parse_object(b'{"a":1}', max_bytes=7)
    with pytest.raises(TooLarge):
        parse_object(b'{"a":1}', max_bytes=6)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    assert parse_object(dump(value), max_bytes=CAP) == value


@given(st.dictionaries(st.text(), VALUES, max_size=5), st.booleans())
def test_every_spelling_is_read_as_the_standard_library_reads_it(value: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    assert parse_object(text.encode(), max_bytes=CAP) == json.loads(text)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\u0d8 1eE.-+truefalsn', max_size=60).map(str.encode))
def test_garbage_never_crashes_and_never_means_two_things(data: bytes) -> None:
    try:
        value = parse_object(data, max_bytes=CAP)
    except CredentialError:
        return
    assert value == json.loads(data)
    assert not any(isinstance(item, float) and math.isinf(item) for item in value.values())


@pytest.mark.parametrize(
    ("one", "other"), [({"a": 1}, {"a": True}), ([1], [1.0]), ("1", 1), ([1, 2], [2, 1]), ({}, [])]
)
def test_different_values_are_spelled_differently(one: Any, other: Any) -> None:
    assert strict_json.canonical(one) != strict_json.canonical(other)


def test_the_order_of_members_does_not_show_in_the_canonical_form() -> None:
    assert strict_json.canonical({"b": {"d": 1, "c": 2}, "a": 0}) == b'{"a":0,"b":{"c":2,"d":1}}'


ARRAYS = [b'["a",1]', b'["b",{"c":[null,true]}]', b"[]", b'["\xc3\xa4"]']


def test_several_arrays_are_those_one_after_the_other() -> None:
    assert parse_arrays(ARRAYS, max_bytes=100) == [parse_array(one, max_bytes=100) for one in ARRAYS]
    assert parse_arrays([], max_bytes=100) == []


@pytest.mark.parametrize(
    "odd",
    [
        b'[ "spaced" ]',
        b'["\\u00e4"]',
        b"[1.0e1]",
        b"[[[[[[[[[[1]]]]]]]]]]",
        b'["x' + b"x" * 80 + b'"]',
    ],
)
def test_an_array_that_is_written_otherwise_is_read_alike(odd: bytes) -> None:
    for listed in ([odd], [*ARRAYS, odd], [odd, *ARRAYS]):
        assert parse_arrays(listed, max_bytes=100) == [parse_array(one, max_bytes=100) for one in listed]


@pytest.mark.parametrize(
    "parts",
    [
        (b'["a",[1', b'2],"b"]'),  # with a comma between them an array, and neither is one
        (b'["a"],["b"', b'"c"]'),
        (b'["a"', b'"b"],["c"]'),
        (b'["a"]', b'{"b":1}'),
        (b'["a"]', b'"b"'),
        (b'["a"]', b""),
        (b'["a"]', b'["b"],["c"]'),
        (b'["a"]', b'[{"b":1,"b":2}]'),
        (b'["a"]', b"[NaN]"),
        (b'["a"]', b'["\xff"]'),
        (b'["a"]', b'["' + b"x" * 100 + b'"]'),
        (b'["a"]', b"[" * 40 + b"]" * 40),
    ],
    ids=str,
)
def test_where_one_ends_and_the_next_begins_is_not_guessed(parts: tuple[bytes, bytes]) -> None:
    with pytest.raises(CredentialError):
        parse_arrays(parts, max_bytes=100)
    with pytest.raises(CredentialError):
        parse_arrays(parts[::-1], max_bytes=100)


@given(
    st.lists(
        st.binary(max_size=8) | st.sampled_from([b"[", b"]", b"[]", b'["a"]', b'"', b",", b'["a"],["b"]']), max_size=5
    )
)
def test_whatever_comes_together_is_read_as_apart(listed: list[bytes]) -> None:
    try:
        apart = [parse_array(one, max_bytes=100) for one in listed]
    except CredentialError as err:
        with pytest.raises(type(err)):
            parse_arrays(listed, max_bytes=100)
    else:
        assert parse_arrays(listed, max_bytes=100) == apart


def test_what_is_known_to_be_strict_is_taken_apart_once_and_only_up_to_its_end() -> None:
    said = strict_json.Written(b'{"a":[1],"b":2,"iss":"x"}', 14)
    assert said.data == b'{"a":[1],"b":2}'
    assert strict_json.members(said) == {"a": [1], "b": 2}
    assert strict_json.members(said) is strict_json.members(said)
    assert strict_json.dump({"c": strict_json.json_of(said)}) == b'{"c":{"a":[1],"b":2}}'
    assert strict_json.may_have(said, "b")
    assert not strict_json.may_have(said, "iss")
    assert strict_json.Written(b"{}").members() == {}


def test_an_object_taken_apart_before_is_itself() -> None:
    said = {"a": 1}
    assert strict_json.members(said) is strict_json.json_of(said) is said
    assert (strict_json.may_have(said, "a"), strict_json.may_have(said, "b")) == (True, False)
