"""Hidden characters are found; the joiners and selectors that scripts need are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core.csv_export import formula
from credentials.issuer.characters import broken, garbled, harmless, hidden, stacked, visible


@pytest.mark.parametrize(
    "text",
    [
        "علی\u200cرضا",  # Persian, ZWNJ between two parts of a name
        "می\u200cخواهم",
        "کتاب\u200cها",
        "කෘෂ්\u200dණා",  # Sinhala, ZWJ after al-lakuna
        "ശ്രീകാന്ത് നായര്\u200d",  # Malayalam, chillu as consonant + virama + ZWJ at a word's end
        "क्\u200dष",
        "र\u200d्य",
        "র\u200d্যাম",
        "👩\u200d💻",
        "👨\u200d👩\u200d👧",
        "🧑🏽\u200d🔬",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "©\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100城",  # an ideographic variation sequence
        "ᠮᠣᠩᠭᠣᠯ\u180b",
        "Nguyễn Thị Minh Khai",
        "Siobhán O’Sullivan",
        "李 明",
        "A\u00a0B",
        "פרץ בן־דוד",
        "ที่รัก",
        "أحمد",
        "ʻOkina",
    ],
)
def test_names_of_every_script_are_left_alone(text: str) -> None:
    assert hidden(text, lines=False) is None
    assert not stacked(text)
    assert not broken(text)
    assert not garbled(text)
    assert visible(text) == text


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
def test_direction_marks_are_hidden(code: int) -> None:
    assert hidden(f"Maya{chr(code)} Ben-David", lines=True) == chr(code)
    assert hidden(f"שלום{chr(code)}", lines=True) == chr(code)


@pytest.mark.parametrize(
    "code",
    [
        *(0x00, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xAD, 0x034F, 0x115F, 0x1160, 0x17B4),
        *(0x180E, 0x200B, 0x2028, 0x2029, 0x2060, 0x2061, 0x2064, 0x206A, 0x2800, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9),
        *(0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0xFFFF, 0x1D173, 0xE0001, 0xE0041, 0xE007F),
    ],
)
@pytest.mark.parametrize("before", ["Sam", "سام", "सम", "田"])
def test_controls_and_invisible_characters_are_hidden(code: int, before: str) -> None:
    assert hidden(f"{before}{chr(code)}x", lines=True) == chr(code)


@pytest.mark.parametrize(
    "text",
    [
        "Sam\u200cLee",
        "Sam\u200dLee",
        "\u200cعلی",
        "\u200dක",
        "علی\u200c",  # at the end it joins nothing
        "علی\u200c Sam",
        "👩\u200dA",
        "a\ufe0f",
        "Lee\ufe0e",
        "田a\U000e0100",
        "🏳\U000e0067",
        "\u200c",
        "\u200d",
    ],
)
def test_joiners_and_selectors_elsewhere_are_hidden(text: str) -> None:
    assert hidden(text, lines=True) is not None


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\rb", "é\nb"])
def test_line_breaks_are_for_long_texts_only(text: str) -> None:
    assert hidden(text, lines=True) is None
    assert hidden(text, lines=False) == text[1]


@pytest.mark.parametrize("text", ["Z\u0351\u0352\u0353\u0354\u0355algo", "e" + "\u0301" * 40])
def test_piles_of_marks_are_found(text: str) -> None:
    assert stacked(text)


@pytest.mark.parametrize("text", ["ZoÃ« BrÃ¤nnstrÃ¶m", "itâ€™s", "Â£20", "MÃ¼ller", "Garc\u00c3\u00ada"])
def test_text_in_the_wrong_encoding_is_noticed(text: str) -> None:
    assert garbled(text)


@pytest.mark.parametrize("text", ["São João", "VÂLCEA", "Â la carte", "Ãngela", "Zoë", "château", ""])
def test_text_in_the_right_encoding_is_not(text: str) -> None:
    assert not garbled(text)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠", "\u00a0="])
def test_formulas_are_seen(start: str) -> None:
    assert formula(f"{start}1")


@pytest.mark.parametrize("text", ["", "1=1", "a-b", "'=1", "a@b.co", " a", "–dash", "(=1)"])
def test_other_text_is_no_formula(text: str) -> None:
    assert not formula(text)


def test_visible_shows_what_is_hidden_and_cuts() -> None:
    assert visible("a\u202eb\x00\n") == "a⟨U+202E⟩b⟨U+0000⟩⟨U+000A⟩"
    assert visible("x" * 200) == "x" * 119 + "…"


@settings(deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_what_is_visible_hides_nothing(text: str) -> None:
    assert hidden(visible(text), lines=False) is None


@pytest.mark.parametrize("code", [0x00, 0x0A, 0x7F, 0xA0, 0xAD, 0x0301, 0x200B, 0x200E, 0x202E, 0x3164, 0xD800, 0xFFFD])
def test_what_needs_a_close_look_is_not_harmless(code: int) -> None:
    assert not harmless(f"Sam{chr(code)}Lee")


def test_no_harmless_character_is_found_by_any_rule() -> None:
    """The short cut never skips what a rule would find, alone or beside another character."""
    every = [chr(code) for code in range(0x110000) if harmless(chr(code))]
    assert len(every) > 30_000
    for one in every:
        for text in (one, f"a{one}b", one * 6):
            assert hidden(text, lines=False) is None
            assert not stacked(text)
            assert not broken(text)
            assert not garbled(text)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=30).filter(harmless))
def test_no_harmless_text_is_found_by_any_rule(text: str) -> None:
    assert hidden(text, lines=False) is None
    assert not any(rule(text) for rule in (stacked, broken, garbled))


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F, categories=["L", "N", "P", "S"])))
def test_latin_text_hides_nothing(text: str) -> None:
    assert hidden(text, lines=False) is None
