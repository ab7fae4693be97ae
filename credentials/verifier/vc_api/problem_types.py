"""The problem types that the standards name, and which check stands behind which.

VC Data Model 2.0 section 7.1 (PARSING_ERROR to RANGE_ERROR), Bitstring Status List 1.0 section 3.2 (STATUS_…), and
VCALM 1.0, Working Draft of 16 April 2026, section 3.8. For what none of them names, the type is our own error's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from credentials.core.errors import CredentialError, DataModelInvalid, NotFound, Unreadable, registry
from credentials.verifier.checks import CheckKind
from credentials.verifier.errors import ResolutionFailed

_DATA_MODEL: Final = "https://www.w3.org/TR/vc-data-model#"
_STATUS_LIST: Final = "https://www.w3.org/ns/credentials/status-list#"

PARSING: Final = f"{_DATA_MODEL}PARSING_ERROR"
CRYPTOGRAPHIC: Final = f"{_DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR"
MALFORMED: Final = f"{_DATA_MODEL}MALFORMED_VALUE_ERROR"
RANGE: Final = f"{_DATA_MODEL}RANGE_ERROR"
STATUS_RETRIEVAL: Final = f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR"
STATUS_VERIFICATION: Final = f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR"
STATUS_LENGTH: Final = f"{_STATUS_LIST}STATUS_LIST_LENGTH_ERROR"
UNKNOWN_OPTION: Final = "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"

ERRORS: Final[Mapping[CheckKind, str]] = {
    CheckKind.FORM: PARSING,
    CheckKind.ALGORITHM: CRYPTOGRAPHIC,
    CheckKind.ISSUER_KEY: CRYPTOGRAPHIC,
    CheckKind.KEY_AUTHORISED: CRYPTOGRAPHIC,
    CheckKind.SIGNATURE: CRYPTOGRAPHIC,
    CheckKind.DATA_MODEL: MALFORMED,
    CheckKind.REGISTERED_CLAIMS: MALFORMED,
    CheckKind.OPEN_BADGES: MALFORMED,
    CheckKind.HOLDER_BINDING: CRYPTOGRAPHIC,
}
"""Checks whose failure is an error: cryptography and data model (VCALM section 3.8.1)."""

_BY_CODE: Final[Mapping[str, str]] = {
    "status-list-too-short": STATUS_LENGTH,
    "status-index-out-of-range": RANGE,
}


class OptionUnknown(Unreadable):
    """An option of a VC-API call that is not understood; VCALM section 2.4.2 wants it refused, not passed over."""

    code = "option-unknown"
    title = "An option is not understood"
    advice = "Leave the option out; the API reference lists those that each call takes."


class StatusSet(NotFound):
    """A kind of its own for what an issuer's list says; never raised, only told."""


class CredentialWithdrawn(StatusSet):
    """The issuer's status list says that the credential was withdrawn."""

    code = "credential-withdrawn"
    title = "Withdrawn by the issuer"
    advice = "Do not rely on it. Ask the issuer, or look at the credential's status story for the reason."


class CredentialOnHold(StatusSet):
    """The issuer's status list says that the credential is on hold."""

    code = "credential-on-hold"
    title = "On hold"
    advice = "Ask the issuer whether and when it will be good again."


class OnlyATest(StatusSet):
    """The credential was signed by an issuer that only makes tests."""

    code = "only-a-test"
    title = "Only a test"
    advice = "It proves nothing. Ask for a credential from the issuer's real service."


def type_of_error(error: CredentialError) -> str:
    """The type for something handed in that cannot be read as a credential."""
    return MALFORMED if isinstance(error, DataModelInvalid) else PARSING


def type_of_unknown_status(code: str) -> str:
    """The type for a status that could not be asked, by the code of the error behind it."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    kind = registry().get(code)
    return STATUS_RETRIEVAL if kind is not None and issubclass(kind, ResolutionFailed) else STATUS_VERIFICATION
