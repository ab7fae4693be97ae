"""Verification, step by step. Bytes go in, a report comes out; nothing is raised for what a stranger may have made.

 (1)–(2)   Take what arrived apart behind the strict front door. Nothing in it is believed yet.
 (3)–(4)   Fetch the keys of the issuer that it claims, and find the one each proof names among those that may sign.
           If the issuer says that it was stolen since, ask for a timestamp (18) that shows the proof to be older.
 (5)       Check every proof. If one does not hold, nothing that was signed is shown, and nothing more is asked.
 (6)–(8)   Read what was signed: the data model, the token's claims, the Open Badges profile.
 (9)–(10)  Compare its validity with `now`, give or take sixty seconds.
 (11)–(12) Ask the issuer's own signed lists whether it was withdrawn or put on hold, and the story why.
 (13)–(14) Ask the trust policy who the issuer is.
 (15)–(17) Compare what it refers to with what is at hand, and itself with the schema that it names; ask whether a
           holder's signature was made for this occasion.
 (19)      Check the endorsements that it carries. They change nothing about the credential itself.

The numbers are those of `checks`, where each step's section of its specification is named. One `now` serves all steps.
The core raises; here, and only here, an error becomes the outcome of a check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from credentials.core.achievement import read_achievement
from credentials.core.credential import Credential
from credentials.core.errors import (
    CredentialError,
    FormsDiffer,
    KeyAlgorithmMismatch,
    KeyNotAuthorised,
    KeyUnusable,
    NotAccepted,
    SignatureInvalid,
)
from credentials.core.keys import PublicKey
from credentials.core.mechanism import check_audience
from credentials.core.related_resources import may_state_digests
from credentials.core.securing import FORMS, Presented, Proof, VerifiedCredential, recognise
from credentials.core.strict_json import canonical, may_have
from credentials.core.submission_receipt import is_receipt
from credentials.verifier.arrival import Arrival, find, take_apart, unreadable
from credentials.verifier.basis import Watching, basis_of
from credentials.verifier.checks import CheckKind, Finding, Ledger, Outcome
from credentials.verifier.endorsements import Asking, check_endorsements
from credentials.verifier.errors import ResolutionFailed
from credentials.verifier.expectation import NOTHING_EXPECTED, Expectation
from credentials.verifier.holder import SELECTIVE_FORMS, holder_binding
from credentials.verifier.keys import IssuerKeys, KeyExpired, KeyReportedStolen, KeysOf, KeySource
from credentials.verifier.patience import PATIENCE, waiting_at_most
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.precedent import set_precedent
from credentials.verifier.proofs import ProofView, proofs_one_by_one, proofs_that_count_no_more, proofs_that_held
from credentials.verifier.related import related_resources
from credentials.verifier.remembered import Held, held_before, remember
from credentials.verifier.report import IssuerView, Report, StatusNote
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.schemas.check import credential_schema
from credentials.verifier.settled import is_plain, settle
from credentials.verifier.stamps import StampInquiry, in_time
from credentials.verifier.standing import check_period, check_status, check_trust
from credentials.verifier.states import Facts, decide, words
from credentials.verifier.status import SignedList, StatusInquiry

_NO_RESOURCES: Final[Mapping[str, bytes]] = MappingProxyType({})
_OPEN_BADGES_TYPES: Final = frozenset({"AchievementCredential", "OpenBadgeCredential"})


def verify(
    data: bytes | str | Mapping[str, Any],
    *,
    resolver: Resolver,
    policy: TrustPolicy,
    now: datetime,
    also: Sequence[bytes] = (),
    expects: Expectation = NOTHING_EXPECTED,
    resources: Mapping[str, bytes] = _NO_RESOURCES,
    keys: KeysOf | None = None,
    stamps: Sequence[bytes] = (),
) -> Report:
    """The report on one credential.

    `data` is a token (bytes or text), or a credential with embedded proofs or an EnvelopedVerifiableCredential (bytes,
    text or parsed JSON). `resolver` finds keys, lists and stories, and waits for the network at most `PATIENCE` seconds
    altogether; `policy` says whom to believe; `now` is an aware time, and clocks may differ by 60 s. `also` are further
    secured forms that claim to be of the same credential: each must hold too, but for one whose key was since reported
    stolen or has expired, which only counts no more. `expects` says for whom its proofs must have been made.
    `resources` are bytes by address, for a credential that states digests of them. `keys`, if given, takes the
    place of issuers' own documents. `stamps` are timestamps that may be of its signature. Raises ValueError for a
    `now` without a zone or in the first or last year of the calendar, and nothing for what `data` and `also` hold.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    if not 1 < now.year < 9999:
        raise ValueError("now is too near an end of the calendar to be compared with other clocks")
    plain = expects is NOTHING_EXPECTED and resources is _NO_RESOURCES and keys is None and not (also or stamps)
    with waiting_at_most(PATIENCE):
        try:
            arrival = take_apart(data)
        except CredentialError as error:
            return unreadable(error, now)
        watched = Watching(resolver) if plain else None
        if watched is not None:
            resolver = watched
            if (found := find(arrival, watched, policy, now)) is not None:
                return found
        run = _Verification(resolver, policy, now, expects, resources, keys, stamps)
        return run.report_on(arrival, also, watched)


