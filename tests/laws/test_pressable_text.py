"""Links and buttons are laid out as boxes in a row, which swallows the spaces around a name: all of it is one box."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).parents[2] / "credentials" / "web" / "templates").glob("*.html"))
PRESSABLE = re.compile(r"<(a|button)\b[^>]*>(.*?)</\1>", re.DOTALL)
NAMED = re.compile(r"[^<>\s][^<>]*\s<bdi\b|</bdi>\s[^<>]*[^<>\s]")


def torn(template: str) -> list[str]:
    """What stands in links and buttons with a name beside other words, and not in one box."""
    inside = [found[2].strip() for found in PRESSABLE.finditer(template)]
    return [one for one in inside if NAMED.search(one) and not re.fullmatch(r"<span>.*</span>", one, re.DOTALL)]


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.stem for path in TEMPLATES])
def test_no_name_grows_onto_the_words_around_it(path: Path) -> None:
    assert torn(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ('<a href="/x">Ask <bdi>{{ name }}</bdi> a question</a>', 1),
        ('<a href="/x">\n<bdi>{{ name }}</bdi> asks</a>', 1),
        ('<button class="button" type="submit">Ask <bdi>{{ name }}</bdi></button>', 1),
        ('<a href="/x"><span>Ask <bdi>{{ name }}</bdi> a question</span></a>', 0),
        ('<a href="/x"><bdi>{{ name }}</bdi></a>', 0),
        ('<a href="/x">Ask</a> <bdi>{{ name }}</bdi> <a href="/y">again</a>', 0),
    ],
)
def test_the_law_sees_what_it_is_about(template: str, count: int) -> None:
    assert len(torn(template)) == count
