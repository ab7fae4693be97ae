"""The file backend: what it signs, what it refuses, and what it never says."""

import logging
import os
import pickle
import shutil
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from credentials.core import base64url
from credentials.core.errors import CredentialError
from credentials.keyring import Argon2Cost, FileKeyring, KeyAlgorithm, KeyBackend, MasterSecret
from credentials.keyring.errors import (
    KeyAlgorithmUnsupported,
    KeyFileDamaged,
    KeyFileMisplaced,
    KeyFileMissing,
    KeyFileNotRegular,
    KeyFileTooOpen,
    KeysUnavailable,
    WrongPassphrase,
)
from credentials.keyring.private_keys import load
from credentials.keyring.sealing import PASSPHRASE_COST
from tests.core.parties import vectors

ALGORITHMS: tuple[KeyAlgorithm, ...] = ("Ed25519", "P-256", "ML-DSA-44")
SIGNATURE_BYTES = {"Ed25519": 64, "P-256": 64, "ML-DSA-44": 2420}
DETERMINISTIC: tuple[KeyAlgorithm, ...] = ("Ed25519", "P-256")


def reopened(keyring: FileKeyring, passphrase: bytes = b"correct horse battery staple") -> FileKeyring:
    """The same directory as a new process would see it."""
    return FileKeyring(keyring.directory, MasterSecret(passphrase))


def key_file(keyring: FileKeyring, key_id: str) -> Path:
    return keyring.directory / f"{key_id}.key"


def verify(jwk: dict[str, Any], signature: bytes, data: bytes) -> None:
    """Check with another library than the one that signs Ed25519."""
    if jwk["kty"] == "OKP":
        ed25519.Ed25519PublicKey.from_public_bytes(base64url.decode(jwk["x"])).verify(signature, data)
        return
    if jwk["kty"] == "AKP":
        mldsa.MLDSA44PublicKey.from_public_bytes(base64url.decode(jwk["pub"])).verify(signature, data)
        return
    x, y = (int.from_bytes(base64url.decode(jwk[name]), "big") for name in "xy")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signs_what_another_library_verifies(keyring: FileKeyring, algorithm: KeyAlgorithm) -> None:
    backend: KeyBackend = keyring
    key_id = backend.create(algorithm)
    signature = backend.sign(key_id, b"message")
    assert len(signature) == SIGNATURE_BYTES[algorithm]
    verify(backend.public_key(key_id).to_jwk(), signature, b"message")
    with pytest.raises(InvalidSignature):
        verify(backend.public_key(key_id).to_jwk(), signature, b"massage")


def test_an_ml_dsa_44_key_is_its_seed_and_signs_anew_each_time(keyring: FileKeyring) -> None:
    key_id = keyring.create("ML-DSA-44")
    again = reopened(keyring)
    assert again.public_key(key_id) == keyring.public_key(key_id)
    signatures = {keyring.sign(key_id, b"message"), keyring.sign(key_id, b"message"), again.sign(key_id, b"message")}
    assert len(signatures) == 3
    for signature in signatures:
        verify(again.public_key(key_id).to_jwk(), signature, b"message")


@pytest.mark.parametrize("case", vectors("ml_dsa_44_rfc9964.json"), ids=lambda case: case["name"])
def test_a_seed_expands_to_the_published_key(case: dict[str, Any]) -> None:
    key = load("ML-DSA-44", bytes.fromhex(case["seed"]))
    assert key.public.to_jwk() == case["jwk"]


@pytest.mark.parametrize("size", [0, 31, 33, 2560])
def test_a_seed_of_another_length_is_none(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        load("ML-DSA-44", bytes(size))


@pytest.mark.parametrize("algorithm", DETERMINISTIC)
def test_a_reopened_keyring_gives_the_same_bytes(keyring: FileKeyring, algorithm: KeyAlgorithm) -> None:
    key_id = keyring.create(algorithm)
    first = keyring.sign(key_id, b"message")
    again = reopened(keyring)
    assert again.list() == [key_id]
    assert again.sign(key_id, b"message") == first
    assert again.public_key(key_id) == keyring.public_key(key_id)


def test_files_are_closed_opaque_and_hold_no_key_in_the_clear(keyring: FileKeyring) -> None:
    key_id = keyring.create("P-256")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in keyring.directory.iterdir()}
    assert modes == {f"{key_id}.key": 0o600, f"{key_id}.public.jwk": 0o644}
    assert stat.S_IMODE(keyring.directory.stat().st_mode) == 0o700
    assert '"d"' not in (keyring.directory / f"{key_id}.public.jwk").read_text()


