"""A token's own ways to fail, against SoftHSM."""

import shutil
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from credentials.keyring import KeyAlgorithm
from credentials.keyring.addresses import TokenAddress
from credentials.keyring.errors import (
    KeyFileMissing,
    KeyModuleUnusable,
    KeysUnavailable,
    TokenFailed,
    TokenMissing,
    TokenPinLocked,
    TokenPinMissing,
    TokenPinWrong,
)
from credentials.keyring.pkcs11 import Pkcs11Keyring, meaning_of, started
from tests.keyring.places import LABEL, MODULE, PIN, Token

ALGORITHMS: tuple[KeyAlgorithm, ...] = ("Ed25519", "P-256")


@pytest.fixture
def backend(token: Token) -> Pkcs11Keyring:
    return Pkcs11Keyring(TokenAddress(MODULE, LABEL), PIN)


def session_of(backend: Pkcs11Keyring) -> pkcs11.Session:
    """The session that the backend has open."""
    backend.list()
    connection = backend._connection
    assert connection is not None
    return connection.session


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_private_key_cannot_leave_the_token(backend: Pkcs11Keyring, algorithm: KeyAlgorithm) -> None:
    key_id = backend.create(algorithm)
    key = session_of(backend).get_key(object_class=ObjectClass.PRIVATE_KEY, label=key_id)
    wanted = {"SENSITIVE": True, "EXTRACTABLE": False, "ALWAYS_SENSITIVE": True, "NEVER_EXTRACTABLE": True}
    wanted |= {"PRIVATE": True, "TOKEN": True, "LOCAL": True, "SIGN": True, "COPYABLE": False}
    assert {name: key[Attribute[name]] for name in wanted} == wanted
    assert key[Attribute.ID].hex() == key_id
    with pytest.raises(pkcs11.AttributeSensitive):
        key[Attribute.VALUE]


def test_the_token_has_the_key_and_the_disk_of_the_service_has_not(backend: Pkcs11Keyring, tmp_path: Path) -> None:
    backend.create("P-256")
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".key", ".jwk")] == []


def test_p256_signatures_differ_and_ed25519_ones_do_not(backend: Pkcs11Keyring) -> None:
    chance, fixed = backend.create("P-256"), backend.create("Ed25519")
    assert backend.sign(chance, b"data") != backend.sign(chance, b"data")
    assert backend.sign(fixed, b"data") == backend.sign(fixed, b"data")


def test_keys_that_are_not_the_services_are_left_out(backend: Pkcs11Keyring) -> None:
    ours = backend.create("P-256")
    session_of(backend).generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="someone else's")
    assert backend.list() == [ours]


def test_a_key_of_another_kind_under_one_of_our_names(backend: Pkcs11Keyring) -> None:
    session_of(backend).generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="ab" * 16)
    for use in (lambda: backend.sign("ab" * 16, b""), lambda: backend.public_key("ab" * 16)):
        with pytest.raises(TokenFailed):
            use()
    assert {key: error.code for key, error in backend.problems().items()} == {"ab" * 16: "token-failed"}


def test_two_keys_of_one_name(backend: Pkcs11Keyring) -> None:
    for _ in range(2):
        session_of(backend).generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="cd" * 16)
    with pytest.raises(TokenFailed):
        backend.sign("cd" * 16, b"")


def test_a_key_without_its_public_half(backend: Pkcs11Keyring) -> None:
    key_id = backend.create("P-256")
    session_of(backend).get_key(object_class=ObjectClass.PUBLIC_KEY, label=key_id).destroy()
    with pytest.raises(KeyFileMissing):
        backend.public_key(key_id)
    backend.destroy(key_id)
    assert backend.list() == []


def test_both_halves_are_destroyed(backend: Pkcs11Keyring) -> None:
    backend.destroy(backend.create("Ed25519"))
    assert list(session_of(backend).get_objects()) == []


# The PIN -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pin", ["4711", PIN + "0", PIN.upper(), "x" * 300])
def test_a_wrong_pin_is_not_tried_twice(token: Token, pin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Pkcs11Keyring(TokenAddress(MODULE, LABEL), pin)
    with pytest.raises(TokenPinWrong) as caught:
        backend.create("P-256")
    assert pin not in str(caught.value) + repr(caught.value)
    # Even with the right one at hand: only a new start reads the setting again.
    monkeypatch.setattr(backend, "_pin", PIN)
    for use in (backend.list, lambda: backend.sign("ab" * 16, b""), backend.problems):
        with pytest.raises(TokenPinWrong):
            use()


@pytest.mark.parametrize("pin", [None, ""])
def test_no_pin(pin: str | None) -> None:
    with pytest.raises(TokenPinMissing):
        Pkcs11Keyring(TokenAddress(MODULE, LABEL), pin)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (pkcs11.PinIncorrect, TokenPinWrong),
        (pkcs11.PinLocked, TokenPinLocked),
        (pkcs11.PinExpired, TokenPinLocked),
        (pkcs11.UserPinNotInitialized, TokenPinMissing),
        (pkcs11.TokenNotPresent, TokenMissing),
        (pkcs11.DeviceRemoved, TokenMissing),
        (pkcs11.DeviceError, TokenFailed),
        (pkcs11.FunctionFailed, TokenFailed),
        (pkcs11.HostMemory, TokenFailed),
    ],
)
def test_what_a_module_says_is_told_in_our_words(error: type[pkcs11.PKCS11Error], ours: type[KeysUnavailable]) -> None:
    assert meaning_of(error()) is ours


