"""The format of a key's file: what binds what."""

import hashlib

import pytest

from credentials.keyring import Argon2Cost, MasterSecret
from credentials.keyring.errors import KeyFileDamaged, WrongPassphrase
from credentials.keyring.sealing import KeyEncryptionKey, parse, seal

MATERIAL = bytes(range(32))


@pytest.fixture
def key(secret: MasterSecret, cheap: Argon2Cost) -> KeyEncryptionKey:
    return KeyEncryptionKey.fresh(secret, cheap)


def redigested(*lines: bytes) -> bytes:
    """A file as a forger writes it: the digest is right, for it needs no secret."""
    body = b"\n".join(lines)
    return body + b"\nsha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n"


def test_round_trip(key: KeyEncryptionKey) -> None:
    data = seal("id", "Ed25519", MATERIAL, key)
    sealed = parse(data)
    assert (sealed.key_id, sealed.algorithm, sealed.cost, sealed.salt) == ("id", "Ed25519", key.cost, key.salt)
    assert sealed.open(key) == MATERIAL
    assert MATERIAL not in data


def test_the_same_key_never_seals_to_the_same_bytes(key: KeyEncryptionKey) -> None:
    assert seal("id", "Ed25519", MATERIAL, key) != seal("id", "Ed25519", MATERIAL, key)


def test_a_header_with_another_id_or_algorithm_does_not_open(key: KeyEncryptionKey) -> None:
    magic, header, wrapped, body, _, _ = seal("first", "Ed25519", MATERIAL, key).split(b"\n")
    for forged in (header.replace(b"first", b"other"), header.replace(b"Ed25519", b"P-256"), header + b" "):
        with pytest.raises(KeyFileDamaged):
            parse(redigested(magic, forged, wrapped, body)).open(key)
    assert parse(redigested(magic, header, wrapped, body)).open(key) == MATERIAL


def test_parts_of_two_files_do_not_mix(key: KeyEncryptionKey) -> None:
    one, two = (seal(name, "Ed25519", MATERIAL, key).split(b"\n") for name in ("one", "two"))
    for mixed in ([one[0], one[1], two[2], two[3]], [one[0], one[1], one[2], two[3]], [one[0], one[1], two[2], one[3]]):
        with pytest.raises(KeyFileDamaged):
            parse(redigested(*mixed)).open(key)
    with pytest.raises(KeyFileDamaged):
        parse(redigested(one[0], one[1], one[3], one[2])).open(key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"memory_kib":8', b'"memory_kib":1073741824'),
        (b'"iterations":1', b'"iterations":4294967295'),
        (b'"lanes":1', b'"lanes":0'),
        (b'"lanes":1', b'"lanes":"1"'),
        (b'"memory_kib":8', b'"memory_kib":null'),
        (b'"salt":"', b'"salt":"AAAA'),
        (b'"key"', b'"kez"'),
        (b"{", b"["),
    ],
)
def test_a_forged_header_costs_nothing(key: KeyEncryptionKey, old: bytes, new: bytes) -> None:
    magic, header, wrapped, body, _, _ = seal("id", "Ed25519", MATERIAL, key).split(b"\n")
    with pytest.raises(KeyFileDamaged):
        parse(redigested(magic, header.replace(old, new, 1), wrapped, body))


@pytest.mark.parametrize("magic", [b"credentials-key/2", b"", b"credentials-key/1 "])
def test_other_formats_are_refused(key: KeyEncryptionKey, magic: bytes) -> None:
    _, header, wrapped, body, _, _ = seal("id", "Ed25519", MATERIAL, key).split(b"\n")
    with pytest.raises(KeyFileDamaged):
        parse(redigested(magic, header, wrapped, body))


@pytest.mark.parametrize("short", [b"", b"AA", b"AAAAAAAAAAAAAAAA"])
def test_short_parts_are_damage(key: KeyEncryptionKey, short: bytes) -> None:
    magic, header, wrapped, body, _, _ = seal("id", "Ed25519", MATERIAL, key).split(b"\n")
    for parts in ((magic, header, short, body), (magic, header, wrapped, short)):
        with pytest.raises(KeyFileDamaged):
            parse(redigested(*parts)).open(key)


def test_another_secret_or_salt_does_not_open(key: KeyEncryptionKey, secret: MasterSecret, cheap: Argon2Cost) -> None:
    sealed = parse(seal("id", "Ed25519", MATERIAL, key))
    for other in (KeyEncryptionKey.fresh(secret, cheap), KeyEncryptionKey.derive(MasterSecret(b"x"), cheap, key.salt)):
        with pytest.raises(WrongPassphrase):
            sealed.open(other)


def test_repr_shows_no_key(key: KeyEncryptionKey) -> None:
    assert "_key" not in repr(key)
    assert "sealed=" not in repr(parse(seal("id", "Ed25519", MATERIAL, key)))
