"""Record what shall be signed, in one transaction, before anything is signed.

It stores the idempotency key, the status entries, the unsigned credential's exact bytes, and for each format what else
decides its exact signing input. After it, every crash resumes to the same credential.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from credentials.core.securing import Unsigned
from credentials.issuer.allotment import Allotted, allot
from credentials.issuer.compose import Identity, compose, compose_full, draw_identities
from credentials.issuer.draft import Draft, draft_digest
from credentials.issuer.endorsing import endorsements
from credentials.issuer.errors import DraftRefused, IdempotencyConflict, IssuerSuspended
from credentials.issuer.forms import Documents, selective_signers_of, signers_of
from credentials.issuer.keys import current_keys
from credentials.issuer.lint import Finding, lint, refuses
from credentials.issuer.means import Means, require_issuer
from credentials.issuer.offered import Offered, completed
from credentials.issuer.recipients import Recipients
from credentials.issuer.recovery import recovering
from credentials.issuer.signing import ToSign, prepare, restore
from credentials.store import credentials, issuers, status
from credentials.store.credentials import Known, StoredCredential, Visibility
from credentials.store.engine import write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import Entry, StatusList


class Holder(msgspec.Struct, frozen=True):
    """Whose a credential is, where that is known beforehand, and who may see its page."""

    candidate_id: str
    portfolio_slug: str
    visibility: Visibility


class KeyedDraft(msgspec.Struct, frozen=True):
    """A draft and the key under which it is issued once; None means that a repetition is a new credential.

    `holder`: None means that the draft's own name and address say whose it is.
    """

    idempotency_key: str | None
    draft: Draft | Offered
    holder: Holder | None = None


Within = Callable[[Connection, Sequence[Known]], None]
"""What else belongs to the transaction of new intents; told of those that are new, and not called without any."""


def nothing_more(_connection: Connection, _known: Sequence[Known]) -> None:
    """Nothing else."""


class Issued(msgspec.Struct, frozen=True):
    """A released credential: its id, its 10-character code, its address, whose portfolio it is in.

    `repeated`: it was recorded before, under the same idempotency key.
    """

    id: str
    code: str
    url: str
    portfolio_slug: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """A committed batch: an answer for each draft, in order, what is to be signed, the lists and their counters."""

    issued: tuple[Issued, ...]
    to_sign: tuple[ToSign, ...]
    lists: tuple[StatusList, ...]


class _Linted(msgspec.Struct, frozen=True):
    """A draft without errors, and what identifies it."""

    key: str | None
    draft: Draft | Offered
    digest: bytes
    holder: Holder | None


def record(means: Means, slug: str, batch: Sequence[KeyedDraft], within: Within = nothing_more) -> Recorded:
    """Commit the intents of a batch: all of it or nothing.

    Raises IssuerUnknown, IssuerSuspended, NoActiveKey, DraftRefused, IdempotencyConflict and the store's errors.
    """
    return _commit(means, slug, [_lint(keyed) for keyed in batch], within)


def _lint(keyed: KeyedDraft) -> _Linted:
    if isinstance(keyed.draft, Offered):  # judged when the offer was taken
        return _Linted(keyed.idempotency_key, keyed.draft, keyed.draft.digest(), keyed.holder)
    findings = lint(keyed.draft)
    if findings and refuses(findings):
        raise DraftRefused(findings)
    return _Linted(keyed.idempotency_key, keyed.draft, draft_digest(keyed.draft), keyed.holder)


@recovering
def _commit(means: Means, slug: str, batch: Sequence[_Linted], within: Within) -> Recorded:
    with write(means.engine) as connection:
        issuer = require_issuer(means, connection, slug)
        if issuer.is_suspended:
            raise IssuerSuspended(f"{slug}: {issuer.suspended_reason or 'suspended'}")
        issuers.lock(connection, issuer.id)
        known = credentials.known(connection, issuer.id, [one.key for one in batch if one.key is not None])
        fresh = list(_fresh(batch, known))
        keys = current_keys(means, connection, issuer)
        signers, selective = tuple(signers_of(issuer, keys)), tuple(selective_signers_of(issuer, keys))
        made = _Making(means, issuer, signers, selective, means.now()).store(connection, fresh)
        if made.known:
            within(connection, made.known)
        known |= {one.idempotency_key: one for one in made.known if one.idempotency_key is not None}
        unfinished = {one.id for one in known.values()} - {one.id for one in made.known}
        left = map(restore, credentials.unreleased(connection, ids=unfinished))
        issued = tuple(_answers(means, batch, known, made.known))
        lists = tuple(status.of_issuer(connection, issuer.id))
    means.high_water.add_parties([issuer], keys)
    return Recorded(issued, (*made.to_sign, *left), lists)


def _fresh(batch: Sequence[_Linted], known: Mapping[str, Known]) -> Iterator[_Linted]:
    """The drafts to record now: new keys once each, and every one without a key. Raises IdempotencyConflict."""
    digests = {key: one.draft_digest for key, one in known.items()}
    for one in batch:
        if one.key is None:
            yield one
        elif one.key not in digests:
            digests[one.key] = one.digest
            yield one
        elif digests[one.key] != one.digest:
            raise IdempotencyConflict("it was used with another draft", where="idempotency key")


def _answers(
    means: Means, batch: Sequence[_Linted], known: Mapping[str, Known], made: Sequence[Known]
) -> Iterator[Issued]:
    unsaid = {one.id for one in made}
    keyless = (one for one in made if one.idempotency_key is None)
    for linted in batch:
        one = next(keyless) if linted.key is None else known[linted.key]
        yield Issued(one.id, one.code, means.credential_url(one.id), one.portfolio_slug, one.id not in unsaid)
        unsaid.discard(one.id)


@dataclass(frozen=True, slots=True)
class _Made:
    known: list[Known]
    to_sign: list[ToSign]


class _Written(NamedTuple):
    """A credential's exact bytes, and those with all that is private, where it has forms for that."""

    unsigned: bytes
    full_document: bytes | None


