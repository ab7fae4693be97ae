"""The one ordered list of checks, and the ledger that collects their outcomes.

Every report has all of them, in this order:

 (1)  form                what was handed in is a credential in a form we know
 (2)  algorithm           its header is on the exact list: algorithm, members, type
 (3)  issuer-key          the issuer's key document could be had and lists usable keys
 (4)  key-authorised      the key named is the issuer's, may sign credentials, and was not reported stolen
 (5)  signature           the signature fits the bytes and the key
 (6)  data-model          it is a verifiable credential
 (7)  registered-claims   the token's claims say what the credential says
 (8)  open-badges         it keeps to the Open Badges profile, if it says that it is one: also in its form, so a token
                          has the claims iss, jti, nbf and sub; whoever states a profile and breaks it is not guessed at
 (9)  valid-from          it has started
 (10) valid-until         it has not ended
 (11) revocation          the issuer has not withdrawn it
 (12) suspension          the issuer has not put it on hold
 (13) issuer-confirmed    somebody showed that the issuer is the domain it is named by
 (14) not-a-test          it was not signed by an issuer of tests
 (15) related-resources   the resources whose digests it states are the ones that were meant; advisory
 (16) credential-schema   it keeps to the JSON schema that it names; advisory
 (17) holder-binding      whoever shows it holds the key that it was bound to
 (18) earlier-than-compromise
                          a timestamp shows that its key was not stolen yet when it signed; asked for only if the issuer
                          reported the key stolen, and without it check (4) fails
 (19) endorsements        what others, or the issuer itself, signed about it holds, and is about this credential; the
                          credential stands without it, whatever comes out

An advisory check says nothing about who signed what. If it fails, the credential is refused; if it could not be made,
that is said, and takes no green away: see ADR 0019. Check (19) takes none away even where it fails: see ADR 0030.

A check that nobody reached is `not_checked` and says so: that is where a ledger starts.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

import msgspec

NOT_REACHED: Final = "An earlier check did not pass."


class Outcome(StrEnum):
    """How one check ended. Only `PASSED` and `NOT_APPLICABLE` leave a credential green, but see `_ADVISORY`."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"
    NOT_APPLICABLE = "not_applicable"


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a report and its JSON. `detail` is a sentence for people; `code` names the error behind it."""

    id: str
    number: int
    outcome: Outcome
    detail: str
    spec: str
    code: str = ""


class Finding(msgspec.Struct, frozen=True):
    """How a check ended that is made elsewhere; `detail` and `code` as in a `Check`, empty if it passed."""

    outcome: Outcome
    detail: str = ""
    code: str = ""


class CheckKind(IntEnum):
    """The checks by number; `public_id` is the name that a report uses."""

    FORM = 1
    ALGORITHM = 2
    ISSUER_KEY = 3
    KEY_AUTHORISED = 4
    SIGNATURE = 5
    DATA_MODEL = 6
    REGISTERED_CLAIMS = 7
    OPEN_BADGES = 8
    VALID_FROM = 9
    VALID_UNTIL = 10
    REVOCATION = 11
    SUSPENSION = 12
    ISSUER_CONFIRMED = 13
    NOT_A_TEST = 14
    RELATED_RESOURCES = 15
    CREDENTIAL_SCHEMA = 16
    HOLDER_BINDING = 17
    EARLIER_THAN_COMPROMISE = 18
    ENDORSEMENTS = 19

    @property
    def public_id(self) -> str:
        """The check's id in reports: `issuer-key` for `ISSUER_KEY`."""
        return self.name.lower().replace("_", "-")