class _Verification:
    """One run: the ledger that fills up, and the facts that the words will need."""

    __slots__ = (
        "_expects", "_facts", "_given_keys", "_issuer", "_ledger", "_lists", "_note", "_now", "_policy", "_proofs",
        "_resolver", "_resources", "_source", "_stamps",
    )  # fmt: skip

    def __init__(
        self,
        resolver: Resolver,
        policy: TrustPolicy,
        now: datetime,
        expects: Expectation,
        resources: Mapping[str, bytes],
        keys: KeysOf | None,
        stamps: Sequence[bytes],
    ) -> None:
        self._resolver, self._policy, self._now = resolver, policy, now
        self._expects, self._resources = expects, resources
        self._given_keys = keys
        self._stamps = StampInquiry(resolver, policy.timestamp_roots, now, stamps)
        self._ledger, self._facts = Ledger(), Facts()
        self._issuer: IssuerView | None = None
        self._note: StatusNote | None = None
        self._proofs: tuple[ProofView, ...] = ()
        self._lists: Mapping[str, SignedList] = {}

    def report_on(self, arrival: Arrival, also: Sequence[bytes], watched: Watching | None) -> Report:
        """`watched`: through it all is asked, and nothing of this credential that is not asked of every one."""
        held: Held | None = None
        try:
            held = self._run(arrival, also)
        except _Stopped as stopped:
            err = stopped.error
            self._ledger.record(stopped.kind, stopped.outcome, str(err), err.code)
            self._issuer = self._note = None
        report = self._report(None if held is None else held.verified)
        # Nobody finds again what is not kept, but for the precedents of what is spelled exactly.
        if held is not None and watched is not None and (held.is_kept or held.presented.exact is not None):
            self._keep(report, held, watched)
        return report

    def _keep(self, report: Report, held: Held, watched: Watching) -> None:
        """Let the next one find this report again, where only the issuer's own can change it."""
        if not is_plain(report, held.presented):
            return
        basis = basis_of(self._source, held.presented.verification_method, self._policy, watched, self._lists)
        if basis is not None:
            if held.is_kept:
                held.settled = settle(report, held.verified.credential, held.presented, basis)
            set_precedent(report, held, basis, self._lists)

    def _report(self, verified: VerifiedCredential | None) -> Report:
        state = decide(self._ledger, self._facts)
        return Report(
            state=state,
            words=words(state, self._facts),
            checks=self._ledger.checks(),
            checked_at=self._now,
            issuer=self._issuer,
            verified=verified,
            status=self._note,
            proofs=self._proofs,
            endorsements=() if verified is None else self._facts.endorsed,
        )

    def _run(self, arrival: Arrival, also: Sequence[bytes]) -> Held:
        """Steps (3) to (19). Raises _Stopped at the first of (3) to (8) that does not pass, or later that fails."""
        presented, known = arrival.presented, arrival.known
        self._ledger.passed_through(CheckKind.FORM, CheckKind.ALGORITHM)
        issuer = self._source = self._find_keys(presented)
        keys = self._find_key(issuer, presented)
        if known is None or known.keys != keys:
            known = self._check_signed(presented, keys)
            if held_before(arrival.secured):
                remember(arrival.secured, known)
        self._record_held(known)
        self._check_audience(presented)
        credential = known.verified.credential
        self._facts.receipt = is_receipt(credential.types)
        for other in also:
            self._check_also(other, credential, issuer)
        check_period(self._ledger, self._facts, credential, presented.proofs, self._now)
        inquiry = StatusInquiry(credential, issuer, self._resolver, self._now)
        self._note, self._lists = check_status(self._ledger, self._facts, inquiry), inquiry.asked
        self._issuer = check_trust(self._ledger, self._facts, self._policy, credential, presented.verification_method)
        self._check_references(presented, credential)
        asking = Asking(self._keys, self._resolver, self._now)
        check_endorsements(self._ledger, self._facts, asking, presented.said, credential)
        return known

    def _keys(self, issuer: str, method_id: str, form: str) -> KeySource:
        # A method, for a function that is kept and knows `self` would leave a cycle to the collector each time.
        if self._given_keys is not None:
            return self._given_keys(issuer, method_id, form)
        return IssuerKeys(issuer, method_id, self._resolver, self._now, form)

    def _find_keys(self, presented: Presented) -> KeySource:
        """(3) issuer-key: the document of the issuer that the credential names; (4) unless its key stands elsewhere."""
        try:
            return self._keys(presented.issuer, presented.verification_method, presented.form)
        except KeyNotAuthorised as err:
            self._ledger.passed(CheckKind.ISSUER_KEY)
            raise _Stopped(CheckKind.KEY_AUTHORISED, err) from err
        except CredentialError as err:
            raise _Stopped(CheckKind.ISSUER_KEY, err, Outcome.NOT_CHECKED) from err

    def _find_key(self, issuer: KeySource, presented: Presented) -> tuple[PublicKey | None, ...]:
        """(3) issuer-key, (4) key-authorised: each key is in its controller's own document, for assertions, not stolen.

        The first proof is the issuer's, so its key must be had; who else signed is looked up if that can be done.
        """
        own_key = partial(in_time, self._ledger, self._facts, self._stamps, presented)
        try:
            keys: list[PublicKey | None] = [own_key(issuer, presented.proofs[0])]
            for proof in presented.proofs[1:]:
                own = proof.controller == presented.issuer
                keys.append(own_key(issuer, proof) if own else self._key_of_another(proof))
        except KeyUnusable as err:
            raise _Stopped(CheckKind.ISSUER_KEY, err) from err
        except ResolutionFailed as err:
            raise _Stopped(CheckKind.ISSUER_KEY, err, Outcome.NOT_CHECKED) from err
        except CredentialError as err:
            self._ledger.passed(CheckKind.ISSUER_KEY)
            raise _Stopped(CheckKind.KEY_AUTHORISED, err) from err
        self._ledger.passed_through(CheckKind.ISSUER_KEY, CheckKind.KEY_AUTHORISED)
        self._ledger.unless_reached(CheckKind.EARLIER_THAN_COMPROMISE)
        return tuple(keys)

    def _key_of_another(self, proof: Proof) -> PublicKey | None:
        """The key of somebody else's proof beside the issuer's; None where it cannot be had."""
        try:
            method = proof.verification_method
            return self._keys(proof.controller, method, "").authorised(method).key
        except CredentialError:
            return None

    def _check_signed(self, presented: Presented, keys: tuple[PublicKey | None, ...]) -> Held:
        """(5) signature, (6) data-model, (7) registered-claims, (8) open-badges: what hangs on bytes and keys alone."""
        form = FORMS[presented.form]
        try:
            verified = form.verify(presented, *keys)
        except (SignatureInvalid, KeyAlgorithmMismatch) as err:
            self._proofs += proofs_one_by_one(form, presented, keys)
            raise _Stopped(CheckKind.SIGNATURE, err) from err
        except NotAccepted as err:
            self._ledger.passed_through(CheckKind.SIGNATURE, CheckKind.DATA_MODEL)
            raise _Stopped(CheckKind.REGISTERED_CLAIMS, err) from err
        except CredentialError as err:
            self._ledger.passed(CheckKind.SIGNATURE)
            raise _Stopped(CheckKind.DATA_MODEL, err) from err
        proofs = proofs_that_held(presented, keys)
        return Held(presented, keys, verified, proofs, self._keeps_profile(presented, verified.credential, proofs))

    def _keeps_profile(self, presented: Presented, credential: Credential, proofs: tuple[ProofView, ...]) -> bool:
        """(8) open-badges: whether it says that it is one; then it is held to the profile, its form included."""
        if _OPEN_BADGES_TYPES.isdisjoint(credential.types):
            return False
        try:
            if presented.exact is None:
                read_achievement(credential.document)
            FORMS[presented.form].check_badge(presented)
        except CredentialError as err:
            self._proofs += proofs
            self._ledger.passed_through(CheckKind.SIGNATURE, CheckKind.REGISTERED_CLAIMS)
            raise _Stopped(CheckKind.OPEN_BADGES, err) from err
        return True

    def _record_held(self, held: Held) -> None:
        self._proofs = held.proofs
        if held.is_badge:
            self._ledger.passed_through(CheckKind.SIGNATURE, CheckKind.OPEN_BADGES)
        else:
            self._ledger.passed_through(CheckKind.SIGNATURE, CheckKind.REGISTERED_CLAIMS)
            self._ledger.unless_reached(CheckKind.OPEN_BADGES)

    def _check_audience(self, presented: Presented) -> None:
        """(7) registered-claims: made for this occasion; an SD-JWT says so in its holder's own signature."""
        if presented.form in SELECTIVE_FORMS:
            return
        try:
            for proof in presented.proofs:
                check_audience(proof, self._expects.domain, self._expects.challenge)
        except CredentialError as err:
            raise _Stopped(CheckKind.REGISTERED_CLAIMS, err) from err

    def _check_also(self, secured: bytes, credential: Credential, issuer: KeySource) -> None:
        """(5) signature, again: another form of the same credential, by a key of the same issuer."""
        try:
            presented = recognise(secured).read(secured)
            # Its own timestamps decide whether it counts; the check and the words are about the first form.
            own_key = partial(in_time, Ledger(), Facts(), self._stamps, presented, issuer)
            keys = [own_key(proof) for proof in presented.proofs]
        except (KeyReportedStolen, KeyExpired) as err:
            self._proofs += proofs_that_count_no_more(presented, err)
            return
        except CredentialError as err:
            raise _Stopped(CheckKind.SIGNATURE, err) from err
        try:
            other = FORMS[presented.form].verify(presented, *keys).credential
        except CredentialError as err:
            self._proofs += proofs_one_by_one(FORMS[presented.form], presented, keys)
            raise _Stopped(CheckKind.SIGNATURE, err) from err
        if canonical(other.document) != canonical(credential.document):
            raise _Stopped(CheckKind.SIGNATURE, FormsDiffer("two forms of it do not say the same"))
        self._proofs += proofs_that_held(presented, keys)

    def _check_references(self, presented: Presented, credential: Credential) -> None:
        """(15) related-resources, (16) credential-schema, (17) holder-binding: having none costs nothing."""
        self._ledger.nothing_further()
        if may_state_digests(credential.said, presented.payload):
            self._find(CheckKind.RELATED_RESOURCES, lambda: related_resources(credential.document, self._resources))
        if may_have(credential.said, "credentialSchema"):
            self._find(CheckKind.CREDENTIAL_SCHEMA, lambda: credential_schema(presented.document, self._resolver))
        if presented.form in SELECTIVE_FORMS:
            self._find(CheckKind.HOLDER_BINDING, lambda: holder_binding(presented, self._expects, self._now))

    def _find(self, kind: CheckKind, check: Callable[[], Finding | None]) -> None:
        try:
            finding = check()
        except CredentialError as err:
            raise _Stopped(kind, err) from err
        if finding is not None:
            self._ledger.tell(kind, finding)


class _Stopped(Exception):
    """A check without which the following ones have nothing to stand on."""

    def __init__(self, kind: CheckKind, error: CredentialError, outcome: Outcome = Outcome.FAILED) -> None:
        super().__init__(kind)
        self.kind, self.error, self.outcome = kind, error, outcome
