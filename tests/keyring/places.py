"""The three places for keys, each as an operator sets it up: files, a SoftHSM token, AWS KMS on loopback."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from credentials.keyring import KeyAlgorithm, KeyBackend

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "4711-user"
LABEL = "credentials keys"


@dataclass(frozen=True)
class Place:
    """A place for keys: `open` gives a backend as a fresh process would make it."""

    name: str
    algorithms: tuple[KeyAlgorithm, ...]
    open: Callable[[], KeyBackend]


@dataclass(frozen=True)
class Token:
    """A SoftHSM token in a directory of its own; SOFTHSM2_CONF names its settings."""

    directory: Path
    label: str = LABEL

    @property
    def uri(self) -> str:
        return f"pkcs11:token={self.label.replace(' ', '%20')}?module-path={MODULE}"

    def add(self, label: str) -> None:
        """Make another token."""
        softhsm("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "security officer")

    def remove(self) -> None:
        """Pull it out."""
        shutil.rmtree(self.directory / "tokens")
        (self.directory / "tokens").mkdir()


def softhsm(*arguments: str) -> str:
    """Run the vendor's tool; what it said."""
    done = subprocess.run(["softhsm2-util", *arguments], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


def make_token(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Token:
    """An initialised token, alone in its directory. Skips where SoftHSM is not installed."""
    if shutil.which("softhsm2-util") is None or not os.path.exists(MODULE):  # noqa: PTH110
        pytest.skip("no SoftHSM here")
    (directory / "tokens").mkdir(parents=True)
    settings = directory / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {directory}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    made = Token(directory)
    made.add(LABEL)
    return made