_SPECS: Final = {
    CheckKind.FORM: "RFC 7515 section 7.1; VC-JOSE-COSE section 3.1.1; VC Data Integrity 1.0 section 2.1",
    CheckKind.ALGORITHM: "RFC 8725 section 3.1; VC-JOSE-COSE section 3.1.1; VC Data Integrity 1.0 section 3.1",
    CheckKind.ISSUER_KEY: "DID Core section 7.1; Controlled Identifiers 1.0 section 3.3",
    CheckKind.KEY_AUTHORISED: "Controlled Identifiers 1.0 sections 2.2 and 2.3.2",
    CheckKind.SIGNATURE: "RFC 7515 section 5.2; VC Data Integrity 1.0 section 4.4; RFC 8032 section 5.1.7",
    CheckKind.DATA_MODEL: "VC Data Model 2.0 section 4",
    CheckKind.REGISTERED_CLAIMS: "Open Badges 3.0 section 8.2; RFC 7519 section 4.1",
    CheckKind.OPEN_BADGES: "Open Badges 3.0 appendix B, AchievementCredential; section 8.2.4.1",
    CheckKind.VALID_FROM: "VC Data Model 2.0 section 4.9",
    CheckKind.VALID_UNTIL: "VC Data Model 2.0 section 4.9",
    CheckKind.REVOCATION: "Bitstring Status List 1.0 section 3.2, statusPurpose revocation",
    CheckKind.SUSPENSION: "Bitstring Status List 1.0 section 3.2, statusPurpose suspension",
    CheckKind.ISSUER_CONFIRMED: "VC Data Model 2.0 section 5.2; the verifier's trust policy",
    CheckKind.NOT_A_TEST: "The verifier's trust policy",
    CheckKind.RELATED_RESOURCES: "VC Data Model 2.0 section 5.3",
    CheckKind.CREDENTIAL_SCHEMA: "VC Data Model 2.0 section 4.11; VC JSON Schema section 2.1",
    CheckKind.HOLDER_BINDING: "RFC 9901 section 7.3; VC Data Integrity 1.0 section 4.4",
    CheckKind.EARLIER_THAN_COMPROMISE: "RFC 3161 section 2.4.2; Controlled Identifiers 1.0 section 2.2",
    CheckKind.ENDORSEMENTS: "Open Badges 3.0 section 8.2 and appendix B.9, EndorsementCredential",
}

_PASSED_DETAILS: Final = {
    CheckKind.FORM: "A signed credential in a known form.",
    CheckKind.ALGORITHM: "How it is signed, and all that says so, is on the accepted list.",
    CheckKind.ISSUER_KEY: "The issuer's keys were found.",
    CheckKind.KEY_AUTHORISED: "The key belongs to the issuer and may sign credentials.",
    CheckKind.SIGNATURE: "The signature matches: nothing was changed since it was signed.",
    CheckKind.DATA_MODEL: "A well-formed verifiable credential.",
    CheckKind.REGISTERED_CLAIMS: "What stands beside the credential says nothing else than it does.",
    CheckKind.OPEN_BADGES: "Keeps to the Open Badges 3.0 profile.",
    CheckKind.VALID_FROM: "It has started.",
    CheckKind.VALID_UNTIL: "It has not ended.",
    CheckKind.REVOCATION: "The issuer's current list says that it was not withdrawn.",
    CheckKind.SUSPENSION: "The issuer's current list says that it is not on hold.",
    CheckKind.ISSUER_CONFIRMED: "The issuer's domain is confirmed.",
    CheckKind.NOT_A_TEST: "Not signed by an issuer of tests.",
    CheckKind.RELATED_RESOURCES: "The resources whose digests it states are the ones that were meant.",
    CheckKind.CREDENTIAL_SCHEMA: "It keeps to the schema that it names.",
    CheckKind.HOLDER_BINDING: "Whoever shows it holds the key that it was bound to.",
    CheckKind.EARLIER_THAN_COMPROMISE: "A timestamp shows that it was signed before the key was stolen.",
    CheckKind.ENDORSEMENTS: "The endorsements that it carries are signed, and are about it.",
}

_ABSENT_DETAILS: Final = {
    CheckKind.OPEN_BADGES: "It does not claim to be an Open Badge.",
    CheckKind.VALID_FROM: "It names no beginning.",
    CheckKind.VALID_UNTIL: "It names no end.",
    CheckKind.REVOCATION: "The credential names no list on which it could be withdrawn.",
    CheckKind.SUSPENSION: "The credential names no list on which it could be put on hold.",
    CheckKind.RELATED_RESOURCES: "It states no digest of another resource.",
    CheckKind.CREDENTIAL_SCHEMA: "It names no schema.",
    CheckKind.HOLDER_BINDING: "Nobody proved to hold it, and nobody was asked to.",
    CheckKind.EARLIER_THAN_COMPROMISE: "The issuer did not report its key stolen.",
    CheckKind.ENDORSEMENTS: "It carries no endorsement.",
}

