"""Terms of RDF as canonical N-Quads writes them (RDF 1.2 N-Quads, canonical form; RDFC-1.0 section 5)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from credentials.core.errors import BadIri, InexactNumber, NotCovered
from credentials.core.strict_json import has_escapes

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MAX_SAFE_INTEGER: Final = 2**53 - 1
SMALLEST_FRACTION: Final = 1e-6
"""Below it JavaScript writes an exponent, and npm's jsonld takes 1e-7, written without a point, for the integer 0."""

_DELETE: Final = 0x7F
_SHORT_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPES: Final = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in [*range(0x20), 0x7F]} | _SHORT_ESCAPES,
)

# RFC 3987 section 2.2, without the characters that turn the direction of writing around (its section 4.1).
_UCS: Final = "\xa0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14)
)
_CHAR: Final = rf"A-Za-z0-9._~!$&'()*+,;=\-{_UCS}"


# RFC 5646 section 2.1, `langtag` and `privateuse`.
_LANGUAGE: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """`text` as it stands between the quotation marks of a literal."""
    # Most texts need none.
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return text.translate(_ESCAPES)


def needs_no_escapes(written: bytes) -> bool:
    """Whether no text in this JSON has a character to escape: JSON escapes all of them itself, but for DEL."""
    return not has_escapes(written) and _DELETE not in written


def iri(text: object) -> str:
    """`<text>`, if it is an absolute, well-formed IRI (RFC 3987 section 2.2). Raises BadIri."""
    if isinstance(text, str) and _iri_pattern().fullmatch(text):
        return f"<{text}>"
    raise BadIri(f"{text!r:.80} is not an absolute IRI")


@cache
def _iri_pattern() -> re.Pattern[str]:
    """Compiled when it is first needed: it takes long, and most addresses are told by a shorter one."""
    authority = rf"//(?:{_run(':')}@)?(?:{_run('')}|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?(?=[/?#]|\Z)"
    rest = rf"{_run(':@/')}(?:\?{_run(':@/?')})?(?:#{_run(':@/?')})?"
    return re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:{authority}|(?!//)){rest}")


def _run(more: str) -> str:
    """Any number of characters, `more` among them, and of octets written %hh."""
    return rf"[{_CHAR}{more}]*(?:%[0-9A-Fa-f]{{2}}[{_CHAR}{more}]*)*"


def language_tag(tag: object) -> str:
    """`@tag` in lower case, as JSON-LD processors write it, if it is well formed (RFC 5646). Raises NotCovered."""
    if isinstance(tag, str) and _LANGUAGE.fullmatch(tag):
        return f"@{tag.lower()}"
    raise NotCovered(f"{tag!r:.80} is not a language tag")


def number(value: float) -> tuple[str, str]:
    """The lexical form of a JSON number and its datatype (JSON-LD 1.1 API section 8.6).

    Raises InexactNumber for anything beyond ±(2⁵³ - 1) or nearer to zero than a millionth, where readers round
    differently, for a negative zero, and for fractions of more than 15 digits, which some readers round up and others
    to even, so that two numbers may have one form.
    """
    if not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER or repr(value) == "-0.0":
        raise InexactNumber("not a number that every reader holds exactly")
    if value == int(value):
        return str(int(value)), f"{XSD}integer"
    if abs(value) < SMALLEST_FRACTION:
        raise InexactNumber(f"{value!r} is taken for 0 by some readers")
    if float(f"{value:.15g}") != value:
        raise InexactNumber(f"{value!r} has more than 15 digits")
    mantissa, _, exponent = f"{value:.15E}".partition("E")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}", f"{XSD}double"
