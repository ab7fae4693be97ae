"""base58btc."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base58
from credentials.core.errors import NotBase58


@pytest.mark.parametrize(
    ("data", "text"),  # draft-msporny-base58-03 section 5
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
        (b"\0", "1"),
    ],
)
def test_published(data: bytes, text: str) -> None:
    assert base58.encode(data) == text
    assert base58.decode(text) == data


@pytest.mark.parametrize(
    "text", ["0", "O", "I", "l", " ", "2NEpo7TZRRrLZSi2U ", "2NE+", "é", "²", "１", "\0", "1" * 1801]
)
def test_others_are_refused(text: str) -> None:
    with pytest.raises(NotBase58):
        base58.decode(text)


@given(st.binary(max_size=80))
def test_round_trip(data: bytes) -> None:
    assert base58.decode(base58.encode(data)) == data


@given(st.text(max_size=40))
def test_whatever_is_read_is_written_the_same(text: str) -> None:
    try:
        data = base58.decode(text)
    except NotBase58:
        return
    assert base58.encode(data) == text


def digit_by_digit(data: bytes) -> str:
    """The definition: the number in base 58, after a 1 for each leading zero byte."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


@given(st.integers(0, 12), st.binary(max_size=70))
def test_the_quick_way_is_the_definition(zeros: int, data: bytes) -> None:
    assert base58.encode(bytes(zeros) + data) == digit_by_digit(bytes(zeros) + data)


@pytest.mark.parametrize("power", [9, 10, 11, 19, 20, 21])
def test_where_a_word_ends(power: int) -> None:
    for number in (58**power - 1, 58**power, 58**power + 1):
        data = number.to_bytes((number.bit_length() + 7) // 8, "big")
        assert base58.encode(data) == digit_by_digit(data)
        assert base58.decode(base58.encode(data)) == data


@pytest.mark.parametrize("place", range(12))
def test_the_character_that_is_none_is_named(place: int) -> None:
    text = "2NEpo7TZRRrL"
    with pytest.raises(NotBase58, match="'I' is not in the alphabet"):
        base58.decode(text[:place] + "I" + text[place + 1 :])
