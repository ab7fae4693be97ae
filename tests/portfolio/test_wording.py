"""Small words: sentences and counts."""

from __future__ import annotations

import pytest

from credentials.portfolio.wording import counted, sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("  ", ""),
        ("nothing there", "Nothing there."),
        ("It ended.", "It ended."),
        ("why?", "Why?"),
        ("published nothing (https://a.example/x)", "Published nothing (https://a.example/x)."),
        ("éa", "Éa."),
    ],
)
def test_a_remark_becomes_a_sentence(text: str, said: str) -> None:
    assert sentence(text) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 projects"), (1, "1 project"), (1234, "1,234 projects")])
def test_counted(number: int, said: str) -> None:
    assert counted(number, "project", "projects") == said
