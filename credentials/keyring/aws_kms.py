"""Private keys in AWS KMS: a `KeyBackend` that signs over the network.

A key is an asymmetric KMS key `ECC_NIST_P256` for `SIGN_VERIFY`, found by its alias `alias/<prefix>/<key id>`. Only the
SHA-256 digest of what is signed is sent (Sign with MessageType DIGEST, AWS KMS API reference), so that its length
does not matter and no personal data leaves. Who asks is found by boto3 in its own way.
"""

import builtins
import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)
from botocore.exceptions import ConnectionError as EndpointFailure
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from credentials.core.keys import PublicKey
from credentials.keyring.addresses import KmsAddress
from credentials.keyring.ec_points import p256_of_numbers
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
from credentials.keyring.key_ids import is_key_id, new_key_id
from credentials.keyring.signer import KeyAlgorithm

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
ATTEMPTS: Final = 3
DELETION_DAYS: Final = 30
"""The longest time KMS offers between the order to delete a key and its end: until then it can be taken back."""

_SPEC: Final = "ECC_NIST_P256"
_SCALAR_BYTES: Final = 32
_SIGNING: Final = "ECDSA_SHA_256"

_CODES: Final[Mapping[str, type[KeysUnavailable]]] = {
    "NotFoundException": KeyFileMissing,
    "DisabledException": KmsKeyUnusable,
    "KMSInvalidStateException": KmsKeyUnusable,
    "KeyUnavailableException": KmsKeyUnusable,
    "InvalidKeyUsageException": KmsKeyUnusable,
    "ThrottlingException": KmsThrottled,
    "RequestLimitExceeded": KmsThrottled,
    "LimitExceededException": KmsThrottled,
    "AccessDeniedException": KmsAccessDenied,
    "ExpiredTokenException": KmsAccessDenied,
    "IncompleteSignature": KmsAccessDenied,
    "IncompleteSignatureException": KmsAccessDenied,
    "InvalidClientTokenId": KmsAccessDenied,
    "InvalidSignatureException": KmsAccessDenied,
    "MissingAuthenticationTokenException": KmsAccessDenied,
    "NotAuthorized": KmsAccessDenied,
    "OptInRequired": KmsAccessDenied,
    "SignatureDoesNotMatch": KmsAccessDenied,
    "UnrecognizedClientException": KmsAccessDenied,
    "DependencyTimeoutException": KmsUnreachable,
    "ServiceUnavailable": KmsUnreachable,
}
_NOBODY: Final = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, ProfileNotFound, SSOError)


