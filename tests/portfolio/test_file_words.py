"""What a file is called and how its size is told, for people."""

import pytest

from credentials.portfolio.file_words import file_kind, file_size


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_950, "9.9 kB"),
        (9_999, "10 kB"),
        (482_113, "482 kB"),
        (999_999, "1.0 MB"),
        (2_147_483_648, "2.1 GB"),
        (10**15, "1000 TB"),
    ],
)
def test_sizes(size: int, words: str) -> None:
    assert file_size(size) == words


@pytest.mark.parametrize(
    ("media_type", "words"),
    [
        ("application/pdf", "PDF document"),
        ("image/heic", "Picture"),
        ("video/mp4", "Video"),
        ("", "File"),
        ("application/octet-stream", "File"),
        ("x<script>/y", "File"),
    ],
)
def test_kinds(media_type: str, words: str) -> None:
    assert file_kind(media_type) == words
