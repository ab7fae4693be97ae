"""Asking the issuer whether it withdrew a credential, or put it on hold.

A list answers only if all of this holds (Bitstring Status List 1.0 section 3.2):

- it could be fetched, and is signed by the credential issuer's own DID with a key it lists for assertions;
- its `id`, if it has one, is the address that the credential names, so that no list stands in for another;
- it is for the purpose that the entry asks about;
- it is fresh: within its `validFrom` and `validUntil`, give or take a minute, for the issuer's clock may differ; and in
  a copy that by our own clock is not older than its `ttl`, or than a minute if it names none;
- the entry's index lies within it.

Anything else is no answer, and no answer is `not_checked`: never "not withdrawn". A credential with more than
`MAX_ASKED` entries gets none either: each could be another server that keeps us waiting.

An SD-JWT VC names a Token Status List, which answers for both purposes at once and by the same rules; its `sub` must be
the address, and its `exp` and `ttl` say how fresh it is.

A bit cannot say when or why. If one is set, the issuer's signed status story is asked for both; without a story that is
the issuer's, about this very credential, the bit still counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, Protocol
from urllib.parse import urlsplit

import msgspec

from credentials.core.credential import STATUS_LIST_ENTRY, Credential, StatusEntry
from credentials.core.did import hosted_issuer_url
from credentials.core.did_document import DidDocument, VerificationMethod
from credentials.core.errors import (
    BadStatusList,
    BadStatusStory,
    CredentialError,
    StatusListStale,
    TooManyStatuses,
    UnsupportedStatus,
)
from credentials.core.instants import FIRST_MOMENT, LAST_MOMENT, shifted
from credentials.core.securing import FORMS, recognise
from credentials.core.status_list import StatusList, parse_status_list_credential
from credentials.core.status_story import MAX_STORY_BYTES, STORY_MEDIA_TYPE, StatusStory, parse_story, verify_story
from credentials.core.token_status_list import LIST_MEDIA_TYPE, parse_status_list_token, verify_status_list_token
from credentials.verifier.cache import BoundedCache
from credentials.verifier.checks import Finding, Outcome
from credentials.verifier.keys import CLOCK_SKEW, RECENT, IssuerKeys, KeySource
from credentials.verifier.report import StatusNote
from credentials.verifier.resolvers.resolver import Fetched, Resolver
from credentials.verifier.token_lists import Purposed, key_of_list

Purpose = Literal["revocation", "suspension"]

MAX_LIST_BYTES: Final = 1024 * 1024
LIST_MEDIA_TYPES: Final = "application/vc+jwt, application/vc, application/json"
MAX_ASKED: Final = 4
AGE_WITHOUT_TTL: Final = timedelta(seconds=60)
"""How long a copy of a list is used that does not say how long it may be."""

_PURPOSES: Final = frozenset({"revocation", "suspension"})
_SET: Final = {
    "revocation": "The issuer's list says that it was withdrawn.",
    "suspension": "The issuer's list says that it is on hold.",
}


class StatusAnswer(Finding, frozen=True):
    """What the lists of one purpose say. `entry` is the one whose bit is set.

    `last_confirmed` is when the issuer last said "not withdrawn", if all there is is a list gone stale.
    """

    entry: StatusEntry | None = None
    last_confirmed: datetime | None = None


class Entries(Protocol):
    """A list of single bits, or one read as such."""

    def is_set(self, index: int) -> bool:
        """Whether the bit is set. Raises StatusIndexOutOfRange."""
        ...


class SignedList(msgspec.Struct, frozen=True):
    """A list whose signature held under `method`, which `issuer` lists for assertions.

    It is fresh from `fresh_from` to `fresh_until` (the skew of clocks is included), in a copy not older than `max_age`.
    """

    bits: Entries
    size: int
    id: str | None
    valid_from: datetime | None
    fresh_from: datetime
    fresh_until: datetime
    max_age: timedelta
    issuer: DidDocument
    method: VerificationMethod
    endless: bool


_PASSED: Final = StatusAnswer(Outcome.PASSED)
_NOTHING_NAMED: Final = StatusAnswer(Outcome.NOT_APPLICABLE)
_TOO_MANY: Final = StatusAnswer(
    Outcome.NOT_CHECKED, f"The credential names more than {MAX_ASKED} status entries.", TooManyStatuses.code
)
_Known = tuple[str, str, str, bytes]
_LISTS: Final[BoundedCache[_Known, SignedList]] = BoundedCache(max_entries=512, max_weight=64 << 20)


class StatusInquiry:
    """Asks about one credential; `keys` are those of the DID that signed it. `asked` has the lists that answered."""

    __slots__ = ("_credential", "_keys", "_now", "_resolver", "asked")

    def __init__(self, credential: Credential, keys: KeySource, resolver: Resolver, now: datetime) -> None:
        self._credential, self._keys, self._resolver, self._now = credential, keys, resolver, now
        self.asked: dict[str, SignedList] = {}

    def ask(self, purpose: Purpose) -> StatusAnswer:
        """What the issuer's lists say. A set bit outweighs whatever other entries cannot say. Never raises."""
        if len(self._credential.statuses) > MAX_ASKED:
            return _TOO_MANY
        unknown: StatusAnswer | None = None
        asked = False
        for entry in self._credential.statuses:
            stated = purpose if entry.type == STATUS_LIST_ENTRY else entry.status_purpose
            if stated != purpose and (purpose == "suspension" or stated in _PURPOSES):
                continue  # Of the other purpose. One that is not understood might mean withdrawn, so it bears on that.
            asked = True
            answer = self._ask_entry(entry, purpose)
            if answer.outcome is Outcome.FAILED:
                return answer
            if answer.outcome is not Outcome.PASSED:
                unknown = answer
        return unknown or (_PASSED if asked else _NOTHING_NAMED)

    def note(self, entry: StatusEntry, purpose: Purpose) -> StatusNote | None:
        """When and why `entry` says so for this purpose; None without a story that tells of it. Never raises."""
        story = self._story(entry)
        if story is None:
            return None
        if purpose == "revocation":
            event = story.latest("replaced") or story.latest("revoked")
        else:
            event = story.latest("suspended", "lifted")
        if event is None or event.kind == "lifted":
            return None
        return StatusNote(event.kind, event.at, event.reason, _web_address(event.successor, entry.status_reference))

    def _story(self, entry: StatusEntry) -> StatusStory | None:
        """The issuer's signed story of this credential, or None if there is none that can be believed."""
        if entry.status_reference is None or self._credential.id is None:
            return None
        try:
            fetched = self._resolver.fetch(entry.status_reference, accept=STORY_MEDIA_TYPE, max_bytes=MAX_STORY_BYTES)
            story = parse_story(fetched.body.strip())
            if story.credential_id != self._credential.id:
                return None
            verify_story(story, self._teller(story).authorised(story.verification_method).key)
        except CredentialError:
            return None
        return story if story.issued_at <= self._now + CLOCK_SKEW else None

    def _teller(self, story: StatusStory) -> KeySource:
        """Whose keys sign the story: the issuer's own; of an issuer with an https address also the did:web's there.

        Raises BadStatusStory for anybody else's, BadDid, and what finding the keys raises.
        """
        if story.issuer == self._keys.id:
            return self._keys
        if hosted_issuer_url(story.issuer) != self._keys.id:
            raise BadStatusStory("the story is told by someone else than the issuer", where="/iss")
        return IssuerKeys(story.issuer, story.verification_method, self._resolver, self._now)

    def _ask_entry(self, entry: StatusEntry, purpose: Purpose) -> StatusAnswer:
        try:
            place = _place(entry)
            try:
                is_set = self._bit(place, purpose)
            except _StaleList as err:
                # A remembered copy: a newer one may stand there by now.
                is_set = self._bit(place, purpose, not_before=self._now - min(RECENT, err.max_age))
        except _StaleList as err:
            return StatusAnswer(Outcome.NOT_CHECKED, str(err), err.code, last_confirmed=err.last_confirmed)
        except CredentialError as err:
            return StatusAnswer(Outcome.NOT_CHECKED, str(err), err.code)
        if not is_set:
            return _PASSED
        return StatusAnswer(Outcome.FAILED, _SET[purpose], entry=msgspec.structs.replace(entry, status_purpose=purpose))

    def _bit(self, place: _Place, purpose: Purpose, not_before: datetime | None = None) -> bool:
        """Whether the bit is set in the list at a place. Raises _StaleList, and what says that there is none."""
        accept = LIST_MEDIA_TYPE if place.kind == STATUS_LIST_ENTRY else LIST_MEDIA_TYPES
        fetched = self._resolver.fetch(place.url, accept=accept, max_bytes=MAX_LIST_BYTES, not_before=not_before)
        signed = self._signed_list(fetched, place, purpose)
        is_set = signed.bits.is_set(place.index)
        self._require_fresh(signed, fetched, is_set)
        self.asked[place.url] = signed
        return is_set

    def _signed_list(self, fetched: Fetched, place: _Place, purpose: Purpose) -> SignedList:
        """The list in these bytes: taken apart once, but its key asked for every time, for keys get revoked."""
        known = (self._keys.id, place.kind, purpose, fetched.body)
        signed = _LISTS.get(known)
        if signed is None:
            read = self._token_list if place.kind == STATUS_LIST_ENTRY else self._verified_list
            signed = read(fetched.body, purpose)
            _LISTS.put(known, signed, weight=2 * len(fetched.body) + signed.size)
        elif not (signed.endless and signed.issuer is self._keys.document_for(signed.method.id)):
            self._require_same_key(signed.method)
        if signed.id is not None and signed.id != place.url:
            raise BadStatusList("it is another list than the one that the credential names", where="/id")
        return signed

    def _require_same_key(self, method: VerificationMethod) -> None:
        if self._keys.authorised(method.id).key != method.key:
            raise BadStatusList("the list was signed with a key that the issuer has since replaced")

    def _verified_list(self, body: bytes, purpose: Purpose) -> SignedList:
        secured = body.strip()
        presented = recognise(secured).read(secured)
        if presented.issuer != self._keys.id:
            raise BadStatusList("the list is signed by someone else than the credential", where="/issuer")
        method = self._keys.authorised(presented.verification_method)
        # Who else signed the list is of no interest: its issuer did.
        others = [None] * (len(presented.proofs) - 1)
        credential = FORMS[presented.form].verify(presented, method.key, *others).credential
        bits = _bits_of(credential, purpose, self._now)
        first, last = credential.valid_from, bits.valid_until
        return self._signed(bits, len(bits.bits), credential.id, (first, last), bits.ttl, method)

    def _token_list(self, body: bytes, purpose: Purpose) -> SignedList:
        """A Token Status List read for one purpose."""
        token = parse_status_list_token(body.strip())
        if token.issuer not in (None, self._keys.id):
            raise BadStatusList("the list is signed by someone else than the credential", where="/iss")
        method = self._keys.authorised(key_of_list(token, self._keys.id))
        verify_status_list_token(token, method.key)
        period = (token.issued_at, token.expires)
        bits = Purposed(token.statuses, purpose)
        return self._signed(bits, len(token.statuses.data), token.subject, period, token.ttl, method)

    def _signed(
        self,
        bits: Entries,
        size: int,
        name: str | None,
        period: tuple[datetime | None, datetime | None],
        ttl: timedelta | None,
        method: VerificationMethod,
    ) -> SignedList:
        first, last = period
        return SignedList(
            bits=bits,
            size=size,
            id=name,
            valid_from=first,
            fresh_from=FIRST_MOMENT if first is None else shifted(first, -CLOCK_SKEW),
            fresh_until=LAST_MOMENT if last is None else shifted(last, CLOCK_SKEW),
            max_age=AGE_WITHOUT_TTL if ttl is None else ttl,
            issuer=self._keys.document_for(method.id),
            method=method,
            endless=method.endless,
        )

    def _require_fresh(self, signed: SignedList, fetched: Fetched, is_set: bool) -> None:
        if self._now < signed.fresh_from:
            raise _StaleList("the list is not valid yet", None, signed.max_age)
        confirmed = None if is_set else signed.valid_from
        if self._now > signed.fresh_until:
            raise _StaleList("the list is no longer valid", confirmed, signed.max_age)
        if self._now - fetched.fetched_at > signed.max_age:
            raise _StaleList("the copy at hand is older than the list allows", confirmed, signed.max_age)