# The token -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("label", "serial"), [("other", None), ("", None), (LABEL, "0"), (LABEL.upper(), None)])
def test_a_token_that_is_not_there(token: Token, label: str, serial: str | None) -> None:
    with pytest.raises(TokenMissing):
        Pkcs11Keyring(TokenAddress(MODULE, label, serial), PIN).list()


def test_two_tokens_of_one_name_are_told_apart_by_serial(token: Token) -> None:
    token.add(LABEL)
    library = started(MODULE, anew=True).library
    first, second = (one.serial.decode() for one in library.get_tokens(token_label=LABEL))
    with pytest.raises(TokenMissing, match="2 tokens"):
        Pkcs11Keyring(TokenAddress(MODULE, LABEL), PIN).list()
    key_id = Pkcs11Keyring(TokenAddress(MODULE, LABEL, first), PIN).create("P-256")
    assert Pkcs11Keyring(TokenAddress(MODULE, LABEL, first), PIN).list() == [key_id]
    assert Pkcs11Keyring(TokenAddress(MODULE, LABEL, second), PIN).list() == []


def test_a_lost_session_is_opened_again(backend: Pkcs11Keyring) -> None:
    key_id = backend.create("P-256")
    key = backend.public_key(key_id)
    session_of(backend).close()
    assert len(backend.sign(key_id, b"data")) == 64
    session_of(backend).close()
    assert backend.list() == [key_id]
    started(MODULE, anew=True)
    assert len(backend.sign(key_id, b"data")) == 64
    assert Pkcs11Keyring(TokenAddress(MODULE, LABEL), PIN).public_key(key_id) == key


def test_a_token_that_was_pulled_out_and_put_back(backend: Pkcs11Keyring, token: Token, tmp_path: Path) -> None:
    key_id = backend.create("P-256")
    shutil.copytree(token.directory / "tokens", tmp_path / "aside")
    token.remove()
    started(MODULE, anew=True)
    with pytest.raises(TokenMissing):
        backend.sign(key_id, b"data")
    shutil.copytree(tmp_path / "aside", token.directory / "tokens", dirs_exist_ok=True)
    started(MODULE, anew=True)
    assert len(backend.sign(key_id, b"data")) == 64


def test_a_key_that_another_backend_destroyed(backend: Pkcs11Keyring) -> None:
    key_id = backend.create("P-256")
    backend.sign(key_id, b"")
    Pkcs11Keyring(TokenAddress(MODULE, LABEL), PIN).destroy(key_id)
    with pytest.raises(KeyFileMissing):
        backend.sign(key_id, b"")


def test_two_backends_of_one_process_do_not_disturb_each_other(backend: Pkcs11Keyring, token: Token) -> None:
    token.add("second")
    started(MODULE, anew=True)
    other = Pkcs11Keyring(TokenAddress(MODULE, "second"), PIN)
    one, two = backend.create("P-256"), other.create("P-256")
    for _ in range(2):
        assert (backend.list(), other.list()) == ([one], [two])
        assert len(backend.sign(one, b"")) == len(other.sign(two, b"")) == 64
        session_of(other).close()
    with pytest.raises(KeyFileMissing):
        other.sign(one, b"")


# The module ----------------------------------------------------------------------------------------------------------


def test_a_module_that_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library")
    for path in (tmp_path / "none.so", tmp_path / "text.so", tmp_path, shutil.which("softhsm2-util")):
        with pytest.raises(KeyModuleUnusable, match=str(path)):
            Pkcs11Keyring(TokenAddress(str(path), LABEL), PIN).list()


def test_a_module_that_does_not_find_its_settings(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", str(token.directory / "none.conf"))
    with pytest.raises(KeyModuleUnusable):
        started(MODULE, anew=True)
    monkeypatch.setenv("SOFTHSM2_CONF", str(token.directory / "softhsm2.conf"))
    assert Pkcs11Keyring(TokenAddress(MODULE, LABEL), PIN).list() == []
