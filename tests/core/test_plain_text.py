"""What may stand inside a sentence of ours."""

import pytest

from credentials.core.plain_text import is_plain_line


@pytest.mark.parametrize("code", [*range(32), *range(127, 160), 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xE000])
def test_control_and_hidden_characters(code: int) -> None:
    assert not is_plain_line(f"a{chr(code)}b")


@pytest.mark.parametrize("code", [0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xD800, 0xE0041])
def test_what_turns_or_breaks_a_line(code: int) -> None:
    assert not is_plain_line(chr(code))


@pytest.mark.parametrize(
    "text", ["", "a b", "Zoë: 5 €", "a\u00a0b\u3000c", "नमस्\u200dते", "👩\u200d🔬", "עברית", "\u0301"]
)
def test_all_the_worlds_letters(text: str) -> None:
    assert is_plain_line(text)
