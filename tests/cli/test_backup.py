"""`credentials backup` and `credentials restore`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Credentials, Outcome


@pytest.fixture
def folder(credentials: Credentials, tmp_path: Path) -> Path:
    """A data folder with an issuer."""
    outcome = credentials("issuer", "create", "acme", "--name", "Acme Ltd", "--data", tmp_path / "data")
    assert outcome.code == 0, outcome.err
    return tmp_path / "data"


@pytest.fixture
def made(folder: Path, credentials: Credentials, tmp_path: Path) -> Path:
    """A backup of it."""
    assert credentials("backup", tmp_path / "copy", "--data", folder).code == 0
    return tmp_path / "copy"


def test_a_backup_is_put_back(made: Path, folder: Path, credentials: Credentials) -> None:
    outcome = credentials("restore", made, "--data", folder, "--json")

    assert outcome.code == 0
    assert outcome.json() == {"folder": str(made)}
    assert "acme" in credentials("issuer", "list", "--data", folder).out


def test_a_second_backup_needs_a_folder_of_its_own(made: Path, folder: Path, credentials: Credentials) -> None:
    outcome = credentials("backup", made, "--data", folder)

    assert outcome.code != 0
    assert "[backup-folder-taken]" in outcome.err


@pytest.mark.parametrize("arguments", [(), ("folder", "--done")])
def test_a_folder_or_done(arguments: tuple[str, ...], folder: Path, credentials: Credentials) -> None:
    assert credentials("backup", *arguments, "--data", folder).code == 64


def test_another_programs_backup_is_noted(folder: Path, credentials: Credentials) -> None:
    assert credentials("backup", "--done", "--data", folder).out == "Noted.\n"


def refused(outcome: Outcome) -> bool:
    return outcome.code != 0 and "[backup-incomplete]" in outcome.err


def test_what_is_no_backup_is_not_put_back(folder: Path, credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert refused(credentials("restore", tmp_path / "empty", "--data", folder))
