"""The command line and the service with keys in a token."""

import shutil
from pathlib import Path

import pytest

from credentials.keyring.pkcs11 import started
from credentials.web.composition import open_service
from credentials.web.readiness import require_keys
from credentials.web.settings import load_settings
from tests.cli.conftest import Credentials, Demo
from tests.cli.test_doctor import problems
from tests.keyring.places import MODULE, PIN, Token, make_token


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Token:
    """A token that the settings name."""
    made = make_token(tmp_path / "softhsm", monkeypatch)
    started(MODULE, anew=True)
    monkeypatch.setenv("CREDENTIALS_KEYS_BACKEND", made.uri)
    monkeypatch.setenv("CREDENTIALS_KEYS_PIN", PIN)
    return made


@pytest.fixture
def moved(own_demo: Demo, token: Token, credentials: Credentials) -> Demo:
    """A demo whose one company signs with a key in the token from now on."""
    slug = issuer_of(own_demo)
    done = credentials("keys", "rotate", "--json", "--issuer", slug, "--data", own_demo.folder)
    assert (done.code, done.json()["algorithm"]) == (0, "Ed25519"), done.err
    return own_demo


def issuer_of(demo: Demo) -> str:
    service = open_service(load_settings(data_dir=demo.folder))
    slug = service.issuer.issuers()[0].slug
    service.close()
    return slug


def key_files(demo: Demo) -> set[str]:
    return {path.name for path in (demo.folder / "keys").glob("*.key")}


def test_keys_are_listed_wherever_they_are(own_demo: Demo, demo: Demo, token: Token, credentials: Credentials) -> None:
    slug = issuer_of(own_demo)
    before = credentials("keys", "list", "--json", "--issuer", slug, "--data", own_demo.folder).json()["keys"]
    credentials("keys", "rotate", "--issuer", slug, "--data", own_demo.folder)
    credentials("keys", "create", "--issuer", slug, "--algorithm", "P-256", "--data", own_demo.folder)
    after = credentials("keys", "list", "--json", "--issuer", slug, "--data", own_demo.folder).json()["keys"]
    assert len(after) == len(before) + 2
    assert key_files(own_demo) == key_files(demo)


def test_the_doctor_finds_all_well(moved: Demo, token: Token, credentials: Credentials) -> None:
    outcome = credentials("doctor", "--data", moved.folder)
    (line,) = (line for line in outcome.out.splitlines() if " keys " in f"{line} ")
    assert outcome.code == 0
    assert f"new ones are made in {token.uri}" in line
    assert PIN not in outcome.out + outcome.err


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("CREDENTIALS_KEYS_PIN", "4711", "token-pin-wrong"),
        ("CREDENTIALS_KEYS_PIN", "", "token-pin-missing"),
        ("CREDENTIALS_KEYS_BACKEND", "", "key-missing"),
        ("CREDENTIALS_KEYS_BACKEND", "pkcs11:", "key-backend-unknown"),
        ("CREDENTIALS_KEYS_BACKEND", "vault://x", "key-backend-unknown"),
        ("CREDENTIALS_KEYS_BACKEND", f"pkcs11:token=x?module-path={MODULE}&pin-value=1", "key-backend-pin-in-uri"),
        ("CREDENTIALS_KEYS_BACKEND", f"pkcs11:token=x?module-path={MODULE}", "token-missing"),
        ("CREDENTIALS_KEYS_BACKEND", "pkcs11:token=x?module-path=/none.so", "key-module-unusable"),
    ],
)
def test_the_doctor_names_what_is_wrong(
    moved: Demo, credentials: Credentials, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: str
) -> None:
    monkeypatch.setenv(variable, value)
    started(MODULE, anew=True)
    found = problems(credentials, moved.folder)
    assert found.pop("keys") == code
    assert found == {}


def test_a_token_that_is_gone_is_seen_at_start_and_by_the_doctor(
    moved: Demo, token: Token, credentials: Credentials, tmp_path: Path
) -> None:
    shutil.copytree(token.directory / "tokens", tmp_path / "aside")
    token.remove()
    started(MODULE, anew=True)
    assert problems(credentials, moved.folder) == {"keys": "token-missing"}
    service = open_service(load_settings(data_dir=moved.folder))
    with pytest.raises(Exception, match="token") as caught:
        require_keys(service)
    service.close()
    assert getattr(caught.value, "code", "") == "token-missing"
    shutil.copytree(tmp_path / "aside", token.directory / "tokens", dirs_exist_ok=True)
    started(MODULE, anew=True)
    assert problems(credentials, moved.folder) == {}


def test_the_pin_is_in_no_repr(token: Token) -> None:
    settings = load_settings()
    assert settings.keys_pin is not None
    assert PIN not in repr(settings) + str(settings)
