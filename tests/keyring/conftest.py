"""A cheap Argon2id for tests: what a file costs stands in its header, so the reading side needs no setting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from credentials.keyring import Argon2Cost, FileKeyring, MasterSecret, load_or_create_master_secret
from credentials.keyring.backends import open_backend
from credentials.keyring.pkcs11 import started
from tests.keyring.kms_server import REGION, KmsServer, environment
from tests.keyring.places import MODULE, PIN, Place, Token, make_token

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


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Token:
    """A token of this test's own; the module is started anew, for it reads its settings when it starts."""
    made = make_token(tmp_path / "softhsm", monkeypatch)
    started(MODULE, anew=True)
    return made


@pytest.fixture(scope="session")
def kms_server() -> Iterator[KmsServer]:
    server = KmsServer()
    yield server
    server.stop()


@pytest.fixture
def kms(kms_server: KmsServer, monkeypatch: pytest.MonkeyPatch) -> KmsServer:
    """AWS KMS on loopback, asked nothing yet, and what leads boto3 there."""
    kms_server.forget()
    for name, value in environment(kms_server, "/dev/null"):
        monkeypatch.setenv(name, value)
    return kms_server


@pytest.fixture
def pkcs11_place(token: Token, keyring: FileKeyring) -> Place:
    return Place("pkcs11", ("Ed25519", "P-256"), lambda: open_backend(token.uri, keyring, PIN))


@pytest.fixture
def kms_place(kms: KmsServer, keyring: FileKeyring, tmp_path: Path) -> Place:
    uri = f"aws-kms://{REGION}/test-{tmp_path.name}"
    return Place("aws-kms", ("P-256",), lambda: open_backend(uri, keyring))


@pytest.fixture(params=["files", "pkcs11", "aws-kms"])
def place(request: pytest.FixtureRequest, keyring: FileKeyring, secret: MasterSecret) -> Place:
    """Each of the places in turn."""
    if request.param == "files":
        return Place(
            "files", ("Ed25519", "P-256", "ML-DSA-44"), lambda: open_backend("", FileKeyring(keyring.directory, secret))
        )
    found: Place = request.getfixturevalue({"pkcs11": "pkcs11_place", "aws-kms": "kms_place"}[request.param])
    return found