def meaning_of(error: BotoCoreError | ClientError) -> type[KeysUnavailable]:
    """The keyring's error for one of boto3's; `KmsFailed` for those that call for no answer of their own."""
    if isinstance(error, ClientError):
        return _CODES.get(_code(error), KmsFailed)
    if isinstance(error, _NOBODY):
        return KmsCredentialsMissing
    return KmsUnreachable if isinstance(error, (EndpointFailure, HTTPClientError)) else KmsFailed


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _kms_errors(where: str) -> Iterator[None]:
    """Turn what boto3 says into the keyring's own errors. Its own words may name accounts and keys: they stay out."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        said = _code(error) if isinstance(error, ClientError) else type(error).__name__
        raise meaning_of(error)(f"{where}: {said}") from error


class KmsKeyring:
    """A `KeyBackend` over one region. Safe to share between threads, and with the processes forked from this one.

    Each process makes its own client when it first needs one. A key's full name (ARN) and public half are asked once
    and kept: alias and key belong together for as long as the process runs.
    """

    def __init__(self, address: KmsAddress) -> None:
        """Remember the region. Nothing is asked yet."""
        self._address = address
        self._where = f"AWS KMS in {address.region}"
        self._lock = threading.Lock()
        self._client: tuple[int, Any] | None = None
        self._known: dict[str, tuple[str, PublicKey]] = {}
        os.register_at_fork(after_in_child=self._forget_the_parent)

    def __repr__(self) -> str:
        """Name the region, nothing more."""
        return f"KmsKeyring({self._address.region!r})"

    def list(self) -> builtins.list[str]:
        """Return the ids of the keys whose aliases begin with the prefix, sorted."""
        start = self._alias("")
        with _kms_errors(self._where):
            pages = self._kms().get_paginator("list_aliases").paginate()
            names = [str(one["AliasName"]) for page in pages for one in page["Aliases"]]
        ids = (name.removeprefix(start) for name in names if name.startswith(start))
        return sorted(one for one in ids if is_key_id(one))

    def create(self, algorithm: KeyAlgorithm) -> str:
        """Make a key and give it its alias. A key that gets none is deleted. Raises `KeyAlgorithmUnsupported`."""
        if algorithm != "P-256":
            raise KeyAlgorithmUnsupported(f"{algorithm} keys are not made in AWS KMS here: choose P-256")
        key_id = new_key_id()
        with _kms_errors(self._where):
            kms = self._kms()
            made = kms.create_key(KeySpec=_SPEC, KeyUsage="SIGN_VERIFY", Description=f"{self._address.prefix} {key_id}")
            name = made["KeyMetadata"]["KeyId"]
            try:
                kms.create_alias(AliasName=self._alias(key_id), TargetKeyId=name)
            except (BotoCoreError, ClientError):
                kms.schedule_key_deletion(KeyId=name, PendingWindowInDays=DELETION_DAYS)
                raise
            # By its own name: an alias takes a moment until the whole region knows it.
            self._known[key_id] = self._asked(name)
        return key_id

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Sign; see `Signer.sign`. Signatures differ from one time to the next."""
        name, _ = self._key(key_id)
        digest = hashlib.sha256(data).digest()
        with _kms_errors(self._where):
            answer = self._kms().sign(KeyId=name, Message=digest, MessageType="DIGEST", SigningAlgorithm=_SIGNING)
        return _raw(answer["Signature"])

    def public_key(self, key_id: str) -> PublicKey:
        """Return the public half as KMS shows it; it is asked once. Raises as `sign` does."""
        return self._key(key_id)[1]

    def destroy(self, key_id: str) -> None:
        """Order the deletion of the key, `DELETION_DAYS` from now, and take its alias away. Raises `KeyFileMissing`."""
        name, _ = self._key(key_id)
        with _kms_errors(self._where):
            kms = self._kms()
            kms.schedule_key_deletion(KeyId=name, PendingWindowInDays=DELETION_DAYS)
            kms.delete_alias(AliasName=self._alias(key_id))
        self._known.pop(key_id, None)

    def problems(self) -> dict[str, KeysUnavailable]:
        """Return what is wrong with each key, asked anew; see `KeyBackend.problems`."""
        found: dict[str, KeysUnavailable] = {}
        for key_id in self.list():
            try:
                self._ask(key_id)
            except KeysUnavailable as error:
                found[key_id] = error
        return found

    def _alias(self, key_id: str) -> str:
        return f"alias/{self._address.prefix}/{key_id}"

    def _key(self, key_id: str) -> tuple[str, PublicKey]:
        """A key's full name and public half, from memory if they were asked before."""
        known = self._known.get(key_id)
        if known is None:
            known = self._known[key_id] = self._ask(key_id)
        return known

    def _ask(self, key_id: str) -> tuple[str, PublicKey]:
        if not is_key_id(key_id):
            raise KeyFileMissing("there is no key with this id")
        with _kms_errors(self._where):
            return self._asked(self._alias(key_id))

    def _asked(self, name: str) -> tuple[str, PublicKey]:
        answer = self._kms().get_public_key(KeyId=name)
        return str(answer["KeyId"]), _public(answer["PublicKey"])

    def _kms(self) -> Any:
        """This process's client."""
        with self._lock:
            if self._client is None or self._client[0] != os.getpid():
                self._client = os.getpid(), _client(self._address.region)
            return self._client[1]

    def _forget_the_parent(self) -> None:
        """In a forked process: no thread is left that could release the lock, and the connections are the parent's."""
        self._lock = threading.Lock()
        self._client = None


def _client(region: str) -> Any:
    """A client with a session of its own: boto3's common one is not made for threads."""
    limits = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.session.Session().client("kms", region_name=region, config=limits)


def _raw(signature: bytes) -> bytes:
    """r ‖ s as RFC 7518 section 3.4 wants them, from the DER form (RFC 3279 section 2.2.3)."""
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(_SCALAR_BYTES, "big") + s.to_bytes(_SCALAR_BYTES, "big")
    except (ValueError, OverflowError) as error:
        raise KmsFailed("AWS KMS gave no P-256 signature") from error


def _public(der: bytes) -> PublicKey:
    """A P-256 public key from its SubjectPublicKeyInfo (RFC 5480)."""
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KmsKeyUnusable("AWS KMS shows a public key that cannot be read") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KmsKeyUnusable("the key in AWS KMS is not of P-256")
    point = key.public_numbers()
    return p256_of_numbers(point.x, point.y)
