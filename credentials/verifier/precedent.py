"""A credential that is verified as an earlier one of the same issuer was, for all that they stand on is the same.

Most of a verification is about the issuer: its keys, its lists, whether it is confirmed. A company's credentials differ
in none of that. So a plain report that is green is a precedent for those of the same pattern: named the same, signed by
the same key, on the same lists, with an end or without. For the next one its own part is checked as always: that it is
sound, signed by that key, current, and that its bits are not set. Everything that the precedent stood on is fetched and
asked anew, and has to be the same (`basis`). In any other case all steps are made, in `verify`; see ADR 39.

Only credentials that are spelled exactly as this project does (`core.exact`) follow precedents: of them it is known at
once that they carry nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from credentials.core.credential import Credential
from credentials.core.errors import CredentialError
from credentials.core.keys import PublicKey
from credentials.core.mechanism import Presented
from credentials.core.securing import FORMS
from credentials.verifier.basis import Basis, Watching
from credentials.verifier.cache import BoundedCache
from credentials.verifier.checks import Check
from credentials.verifier.keys import CLOCK_SKEW
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.proofs import ProofView
from credentials.verifier.remembered import Held, held_before, remember
from credentials.verifier.report import IssuerView, Report
from credentials.verifier.states import Facts, State, words
from credentials.verifier.status import Entries, SignedList

MAX_ENTRIES: Final = 1024
MAX_WEIGHT: Final = 16 << 20


class Precedent(msgspec.Struct, frozen=True):
    """What a plain green report says of every credential of its pattern, and what it stood on.

    `key` signed it, `lists` has the list of each of its status entries, and `words` are those of `valid_from`.
    """

    basis: Basis
    key: PublicKey
    lists: tuple[Entries, ...]
    words: str
    valid_from: datetime | None
    checks: tuple[Check, ...]
    issuer: IssuerView
    proofs: tuple[ProofView, ...]


_PRECEDENTS: Final[BoundedCache[Hashable, Precedent]] = BoundedCache(max_entries=MAX_ENTRIES, max_weight=MAX_WEIGHT)


def follow(
    secured: bytes, presented: Presented, watching: Watching, policy: TrustPolicy, now: datetime
) -> Report | None:
    """The report on `secured`, taken apart; None if there is no precedent for it, or if anything differs.

    Nothing is raised, and nothing recorded: what is the matter is found by making all steps.
    """
    exact = presented.exact
    if exact is None or not exact.bare:
        return None
    credential = exact.credential
    precedent = _PRECEDENTS.get(_pattern(presented, credential))
    first, last = credential.valid_from, credential.valid_until
    if (first is not None and now + CLOCK_SKEW < first) or (last is not None and now - CLOCK_SKEW > last):
        return None
    if precedent is None or not precedent.basis.stands(watching, policy, now):
        return None
    try:
        for bits, entry in zip(precedent.lists, credential.statuses, strict=True):
            # Entries of this pattern were asked before, so they have an index.
            if bits.is_set(int(entry.status_list_index or "")):
                return None
        verified = FORMS[presented.form].verify(presented, precedent.key)
    except CredentialError:
        return None
    if held_before(secured):
        remember(secured, Held(presented, (precedent.key,), verified, precedent.proofs, is_badge=True))
    return Report(
        state=State.GENUINE,
        words=precedent.words if first == precedent.valid_from else _words(precedent, credential),
        checks=precedent.checks,
        checked_at=now,
        issuer=precedent.issuer,
        verified=verified,
        proofs=precedent.proofs,
    )


def set_precedent(report: Report, held: Held, basis: Basis, lists: Mapping[str, SignedList]) -> None:
    """Keep what credentials like this one may follow. `report` is plain; `lists` are those asked, by address."""
    exact, key, issuer = held.presented.exact, held.keys[0], report.issuer
    if exact is None or key is None or issuer is None:
        return
    credential = exact.credential
    asked = [lists[entry.list_url] for entry in credential.statuses]
    weight = sum(len(look.body) for look in basis.looks) + sum(one.size for one in asked)
    bits = tuple(one.bits for one in asked)
    said = (report.words, credential.valid_from, report.checks, issuer, report.proofs)
    precedent = Precedent(basis, key, bits, *said)
    _PRECEDENTS.put(_pattern(held.presented, credential), precedent, weight=weight)


def _pattern(presented: Presented, credential: Credential) -> Hashable:
    """All that the part of a report that is not worked out anew depends on, but for the basis."""
    proof = presented.proofs[0]
    return (
        presented.form,
        proof.mechanism,
        proof.algorithm,
        proof.verification_method,
        credential.issuer_id,
        credential.issuer_name,
        credential.valid_until is None,
        *[(one.type, one.status_purpose, one.status_list_credential, one.status_size) for one in credential.statuses],
    )


def _words(precedent: Precedent, credential: Credential) -> str:
    return words(State.GENUINE, Facts(domain=precedent.issuer.domain, valid_from=credential.valid_from))
