"""The master secret: a passphrase, or one file that is made exactly once."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from credentials.keyring import Argon2Cost, FileKeyring, load_or_create_master_secret
from credentials.keyring.errors import (
    KeyDirectoryUnusable,
    KeyFileNotRegular,
    KeyFileTooOpen,
    KeysUnavailable,
    MasterSecretDamaged,
    MasterSecretMissing,
    PassphraseTooShort,
    WrongPassphrase,
)


def test_the_first_run_makes_a_file_and_says_where(tmp_path: Path) -> None:
    first = load_or_create_master_secret(tmp_path / "keys", None)
    again = load_or_create_master_secret(tmp_path / "keys", None)
    assert first.path == tmp_path / "keys" / "master.secret"
    assert (first.created, again.created) == (True, False)
    assert first.material == again.material
    assert len(first.material) == 32
    assert first.has_full_entropy
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["master.secret"]


def test_two_directories_have_two_secrets(tmp_path: Path) -> None:
    one, two = (load_or_create_master_secret(tmp_path / name, None) for name in "ab")
    assert one.material != two.material


def test_a_passphrase_writes_nothing(tmp_path: Path) -> None:
    secret = load_or_create_master_secret(tmp_path / "keys", "correct horse")
    assert secret.path is None
    assert not secret.has_full_entropy
    assert not (tmp_path / "keys").exists()


def test_one_passphrase_in_two_normal_forms_is_one(tmp_path: Path) -> None:
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert load_or_create_master_secret(tmp_path, composed) == load_or_create_master_secret(tmp_path, decomposed)


def test_a_passphrase_that_is_no_unicode_still_works(tmp_path: Path) -> None:
    odd = b"pass\xffphrase".decode("utf-8", "surrogateescape")
    assert load_or_create_master_secret(tmp_path, odd).material == b"pass\xffphrase"


@pytest.mark.parametrize("passphrase", ["", " ", "\t\n        ", "short", "1234567", "  1234567  "])
def test_a_short_passphrase_is_refused(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(PassphraseTooShort) as caught:
        load_or_create_master_secret(tmp_path, passphrase)
    assert passphrase.strip() == "" or passphrase.strip() not in str(caught.value)


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from credentials.keyring import load_or_create_master_secret as load;"
        "sys.stdin.readline(); secret = load(Path(sys.argv[1]), None); print(secret.created, secret.material.hex())"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "keys")]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    said = [racer.communicate()[0].split() for racer in racers]
    assert len({material for _, material in said}) == 1
    assert [created for created, _ in said].count("True") == 1


def test_keys_without_their_secret_are_not_given_a_new_one(tmp_path: Path, cheap: Argon2Cost) -> None:
    secret = load_or_create_master_secret(tmp_path / "keys", None)
    FileKeyring(tmp_path / "keys", secret, cost=cheap).create("Ed25519")
    (tmp_path / "keys" / "master.secret").unlink()
    with pytest.raises(MasterSecretMissing):
        load_or_create_master_secret(tmp_path / "keys", None)
    assert not (tmp_path / "keys" / "master.secret").exists()


def test_a_passphrase_does_not_open_what_the_file_made(tmp_path: Path) -> None:
    key_id = FileKeyring(tmp_path, load_or_create_master_secret(tmp_path, None)).create("Ed25519")
    with pytest.raises(WrongPassphrase):
        FileKeyring(tmp_path, load_or_create_master_secret(tmp_path, "correct horse")).sign(key_id, b"")


def test_every_damage_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "master.secret"
    load_or_create_master_secret(tmp_path, None)
    whole = path.read_bytes()
    flipped = [whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :] for i in range(len(whole))]
    for damaged in (*flipped, *(whole[:i] for i in range(len(whole))), whole + b"\n", b"\xff" * 5000):
        path.write_bytes(damaged)
        with pytest.raises(MasterSecretDamaged) as caught:
            load_or_create_master_secret(tmp_path, None)
        assert whole.split()[1].decode() not in str(caught.value)


def test_an_open_file_is_refused(tmp_path: Path) -> None:
    load_or_create_master_secret(tmp_path, None)
    (tmp_path / "master.secret").chmod(0o640)
    with pytest.raises(KeyFileTooOpen, match="chmod 600"):
        load_or_create_master_secret(tmp_path, None)


@pytest.mark.parametrize("target", ["elsewhere", "missing"])
def test_a_link_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere").write_bytes(b"x")
    (tmp_path / "master.secret").symlink_to(tmp_path / target)
    with pytest.raises(KeyFileNotRegular):
        load_or_create_master_secret(tmp_path, None)


def test_no_directory_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyDirectoryUnusable):
        load_or_create_master_secret(tmp_path / "file", None)


def test_its_repr_is_silent(tmp_path: Path) -> None:
    secret = load_or_create_master_secret(tmp_path, None)
    assert secret.material.hex() not in repr(secret)
    assert repr(secret.material) not in repr(secret)
    assert issubclass(MasterSecretMissing, KeysUnavailable)
