"""Private keys inside a token, behind a PKCS#11 module (OASIS PKCS #11 version 3.0): a `KeyBackend`.

Keys are made in the token and never leave it. Both halves are labelled with the key's opaque id. What the token signs
is compared with nothing here: whoever releases a signature verifies it first.
"""

import builtins
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

from credentials.core.keys import PublicKey
from credentials.keyring.addresses import TokenAddress
from credentials.keyring.ec_points import ed25519_of_point, p256_of_point
from credentials.keyring.errors import (
    KeyAlgorithmUnsupported,
    KeyFileMissing,
    KeyModuleUnusable,
    KeysUnavailable,
    TokenFailed,
    TokenMissing,
    TokenPinLocked,
    TokenPinMissing,
    TokenPinWrong,
)
from credentials.keyring.key_ids import is_key_id, new_key_id
from credentials.keyring.signer import KeyAlgorithm

_T = TypeVar("_T")
_SIGNATURE_BYTES: Final = 64
_calls = threading.Lock()
"""One call at a time in a process: the module is started without a promise that it may be called from many threads."""


# No process is forked in the middle of a call: what the module's own libraries hold then would stay held in the child.
os.register_at_fork(before=_calls.acquire, after_in_parent=_calls.release, after_in_child=_calls.release)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a token makes a key of one algorithm, signs with it, and shows its public half."""

    parameters: bytes
    generation: Mechanism
    signing: Mechanism
    prepare: Callable[[bytes], bytes]
    public: Callable[[bytes], PublicKey]


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


_KINDS: Final[Mapping[KeyType, _Kind]] = {
    # The parameters are object identifiers in DER: id-Ed25519 (RFC 8410 section 3), secp256r1 (RFC 5480 section 2.1.1).
    KeyType.EC_EDWARDS: _Kind(
        bytes.fromhex("06032b6570"), Mechanism.EC_EDWARDS_KEY_PAIR_GEN, Mechanism.EDDSA, bytes, ed25519_of_point
    ),
    KeyType.EC: _Kind(
        bytes.fromhex("06082a8648ce3d030107"), Mechanism.EC_KEY_PAIR_GEN, Mechanism.ECDSA, _digest, p256_of_point
    ),
}
_TYPES: Final[Mapping[KeyAlgorithm, KeyType]] = {"Ed25519": KeyType.EC_EDWARDS, "P-256": KeyType.EC}

_LOST: Final = (
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.UserNotLoggedIn,
    pkcs11.DeviceRemoved,
    pkcs11.DeviceError,
    pkcs11.TokenNotPresent,
    pkcs11.KeyHandleInvalid,
    pkcs11.ObjectHandleInvalid,
)
"""What a module says when the session, or a handle that was found in it, is no more."""

_MEANINGS: Final[tuple[tuple[tuple[type[pkcs11.PKCS11Error], ...], type[KeysUnavailable]], ...]] = (
    ((pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange), TokenPinWrong),
    ((pkcs11.PinLocked, pkcs11.PinExpired), TokenPinLocked),
    ((pkcs11.UserPinNotInitialized,), TokenPinMissing),
    ((pkcs11.NoSuchToken, pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised, pkcs11.DeviceRemoved), TokenMissing),
)


def meaning_of(error: pkcs11.PKCS11Error) -> type[KeysUnavailable]:
    """The keyring's error for one of a module's; `TokenFailed` for those that call for no answer of their own."""
    return next((ours for theirs, ours in _MEANINGS if isinstance(error, theirs)), TokenFailed)


@contextmanager
def _module_errors(where: str) -> Iterator[None]:
    """Turn what a module says into the keyring's own errors."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        raise meaning_of(error)(f"{where}: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A module as one process started it. What belongs to a session ends with it."""

    library: Any
    path: str
    process: int

    def is_current(self) -> bool:
        """Whether this is the last start of the module, and in this very process."""
        return _starts.get(self.path) is self and self.process == os.getpid()


_starts: dict[str, Start] = {}
"""The last start of each module, by its path."""


