"""Talks to peer.mjs: one JSON object a line each way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")


class JoseError(Exception):
    """jose refused; `code` is its own error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Peer:
    """A node process with npm's jose in it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def started(cls, folder: Path, script: str = "peer.mjs") -> Iterator[Peer]:
        """The process, ended on leaving. The packages are installed from the lock file if need be."""
        _install(folder)
        command = ("node", str(folder / script))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield cls(process)
            finally:
                process.terminate()

    def ask(self, op: str, **request: Any) -> Any:
        """The answer to one request. Raises JoseError."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the process has no pipes")
        stdin.write(json.dumps({"op": op, **request}) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline() or '{"error": "ended"}')
        if "error" in answer:
            raise JoseError(answer["error"], answer.get("message", ""))
        return answer["ok"]


def _install(folder: Path) -> None:
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]["jose"]
    installed = folder / "node_modules" / "jose" / "package.json"
    if not installed.exists() or json.loads(installed.read_text())["version"] != wanted:
        subprocess.run(INSTALL, cwd=folder, check=True, capture_output=True, timeout=300)
