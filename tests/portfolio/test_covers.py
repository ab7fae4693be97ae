"""Covers: one hash one drawing, small, two inks, and nothing but lines."""

from __future__ import annotations

import hashlib
import re
from xml.etree import ElementTree as ET

import pytest

from credentials.portfolio.covers import HEIGHT, INKS, WIDTH, cover_svg

DIGESTS = [hashlib.sha256(bytes([n])).digest() for n in range(40)]


def ends(path: str) -> list[tuple[int, int]]:
    """The joints of a path's curves, absolute, read from its relative segments."""
    points: list[tuple[int, int]] = []
    for curve in path.split("M")[1:]:
        numbers = [[int(n) for n in re.findall(r"-?\d+", part)] for part in re.split("[cs]", curve)]
        x, y = numbers[0]
        for segment in numbers[1:]:
            x, y = x + segment[-2], y + segment[-1]
            points.append((x, y))
    return points


def test_same_hash_same_drawing() -> None:
    first = cover_svg(DIGESTS[0])
    cover_svg.cache_clear()
    assert cover_svg(DIGESTS[0]) == first


def test_different_hashes_differ() -> None:
    assert len({cover_svg(digest) for digest in DIGESTS}) == len(DIGESTS)


def test_every_bit_of_the_hash_counts() -> None:
    flipped = bytes([*DIGESTS[0][:-1], DIGESTS[0][-1] ^ 1])
    assert cover_svg(flipped) != cover_svg(DIGESTS[0])


@pytest.mark.parametrize("digest", DIGESTS, ids=range(len(DIGESTS)))
def test_small_well_formed_and_inside_the_sheet(digest: bytes) -> None:
    svg = cover_svg(digest)
    assert len(svg) < 8000
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    paths = [node for node in root.iter() if node.tag.endswith("path")]
    assert [path.get("stroke") for path in paths] == [ink for ink, _ in INKS]
    for path in paths:
        points = ends(path.get("d") or "")
        assert {x for x, _ in points} >= {WIDTH}
        assert all(0 <= y <= HEIGHT for _, y in points)


@pytest.mark.parametrize("digest", [b"", b"x", b"\xff" * 64])
def test_any_length_of_hash_draws(digest: bytes) -> None:
    assert cover_svg(digest).startswith(b"<svg")
