"""Terms of RDF as canonical N-Quads writes them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from credentials.core.errors import BadIri, InexactNumber, NotCovered
from credentials.core.linked_data.nquads import XSD, escaped, iri, language_tag, number
from tests.core.linked_data.documents import IRIS, LANGUAGES


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\x00", "\\u0000"),
        ("\b\t\n\f\r", "\\b\\t\\n\\f\\r"),
        ("\x0b\x1b\x1f", "\\u000B\\u001B\\u001F"),
        ('"\\', '\\"\\\\'),
        ("\x7f", "\\u007F"),
        ("\x80\x85\xa0\u2028\ufffe\U0010ffff'", "\x80\x85\xa0\u2028\ufffe\U0010ffff'"),
        ("\\u0000", "\\\\u0000"),
    ],
)
def test_escapes(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text())
def test_escaped_text_is_read_back(text: str) -> None:
    line = f'<urn:s> <urn:p> "{escaped(text)}" .\n'.encode()
    [quad] = parse(line, format=RdfFormat.N_QUADS)

    assert isinstance(quad.object, Literal)
    assert quad.object.value == text


# IRIs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *IRIS,
        "a:",
        "a+b-c.1:x",
        "http://[2001:db8::1]:80/x",
        "http://acme.example",
        "http://acme.example:",
        "http://user:pass@acme.example",
        "file:///etc",
        "urn:x?y?z/#a?b/c",
        "HTTP://ACME.EXAMPLE",
        "x:%41%C3%A9",
        "http://a/\ufdcf\ufdf0\U0001fffd",
    ],
)
def test_absolute_iris(text: str) -> None:
    assert iri(text) == f"<{text}>"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "a",
        "1a:b",
        "é:b",
        "-a:b",
        "_:b0",
        "//acme.example",
        "/a",
        "#a",
        "?a",
        "a b:c",
        *(f"urn:a{char}b" for char in ' \t\n\r\0\x1f\x7f\x80\x9f<>"{}|\\^`'),
        "urn:a ",
        " urn:a",
        "urn:a\n",
        "urn:%",
        "urn:%4",
        "urn:%4g",
        "urn:a#b#c",
        "http://a b/",
        "http://acme.example:port/",
        "http://acme.example:80:80/",
        "http://[::1",
        "http://::1]/",
        "http://[::1]x/",
        "http://a@b@c/",
        "urn:[a]",
        "urn:\ue000",
        "urn:\ufdd0",
        "urn:\ufffe",
        "urn:\U0001fffe",
        "urn:\U000e0041",
        "urn:\U0010ffff",
        "urn:\ud800",
        *(f"urn:a{char}b" for char in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
        None,
        5,
        ["urn:a"],
        b"urn:a",
    ],
)
def test_what_is_no_absolute_iri(text: Any) -> None:
    with pytest.raises(BadIri):
        iri(text)


IRI_CHARS = st.sampled_from("ab1:/?#[]@!$&'()*+,;=-._~%4Fé\u200e<> \\^")


@given(st.text(alphabet=IRI_CHARS, max_size=12).map(lambda text: f"a:{text}"))
def test_an_iri_that_we_take_is_one_for_others(text: str) -> None:
    try:
        written = iri(text)
    except BadIri:
        return
    # Addresses of version 6 are not looked at number by number.
    if "[" not in text:
        [quad] = parse(f"{written} <urn:p> <urn:o> .\n".encode(), format=RdfFormat.N_QUADS)
        assert quad.subject == NamedNode(text)


# Languages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag", [*LANGUAGES, "zh-cmn-Hans-CN", "en-a-bb-ccc-x-1", "de-419-1996-u-co-phonebk", "abcdefgh"]
)
def test_language_tags(tag: str) -> None:
    assert language_tag(tag) == f"@{tag.lower()}"
    assert Literal("x", language=tag).language == tag.lower()


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "a",
        "en-",
        "-en",
        "en--us",
        "en_US",
        "en us",
        "12",
        "en-a",
        "abcdefghi",
        "en-abcdefghi",
        "é",
        "x",
        "en\n",
        None,
        5,
    ],
)
def test_what_is_no_language_tag(tag: Any) -> None:
    with pytest.raises(NotCovered):
        language_tag(tag)


# Numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "lexical"),
    [
        (0, "0"),
        (-0, "0"),
        (0.0, "0"),
        (1, "1"),
        (-1.0, "-1"),
        (2**53 - 1, "9007199254740991"),
        (1 - 2**53, "-9007199254740991"),
        (9007199254740991.0, "9007199254740991"),
        (0.5, "5.0E-1"),
        (-123.456, "-1.23456E2"),
        (5.3, "5.3E0"),
        (0.1, "1.0E-1"),
        (1e-6, "1.0E-6"),
        # JSON-LD asks for 16 digits; the shortest form would be 9.95.
        (9.95, "9.949999999999999E0"),
        (0.123456789012345, "1.23456789012345E-1"),
    ],
)
def test_numbers(value: float, lexical: str) -> None:
    assert number(value) == (lexical, f"{XSD}double" if "E" in lexical else f"{XSD}integer")


@pytest.mark.parametrize(
    "value",
    [
        2**53,
        -(2**53),
        10**400,
        1e16,
        1e21,
        1.7976931348623157e308,
        math.inf,
        -math.inf,
        math.nan,
        -0.0,
        5e-324,
        9.99e-7,
        -1e-7,
        0.1 + 0.2,
        1.1 + 2.2,
        1 / 3,
        0.1234567890123456,
        # Exactly between two forms of 16 digits: C rounds to even, JavaScript up.
        844843411260525.25,
    ],
)
def test_numbers_that_somebody_reads_otherwise_are_refused(value: float) -> None:
    with pytest.raises(InexactNumber):
        number(value)


@given(st.floats() | st.integers())
def test_a_number_has_a_form_of_its_own(value: float) -> None:
    try:
        lexical, datatype = number(value)
    except InexactNumber:
        return
    assert float(lexical) == value
    assert datatype == f"{XSD}{'integer' if value == int(value) else 'double'}"