@dataclass(frozen=True, slots=True)
class _Making:
    """New credentials of one issuer, at one moment, each form signed with one key."""

    means: Means
    issuer: Issuer
    signers: tuple[tuple[str, SigningKey], ...]
    selective_signers: tuple[tuple[str, SigningKey], ...]
    now: datetime

    def store(self, connection: Connection, fresh: Sequence[_Linted]) -> _Made:
        """Allot, compose and insert."""
        if not fresh:
            return _Made([], [])
        _refuse_expired(fresh, self.now)
        places = allot(connection, self.means.high_water, self.issuer, len(fresh), self.now)
        unknown = [one.draft for one in fresh if one.holder is None]
        recipients = Recipients.find_or_add(connection, self.issuer.id, unknown, self.now)
        identities = list(draw_identities(len(fresh)))
        people = [_person(one.holder) or recipients.next_for(one.draft) for one in fresh]
        # Step by step over the whole batch, and not draft by draft: each step's code and data stay in the cache.
        written = list(map(self._written, fresh, identities, places))
        to_sign = [form for one in zip(fresh, identities, written, strict=True) for form in self._prepared(*one)]
        rows = list(map(self._row, fresh, identities, people, written))
        credentials.add(connection, rows, [one.intent for one in to_sign])
        entries = [row for pair in zip(identities, places, strict=True) for row in _entries(*pair)]
        status.add_entries(connection, entries)
        return _Made(list(map(_known, fresh, identities, people)), to_sign)

    def _written(self, one: _Linted, identity: Identity, place: Allotted) -> _Written:
        if isinstance(one.draft, Offered):
            return _Written(completed(self.means, self.issuer, one.draft, identity, place, self.now), None)
        signed = endorsements(self.means, self.issuer, one.draft, identity.id, self.signers[0][1], self.now)
        stated = (self.means, self.issuer, one.draft, identity, place, self.now, signed)
        hides = one.draft.selective or one.draft.private
        return _Written(compose(*stated), compose_full(*stated) if hides else None)

    def _prepared(self, one: _Linted, identity: Identity, written: _Written) -> list[ToSign]:
        """Every form that the issuer makes of it, or the one that was asked for.

        What is parsed for it is not kept: a batch of that is a burden.
        """
        documents = Documents(Unsigned.parse(written.unsigned), written.full_document)
        signers = self.signers if documents.full is None else self.signers + self.selective_signers
        if isinstance(one.draft, Offered) and one.draft.form is not None:
            signers = ((one.draft.form, signers[0][1]),)
        return [prepare(self.means, form, documents, identity.id, self.issuer, key, self.now) for form, key in signers]

    def _row(self, one: _Linted, identity: Identity, person: tuple[str, str], written: _Written) -> StoredCredential:
        return StoredCredential(
            id=identity.id,
            code=identity.code,
            issuer_id=self.issuer.id,
            candidate_id=person[0],
            idempotency_key=one.key,
            draft_digest=one.digest,
            title=one.draft.project_title,
            visibility="unlisted" if one.holder is None else one.holder.visibility,
            created_at=self.now,
            valid_until=one.draft.valid_until,
            unsigned=written.unsigned,
            full_document=written.full_document,
        )


def _refuse_expired(fresh: Sequence[_Linted], now: datetime) -> None:
    """What lint cannot know without a clock. A draft that was issued while it was valid stays issued."""
    for one in fresh:
        if one.draft.valid_until is not None and one.draft.valid_until <= now:
            value, problem = one.draft.valid_until.isoformat(), "It would have expired before it was signed."
            advice = "Give a later moment, or leave it out: a credential need not expire."
            raise DraftRefused([Finding("error", "valid_until", value, problem, advice, "already-expired")])


def _person(holder: Holder | None) -> tuple[str, str] | None:
    """Id and slug of the candidate who is known beforehand."""
    return None if holder is None else (holder.candidate_id, holder.portfolio_slug)


def _known(one: _Linted, identity: Identity, person: tuple[str, str]) -> Known:
    return Known(
        idempotency_key=one.key,
        id=identity.id,
        code=identity.code,
        draft_digest=one.digest,
        portfolio_slug=person[1],
    )


def _entries(identity: Identity, place: Allotted) -> list[Entry]:
    return [Entry(list_id, place.index, identity.id, purpose) for purpose, list_id in place.lists]
