"""AWS KMS over the wire: what is asked of it, and each of its ways to fail."""

import base64
import time
from collections.abc import Callable

import pytest
from botocore.exceptions import BotoCoreError
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials.keyring import KeyBackend
from credentials.keyring import aws_kms as module
from credentials.keyring.addresses import KmsAddress
from credentials.keyring.aws_kms import ATTEMPTS, DELETION_DAYS, KmsKeyring, meaning_of
from credentials.keyring.errors import (
    KeyAlgorithmUnsupported,
    KeyFileMissing,
    KeysUnavailable,
    KmsAccessDenied,
    KmsCredentialsMissing,
    KmsFailed,
    KmsKeyUnusable,
    KmsThrottled,
    KmsUnreachable,
)
from tests.keyring.kms_server import REGION, KmsServer

UNKNOWN = "ab" * 16


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> KmsAddress:
    return KmsAddress(REGION, tmp_path_factory.mktemp("kms").name)


@pytest.fixture
def backend(kms: KmsServer, address: KmsAddress) -> KmsKeyring:
    return KmsKeyring(address)


def test_a_key_is_made_for_signing_and_found_by_its_alias(backend: KmsKeyring, kms: KmsServer) -> None:
    key_id = backend.create("P-256")
    (made,), (alias,) = kms.asked("CreateKey"), kms.asked("CreateAlias")
    assert (made["KeySpec"], made["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert alias["AliasName"] == f"alias/{backend._address.prefix}/{key_id}"


def test_only_a_digest_is_sent(backend: KmsKeyring, kms: KmsServer) -> None:
    backend.sign(backend.create("P-256"), b"Ana Lima, 38 hours" * 1_000)
    (asked,) = kms.asked("Sign")
    assert (asked["MessageType"], asked["SigningAlgorithm"]) == ("DIGEST", "ECDSA_SHA_256")
    assert len(base64.b64decode(asked["Message"])) == 32
    assert "Ana" not in repr(kms.log)


def test_a_public_key_is_asked_once(backend: KmsKeyring, kms: KmsServer, address: KmsAddress) -> None:
    key_id = backend.create("P-256")
    again = KmsKeyring(address)
    for _ in range(3):
        again.public_key(key_id)
        again.sign(key_id, b"")
    assert len(kms.asked("GetPublicKey")) == 2  # one of each backend
    assert not kms.asked("Sign")[0]["KeyId"].startswith("alias/")


def test_prefixes_keep_services_apart(backend: KmsKeyring, address: KmsAddress) -> None:
    key_id = backend.create("P-256")
    for other in (
        KmsAddress(REGION),
        KmsAddress(REGION, address.prefix[:-1]),
        KmsAddress(REGION, f"{address.prefix}/x"),
    ):
        assert key_id not in KmsKeyring(other).list()
        with pytest.raises(KeyFileMissing):
            KmsKeyring(other).sign(key_id, b"")


def test_more_aliases_than_one_page_has(backend: KmsKeyring, kms: KmsServer, address: KmsAddress) -> None:
    made = sorted(backend.create("P-256") for _ in range(3))
    name = f"alias/{address.prefix}"
    kms.pages["ListAliases"] = [
        {"Aliases": [{"AliasName": f"{name}/{made[0]}"}], "Truncated": True, "NextMarker": "1"},
        {
            "Aliases": [{"AliasName": f"{name}/{made[2]}"}, {"AliasName": f"{name}/notes"}],
            "Truncated": True,
            "NextMarker": "2",
        },
        {"Aliases": [{"AliasName": f"{name}/{made[1]}"}, {"AliasName": made[1]}], "Truncated": False},
    ]
    assert backend.list() == made
    assert [body.get("Marker") for body in kms.asked("ListAliases")] == [None, "1", "2"]


def test_destroying_orders_a_deletion_that_can_be_taken_back(backend: KmsKeyring, kms: KmsServer) -> None:
    backend.destroy(backend.create("P-256"))
    (asked,) = kms.asked("ScheduleKeyDeletion")
    assert asked["PendingWindowInDays"] == DELETION_DAYS == 30
    assert [name for name, _ in kms.log][-2:] == ["ScheduleKeyDeletion", "DeleteAlias"]


@pytest.mark.parametrize("algorithm", ["Ed25519", "ML-DSA-44"])
def test_p256_is_the_algorithm_there(backend: KmsKeyring, kms: KmsServer, algorithm: str) -> None:
    with pytest.raises(KeyAlgorithmUnsupported, match="P-256"):
        backend.create(algorithm)  # type: ignore[arg-type]
    assert kms.log == []


def test_a_key_without_an_alias_is_not_left_behind(backend: KmsKeyring, kms: KmsServer) -> None:
    kms.fail("CreateAlias", 400, "AccessDeniedException")
    with pytest.raises(KmsAccessDenied):
        backend.create("P-256")
    assert [name for name, _ in kms.log] == ["CreateKey", "CreateAlias", "ScheduleKeyDeletion"]
    assert backend.list() == []


# Failures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("AccessDeniedException", KmsAccessDenied),
        ("UnrecognizedClientException", KmsAccessDenied),
        ("ExpiredTokenException", KmsAccessDenied),
        ("InvalidSignatureException", KmsAccessDenied),
        ("NotFoundException", KeyFileMissing),
        ("DisabledException", KmsKeyUnusable),
        ("KMSInvalidStateException", KmsKeyUnusable),
        ("InvalidKeyUsageException", KmsKeyUnusable),
        ("ValidationException", KmsFailed),
        ("SomethingNewException", KmsFailed),
    ],
)
def test_a_refusal_is_told_in_our_words(
    backend: KmsKeyring, kms: KmsServer, code: str, ours: type[KeysUnavailable]
) -> None:
    key_id = backend.create("P-256")
    for use in (lambda: backend.sign(key_id, b""), backend.list, lambda: backend.create("P-256")):
        kms.fail_next(400, code)
        with pytest.raises(ours) as caught:
            use()
        assert type(caught.value) is ours
        # What AWS says names accounts and keys.
        assert "arn:" not in str(caught.value)
        assert code in str(caught.value)
    assert len(backend.sign(key_id, b"")) == 64