class _StaleList(StatusListStale):
    """A list that said "not withdrawn" at `last_confirmed`, and by now says nothing. Copies may be `max_age` old."""

    def __init__(self, detail: str, last_confirmed: datetime | None, max_age: timedelta) -> None:
        super().__init__(detail)
        self.last_confirmed, self.max_age = last_confirmed, max_age


class _Place(msgspec.Struct, frozen=True):
    """Which entry of which list, and which kind of list must stand there."""

    url: str
    index: int
    kind: str


def _place(entry: StatusEntry) -> _Place:
    """Where to ask. Raises UnsupportedStatus for what is not understood."""
    url, index = entry.status_list_credential, entry.status_list_index
    understood = entry.type == STATUS_LIST_ENTRY or (entry.status_purpose in _PURPOSES and entry.supported)
    if not understood or url is None or index is None:
        raise UnsupportedStatus(f"a status of type {entry.type[:60]!r} and purpose {entry.purpose[:60]!r}")
    return _Place(url, int(index), entry.type)


def _bits_of(credential: Credential, purpose: Purpose, now: datetime) -> StatusList:
    """The decoded list. Whether it is fresh is asked at every use, so here it is read as of its own beginning."""
    try:
        return parse_status_list_credential(
            credential.document, purpose=purpose, now=credential.valid_from or now, fetched_at=None
        )
    except OverflowError:
        raise BadStatusList("its dates lie at the end of time", where="/validFrom") from None


def _web_address(successor: str | None, story: str | None) -> str | None:
    """What a page may link to and a terminal may show: an address at the same origin as the issuer's story.

    A story could name `javascript:` as well as an address, and a stranger's page would look like a next version.
    """
    if successor is None or story is None or not successor.startswith(("https://", "http://")):
        return None
    return successor if successor.isprintable() and " " not in successor and _is_beside(successor, story) else None


def _is_beside(address: str, other: str) -> bool:
    """Whether two addresses have one origin (RFC 6454 section 4), spelled the same; False for what is no address."""
    try:
        one, two = urlsplit(address), urlsplit(other)
    except ValueError:
        return False
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)
