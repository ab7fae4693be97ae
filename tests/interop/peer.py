"""Talks to other people's software in a node process: one JSON object a line each way (lines.mjs)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")


class PeerError(Exception):
    """The other implementation refused; `code` is its own error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Peer:
    """A node process with one of the modules here in it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def started(cls, module: Path) -> Iterator[Peer]:
        """The process, ended on leaving. What it imports is installed from the lock file if need be."""
        _install(module.parent)
        command = ("node", str(module))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield cls(process)
            finally:
                process.terminate()

    def ask(self, op: str, **request: Any) -> Any:
        """The answer to one request. Raises PeerError."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the process has no pipes")
        stdin.write(json.dumps({"op": op, **request}) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline() or '{"error": "ended"}')
        if "error" in answer:
            raise PeerError(answer["error"], answer.get("message", ""))
        return answer["ok"]


def _install(folder: Path) -> None:
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    if any(_installed(folder / "node_modules" / name) != version for name, version in wanted.items()):
        subprocess.run(INSTALL, cwd=folder, check=True, capture_output=True, timeout=300)


def _installed(package: Path) -> str | None:
    manifest = package / "package.json"
    return json.loads(manifest.read_text())["version"] if manifest.exists() else None
