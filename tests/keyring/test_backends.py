"""What every place for keys does alike, and how one is chosen."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from credentials.core import base64url
from credentials.core.errors import SignatureMismatch
from credentials.core.jws import SIGNING_ALGORITHMS, compact, parse_compact, signing_input, verify_jws
from credentials.core.keys import PublicKey
from credentials.keyring import FileKeyring, KeyAlgorithm, KeyBackend
from credentials.keyring.aws_kms import KmsKeyring
from credentials.keyring.backends import BesideFiles, open_backend
from credentials.keyring.errors import (
    KeyAlgorithmUnsupported,
    KeyBackendNotInstalled,
    KeyBackendUnknown,
    KeyFileDamaged,
    KeyFileMissing,
    PinInUri,
    TokenPinMissing,
)
from credentials.keyring.files import FileKeyring as Files
from tests.keyring.places import MODULE, PIN, Place

UNKNOWN = "0123456789abcdef" * 2


def token(backend: KeyBackend, key_id: str, algorithm: KeyAlgorithm, payload: bytes = b"{}") -> bytes:
    """A token that the key signed."""
    joined = signing_input({"alg": SIGNING_ALGORITHMS[algorithm], "kid": "did:web:x.example#k"}, payload)
    return compact(joined, backend.sign(key_id, joined))


def verify(key: PublicKey, signed: bytes) -> None:
    verify_jws(parse_compact(signed), key)


def test_what_is_signed_verifies_in_the_core(place: Place) -> None:
    backend = place.open()
    for algorithm in place.algorithms:
        key_id = backend.create(algorithm)
        key = backend.public_key(key_id)
        assert key.algorithm == algorithm
        for payload in (b"{}", b"x" * 20_000):
            verify(key, token(backend, key_id, algorithm, payload))


def test_nothing_else_verifies(place: Place) -> None:
    backend = place.open()
    one, other = backend.create("P-256"), backend.create("P-256")
    signed = token(backend, one, "P-256")
    with pytest.raises(SignatureMismatch):
        verify(backend.public_key(other), signed)
    head, _, tail = signed.split(b".")
    with pytest.raises(SignatureMismatch):
        verify(backend.public_key(one), b".".join((head, base64url.encode(b"[]").encode(), tail)))


def test_a_key_is_there_for_whoever_opens_the_place_again(place: Place) -> None:
    first = place.open()
    made = {first.create(algorithm): algorithm for algorithm in place.algorithms}
    again = place.open()
    assert again.list() == sorted(made)
    for key_id, algorithm in made.items():
        assert again.public_key(key_id) == first.public_key(key_id)
        verify(first.public_key(key_id), token(again, key_id, algorithm))
    assert again.problems() == {}


def test_a_destroyed_key_is_gone_and_the_others_stay(place: Place) -> None:
    backend = place.open()
    gone, kept = backend.create("P-256"), backend.create("P-256")
    backend.destroy(gone)
    for opened in (backend, place.open()):
        assert opened.list() == [kept]
        with pytest.raises(KeyFileMissing):
            opened.sign(gone, b"")
        with pytest.raises(KeyFileMissing):
            opened.public_key(gone)
        with pytest.raises(KeyFileMissing):
            opened.destroy(gone)
    verify(backend.public_key(kept), token(backend, kept, "P-256"))


@pytest.mark.parametrize("key_id", ["", "..", "a/b", UNKNOWN, UNKNOWN.upper(), UNKNOWN + "\n", "alias/aws/ebs"])
def test_a_wrong_id_is_a_missing_key(place: Place, key_id: str) -> None:
    backend = place.open()
    calls: tuple[Callable[[], object], ...] = (
        lambda: backend.sign(key_id, b""),
        lambda: backend.public_key(key_id),
        lambda: backend.destroy(key_id),
    )
    for call in calls:
        with pytest.raises(KeyFileMissing):
            call()
    assert backend.list() == []


@pytest.mark.parametrize("algorithm", ["RSA", "", "p-256", "Ed448"])
def test_no_place_makes_keys_of_another_kind(place: Place, algorithm: str) -> None:
    backend = place.open()
    with pytest.raises(KeyAlgorithmUnsupported):
        backend.create(algorithm)  # type: ignore[arg-type]
    assert backend.list() == []


def test_what_a_place_does_not_make_is_refused_and_not_made_elsewhere(place: Place, keyring: FileKeyring) -> None:
    backend = place.open()
    everything: tuple[KeyAlgorithm, ...] = ("Ed25519", "P-256", "ML-DSA-44")
    for algorithm in set(everything) - set(place.algorithms):
        with pytest.raises(KeyAlgorithmUnsupported):
            backend.create(algorithm)
    assert backend.list() == keyring.list() == []


def test_many_threads_may_use_one_place(place: Place) -> None:
    backend = place.open()
    ids = {backend.create(algorithm): algorithm for algorithm in place.algorithms}
    shared, failures, barrier = place.open(), list[BaseException](), threading.Barrier(6)

    def work(number: int) -> None:
        try:
            barrier.wait(10)
            for key_id, algorithm in ids.items():
                for step in range(3):
                    verify(shared.public_key(key_id), token(shared, key_id, algorithm, b"%d %d" % (number, step)))
            mine = shared.create("P-256")
            verify(shared.public_key(mine), token(shared, mine, "P-256"))
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(shared.list()) == len(ids) + 6


def in_a_fork(work: Callable[[], object]) -> int:
    """The exit code of a forked process that did this: 0 when it came through."""
    child = os.fork()
    if child == 0:
        code = 1
        signal.alarm(20)  # a child that waits for a lock shall end, not hang
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_process_goes_on_and_so_does_its_parent(place: Place) -> None:
    backend = place.open()
    key_id = backend.create("P-256")
    key = backend.public_key(key_id)

    def use() -> None:
        for _ in range(3):
            verify(key, token(backend, key_id, "P-256"))
        verify(backend.public_key(mine := backend.create("P-256")), token(backend, mine, "P-256"))

    assert [in_a_fork(use) for _ in range(3)] == [0, 0, 0]
    use()
    assert len(place.open().list()) == 5


def test_a_process_forked_while_another_thread_signs(place: Place) -> None:
    """The lock that the thread holds is not the child's."""
    backend = place.open()
    key_id = backend.create("P-256")
    key, stop = backend.public_key(key_id), threading.Event()

    def sign_on() -> None:
        while not stop.is_set():
            backend.sign(key_id, b"data")

    thread = threading.Thread(target=sign_on)
    thread.start()
    try:
        codes = [in_a_fork(lambda: verify(key, token(backend, key_id, "P-256"))) for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    assert codes == [0, 0, 0]


def test_a_process_forked_while_the_lock_of_a_client_is_held(kms_place: Place) -> None:
    """Always, where the test above meets it by chance."""
    backend = kms_place.open()
    key_id = backend.create("P-256")
    assert isinstance(backend, BesideFiles)
    assert isinstance(backend.chosen, KmsKeyring)
    with backend.chosen._lock:
        assert in_a_fork(lambda: backend.chosen.sign(key_id, b"")) == 0
    assert len(backend.sign(key_id, b"")) == 64


def test_nothing_secret_is_shown(place: Place) -> None:
    backend = place.open()
    backend.create("P-256")
    assert PIN not in repr(backend)


# Beside files --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["pkcs11_place", "kms_place"])
def elsewhere(request: pytest.FixtureRequest) -> Place:
    """A place that is not files."""
    found: Place = request.getfixturevalue(request.param)
    return found


def test_keys_in_files_go_on_signing_from_there(elsewhere: Place, keyring: FileKeyring) -> None:
    old = {keyring.create("Ed25519"): "Ed25519", keyring.create("ML-DSA-44"): "ML-DSA-44"}
    backend = elsewhere.open()
    new = backend.create("P-256")
    for key_id, algorithm in old.items():
        assert backend.public_key(key_id) == keyring.public_key(key_id)
        verify(keyring.public_key(key_id), token(backend, key_id, algorithm))  # type: ignore[arg-type]
    assert backend.list() == sorted([*old, new])
    assert keyring.list() == sorted(old)
    assert not keyring.holds(new)


def test_a_key_elsewhere_is_missing_when_files_alone_are_named_again(elsewhere: Place, keyring: FileKeyring) -> None:
    made = elsewhere.open().create("P-256")
    with pytest.raises(KeyFileMissing):
        open_backend("", keyring).sign(made, b"")


def test_a_damaged_file_is_not_looked_for_elsewhere(
    elsewhere: Place, keyring: FileKeyring, secret: object, request: pytest.FixtureRequest
) -> None:
    key_id = keyring.create("P-256")
    (keyring.directory / f"{key_id}.key").write_bytes(b"")
    again = open_again(elsewhere.open(), keyring, request)
    with pytest.raises(KeyFileDamaged):
        again.sign(key_id, b"")
    assert {key: kind.code for key, kind in again.problems().items()} == {key_id: "key-file-damaged"}


def open_again(backend: KeyBackend, keyring: FileKeyring, request: pytest.FixtureRequest) -> KeyBackend:
    """The same place over files of which none is unlocked yet."""
    assert isinstance(backend, BesideFiles)
    return BesideFiles(backend.chosen, Files(keyring.directory, request.getfixturevalue("secret")))


def test_destroying_reaches_the_place_that_holds_the_key(elsewhere: Place, keyring: FileKeyring) -> None:
    old, backend = keyring.create("P-256"), elsewhere.open()
    new = backend.create("P-256")
    backend.destroy(old)
    assert (keyring.list(), backend.list()) == ([], [new])
    with pytest.raises(KeyFileMissing):
        backend.sign(old, b"")


# Choosing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("uri", ["", "file:"])
def test_files_are_the_default(keyring: FileKeyring, uri: str) -> None:
    assert open_backend(uri, keyring) is keyring


@pytest.mark.parametrize("uri", ["files", "file:/keys", " ", "gcp-kms:x", "pkcs12:token=x", "https://x", ":", "aws"])
def test_another_scheme_is_refused(keyring: FileKeyring, uri: str) -> None:
    with pytest.raises(KeyBackendUnknown):
        open_backend(uri, keyring)


@pytest.mark.parametrize("pin", [None, ""])
def test_a_token_without_a_pin_is_refused(keyring: FileKeyring, pin: str | None) -> None:
    with pytest.raises(TokenPinMissing):
        open_backend(f"pkcs11:token=x?module-path={MODULE}", keyring, pin)


def test_a_pin_in_the_address_is_refused_and_not_repeated(keyring: FileKeyring) -> None:
    with pytest.raises(PinInUri) as caught:
        open_backend(f"pkcs11:token=x?module-path={MODULE}&pin-value=4711", keyring, "4711")
    assert "4711" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("uri", "package"), [(f"pkcs11:token=x?module-path={MODULE}", "pkcs11"), ("aws-kms://eu-central-1", "boto3")]
)
def test_a_package_that_is_not_installed_is_named(
    keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch, uri: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, "credentials.keyring.pkcs11", raising=False)
    monkeypatch.delitem(sys.modules, "credentials.keyring.aws_kms", raising=False)
    with pytest.raises(KeyBackendNotInstalled) as caught:
        open_backend(uri, keyring, "4711")
    assert package in caught.value.detail
    assert "verified-credentials-service[pkcs11]" in caught.value.advice


def test_a_backend_that_is_not_chosen_is_not_loaded() -> None:
    script = (
        "import sys; import credentials.web.composition;"
        "print([name for name in ('pkcs11', 'boto3', 'botocore') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
