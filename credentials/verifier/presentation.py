"""Verifying a presentation: who shows it, whether it was made for this occasion, and each credential inside.

 (1) Take it apart behind the strict front door.
 (2) Each proof is by the holder that the presentation names, with a key that the holder lists for authentication.
 (3) The signature fits; the proof has begun and has not expired; it was made for the expected domain and challenge.
 (4) Each credential is verified by itself, as if it had come alone (VC Data Model 2.0 section 7.1).

A presentation without a proof says nothing of who shows it: its credentials are verified, and the rest is not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from credentials.core.errors import CredentialError, HolderMismatch, ProofMissing, ProofOutOfTime
from credentials.core.mechanism import Proof, check_audience
from credentials.core.presentation import Presentation, check_proof, read_presentation
from credentials.verifier.checks import Outcome
from credentials.verifier.envelope import written
from credentials.verifier.expectation import NOTHING_EXPECTED, Expectation
from credentials.verifier.keys import CLOCK_SKEW, IssuerKeys
from credentials.verifier.patience import PATIENCE, waiting_at_most
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.proofs import ProofView
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.verify import verify

_UNSIGNED = "Nobody signed the presentation, so it does not say who shows it."
_SHOWN = "Shown by its holder."


class PresentationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a presentation; immutable.

    `outcome` is about the presentation alone: PASSED when every proof of it held, NOT_CHECKED when it carries none,
    FAILED otherwise, and `code` then names the error. `holder` is None unless it passed. `credentials` has a report for
    each credential inside, in order; empty when it could not be taken apart.
    """

    outcome: Outcome
    detail: str
    code: str = ""
    holder: str | None = None
    proofs: tuple[ProofView, ...] = ()
    credentials: tuple[Report, ...] = ()


def verify_presentation(
    data: bytes | str | Mapping[str, Any],
    *,
    resolver: Resolver,
    policy: TrustPolicy,
    now: datetime,
    expects: Expectation = NOTHING_EXPECTED,
) -> PresentationReport:
    """The report on one presentation and on every credential in it.

    `data` is JSON (bytes, text or parsed) or a vp+jwt. `expects` names the domain and challenge that the holder was
    given; the credentials inside may name none. The others are as for `verify`. Raises ValueError as it does, and
    nothing for what `data` holds.
    """
    with waiting_at_most(PATIENCE):
        try:
            presentation = read_presentation(written(data))
        except CredentialError as err:
            return PresentationReport(outcome=Outcome.FAILED, detail=str(err), code=err.code)
        shown = _Showing(presentation, resolver, now, expects).report()
        inside = [verify(one, resolver=resolver, policy=policy, now=now) for one in presentation.credentials]
        return msgspec.structs.replace(shown, credentials=tuple(inside))


class _Showing:
    """Steps (2) and (3) for the proofs of one presentation."""

    def __init__(self, presentation: Presentation, resolver: Resolver, now: datetime, expects: Expectation) -> None:
        self._presentation, self._resolver, self._now, self._expects = presentation, resolver, now, expects

    def report(self) -> PresentationReport:
        presentation = self._presentation
        if not presentation.proofs:
            return self._unsigned()
        views: list[ProofView] = []
        failed: CredentialError | None = None
        for proof in presentation.proofs:
            error = self._problem(proof)
            failed = failed or error
            views.append(_view(proof, error))
        if failed is not None:
            return PresentationReport(outcome=Outcome.FAILED, detail=str(failed), code=failed.code, proofs=tuple(views))
        holder = presentation.holder or presentation.proofs[0].controller
        return PresentationReport(outcome=Outcome.PASSED, detail=_SHOWN, holder=holder, proofs=tuple(views))

    def _unsigned(self) -> PresentationReport:
        """What nobody signed answers no challenge."""
        if self._expects != NOTHING_EXPECTED:
            return PresentationReport(outcome=Outcome.FAILED, detail=_UNSIGNED, code=ProofMissing.code)
        return PresentationReport(outcome=Outcome.NOT_CHECKED, detail=_UNSIGNED)

    def _problem(self, proof: Proof) -> CredentialError | None:
        try:
            self._check(proof)
        except CredentialError as err:
            return err
        return None

    def _check(self, proof: Proof) -> None:
        """Raises what is the matter with one proof; in the order in which it matters."""
        holder = self._presentation.holder
        if holder is not None and proof.controller != holder:
            raise HolderMismatch("it is signed by someone else than its holder", where="/holder")
        method = proof.verification_method
        keys = IssuerKeys(proof.controller, method, self._resolver, self._now)
        check_proof(proof, keys.authorised(method, "authentication").key)
        if proof.created is not None and self._now + CLOCK_SKEW < proof.created:
            raise ProofOutOfTime("the proof has not begun", where="/proof/created")
        if proof.expires is not None and self._now - CLOCK_SKEW > proof.expires:
            raise ProofOutOfTime("the proof has expired", where="/proof/expires")
        check_audience(proof, self._expects.domain, self._expects.challenge)


def _view(proof: Proof, error: CredentialError | None) -> ProofView:
    outcome, detail = (Outcome.PASSED, "It matches.") if error is None else (Outcome.FAILED, str(error))
    return ProofView(proof.mechanism, proof.algorithm, proof.verification_method, outcome, detail)
