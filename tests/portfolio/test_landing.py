"""The first page's samples come from the demonstration's file, and a bad file is no demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from credentials.portfolio.landing import SAMPLES_FILE, landing_view


def test_outside_a_demonstration_there_are_no_samples(tmp_path: Path) -> None:
    view = landing_view(tmp_path)

    assert (view.samples, view.to_try, view.portfolio) == ((), (), None)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff\xfe{}", b'{"genuine": 7}', b'{"genuine": "/a", "genuine": "/b"}', b"x" * 70_000],
)
def test_a_bad_file_is_no_demonstration(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SAMPLES_FILE).write_bytes(content)

    assert landing_view(tmp_path).samples == ()


def test_samples_link_within_this_site(tmp_path: Path) -> None:
    (tmp_path / SAMPLES_FILE).write_text(
        '{"genuine": "http://127.0.0.1:1/c/A", "tampered": "javascript:alert(1)", "portfolio": "//evil.example/p/z"}'
    )
    view = landing_view(tmp_path)

    assert [(sample.label, sample.href) for sample in view.samples] == [("Genuine", "/c/A"), ("Portfolio", "/p/z")]
    assert view.portfolio == "/p/z"
    assert view.to_try
