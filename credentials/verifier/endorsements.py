"""(19) endorsements: what a credential carries of others' words on it, each a credential of its own.

An endorsement counts if its signature holds under a key of its own issuer, it is about this very credential, and it is
current. Whatever is wrong with one is said and changes nothing else: the credential around it is judged by its own
signature. What an endorsement says is shown as endorsed only if it held.

One of the credential's own issuer stands inside what that issuer signed, to the byte. So its key need not have been the
issuer's until now: the signature around it, which is believed, is at least as young, and no thief could change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from credentials.core.credential import Credential
from credentials.core.did import hosted_issuer_url
from credentials.core.endorsement import Endorsed, carried, endorsed_by
from credentials.core.errors import CredentialError, EndorsementOutOfTime, NotAnEndorsement
from credentials.core.keys import PublicKey
from credentials.core.securing import FORMS, Presented, recognise
from credentials.core.strict_json import Said
from credentials.verifier.checks import CheckKind, Ledger, Outcome
from credentials.verifier.envelope import secured_bytes
from credentials.verifier.errors import ResolutionFailed
from credentials.verifier.keys import KeyReportedStolen, KeysOf, KeySource, require_unexpired
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.standing import check_period
from credentials.verifier.states import Facts
from credentials.verifier.status import StatusInquiry

MOST: Final = 4
"""How many are looked at: each may name an issuer of its own, whose keys have to be fetched."""

_KIND: Final = CheckKind.ENDORSEMENTS
_GREEN: Final = (Outcome.PASSED, Outcome.NOT_APPLICABLE)


class Asking(msgspec.Struct, frozen=True):
    """Where keys and status lists come from, and the time that everything is asked for."""

    keys: KeysOf
    resolver: Resolver
    now: datetime


def check_endorsements(ledger: Ledger, facts: Facts, asking: Asking, said: Said, credential: Credential) -> None:
    """Record what became of the endorsements that a verified credential carries, and what those say that held.

    `said` is the credential as it was signed: objects in it that have one id are not merged.
    """
    stated = carried(said)
    if not stated:
        ledger.unless_reached(_KIND)
        return
    held: list[Endorsed] = []
    wrong: list[CredentialError] = []
    for one in stated[:MOST]:
        try:
            held.append(_held(asking, credential, one))
        except CredentialError as err:
            wrong.append(err)
    facts.endorsed = tuple(held)
    _record(ledger, len(stated), wrong)


def _record(ledger: Ledger, number: int, wrong: list[CredentialError]) -> None:
    """The worst of it: an endorsement that is false, then one that could not be checked."""
    for outcome, errors in ((Outcome.FAILED, _false(wrong)), (Outcome.NOT_CHECKED, wrong)):
        for err in errors:
            said = "An endorsement does not hold" if outcome is Outcome.FAILED else "An endorsement was not checked"
            ledger.record(_KIND, outcome, f"{said}, and its words are not shown as endorsed: {err}", err.code)
            return
    if number > MOST:
        ledger.record(_KIND, Outcome.NOT_CHECKED, f"It carries {number} endorsements; only {MOST} are looked at.")
    else:
        ledger.passed(_KIND)


def _false(wrong: Iterable[CredentialError]) -> list[CredentialError]:
    return [err for err in wrong if not isinstance(err, ResolutionFailed)]


def _held(asking: Asking, about: Credential, stated: Any) -> Endorsed:
    """What one says. Raises whatever is the matter with it."""
    if not isinstance(stated, str | Mapping):
        raise NotAnEndorsement("it is neither a token nor an object")
    secured = secured_bytes(stated)
    presented = recognise(secured).read(secured)
    issuer = asking.keys(presented.issuer, presented.verification_method, presented.form)
    keys = [_key(asking, issuer, presented, about), *(None for _ in presented.proofs[1:])]
    endorsement = FORMS[presented.form].verify(presented, *keys).credential
    said = endorsed_by(endorsement, about, own=_is_own(presented, about))
    _require_current(asking, endorsement, issuer, presented)
    return said


def _key(asking: Asking, issuer: KeySource, presented: Presented, about: Credential) -> PublicKey:
    try:
        return issuer.authorised(presented.verification_method).key
    except KeyReportedStolen as stolen:
        if not _is_own(presented, about):
            raise
        require_unexpired(stolen.method, asking.now)
        return stolen.method.key


def _is_own(presented: Presented, about: Credential) -> bool:
    """Whether it is by the credential's own issuer, which an SD-JWT VC names by the address of its metadata."""
    issuer = presented.issuer
    return about.issuer_id in (issuer, hosted_issuer_url(issuer) if issuer.startswith("did:web:") else issuer)


def _require_current(asking: Asking, endorsement: Credential, issuer: KeySource, presented: Presented) -> None:
    """Raises EndorsementOutOfTime, for its dates or for what its own status lists say, if it names any."""
    period, aside = Ledger(), Facts()
    check_period(period, aside, endorsement, presented.proofs, asking.now)
    outcomes = [period.outcome(CheckKind.VALID_FROM), period.outcome(CheckKind.VALID_UNTIL)]
    if endorsement.statuses:
        inquiry = StatusInquiry(endorsement, issuer, asking.resolver, asking.now)
        outcomes += [inquiry.ask("revocation").outcome, inquiry.ask("suspension").outcome]
    if any(one not in _GREEN for one in outcomes):
        raise EndorsementOutOfTime("it has not begun, has ended, or was withdrawn")
