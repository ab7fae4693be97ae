"""Files beside a verified credential: which of them is a deliverable that was accepted?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credentials.verifier.deliverables import accepted_as, digests_of_stream
from credentials.verifier.report import Report

DIFFERENT = 1
"""The exit code when a file is none of those that the credential names."""


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """A file, and what the credential calls it; None when it names no such file, and when nothing was compared."""

    file: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All files; `possible` is whether the credential's signature holds, without which there is nothing to compare."""

    files: tuple[ComparedFile, ...]
    possible: bool

    @property
    def exit_code(self) -> int:
        """0 when every file is one of those that were accepted."""
        return DIFFERENT if any(one.name is None for one in self.files) else 0

    def lines(self) -> Iterator[str]:
        """A sentence for each file."""
        for one in self.files:
            if not self.possible:
                yield f"{one.file} was not compared: the credential's signature does not hold."
            elif one.name is None:
                yield f"{one.file} is none of the files whose digests this credential states."
            else:
                yield f"{one.file} is the file that was accepted: {one.name}"

    def to_json(self) -> dict[str, Any]:
        """`deliverables`, or nothing where no file was given."""
        accepted = [(one, None if not self.possible else one.name is not None) for one in self.files]
        listed = [{"file": one.file, "accepted": known, "name": one.name} for one, known in accepted]
        return {"deliverables": listed} if listed else {}


def compare(report: Report, files: Sequence[Path]) -> Comparison:
    """Each file against the digests that the verified credential states. Raises OSError."""
    if report.credential is None:
        return Comparison(tuple(ComparedFile(str(path), None) for path in files), possible=False)
    compared = []
    for path in files:
        with path.open("rb") as stream:
            names = accepted_as(report.credential, digests_of_stream(stream))
        compared.append(ComparedFile(str(path), ", ".join(names) or None))
    return Comparison(tuple(compared), possible=True)
