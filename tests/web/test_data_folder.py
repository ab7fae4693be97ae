"""The data folder is bound to one base address, and says so when another is wanted."""

import json
import threading
from pathlib import Path

import pytest

from credentials.web.data_folder import bind, form_secret
from credentials.web.errors import BaseUrlFixed, DataFolderUnusable
from credentials.web.settings import DEFAULT_BASE_URL, load_settings


def test_the_first_run_fixes_the_address(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    assert bind(load_settings(data_dir=folder, base_url="https://one.example")) == "https://one.example"
    assert json.loads((folder / "service.json").read_text()) == {"baseUrl": "https://one.example"}
    assert bind(load_settings(data_dir=folder)) == "https://one.example"


def test_without_a_setting_the_default_is_fixed(tmp_path: Path) -> None:
    assert bind(load_settings(data_dir=tmp_path)) == DEFAULT_BASE_URL


def test_another_address_later_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    bind(load_settings(data_dir=tmp_path, base_url="https://one.example"))
    with pytest.raises(BaseUrlFixed, match=r"https://one\.example"):
        bind(load_settings(data_dir=tmp_path, base_url="https://two.example"))
    assert bind(load_settings(data_dir=tmp_path)) == "https://one.example"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"baseUrl": 3}', b'{"baseUrl"'])
def test_a_damaged_file_is_an_error_with_its_path(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "service.json").write_bytes(content)
    with pytest.raises(DataFolderUnusable) as caught:
        bind(load_settings(data_dir=tmp_path))
    assert caught.value.where.endswith("service.json")


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(DataFolderUnusable):
        bind(load_settings(data_dir=tmp_path / "data"))


def test_the_form_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = form_secret(tmp_path)
    assert len(first) == 32
    assert form_secret(tmp_path) == first
    assert (tmp_path / "web.secret").stat().st_mode & 0o777 == 0o600


def test_a_cut_form_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "web.secret").write_bytes(b"short")
    with pytest.raises(DataFolderUnusable):
        form_secret(tmp_path)


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(form_secret(tmp_path))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["web.secret"]
