"""Files of any size pass through flat memory; what is cut off is not kept, and nothing of it stays."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.files.streamed import PIECE

MIB = 1 << 20
WHOLE = 1 << 62


def streamed(size: int, arriving: int, folder: Path) -> dict[str, Any]:
    """What became of a file of this size, of whose form so many bytes arrived."""
    command = [sys.executable, "-m", "tests.files.streamed", str(size), str(arriving), str(folder)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def digest_of(size: int) -> str:
    digest = hashlib.sha384()
    for _ in range(size // len(PIECE)):
        digest.update(PIECE)
    return digest.hexdigest()


def test_64_mebibytes_take_little_memory(tmp_path: Path) -> None:
    told = streamed(64 * MIB, WHOLE, tmp_path)

    assert (told["status"], told["files"], told["size"]) == (303, 1, 64 * MIB)
    assert told["sha384"] == digest_of(64 * MIB)
    assert told["grown"] < 16


@pytest.mark.long
def test_two_gigabytes_take_no_more(tmp_path: Path) -> None:
    told = streamed(2_000 * MIB, WHOLE, tmp_path)

    assert (told["status"], told["size"], told["sha384"]) == (303, 2_000 * MIB, digest_of(2_000 * MIB))
    assert told["grown"] < 16


@pytest.mark.parametrize("arriving", [5 * MIB, 8 * MIB - 1, 8 * MIB + 400])
def test_what_is_cut_off_leaves_nothing(arriving: int, tmp_path: Path) -> None:
    told = streamed(8 * MIB, arriving, tmp_path)

    assert told["status"] == 400
    assert told["files"] == 0


def test_more_than_the_limit_is_refused_unread(tmp_path: Path) -> None:
    told = streamed(1 << 40, 1 * MIB, tmp_path)

    assert (told["status"], told["files"]) == (413, 0)