def test_a_short_throttling_is_waited_out(backend: KmsKeyring, kms: KmsServer) -> None:
    key_id = backend.create("P-256")
    kms.fail_next(400, "ThrottlingException", times=ATTEMPTS - 1)
    assert len(backend.sign(key_id, b"")) == 64


def test_a_long_throttling_is_told(backend: KmsKeyring, kms: KmsServer) -> None:
    key_id = backend.create("P-256")
    kms.log.clear()
    kms.fail_next(400, "ThrottlingException", times=ATTEMPTS)
    with pytest.raises(KmsThrottled):
        backend.sign(key_id, b"")
    assert len(kms.log) == ATTEMPTS


def test_an_endpoint_that_refuses_connections(
    address: KmsAddress, kms: KmsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:1")
    calls: tuple[Callable[[KeyBackend], object], ...] = (
        lambda one: one.create("P-256"),
        lambda one: one.sign(UNKNOWN, b""),
        lambda one: one.list(),
        lambda one: one.problems(),
    )
    for call in calls:
        with pytest.raises(KmsUnreachable):
            call(KmsKeyring(address))


def test_an_endpoint_that_does_not_answer(backend: KmsKeyring, kms: KmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.2)
    monkeypatch.setattr(module, "ATTEMPTS", 1)
    kms.silent.set()
    begun = time.monotonic()
    try:
        with pytest.raises(KmsUnreachable):
            backend.list()
    finally:
        kms.silent.clear()
    assert time.monotonic() - begun < 5
    time.sleep(0.2)
    assert kms.log == []


def test_the_time_limits_are_those_that_are_told(backend: KmsKeyring) -> None:
    limits = backend._kms().meta.config
    assert (limits.connect_timeout, limits.read_timeout) == (5, 10)
    assert limits.retries["total_max_attempts"] == 3


def test_nobody_says_who_is_asking(address: KmsAddress, kms: KmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(KmsCredentialsMissing):
        KmsKeyring(address).list()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "half")
    with pytest.raises(KmsCredentialsMissing):
        KmsKeyring(address).list()
    monkeypatch.setenv("AWS_PROFILE", "none-such")
    with pytest.raises(KmsCredentialsMissing):
        KmsKeyring(address).list()
    assert kms.log == []


def spki(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.mark.parametrize(
    "public",
    [
        spki(ec.generate_private_key(ec.SECP256K1()).public_key()),
        spki(ec.generate_private_key(ec.SECP384R1()).public_key()),
        spki(ed25519.Ed25519PrivateKey.generate().public_key()),
        base64.b64encode(b"no key").decode(),
        "",
    ],
    ids=["secp256k1", "P-384", "Ed25519", "no key", "nothing"],
)
def test_a_key_of_another_kind_under_one_of_our_names(backend: KmsKeyring, kms: KmsServer, public: str) -> None:
    kms.answers["GetPublicKey"] = {"KeyId": "arn:aws:kms:x", "PublicKey": public}
    with pytest.raises(KmsKeyUnusable):
        backend.public_key(UNKNOWN)


@pytest.mark.parametrize("signature", [b"", b"no DER", b"\x30\x06\x02\x01\x01\x02\x01\x01x", b"\x30\x00"])
def test_a_signature_that_is_none(backend: KmsKeyring, kms: KmsServer, signature: bytes) -> None:
    key_id = backend.create("P-256")
    kms.answers["Sign"] = {"KeyId": "x", "Signature": base64.b64encode(signature).decode()}
    with pytest.raises(KmsFailed):
        backend.sign(key_id, b"")


def test_numbers_too_large_for_the_curve(backend: KmsKeyring, kms: KmsServer) -> None:
    key_id = backend.create("P-256")
    long = b"\x02\x22\x01" + b"\x00" * 33
    kms.answers["Sign"] = {"KeyId": "x", "Signature": base64.b64encode(b"\x30\x48" + long + long).decode()}
    with pytest.raises(KmsFailed):
        backend.sign(key_id, b"")


def test_a_small_number_keeps_its_place(backend: KmsKeyring, kms: KmsServer) -> None:
    key_id = backend.create("P-256")
    kms.answers["Sign"] = {"KeyId": "x", "Signature": base64.b64encode(b"\x30\x06\x02\x01\x05\x02\x01\x07").decode()}
    assert backend.sign(key_id, b"") == (5).to_bytes(32, "big") + (7).to_bytes(32, "big")


def test_every_code_is_one_that_is_translated() -> None:
    assert set(module._CODES.values()) == {
        KeyFileMissing,
        KmsKeyUnusable,
        KmsThrottled,
        KmsAccessDenied,
        KmsUnreachable,
    }
    assert meaning_of(BotoCoreError()) is KmsFailed


def test_a_key_that_became_unusable_is_a_problem(backend: KmsKeyring, kms: KmsServer) -> None:
    good, bad = backend.create("P-256"), backend.create("P-256")
    assert backend.problems() == {}
    first = min(good, bad)
    kms.fail("GetPublicKey", 400, "KMSInvalidStateException")
    assert {key: error.code for key, error in backend.problems().items()} == {first: "kms-key-unusable"}
