"""Files in a folder: whole or not at all, for their owner only, under no name that somebody typed."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credentials.files.disk import INCOMING, DiskStorage
from credentials.files.errors import FileStoreFailed, FileStoreFull, FileUnknown
from tests.files.places import KEY, OTHER, Gone, cut_off

LATER = datetime.now(UTC) + timedelta(days=365)
EARLIER = datetime.now(UTC) - timedelta(days=365)


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    """An empty one."""
    return DiskStorage(tmp_path / "files")


def everything(tmp_path: Path) -> list[str]:
    return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())


def test_what_is_put_comes_back(storage: DiskStorage, tmp_path: Path) -> None:
    storage.put(KEY, iter((b"one ", b"", b"two")))

    assert b"".join(storage.open(KEY)) == b"one two"
    assert everything(tmp_path) == [f"files/RS/{KEY}"]
    assert list(storage.keys(LATER)) == [KEY]


def test_only_its_owner_may_look(storage: DiskStorage, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        storage.put(KEY, iter((b"x",)))
    finally:
        os.umask(before)

    for path in [tmp_path / "files", *(tmp_path / "files").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_is_cut_off_is_not_there(storage: DiskStorage, tmp_path: Path) -> None:
    with pytest.raises(Gone):
        storage.put(KEY, cut_off(b"half"))

    assert everything(tmp_path) == []
    with pytest.raises(FileUnknown):
        storage.open(KEY)


def test_while_it_is_written_it_is_not_there(storage: DiskStorage) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        with pytest.raises(FileUnknown):
            storage.open(KEY)
        assert list(storage.keys(LATER)) == []

    storage.put(KEY, chunks())
    assert list(storage.keys(LATER)) == [KEY]


def test_bytes_are_durable_before_they_have_their_name(
    storage: DiskStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noting_fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def noting_replace(self: Path, target: Path) -> Path:
        done.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(Path, "replace", noting_replace)
    storage.put(KEY, iter((b"x",)))

    assert done[-3:] == ["file", "name", "folder"]


@pytest.mark.parametrize(
    "key", ["", "../../etc/passwd", "a", KEY.lower(), f"{KEY}/", f"{KEY}.exe", f"{KEY}\n", "/" * 26]
)
def test_no_other_path_is_made(key: str, storage: DiskStorage, tmp_path: Path) -> None:
    for attempt in (lambda: storage.put(key, iter((b"x",))), lambda: storage.open(key), lambda: storage.remove(key)):
        with pytest.raises(FileUnknown):
            attempt()
    assert everything(tmp_path) == []


def test_a_link_is_not_followed(storage: DiskStorage, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "files" / "RS").mkdir(parents=True)
    (tmp_path / "files" / "RS" / KEY).symlink_to(tmp_path / "secret")

    with pytest.raises(FileStoreFailed):
        storage.open(KEY)


def test_no_folder_to_write_in(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"in the way")

    with pytest.raises(FileStoreFailed):
        DiskStorage(tmp_path / "files").put(KEY, iter((b"x",)))


def test_a_full_disk_leaves_nothing(storage: DiskStorage, tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    (tmp_path / "files" / INCOMING).mkdir(parents=True)

    def write_elsewhere() -> Iterator[bytes]:
        coming = tmp_path / "files" / INCOMING / KEY
        descriptor = next(int(one.name) for one in Path("/proc/self/fd").iterdir() if one.resolve() == coming)
        os.dup2(os.open(full, os.O_WRONLY), descriptor)
        yield b"x"

    with pytest.raises(FileStoreFull, match="No space"):
        storage.put(KEY, write_elsewhere())
    assert everything(tmp_path) == []


def test_removing(storage: DiskStorage, tmp_path: Path) -> None:
    storage.put(KEY, iter((b"x",)))
    storage.put(OTHER, iter((b"y",)))
    storage.remove(KEY)
    storage.remove(KEY)

    assert everything(tmp_path) == [f"files/RT/{OTHER}"]


def test_what_a_crash_left_is_swept(storage: DiskStorage, tmp_path: Path) -> None:
    storage.put(KEY, iter((b"x",)))
    left = tmp_path / "files" / INCOMING / OTHER
    left.write_bytes(b"half")

    storage.sweep(EARLIER)
    assert left.exists()
    storage.sweep(LATER)
    assert everything(tmp_path) == [f"files/RS/{KEY}"]
    assert list(storage.keys(EARLIER)) == []


def test_nothing_is_made_before_the_first_file(storage: DiskStorage, tmp_path: Path) -> None:
    storage.sweep(LATER)
    storage.remove(KEY)
    with pytest.raises(FileUnknown):
        storage.open(KEY)
    assert list(storage.keys(LATER)) == []

    assert list(tmp_path.iterdir()) == []