# What does not change of each check, by number, so that recording one costs a list access; number 0 is nobody's.
_FIXED: Final = (("", 0, ""), *((kind.public_id, int(kind), _SPECS[kind]) for kind in CheckKind))


def _check(kind: CheckKind, outcome: Outcome, detail: str, code: str = "") -> Check:
    public_id, number, spec = _FIXED[kind]
    return Check(public_id, number, outcome, detail, spec, code)


_UNREACHED: Final = tuple(_check(kind, Outcome.NOT_CHECKED, NOT_REACHED) for kind in CheckKind)
# As the ledger keeps them, by number; what stands at 0 is always green.
_NOBODY: Final = Check("", 0, Outcome.NOT_APPLICABLE, "", "")
_PASSED: Final = (_NOBODY, *(_check(kind, Outcome.PASSED, _PASSED_DETAILS[kind]) for kind in CheckKind))
_ABSENT: Final = {kind: _check(kind, Outcome.NOT_APPLICABLE, detail) for kind, detail in _ABSENT_DETAILS.items()}
_NOTHING_FURTHER: Final = tuple(
    _ABSENT[kind] for kind in (CheckKind.RELATED_RESOURCES, CheckKind.CREDENTIAL_SCHEMA, CheckKind.HOLDER_BINDING)
)
_FURTHER: Final = slice(CheckKind.RELATED_RESOURCES, CheckKind.HOLDER_BINDING + 1)
_FURTHER_BITS: Final = (2 << CheckKind.HOLDER_BINDING) - (1 << CheckKind.RELATED_RESOURCES)
_GREEN: Final = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
_ADVISORY: Final = frozenset({CheckKind.RELATED_RESOURCES, CheckKind.CREDENTIAL_SCHEMA})
"""The kinds that take no green away when they were reached and could not be made."""
_ALL: Final = sum(1 << kind for kind in CheckKind)


class Ledger:
    """The outcome of every check so far; one per verification, never shared."""

    __slots__ = ("_checks", "_open")

    def __init__(self) -> None:
        self._checks = [_NOBODY, *_UNREACHED]
        self._open = _ALL  # A bit for each check that is not green.

    def passed(self, kind: CheckKind) -> None:
        """Record that a check passed, with its standard sentence."""
        self._checks[kind] = _PASSED[kind]
        self._open &= ~(1 << kind)

    def passed_through(self, first: CheckKind, last: CheckKind) -> None:
        """Record that the checks from `first` to `last` passed, each with its standard sentence."""
        self._checks[first : last + 1] = _PASSED[first : last + 1]
        self._open &= ~((2 << last) - (1 << first))

    def nothing_further(self) -> None:
        """Record that related-resources, credential-schema and holder-binding do not apply."""
        self._checks[_FURTHER] = _NOTHING_FURTHER
        self._open &= ~_FURTHER_BITS

    def unless_reached(self, kind: CheckKind) -> None:
        """Record that a check does not apply that nobody has made, with its standard sentence."""
        if self._checks[kind] is _UNREACHED[kind - 1]:
            self._checks[kind] = _ABSENT[kind]
            self._open &= ~(1 << kind)

    def record(self, kind: CheckKind, outcome: Outcome, detail: str, code: str = "") -> None:
        """Record one check with a sentence of its own, and the code of the error behind it."""
        self._checks[kind] = _check(kind, outcome, detail, code)
        advisory = outcome is Outcome.NOT_CHECKED and kind in _ADVISORY
        if outcome in _GREEN or advisory or kind is CheckKind.ENDORSEMENTS:
            self._open &= ~(1 << kind)
        else:
            self._open |= 1 << kind

    def tell(self, kind: CheckKind, finding: Finding) -> None:
        """Record how a check ended that was made elsewhere."""
        if finding.outcome is Outcome.PASSED:
            self.passed(kind)
        elif finding.outcome is Outcome.NOT_APPLICABLE and not finding.detail:
            self.unless_reached(kind)
        else:
            self.record(kind, finding.outcome, finding.detail, finding.code)

    def outcome(self, kind: CheckKind) -> Outcome:
        """How `kind` ended so far."""
        return self._checks[kind].outcome

    def all_green(self) -> bool:
        """Whether every single check passed or does not apply; advisory ones may also be known not to be possible."""
        return self._open == 0

    def checks(self) -> tuple[Check, ...]:
        """All checks, in order."""
        return tuple(self._checks[1:])
