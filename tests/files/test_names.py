"""A name that is safe on any disk, in any header, before any eye."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.files.names import LONGEST, LONGEST_BYTES, NAMELESS, safe_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("Zoë’s résumé, final (2).pdf", "Zoë’s résumé, final (2).pdf"),
        ("レポート.docx", "レポート.docx"),
        ("C:\\Users\\kim\\report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("..", NAMELESS),
        ("...", NAMELESS),
        ("", NAMELESS),
        ("   ", NAMELESS),
        ("a/", NAMELESS),
        (".htaccess", "htaccess"),
        ("report.pdf. . ", "report.pdf"),
        ("re\x00port\r\n.pdf", "report.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("\u2066report\u2069.pdf", "report.pdf"),
        ("re\u200bport\ufeff.pdf", "report.pdf"),
        ("a\ud800b.txt", "ab.txt"),
        ("a\u2028b\u2029c", "abc"),
        ('a<b>:"c|?*%.txt', "a_b___c____.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("Conference.txt", "Conference.txt"),
        ("a\tb  c.txt", "a b c.txt"),
        ("e" + "\u0301" * 40 + ".txt", "é" + "\u0301" * 4 + ".txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("界" * 300 + ".pdf", "界" * 65 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_are_made_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text())
def test_whatever_is_typed(text: str) -> None:
    name = safe_name(text)

    assert 1 <= len(name) <= LONGEST
    assert len(name.encode()) <= LONGEST_BYTES
    assert not re.search(r'[/\\<>:"|?*%\x00-\x1f\x7f]', name)
    assert name.strip(". ") == name
    assert {unicodedata.category(char) for char in name}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@given(st.text())
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    assert safe_name(safe_name(text)) == safe_name(text)
