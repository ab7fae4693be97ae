"""An agreement beside a verified credential: is it the one by which the work was done?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from credentials.verifier.deliverables import agreements_in, digests_of_stream, is_agreed
from credentials.verifier.report import Report

Answer = Literal["same", "another", "unknown"]
EXIT_CODES: Final[dict[Answer, int]] = {"same": 0, "another": 1, "unknown": 2}


@dataclass(frozen=True, slots=True)
class ComparedAgreement:
    """A file and the answer; `unknown` where the credential names no agreement, or its signature does not hold."""

    file: str
    answer: Answer
    why: str = ""

    def line(self) -> str:
        """The answer as a sentence."""
        if self.answer == "same":
            return f"{self.file} is the agreement that this credential names."
        if self.answer == "another":
            return f"{self.file} is not the agreement that this credential names."
        return f"{self.file} was not compared: {self.why}."


@dataclass(frozen=True, slots=True)
class AgreementAnswer:
    """What is said of `--agreement`, and nothing where it was not given."""

    compared: ComparedAgreement | None = None

    @property
    def exit_code(self) -> int:
        """0 when it is the agreement or none was given, 1 when it is another, 2 when that cannot be said."""
        return EXIT_CODES[self.compared.answer] if self.compared else 0

    def lines(self) -> Iterator[str]:
        """The sentence, if any."""
        if self.compared:
            yield self.compared.line()

    def to_json(self) -> dict[str, Any]:
        """`agreement`: true or false for `same`, null where nothing was compared."""
        if self.compared is None:
            return {}
        same = {"same": True, "another": False, "unknown": None}[self.compared.answer]
        return {"agreement": {"file": self.compared.file, "same": same}}


def compare_agreement(report: Report, path: Path | None) -> AgreementAnswer:
    """The file against the digest that the verified credential states. Raises OSError."""
    if path is None:
        return AgreementAnswer()
    if report.credential is None:
        return AgreementAnswer(ComparedAgreement(str(path), "unknown", "the credential's signature does not hold"))
    if not agreements_in(report.credential):
        return AgreementAnswer(ComparedAgreement(str(path), "unknown", "the credential names no agreement"))
    with path.open("rb") as stream:
        same = is_agreed(report.credential, digests_of_stream(stream))
    return AgreementAnswer(ComparedAgreement(str(path), "same" if same else "another"))
