"""base64url in its one canonical form."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import NotBase64Url

ALPHABET = string.ascii_letters + string.digits + "-_"


@pytest.mark.parametrize(
    ("data", "text"),  # RFC 4648 section 10, without the padding; RFC 7515 appendix C
    [
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
        (bytes([3, 236, 255, 224, 193]), "A-z_4ME"),
    ],
)
def test_published(data: bytes, text: str) -> None:
    assert base64url.encode(data) == text
    assert base64url.encode_bytes(data) == text.encode()
    assert base64url.decode(text) == data
    assert base64url.decode(text.encode()) == data


@pytest.mark.parametrize(
    "text",
    [
        "=",
        "Z",
        "Zg=",
        "Zg==",
        "Zm8=",
        "Zm9vY",
        "Zh",
        "Zm9",
        "Zm9vYh",
        " Zg",
        "Zg ",
        "Z g",
        "Zg\n",
        "\nZg",
        "Zm9v\n",
        "Z\tg",
        "+A",
        "/A",
        "Zm9+",
        "Zm9/",
        "Zm==",
        "====",
        "Zm9v====",
        "Zg==Zg==",
        "Zg.",
        "Zg\0",
        "é",
        "Ζg",
        "Zm9vé",
        "\ud800",
        "Zm\u200b",
        "%5A",
        "Zm9v=Zm",
        "=Zm9",
    ],
)
def test_every_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(NotBase64Url):
        base64url.decode(text)


def test_each_character_at_each_place() -> None:
    for place in range(8):
        for value in range(256):
            data = bytearray(b"QUJDREVG")
            data[place] = value
            if chr(value) in ALPHABET:
                assert base64url.encode_bytes(base64url.decode(bytes(data))) == data
            else:
                with pytest.raises(NotBase64Url):
                    base64url.decode(bytes(data))


def test_one_value_has_one_spelling() -> None:
    for length in (2, 3):
        accepted = 0
        for last in ALPHABET:
            try:
                base64url.decode("A" * (length - 1) + last)
                accepted += 1
            except NotBase64Url:
                pass
        assert accepted == (4 if length == 2 else 16)


@given(st.binary(max_size=200))
def test_round_trip(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data
    assert base64url.encode(data) == base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(st.text(max_size=30) | st.text(alphabet=ALPHABET + "=+/", max_size=30))
def test_whatever_is_read_is_written_the_same(text: str) -> None:
    try:
        data = base64url.decode(text)
    except NotBase64Url:
        return
    assert base64url.encode(data) == text