def test_no_temporary_file_stays(keyring: FileKeyring) -> None:
    for _ in range(5):
        keyring.create("Ed25519")
    assert not [path for path in keyring.directory.iterdir() if path.name.startswith(".")]


def test_one_salt_and_one_derivation_for_the_whole_keyring(keyring: FileKeyring) -> None:
    ids = [keyring.create("Ed25519") for _ in range(3)]
    headers = {key_file(keyring, key_id).read_bytes().split(b'"salt":')[1][:24] for key_id in ids}
    assert len(headers) == 1
    again = reopened(keyring)
    again.unlock_all()
    fourth = again.create("Ed25519")
    assert key_file(again, fourth).read_bytes().split(b'"salt":')[1][:24] in headers


def test_a_passphrase_pays_the_recommended_cost(tmp_path: Path, secret: MasterSecret) -> None:
    keyring = FileKeyring(tmp_path / "strong", secret)
    header = key_file(keyring, keyring.create("Ed25519")).read_bytes().splitlines()[1]
    assert f'"memory_kib":{PASSPHRASE_COST.memory_kib}'.encode() in header
    assert b'"iterations":3' in header
    assert b'"lanes":4' in header


def test_wrong_passphrase_is_said_plainly(keyring: FileKeyring) -> None:
    key_id = keyring.create("Ed25519")
    other = reopened(keyring, b"some other passphrase")
    with pytest.raises(WrongPassphrase) as caught:
        other.sign(key_id, b"message")
    assert caught.value.code == "wrong-passphrase"
    assert key_id in str(caught.value)
    with pytest.raises(WrongPassphrase):
        other.unlock_all()


def test_one_directory_has_one_secret(keyring: FileKeyring) -> None:
    key_id = keyring.create("Ed25519")
    with pytest.raises(WrongPassphrase):
        reopened(keyring, b"some other passphrase").create("Ed25519")
    assert keyring.list() == [key_id]


def test_every_flipped_bit_is_noticed(keyring: FileKeyring) -> None:
    key_id = keyring.create("Ed25519")
    path = key_file(keyring, key_id)
    whole = path.read_bytes()
    for position in range(len(whole)):
        for bit in range(0, 8, 3):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << bit
            path.write_bytes(damaged)
            with pytest.raises(KeyFileDamaged):
                reopened(keyring).sign(key_id, b"message")


def test_every_truncation_is_noticed(keyring: FileKeyring) -> None:
    key_id = keyring.create("P-256")
    path = key_file(keyring, key_id)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(KeyFileDamaged):
            reopened(keyring).sign(key_id, b"message")


@pytest.mark.parametrize("content", [b"\n" * 5, b"x" * 10_000_000, b"\xff" * 300, b"{}", b"[" * 100_000])
def test_garbage_is_damage(keyring: FileKeyring, content: bytes) -> None:
    key_id = keyring.create("Ed25519")
    key_file(keyring, key_id).write_bytes(content)
    with pytest.raises(KeyFileDamaged):
        reopened(keyring).public_key(key_id)


def test_a_swapped_file_is_not_another_key(keyring: FileKeyring) -> None:
    first, second = keyring.create("Ed25519"), keyring.create("Ed25519")
    shutil.copy(key_file(keyring, second), key_file(keyring, first))
    with pytest.raises(KeyFileMisplaced) as caught:
        reopened(keyring).sign(first, b"message")
    assert second in str(caught.value)
    reopened(keyring).sign(second, b"message")


def test_a_damaged_file_does_not_stop_a_rotation(keyring: FileKeyring) -> None:
    damaged = keyring.create("Ed25519")
    key_file(keyring, damaged).write_bytes(b"nothing")
    again = reopened(keyring)
    fresh = again.create("Ed25519")
    again.sign(fresh, b"message")
    assert {key_id: error.code for key_id, error in again.problems().items()} == {damaged: "key-file-damaged"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o610, 0o777])
