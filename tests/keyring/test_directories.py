"""The directory of the file backend: closed to others, there and writable, or refused with what to do."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from credentials.keyring import FileKeyring, MasterSecret
from credentials.keyring.errors import KeyDirectoryTooOpen, KeyDirectoryUnusable, KeyStorageFull
from tests.keyring.test_files import reopened


def test_an_open_directory_with_keys_is_refused(keyring: FileKeyring) -> None:
    keyring.create("Ed25519")
    keyring.directory.chmod(0o755)
    with pytest.raises(KeyDirectoryTooOpen, match="chmod 700"):
        reopened(keyring)


def test_an_open_directory_without_keys_is_closed(tmp_path: Path, secret: MasterSecret) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "README.md").write_text("from a checkout")
    assert FileKeyring(tmp_path, secret).list() == []
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_file_where_the_directory_belongs(tmp_path: Path, secret: MasterSecret) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(KeyDirectoryUnusable):
            FileKeyring(place, secret)


def test_a_directory_that_went_away(keyring: FileKeyring) -> None:
    keyring.directory.rmdir()
    with pytest.raises(KeyDirectoryUnusable):
        keyring.list()
    with pytest.raises(KeyDirectoryUnusable):
        keyring.create("Ed25519")


MOUNTED = """
import sys
from pathlib import Path
from credentials.core.errors import CredentialError
from credentials.keyring import FileKeyring, MasterSecret
directory = Path(sys.argv[1])
try:
    FileKeyring(directory, MasterSecret(b"", path=directory)).create("Ed25519")
except CredentialError as error:
    print(error.code, sorted(path.name for path in directory.iterdir() if path.name != "filler"))
"""


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        ("mount -t tmpfs -o size=64k,mode=700 none {0} && cat /dev/zero > {0}/filler 2>&-; true", KeyStorageFull.code),
        ("mount -t tmpfs -o ro,mode=700 none {0}", KeyDirectoryUnusable.code),
    ],
)
def test_a_full_or_read_only_disk(tmp_path: Path, prepare: str, code: str) -> None:
    script = f'{prepare.format(tmp_path)} ; exec "$@"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    run = subprocess.run(
        [*command, sys.executable, "-c", MOUNTED, str(tmp_path)], capture_output=True, text=True, check=False
    )
    if "unshare" in run.stderr or "mount" in run.stderr:
        pytest.skip("no mount namespaces here")
    assert run.stdout.split(maxsplit=1) == [code, "[]\n"], run.stderr
