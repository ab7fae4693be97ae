"""npm's jsonld behind one node process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.peer import INSTALL, Peer

HERE = Path(__file__).parent


@contextmanager
def jsonld_peer() -> Iterator[Peer]:
    """The process, ended on leaving. The packages are installed from the lock file if need be."""
    if not (HERE / "node_modules" / "jsonld").is_dir():
        subprocess.run(INSTALL, cwd=HERE, check=True, capture_output=True, timeout=300)
    command = ("node", str(HERE / "linked_data.mjs"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Peer(process)
        finally:
            process.terminate()
