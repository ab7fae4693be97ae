"""A cheap Argon2id for tests: what a file costs stands in its header, so the reading side needs no setting."""

from pathlib import Path

import pytest

from credentials.keyring import Argon2Cost, FileKeyring, MasterSecret, load_or_create_master_secret

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def cheap() -> Argon2Cost:
    return Argon2Cost(iterations=1, lanes=1, memory_kib=8)


@pytest.fixture
def secret(tmp_path: Path) -> MasterSecret:
    return load_or_create_master_secret(tmp_path / "keys", PASSPHRASE)


@pytest.fixture
def keyring(tmp_path: Path, secret: MasterSecret, cheap: Argon2Cost) -> FileKeyring:
    return FileKeyring(tmp_path / "keys", secret, cost=cheap)
