"""Characters that must not be signed unseen: controls, direction marks, zero-width and filler characters.

Joiners stay where a script needs them: ZWNJ in Persian and Indic words, ZWJ in Indic and Sinhala clusters and in
emoji. Variation selectors stay after the character they vary (emoji, Han names), tag characters in flags.
"""

from __future__ import annotations

import re

__all__ = ["broken", "garbled", "harmless", "hidden", "stacked", "visible"]

# Scripts whose spelling uses the joiners: Arabic to N'Ko and Mandaic, the Indic blocks to Tibetan, Myanmar, Khmer,
# Mongolian, Balinese to Lepcha, the later Indic and Arabic blocks, Arabic presentation forms, and the Brahmic
# scripts beyond the basic plane.
_JOINING = (
    "\u0600-\u061b\u061d-\u08ff\u0900-\u0fff\u1000-\u109f\u1700-\u180d\u180f-\u18af\u1900-\u1aad\u1b00-\u1c4f"
    "\u1cd0-\u1cff\ua8e0-\ua8ff\ua9e0-\uaaff\uabc0-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010aff\U00010f30-\U00010f6f\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
_PICTURE = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_HAN = "\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIDDEN = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff"
    "\U000e01f0-\U000e0fff]"
)
_ANYWHERE = "|".join(
    (
        _HIDDEN,
        f"(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])",
        f"(?<![{_JOINING}{_PICTURE}\ufe0f])\u200d",
        f"(?<=[{_PICTURE}\ufe0f])\u200d(?![{_PICTURE}])",
        f"(?<![#*0-9{_PICTURE}{_HAN}{_JOINING}])[\ufe00-\ufe0f]",
        f"(?<![{_HAN}])[\U000e0100-\U000e01ef]",
        "(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]",
    )
)
_IN_TEXT = re.compile(_ANYWHERE)
_IN_LINE = re.compile(f"[\t\n\r]|{_ANYWHERE}")
# Letters of the commonest scripts that no rule below has anything to say about; Â, Ã and â are left to `garbled`.
_HARMLESS = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u00c1\u00c4-\u00e1\u00e3-\u02ff\u0370-\u03ff\u0400-\u0482\u048a-\u058f\u05d0-\u05f4"
    "\u0620-\u065f\u0900-\u0963\u1e00-\u1fff\u2010-\u2015\u2018-\u201f\u20ac\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*"
)
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{5}")
_GARBLED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac")


def harmless(text: str) -> bool:
    """Whether none of `hidden`, `stacked`, `broken` and `garbled` finds anything. False only means: look closely."""
    return _HARMLESS.fullmatch(text) is not None


def hidden(text: str, *, lines: bool) -> str | None:
    """The first hidden character of the text, or None. `lines` says whether tab and line breaks are allowed."""
    if text.isascii() and text.isprintable():
        return None
    found = (_IN_TEXT if lines else _IN_LINE).search(text)
    return found[0] if found else None


def stacked(text: str) -> bool:
    """Whether five or more combining marks stand on one letter, which paints over what is around it."""
    return not text.isascii() and _STACKED.search(text) is not None


def broken(text: str) -> bool:
    """Whether the text holds U+FFFD, the mark of a character that was lost before it came to us."""
    return "\ufffd" in text


def garbled(text: str) -> bool:
    """Whether the text looks like UTF-8 that was read as Windows-1252 ("ZoÃ«")."""
    return not text.isascii() and _GARBLED.search(text) is not None


def visible(text: str, limit: int = 120) -> str:
    """The text cut to `limit` characters with each hidden character shown as ⟨U+202E⟩: safe to print anywhere."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if cut.isascii() and cut.isprintable():
        return cut
    return _IN_LINE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", cut)
