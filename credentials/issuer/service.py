"""Everything an issuer does, behind one door. Each call owns its transactions.

Draft → lint → intent (committed) → sign → self-verify → release: see `intents` and `release`. Status: `status` and
`publish`. Keys: `keys`. What happens after a restored backup: `recovery`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Engine

from credentials.issuer import correcting, joining, keys, publish, registration, release, status, token_lists
from credentials.issuer.correcting import Correcting
from credentials.issuer.draft import Draft
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.in_batches import in_batches
from credentials.issuer.intents import Issued, KeyedDraft
from credentials.issuer.keys import Within as WithKey
from credentials.issuer.keys import nothing_more as no_more_with_key
from credentials.issuer.listening import Announce, say_nothing
from credentials.issuer.means import Means, Watch, nobody_watches
from credentials.issuer.offered import Offered
from credentials.issuer.recovery import Gap, Standing, reconcile, standing
from credentials.issuer.registration import Registration
from credentials.issuer.status import Change, Changed
from credentials.issuer.visibility import set_visibility
from credentials.keyring.signer import KeyAlgorithm, KeyBackend
from credentials.store.candidates import Candidate
from credentials.store.credentials import Visibility
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import EventKind, RecordedEvent

__all__ = ["BATCH", "Issued", "IssuerService", "KeyedDraft", "Standing"]

BATCH = 500
"""Drafts in one transaction of a bulk issue: few commits, and memory that does not grow with the number of rows."""


class IssuerService:
    """Issue credentials and look after them. Safe to use from several threads, processes and machines at once.

    Errors: `credentials.issuer.errors`, `credentials.store.errors`, `credentials.keyring.errors`; all CredentialErrors.
    """

    def __init__(
        self,
        engine: Engine,
        signer: KeyBackend,
        base_url: str,
        high_water: HighWaterMark,
        clock: Callable[[], datetime],
        announce: Announce = say_nothing,
        watch: Watch = nobody_watches,
    ) -> None:
        """Remember what to work with. `base_url` is the public address, part of every DID and id ever signed.

        `announce` hears of what is issued, changed and rotated, in the same transaction; `watch` is told there of each
        issuer that is made or changed.
        """
        self.means = Means(engine, signer, base_url.rstrip("/"), high_water, clock, announce, watch)

    # Issuers ---------------------------------------------------------------------------------------------------------

    def create_issuer(
        self,
        slug: str,
        name: str,
        url: str | None = None,
        *,
        algorithm: KeyAlgorithm = "Ed25519",
        suspends: bool = True,
        sandbox: bool = False,
        post_quantum: bool = False,
    ) -> Issuer:
        """Register a company with a first active key and its own hosted did:web.

        `suspends`: its credentials can be put on hold (a second status entry). `sandbox`: all it issues is a test.
        `post_quantum`: each is also signed with ML-DSA-44. Raises SlugUnusable, SlugTaken, IssuerDetailsUnusable.
        """
        wanted = Registration(
            slug, name, url, algorithm=algorithm, suspends=suspends, sandbox=sandbox, post_quantum=post_quantum
        )
        return registration.create_issuer(self.means, wanted)

    def found_issuer(self, slug: str, name: str, url: str | None, within: registration.Within) -> Issuer:
        """As `create_issuer` by default, for a company that registers itself; `within`: in the same transaction."""
        wanted = Registration(slug, name, url, algorithm="Ed25519", suspends=True, sandbox=False)
        return registration.create_issuer(self.means, wanted, within)

    def confirm(self, slug: str, domain: str, level: str = "operator", note: str = "") -> Issuer:
        """Record the operator's own check that a domain is this company's. `note` stays private.

        Raises IssuerUnknown, ConfirmationUnusable.
        """
        return registration.confirm(self.means, slug, domain, level, note)

    def suspend_issuer(self, slug: str, reason: str, within: registration.Within = registration.nothing_more) -> Issuer:
        """Vouch no longer for an issuer, from now on and with a public reason. It issues nothing new.

        `within` is done in the same transaction. Raises IssuerUnknown, ReasonMissing.
        """
        return registration.suspend_issuer(self.means, slug, reason, within)

    def reinstate_issuer(self, slug: str, note: str, within: registration.Within = registration.nothing_more) -> Issuer:
        """Vouch again for an issuer that was suspended, from now on. `note`: why; it stays private.

        `within`: as above. Raises IssuerUnknown, ReinstatementUnexplained.
        """
        return registration.reinstate_issuer(self.means, slug, note, within)

    def issuer(self, slug: str) -> Issuer:
        """The issuer with this slug. Raises IssuerUnknown."""
        return registration.issuer(self.means, slug)

    def issuers(self) -> list[Issuer]:
        """All issuers, by slug."""
        return registration.every_issuer(self.means)

    # Issuing ---------------------------------------------------------------------------------------------------------

    def issue(self, slug: str, draft: Draft | Offered, *, idempotency_key: str | None = None) -> Issued:
        """Issue one credential; with a key used before and the same draft, return that one again.

        Raises DraftRefused, IdempotencyConflict, IssuerUnknown, IssuerSuspended, NoActiveKey.
        """
        return next(self.issue_many(slug, [KeyedDraft(idempotency_key, draft)]))

    def issue_many(self, slug: str, drafts: Iterable[KeyedDraft], batch: int = BATCH) -> Iterator[Issued]:
        """Issue drafts as they come, `batch` at a time, and yield each once it is released, in order.

        Takes a generator and holds one batch at a time. Stop and start again with the same keys as often as needed.
        Raises as `issue` does, for the whole of the batch in which it happens; batches before it are released.
        """
        return in_batches(self.means, slug, drafts, batch)

    def resume(self, slug: str | None = None) -> int:
        """Sign and release what a crash left behind, of one issuer or of all; returns how many. For start."""
        finished = release.resume(self.means, slug)
        correcting.settle(self.means)
        return finished

    def correct(self, wanted: Correcting) -> Issued:
        """Sign a corrected credential, to which the old one leads from then on.

        Raises as `issue` and `revoke` do, and HolderChanged.
        """
        return correcting.correct(self.means, wanted)

    # Portfolios ------------------------------------------------------------------------------------------------------

    def join_portfolios(self, slug: str, into: str) -> Candidate:
        """Show one portfolio's work in another one, for good. The operator's decision, never an issuer's.

        Raises PortfolioUnknown.
        """
        return joining.join_portfolios(self.means, slug, into)

    def set_visibility(self, credential_id: str, visibility: Visibility) -> None:
        """Who may see a credential's page: anyone (public), who has the link (unlisted), nobody (private).

        A restored backup makes nothing easier to see than this. Raises BadIdentifier, CredentialUnknown.
        """
        set_visibility(self.means, credential_id, visibility)

    # Status ----------------------------------------------------------------------------------------------------------

    def revoke(self, credential_id: str, reason: str, note: str = "", *, slug: str | None = None) -> RecordedEvent:
        """Withdraw a credential for good. `reason` is public, `note` is not; `slug`: only if this issuer signed it.

        Raises BadIdentifier, CredentialUnknown, ReasonMissing, StatusConflict.
        """
        return self._record("revoked", credential_id, reason, note, slug)

    def suspend(self, credential_id: str, reason: str, note: str = "", *, slug: str | None = None) -> RecordedEvent:
        """Put a credential on hold. Raises as `revoke` does, and SuspensionNotOffered."""
        return self._record("suspended", credential_id, reason, note, slug)

    def lift(self, credential_id: str, reason: str, note: str = "", *, slug: str | None = None) -> RecordedEvent:
        """End a hold. Raises as `revoke` does, and SuspensionNotOffered."""
        return self._record("lifted", credential_id, reason, note, slug)

    def _record(self, kind: EventKind, credential_id: str, reason: str, note: str, slug: str | None) -> RecordedEvent:
        change = Change(credential_id=credential_id, kind=kind, reason=reason, note=note, slug=slug)
        return self.change(change).event

    def change(self, change: Change, within: status.Within = status.nothing_more) -> Changed:
        """Revoke, suspend or lift, once for each idempotency key; `within` is done in the same transaction.

        Raises as these do, and IdempotencyConflict.
        """
        return status.record_event(self.means, change, within)

    def story(self, credential_id: str) -> list[RecordedEvent]:
        """A credential's events, oldest first, private notes included."""
        return publish.story(self.means, credential_id)

    # What verifiers fetch --------------------------------------------------------------------------------------------

    def status_list(self, list_id: str) -> bytes:
        """The signed list (`application/vc+jwt`), rebuilt as soon as there is an event. Raises StatusListUnknown."""
        return publish.status_list(self.means, list_id).body

    def embedded_status_list(self, list_id: str) -> bytes:
        """The same list with an embedded proof (`application/vc`), as fresh. Raises StatusListUnknown."""
        return publish.status_list(self.means, list_id).embedded

    def token_status_list(self, revocation: str, suspension: str | None = None) -> bytes:
        """What one or two signed lists say as a Token Status List (`application/statuslist+jwt`). StatusListUnknown."""
        return token_lists.token_status_list(self.means, revocation, suspension)

    def issuer_metadata(self, slug: str) -> bytes:
        """The issuer's keys as JWT VC Issuer Metadata. Raises IssuerUnknown."""
        return keys.issuer_metadata(self.means, slug)

    def status_story(self, credential_id: str) -> bytes:
        """The signed story of a credential's status. Raises BadIdentifier, CredentialUnknown."""
        return publish.status_story(self.means, credential_id)

    def did_document(self, slug: str) -> bytes:
        """The issuer's did.json. Raises IssuerUnknown."""
        return keys.did_document(self.means, slug)

    # Keys ------------------------------------------------------------------------------------------------------------

    def keys(self, slug: str) -> list[SigningKey]:
        """All keys of an issuer, oldest first. Raises IssuerUnknown."""
        return keys.keys(self.means, slug)

    def create_key(self, slug: str, algorithm: KeyAlgorithm = "Ed25519") -> SigningKey:
        """Publish a key that the next rotation takes. Raises IssuerUnknown, KeysFrozen."""
        return keys.create_key(self.means, slug, algorithm)

    def rotate_key(
        self, slug: str, algorithm: KeyAlgorithm | None = None, within: WithKey = no_more_with_key
    ) -> SigningKey:
        """Sign with a new key from now on and retire the old one, which keeps verifying. IssuerUnknown, KeysFrozen.

        `within`, here and below, is done in the transaction of the change.
        """
        return keys.rotate_key(self.means, slug, algorithm, within)

    def retire_key(self, slug: str, name: str, within: WithKey = no_more_with_key) -> SigningKey:
        """Let a key sign no more. Raises IssuerUnknown, KeyUnknown, KeyInUse."""
        return keys.retire_key(self.means, slug, name, within)

    def report_compromise(
        self, slug: str, name: str, since: datetime, within: WithKey = no_more_with_key
    ) -> SigningKey:
        """Publish that a key was stolen at a moment, and replace it if it is in use. IssuerUnknown, KeyUnknown."""
        return keys.report_compromise(self.means, slug, name, since, within)

    # Health ----------------------------------------------------------------------------------------------------------

    def reconcile(self) -> Gap:
        """At start: bring database and published record in step, whichever is behind. Returns what was missing."""
        return reconcile(self.means)

    def status(self) -> Standing:
        """How database and published record stand to each other, for `/readyz` and `doctor`. Changes nothing."""
        return standing(self.means)