@dataclass(slots=True)
class _Connection:
    """A session of one process, logged in, and the keys that were found in it."""

    session: pkcs11.Session
    start: Start
    found: dict[str, Any] = field(default_factory=dict)

    def search(self, wanted: ObjectClass, key_id: str | None = None) -> builtins.list[Any]:
        """The objects of a class, all or those of one key."""
        # A search in a session that is gone is cleaned up by python-pkcs11 later, with a traceback on standard error:
        # ask for something simpler first.
        with suppress(pkcs11.RandomNoRNG):
            self.session.generate_random(8)
        label = {} if key_id is None else {Attribute.LABEL: key_id}
        return list(self.session.get_objects({Attribute.CLASS: wanted, **label}))

    def key(self, key_id: str) -> Any:
        """The private key of this id. Raises `KeyFileMissing`, and `TokenFailed` when there are several."""
        if key_id not in self.found:
            self.found[key_id] = _only(self.search(ObjectClass.PRIVATE_KEY, key_id), "private key")
        return self.found[key_id]


def _only(found: builtins.list[Any], what: str) -> Any:
    """The one object of its name."""
    if not found:
        raise KeyFileMissing(f"the token has no {what} with this id")
    if len(found) > 1:
        raise TokenFailed(f"the token has {len(found)} objects that claim to be one {what}")
    return found[0]


class Pkcs11Keyring:
    """A `KeyBackend` over one token. Safe to share between threads, and with the processes forked from this one.

    The module is started and the session opened when they are first needed, once in each process. A session that was
    lost is opened again once. A PIN that was refused is not tried again in this process: tokens lock after a few.
    """

    def __init__(self, address: TokenAddress, pin: str | None) -> None:
        """Remember where the token is and its PIN. Nothing is loaded yet. Raises `TokenPinMissing`."""
        if not pin:
            raise TokenPinMissing("no PIN was given for the token")
        self._address = address
        self._pin = pin
        self._where = f"token {address.token}"
        self._connection: _Connection | None = None
        self._refusal: KeysUnavailable | None = None
        self._public: dict[str, PublicKey] = {}

    def __repr__(self) -> str:
        """Name the token, nothing more."""
        return f"Pkcs11Keyring({self._address.token!r})"

    def list(self) -> builtins.list[str]:
        """Return the ids of the private keys in the token, sorted. Keys that are not this service's are left out."""

        def labels(connection: _Connection) -> set[str]:
            return {str(one[Attribute.LABEL]) for one in connection.search(ObjectClass.PRIVATE_KEY)}

        return sorted(label for label in self._run(labels) if is_key_id(label))

    def create(self, algorithm: KeyAlgorithm) -> str:
        """Make a key in the token: not to be extracted, not to be copied. Raises `KeyAlgorithmUnsupported`."""
        if algorithm not in _TYPES:
            raise KeyAlgorithmUnsupported(f"{algorithm!r} keys are not made by PKCS#11 here")
        return self._run(lambda connection: _generate(connection.session, _TYPES[algorithm]))

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Sign; see `Signer.sign`. P-256 signatures differ from one time to the next."""
        _require_form(key_id)
        signature = self._run(lambda connection: _sign(connection.key(key_id), data))
        if len(signature) != _SIGNATURE_BYTES:
            raise TokenFailed(f"the token gave a signature of {len(signature)} bytes")
        return signature

    def public_key(self, key_id: str) -> PublicKey:
        """Return the public half as the token shows it; it is asked once. Raises as `sign` does."""
        _require_form(key_id)
        known = self._public.get(key_id)
        if known is None:
            known = self._public[key_id] = self._run(lambda connection: _shown(connection, key_id))
        return known

    def destroy(self, key_id: str) -> None:
        """Remove both halves from the token for good. Raises `KeyFileMissing`."""
        _require_form(key_id)
        self._run(lambda connection: _destroy(connection, key_id))
        self._public.pop(key_id, None)

    def problems(self) -> dict[str, KeysUnavailable]:
        """Return what is wrong with each key; see `KeyBackend.problems`."""
        found: dict[str, KeysUnavailable] = {}
        for key_id in self.list():
            try:
                self.public_key(key_id)
            except KeysUnavailable as error:
                found[key_id] = error
        return found

    def _run(self, act: Callable[[_Connection], _T]) -> _T:
        """Do something in a session, and once more in a new one if the session was lost."""
        with _calls, _module_errors(self._where):
            try:
                return act(self._connected())
            except _LOST:
                self._connection = self._open(anew=True)
                return act(self._connection)

    def _connected(self) -> _Connection:
        """The session of this process. A forked one has its parent's module in its memory and must start it anew."""
        if self._connection is None or not self._connection.start.is_current():
            self._connection = self._open()
        return self._connection

    def _open(self, *, anew: bool = False) -> _Connection:
        """Start the module if need be, find the token and log in."""
        if self._refusal is not None:
            raise self._refusal
        start = started(self._address.module, anew=anew)
        token = _token(start.library, self._address)
        try:
            return _Connection(_logged_in(token, self._pin), start)
        except pkcs11.PKCS11Error as error:
            if (kind := meaning_of(error)) in (TokenPinWrong, TokenPinLocked):
                self._refusal = kind(f"{self._where}: {type(error).__name__}")
            raise