def test_a_file_open_to_others_is_refused_until_closed(keyring: FileKeyring, mode: int) -> None:
    key_id = keyring.create("Ed25519")
    key_file(keyring, key_id).chmod(mode)
    again = reopened(keyring)
    with pytest.raises(KeyFileTooOpen, match="chmod 600"):
        again.sign(key_id, b"message")
    key_file(keyring, key_id).chmod(0o600)
    again.sign(key_id, b"message")


def _as_link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def _as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _as_directory(path: Path) -> None:
    path.unlink()
    path.mkdir(0o700)


@pytest.mark.parametrize("replace", [_as_link, _as_pipe, _as_directory])
def test_only_an_ordinary_file_is_a_key(keyring: FileKeyring, replace: Callable[[Path], None]) -> None:
    key_id = keyring.create("Ed25519")
    replace(key_file(keyring, key_id))
    with pytest.raises(KeyFileNotRegular):
        reopened(keyring).sign(key_id, b"message")


@pytest.mark.parametrize("key_id", ["0" * 32, "", "../keys", "/etc/passwd", "A" * 32, "0" * 32 + "\n", "٠" * 32])
def test_unknown_ids_are_missing_keys(keyring: FileKeyring, key_id: str) -> None:
    keyring.create("Ed25519")
    for attempt in (keyring.public_key, keyring.destroy, lambda name: keyring.sign(name, b"")):
        with pytest.raises(KeyFileMissing):
            attempt(key_id)


def test_a_destroyed_key_is_gone_and_its_public_half_stays(keyring: FileKeyring) -> None:
    key_id = keyring.create("Ed25519")
    keyring.destroy(key_id)
    assert keyring.list() == []
    assert (keyring.directory / f"{key_id}.public.jwk").exists()
    with pytest.raises(KeyFileMissing):
        keyring.sign(key_id, b"message")
    with pytest.raises(KeyFileMissing):
        keyring.destroy(key_id)


def test_a_forged_public_file_is_never_believed(keyring: FileKeyring) -> None:
    honest, other = keyring.create("Ed25519"), keyring.create("Ed25519")
    before = keyring.public_key(honest)
    shutil.copy(keyring.directory / f"{other}.public.jwk", keyring.directory / f"{honest}.public.jwk")
    assert reopened(keyring).public_key(honest) == before


@pytest.mark.parametrize("algorithm", ["RSA", "ed25519", "", "P-384"])
def test_other_algorithms_are_refused(keyring: FileKeyring, algorithm: Any) -> None:
    with pytest.raises(KeyAlgorithmUnsupported):
        keyring.create(algorithm)
    assert keyring.list() == []


def test_nothing_secret_is_said(keyring: FileKeyring, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key_id = keyring.create("Ed25519")
    keyring.sign(key_id, b"message")
    said = repr(vars(keyring)) + repr(keyring) + caplog.text
    assert "correct horse" not in said
    assert "_key=" not in said
    with pytest.raises(WrongPassphrase) as caught:
        reopened(keyring, b"other passphrase").sign(key_id, b"")
    assert "other passphrase" not in repr(caught.value) + str(caught.value)


def test_unlocked_keys_do_not_travel(keyring: FileKeyring, secret: MasterSecret) -> None:
    keyring.create("Ed25519")
    for value in (secret, *vars(keyring)["_unlocked"].values()):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(value)


def test_threads_may_share_a_keyring(keyring: FileKeyring) -> None:
    key_id = keyring.create("Ed25519")
    shared, seen = reopened(keyring), set[bytes]()
    threads = [threading.Thread(target=lambda: seen.add(shared.sign(key_id, b"message"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {keyring.sign(key_id, b"message")}


def test_every_keyring_error_has_a_code_and_advice() -> None:
    for kind in KeysUnavailable.__subclasses__():
        assert issubclass(kind, CredentialError)
        assert kind.code
        assert kind.title
        assert kind.advice


def test_costs_outside_the_bounds_are_refused() -> None:
    for bad in ((0, 1, 8), (1, 0, 8), (1, 1, 7), (1, 2, 15), (65, 1, 8), (1, 17, 1 << 20), (1, 1, (1 << 20) + 1)):
        with pytest.raises(ValueError, match="Argon2id takes"):
            Argon2Cost(*bad)
