"""Identifiers that people read, type and scan."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import (
    ALPHABET,
    credential_id,
    display_code,
    parse_credential_id,
    parse_short_code,
    short_code,
    wanted_id,
)


def test_the_alphabet_leaves_out_what_looks_alike() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_credential_ids_at_the_edges() -> None:
    assert credential_id(bytes(16)) == "0" * 26
    assert credential_id(b"\xff" * 16) == "7" + "Z" * 25
    assert credential_id(bytes(15) + b"\x01") == "0" * 25 + "1"


@pytest.mark.parametrize("length", [0, 15, 17])
def test_entropy_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        credential_id(bytes(length))


@given(st.binary(min_size=16, max_size=16))
def test_case_and_look_alikes_do_not_matter(entropy: bytes) -> None:
    spelled = credential_id(entropy)
    assert parse_credential_id(spelled) == spelled
    assert parse_credential_id(spelled.lower()) == spelled
    assert parse_credential_id(spelled.replace("1", "l").replace("0", "o")) == spelled
    assert parse_credential_id(spelled.replace("1", "I").replace("0", "O")) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 25,
        "0" * 27,
        "8" + "0" * 25,
        "Z" * 26,
        "0" * 25 + "U",
        "0" * 25 + "-",
        " " + "0" * 25,
        "0" * 25 + "\n",
        "٠" * 26,
        "0" * 25 + "é",
        "0" * 25 + "ı",
        "0" * 25 + "\0",
        "0" * 100_000,
        "../" + "0" * 23,
    ],
)
def test_other_ids_are_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        parse_credential_id(text)


def test_short_codes() -> None:
    assert short_code(bytes(7)) == "0" * 10
    assert short_code(b"\xff" * 7) == "Z" * 10
    assert short_code(b"\xff" * 16) == "Z" * 10
    with pytest.raises(ValueError, match="7 bytes"):
        short_code(bytes(6))


def test_every_bit_of_the_entropy_counts() -> None:
    seen = {short_code((1 << bit).to_bytes(7, "big")) for bit in range(6, 56)}
    assert len(seen) == 50


def test_a_code_as_it_is_typed() -> None:
    assert display_code("7KQ2M9XV4T") == "7KQ2-M9XV-4T"
    for typed in ("7KQ2-M9XV-4T", "7kq2 m9xv 4t", " 7KQ2M9XV4T ", "7-K-Q-2-M-9-X-V-4-T"):
        assert parse_short_code(typed) == "7KQ2M9XV4T"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7KQ2M9XV4",
        "7KQ2M9XV4TT",
        "7KQ2M9XV4U",
        "7KQ2_M9XV4T",
        "7KQ2.M9XV4",
        "٧KQ2M9XV4T",
        "-" * 10,
        " " * 100_000,
        "7KQ2M9XV4T\n",
        "7KQ2\u00a0M9XV4T",
    ],
)
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        parse_short_code(text)


@given(st.text(max_size=40))
def test_only_our_error(text: str) -> None:
    for parse in (parse_credential_id, parse_short_code):
        with contextlib.suppress(BadIdentifier):
            assert set(parse(text)) <= set(ALPHABET)


def test_the_id_of_a_row_is_asked_for_in_any_case() -> None:
    for char in ALPHABET:
        assert wanted_id(char.lower() * 26) == char * 26


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 25,
        "0" * 27,
        "0" * 26 + "\n",
        "\0" + "0" * 25,
        "0" * 25 + "\0",
        "0" * 25 + "\ud800",
        *("0" * 25 + sign for sign in "IiLlOoUu-% 'ıſ"),
        "٠" * 26,
        "0" * 100_000,
    ],
)
def test_what_can_be_no_rows_id_is_none(text: str) -> None:
    assert wanted_id(text) == ""
