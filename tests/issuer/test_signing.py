"""Many signatures at once are the same as one after the other, and one that is wrong stops them all."""

from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from credentials.core.keys import PublicKey
from credentials.issuer import signing
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.intents import record
from credentials.issuer.service import IssuerService
from credentials.issuer.signing import ToSign, sign_all, sign_checked
from credentials.keyring.errors import KeyFileMissing
from credentials.keyring.files import FileKeyring
from credentials.store.credentials import Waiting
from tests.drafts import keyed_drafts

SHARE = 4


@pytest.fixture(autouse=True)
def several_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads and small shares, whatever machine this is."""
    monkeypatch.setattr(signing, "_SHARE", SHARE)
    monkeypatch.setattr(signing, "_THREADS", 2)


@pytest.fixture
def to_sign(service: IssuerService) -> tuple[ToSign, ...]:
    """The forms of nine credentials."""
    return record(service.means, "acme", list(keyed_drafts(9))).to_sign


class OtherKeyFor:
    """A signer that takes another key for one of the messages."""

    def __init__(self, keyring: FileKeyring, message: bytes) -> None:
        self.keyring, self.message, self.other = keyring, message, keyring.create("Ed25519")

    def sign(self, key_id: str, data: bytes) -> bytes:
        return self.keyring.sign(self.other if data == self.message else key_id, data)

    def public_key(self, key_id: str) -> PublicKey:
        return self.keyring.public_key(key_id)


class Together(OtherKeyFor):
    """A signer that signs nothing before two threads have asked it to."""

    def __init__(self, keyring: FileKeyring) -> None:
        super().__init__(keyring, b"")
        self.threads: set[int] = set()
        self.met = Event()

    def sign(self, key_id: str, data: bytes) -> bytes:
        self.threads.add(get_ident())
        if len(self.threads) == 2:
            self.met.set()
        assert self.met.wait(10)
        return super().sign(key_id, data)


@pytest.mark.parametrize("count", [0, 1, SHARE, SHARE + 1, 18])
def test_all_at_once_is_one_after_the_other(service: IssuerService, to_sign: tuple[ToSign, ...], count: int) -> None:
    signer, now = service.means.signer, service.means.now()
    forms = sign_all(signer, to_sign[:count], now)
    assert [(one.credential_id, one.format) for one in forms] == [
        (one.intent.credential_id, one.intent.format) for one in to_sign[:count]
    ]
    assert [one.body for one in forms] == [
        sign_checked(signer, one, signer.public_key(one.intent.key_id)) for one in to_sign[:count]
    ]
    assert {one.released_at for one in forms} <= {now}


def test_several_sign_at_once(service: IssuerService, keyring: FileKeyring, to_sign: tuple[ToSign, ...]) -> None:
    assert len(sign_all(Together(keyring), to_sign, service.means.now())) == len(to_sign)


@pytest.mark.parametrize("wrong", [0, SHARE, 17])
def test_one_wrong_signature_stops_all(
    service: IssuerService, keyring: FileKeyring, to_sign: tuple[ToSign, ...], wrong: int
) -> None:
    signer = OtherKeyFor(keyring, to_sign[wrong].prepared.signing_input)
    with pytest.raises(SelfCheckFailed) as caught:
        sign_all(signer, to_sign, service.means.now())
    assert caught.value.detail.startswith(to_sign[wrong].intent.credential_id)


def test_a_missing_key_stops_all(service: IssuerService, to_sign: tuple[ToSign, ...]) -> None:
    intent, prepared = to_sign[-1]
    unknown = ToSign(intent._replace(key_id="0" * 32), prepared)
    with pytest.raises(KeyFileMissing):
        sign_all(service.means.signer, (*to_sign, unknown), service.means.now())


def restored(to_sign: tuple[ToSign, ...]) -> Iterator[ToSign]:
    for one in to_sign:
        yield signing.restore(Waiting(one.intent, one.prepared.unsigned))


def test_what_is_stored_gives_the_same_bytes_again(to_sign: tuple[ToSign, ...]) -> None:
    assert tuple(restored(to_sign)) == to_sign
