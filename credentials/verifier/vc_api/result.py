"""A report in the words of VCALM 1.0 (Working Draft of 16 April 2026), sections 3.3.1 and 3.8.1.

Errors are problems of cryptography and of the data model; warnings are problems of status and of validity in time.
`verified` is true if and only if there is no error. So a credential of an issuer that nobody knows is verified, and so
is one that was withdrawn, with a warning: whoever wants a verdict asks `/api/v1/verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from credentials.core.errors import Unreadable, registry
from credentials.verifier.checks import Check, CheckKind, Outcome
from credentials.verifier.presentation import PresentationReport
from credentials.verifier.report import Report
from credentials.verifier.vc_api.problem_types import (
    CRYPTOGRAPHIC,
    ERRORS,
    MALFORMED,
    RANGE,
    CredentialOnHold,
    CredentialWithdrawn,
    OnlyATest,
    type_of_unknown_status,
)

_STATUS: Final = {CheckKind.REVOCATION: CredentialWithdrawn, CheckKind.SUSPENSION: CredentialOnHold}
_PERIOD: Final = (CheckKind.VALID_FROM, CheckKind.VALID_UNTIL)
_REFERENCES: Final = (CheckKind.RELATED_RESOURCES, CheckKind.CREDENTIAL_SCHEMA)
_PERIOD_MEMBERS: Final = {"validFrom": CheckKind.VALID_FROM, "validUntil": CheckKind.VALID_UNTIL}


class ProblemDetail(msgspec.Struct, frozen=True):
    """One error or warning (RFC 9457 section 3). `type` is the address of what is wrong."""

    type: str
    title: str
    detail: str


class Told(msgspec.Struct, frozen=True):
    """Errors and warnings of one report, in the order of the checks."""

    errors: tuple[ProblemDetail, ...]
    warnings: tuple[ProblemDetail, ...]

    @property
    def verified(self) -> bool:
        """VCALM section 3.8.1: true if no errors are included, else false."""
        return not self.errors


def tell(report: Report, base_url: str) -> Told:
    """What a report says in errors and warnings. `base_url` is that of the pages of our own errors.

    A check that was not reached says nothing: what stopped the checks before it is told.
    """
    outcomes = {CheckKind(check.number): check for check in report.checks}
    errors = tuple(_errors(outcomes, base_url))
    return Told(errors, () if errors else tuple(_warnings(outcomes, base_url)))


def _errors(checks: Mapping[CheckKind, Check], base_url: str) -> Iterator[ProblemDetail]:
    """The first that is not green says why none after it was tried; a failed one is told wherever it stands."""
    for kind, problem_type in ERRORS.items():
        check = checks[kind]
        open_key = kind is CheckKind.ISSUER_KEY and check.outcome is Outcome.NOT_CHECKED and check.code
        if check.outcome is Outcome.FAILED or open_key:
            yield ProblemDetail(problem_type, problem_type.rpartition("#")[2], check.detail)
    for kind in _REFERENCES:
        if checks[kind].outcome is Outcome.FAILED:
            yield _own(checks[kind], base_url)


def _warnings(checks: Mapping[CheckKind, Check], base_url: str) -> Iterator[ProblemDetail]:
    for kind in _PERIOD:
        if checks[kind].outcome is Outcome.FAILED:
            yield ProblemDetail(RANGE, "RANGE_ERROR", checks[kind].detail)
    for kind, error in _STATUS.items():
        check = checks[kind]
        if check.outcome is Outcome.FAILED:
            yield ProblemDetail(f"{base_url}/errors/{error.code}", error.title, check.detail)
        elif check.outcome is Outcome.NOT_CHECKED:
            problem_type = type_of_unknown_status(check.code)
            yield ProblemDetail(problem_type, problem_type.rpartition("#")[2], check.detail)
    if checks[CheckKind.NOT_A_TEST].outcome is Outcome.FAILED:
        detail = checks[CheckKind.NOT_A_TEST].detail
        yield ProblemDetail(f"{base_url}/errors/{OnlyATest.code}", OnlyATest.title, detail)
    for kind in _REFERENCES:
        if checks[kind].outcome is Outcome.NOT_CHECKED and checks[kind].code:
            yield _own(checks[kind], base_url)


def _own(check: Check, base_url: str) -> ProblemDetail:
    kind = registry()[check.code]
    return ProblemDetail(f"{base_url}/errors/{check.code}", kind.title, check.detail)


def results(report: Report) -> dict[str, Any]:
    """The outcome of each part (VCALM section 3.3.1, `results`); only the proofs unless the signature holds."""
    checks = {CheckKind(check.number): check for check in report.checks}
    document = report.credential or {}
    found: dict[str, Any] = {
        name: {"verified": checks[kind].outcome is Outcome.PASSED, "input": document[name]}
        for name, kind in _PERIOD_MEMBERS.items()
        if name in document
    }
    if "credentialSchema" in document:
        kept = checks[CheckKind.CREDENTIAL_SCHEMA].outcome is Outcome.PASSED
        found["credentialSchema"] = [
            {"verified": kept, "input": entry} for entry in _as_list(document["credentialSchema"])
        ]
    if "credentialStatus" in document:
        entries = _as_list(document["credentialStatus"])
        found["credentialStatus"] = [{"verified": _status_holds(checks, one), "input": one} for one in entries]
    found["proof"] = [{"verified": one.outcome is Outcome.PASSED, "input": one.to_json()} for one in report.proofs]
    return found


def _status_holds(checks: Mapping[CheckKind, Check], entry: Mapping[str, Any]) -> bool:
    kinds = {"revocation": CheckKind.REVOCATION, "suspension": CheckKind.SUSPENSION}
    kind = kinds.get(entry.get("statusPurpose", ""))
    return kind is not None and checks[kind].outcome is Outcome.PASSED


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def tell_presentation(report: PresentationReport) -> Told:
    """What the report on a presentation says of itself, not of the credentials in it."""
    if report.outcome is not Outcome.FAILED:
        return Told((), ())
    kind = registry().get(report.code)
    malformed = kind is not None and issubclass(kind, Unreadable)
    problem_type = MALFORMED if malformed else CRYPTOGRAPHIC
    return Told((ProblemDetail(problem_type, problem_type.rpartition("#")[2], report.detail),), ())
