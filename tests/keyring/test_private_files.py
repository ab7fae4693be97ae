"""Writing and reading secret files."""

import os
import stat
from pathlib import Path

import pytest

from credentials.keyring.errors import KeyDirectoryTooOpen, KeyDirectoryUnusable, KeyFileMissing, KeyFileTooOpen
from credentials.keyring.private_files import create_file, prepare_directory, read_private, remove_file


def test_a_taken_name_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    assert create_file(path, b"first")
    assert not create_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert [found.name for found in tmp_path.iterdir()] == ["secret"]


def test_a_link_with_the_name_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert not create_file(tmp_path / "link", b"secret")
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
def test_the_mode_does_not_hang_on_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        create_file(tmp_path / "secret", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_no_directory_to_write_into(tmp_path: Path) -> None:
    with pytest.raises(KeyDirectoryUnusable):
        create_file(tmp_path / "missing" / "secret", b"x")


def test_reading_stops_one_byte_past_the_cap(tmp_path: Path) -> None:
    create_file(tmp_path / "secret", b"x" * 100)
    assert read_private(tmp_path / "secret", max_bytes=10) == b"x" * 11


@pytest.mark.parametrize("name", ["missing", "missing/below", "file/below"])
def test_reading_what_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileMissing):
        read_private(tmp_path / name, max_bytes=10)


def test_no_descriptor_stays_open_after_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "open").write_text("")
    (tmp_path / "open").chmod(0o644)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        with pytest.raises(KeyFileTooOpen):
            read_private(tmp_path / "open", max_bytes=10)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_removing_twice(tmp_path: Path) -> None:
    create_file(tmp_path / "secret", b"x")
    remove_file(tmp_path / "secret")
    with pytest.raises(KeyFileMissing):
        remove_file(tmp_path / "secret")


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o777, 0o720])
def test_directories_are_closed_or_refused(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(KeyDirectoryTooOpen):
        prepare_directory(tmp_path, holds_keys=True)
    prepare_directory(tmp_path, holds_keys=False)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    prepare_directory(tmp_path, holds_keys=True)
