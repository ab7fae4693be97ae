"""Every picture of the documentation is shown by a page, says in words what it shows, and is taken by a test."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = "site/docs/images"
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
TAKEN = re.compile(r"[\w-]+")
SHORTEST_WORDS = 8


def shown(pages: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Path of a picture → the pages that show it, each with its words. Addresses of other sites are left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, text in pages.items():
        for words, link in PICTURE.findall(text):
            if "://" not in link:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
                found.setdefault(target, []).append((path, words))
    return found


def breaches(pages: Mapping[str, str], pictures: Collection[str], tests: str) -> list[str]:
    """What is wrong, one line each. `pictures`: paths of files; `tests`: the source of what takes them."""
    names, seen = set(TAKEN.findall(tests)), shown(pages)
    lost = [f"{picture}: no page shows it" for picture in pictures if picture not in seen]
    old = [f"{picture}: no test takes it" for picture in pictures if not _names(picture) & names]
    missing = [f"{at}: no picture {picture}" for picture in seen if picture not in pictures for at, _ in seen[picture]]
    bare = [
        f"{at}: {picture} without words"
        for picture in seen
        for at, words in seen[picture]
        if len(words.strip()) < SHORTEST_WORDS
    ]
    return sorted(lost + old + missing + bare)


def _names(picture: str) -> set[str]:
    """What a test may call a picture: its name, or what follows the name's first word."""
    name = posixpath.splitext(posixpath.basename(picture))[0]
    return {name, name.removeprefix("desk-")}


def sources(folder: str, pattern: str) -> dict[str, str]:
    """Path from the root → text of each file."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).glob(pattern))
    }


def test_every_picture_is_shown_and_every_page_finds_its_pictures() -> None:
    pages = {"README.md": (ROOT / "README.md").read_text(encoding="utf-8"), **sources("site/docs", "**/*.md")}
    pictures = {path.relative_to(ROOT).as_posix() for path in (ROOT / FOLDER).iterdir()}

    assert breaches(pages, pictures, "\n".join(sources("tests/browser", "*.py").values())) == []


PAGE = "site/docs/how-to/a.md"
ONE = f"{FOLDER}/desk-one.png"
SHOWS = "![What it looks like](../images/desk-one.png)"


@pytest.mark.parametrize(
    ("text", "pictures", "tests", "wrong"),
    [
        (SHOWS, {ONE}, '"one"', []),
        (SHOWS, {ONE}, '"desk-one"', []),
        (SHOWS, {ONE}, "screenshots / 'desk-one.png'", []),
        (f"1. Press it.\n\n   {SHOWS} and go on.", {ONE}, '"one"', []),
        ("![Elsewhere, seen](https://site.example/two.png)", set(), "", []),
        ("No picture.", {ONE}, '"one"', [f"{ONE}: no page shows it"]),
        ("See ../images/desk-one.png", {ONE}, '"one"', [f"{ONE}: no page shows it"]),
        ("![What it looks like](images/desk-one.png)", {ONE}, '"one"', [
            f"{PAGE}: no picture site/docs/how-to/images/desk-one.png", f"{ONE}: no page shows it",
        ]),
        (SHOWS, set(), '"one"', [f"{PAGE}: no picture {ONE}"]),
        (SHOWS, {f"{FOLDER}/desk-One.png"}, '"One"', [
            f"{PAGE}: no picture {ONE}", f"{FOLDER}/desk-One.png: no page shows it",
        ]),
        (SHOWS, {ONE}, '"oner"', [f"{ONE}: no test takes it"]),
        (SHOWS, {ONE}, "", [f"{ONE}: no test takes it"]),
        ("![](../images/desk-one.png)", {ONE}, '"one"', [f"{PAGE}: {ONE} without words"]),
        ("![   One.   ](../images/desk-one.png)", {ONE}, '"one"', [f"{PAGE}: {ONE} without words"]),
        (f"{SHOWS}\n![](../images/desk-one.png)", {ONE}, '"one"', [f"{PAGE}: {ONE} without words"]),
    ],
)  # fmt: skip
def test_the_law_finds_what_breaks_it(text: str, pictures: set[str], tests: str, wrong: list[str]) -> None:
    assert breaches({PAGE: text}, pictures, tests) == sorted(wrong)