def started(path: str, *, anew: bool = False) -> Start:
    """Return a module that this process has started: for the first time, after a fork, or `anew` because it is asked.

    Sessions from before are of no use then. Raises `KeyModuleUnusable`.
    """
    known = _starts.pop(path, None)
    try:
        library = pkcs11.lib(path)
        if known is not None and (anew or known.process != os.getpid()):
            library.reinitialize()
    except (pkcs11.PKCS11Error, OSError) as error:
        raise KeyModuleUnusable(f"{path}: {str(error) or type(error).__name__}") from error
    if known is None or anew or known.process != os.getpid():
        known = Start(library, path, os.getpid())
    _starts[path] = known
    return known


def _token(library: Any, address: TokenAddress) -> pkcs11.Token:
    """The one token that the address means. Raises `TokenMissing`."""
    named: list[pkcs11.Token] = list(library.get_tokens(token_label=address.token))
    found = [one for one in named if address.serial in (None, one.serial.decode("utf-8", "replace").strip())]
    if len(found) != 1:
        raise TokenMissing(f"{len(found)} tokens are named {address.token}")
    return found[0]


def _logged_in(token: pkcs11.Token, pin: str) -> pkcs11.Session:
    """A session in which the private keys can be used."""
    try:
        return token.open(rw=True, user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:
        # A process logs in to a token once, for all its sessions.
        return token.open(rw=True)


def _generate(session: pkcs11.Session, key_type: KeyType) -> str:
    """Make both halves of a key. Its id is drawn here, so that one that was lost half-way is not made twice."""
    key_id, kind = new_key_id(), _KINDS[key_type]
    domain = session.create_domain_parameters(key_type, {Attribute.EC_PARAMS: kind.parameters}, local=True)
    domain.generate_keypair(
        id=bytes.fromhex(key_id),
        label=key_id,
        store=True,
        mechanism=kind.generation,
        capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        private_template={
            Attribute.PRIVATE: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.COPYABLE: False,
        },
    )
    return key_id


def _kind(key: Any) -> _Kind:
    """How a key signs. Raises `TokenFailed` for a key under one of our names that is of no kind we make."""
    if key.key_type not in _KINDS:
        raise TokenFailed("a key of the token is neither of Ed25519 nor of P-256")
    return _KINDS[key.key_type]


def _sign(key: Any, data: bytes) -> bytes:
    kind = _kind(key)
    return bytes(key.sign(kind.prepare(data), mechanism=kind.signing))


def _shown(connection: _Connection, key_id: str) -> PublicKey:
    """The public half, of a key whose private half is there."""
    kind = _kind(connection.key(key_id))
    shown = _only(connection.search(ObjectClass.PUBLIC_KEY, key_id), "public key")
    try:
        return kind.public(bytes(shown[Attribute.EC_POINT]))
    except ValueError as error:
        raise TokenFailed(f"the token shows {error}") from error


def _destroy(connection: _Connection, key_id: str) -> None:
    """The private half first: were the public one gone alone, nobody could check what the key signs."""
    connection.key(key_id).destroy()
    connection.found.pop(key_id)
    for half in connection.search(ObjectClass.PUBLIC_KEY, key_id):
        half.destroy()


def _require_form(key_id: str) -> None:
    if not is_key_id(key_id):
        raise KeyFileMissing("there is no key with this id")
