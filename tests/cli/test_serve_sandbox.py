"""`credentials serve --sandbox`: what it makes, whom it signs as, and what it refuses."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from credentials.accounts.api_keys import SCOPES, list_keys
from credentials.cli.serve import SANDBOX
from credentials.web.composition import open_service
from credentials.web.settings import load_settings
from tests.cli.conftest import Credentials


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that something listens at: the command opens its folder, then says so instead of serving."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_it_makes_a_folder_of_its_own_and_says_whom_it_signs_as(
    credentials: Credentials, taken_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = credentials("serve", "--sandbox", "--port", taken_port)
    assert (outcome.code, outcome.err.strip().endswith("[port-taken]")) == (69, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
    assert (tmp_path / SANDBOX / "service.json").exists()
    assert "whatever it signs is a test" in outcome.err
    assert outcome.err.count("  did:key:z") == 2
    assert outcome.err.count("  did:web:") == 1


def test_each_start_prints_a_key_for_everything_that_ends(
    credentials: Credentials, taken_port: int, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    said = [credentials("serve", "--sandbox", "--data", folder, "--port", taken_port).err for _ in range(2)]
    secrets = [re.findall(r"vck_[\w-]{43}", text) for text in said]
    service = open_service(load_settings(data_dir=folder, sandbox=True))
    holders = [service.key_holder(secret) for (secret,) in secrets]
    keys = list_keys(service.engine, "sandbox")
    service.close()

    assert secrets[0] != secrets[1]
    assert {(one.slug, one.scopes) for one in holders} == {("sandbox", frozenset(SCOPES))}
    assert all(one.expires_at is not None for one in keys)


def test_it_refuses_the_folder_of_a_real_service(credentials: Credentials, taken_port: int, tmp_path: Path) -> None:
    open_service(load_settings(data_dir=tmp_path / "data")).close()
    outcome = credentials("serve", "--sandbox", "--data", tmp_path / "data", "--port", taken_port)
    assert (outcome.code, outcome.err.strip().endswith("[folder-is-real]")) == (65, True)


def test_every_other_command_that_writes_refuses_the_folder_of_a_sandbox(
    credentials: Credentials, taken_port: int, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    credentials("serve", "--sandbox", "--data", folder, "--port", taken_port)
    for call in (("serve", "--port", taken_port), ("issuer", "list"), ("issuer", "create", "acme", "--name", "Acme")):
        outcome = credentials(*call, "--data", folder)
        assert (outcome.code, outcome.err.strip().endswith("[folder-is-sandbox]")) == (65, True), call


def test_a_real_service_says_nothing_of_a_sandbox(credentials: Credentials, taken_port: int, tmp_path: Path) -> None:
    outcome = credentials("serve", "--data", tmp_path / "data", "--port", taken_port)
    assert "sandbox" not in outcome.err
