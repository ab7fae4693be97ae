"""What the record outside the database says, line by line, and how it is joined with what a database says.

Lists and events are facts: once written they never change. Issuers and keys change, but only one way: a key is created,
used, retired, stolen, and never the other way round; of two confirmations, two suspensions or two reinstatements of an
issuer the later one holds. So any two states of one of them have a join, whatever was written first. A row of the
database that is not the join of itself and the record is older than the record: the database was restored.

Who may see a credential changes both ways. What the record said last is joined with a database by the more private.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec

from credentials.store.credentials import Visibility
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import KeyState, SigningKey
from credentials.store.status import RecordedEvent, StatusList

_NEVER = datetime.min.replace(tzinfo=UTC)
_VISIBILITIES: tuple[Visibility, ...] = ("public", "unlisted", "private")
_STATES: tuple[KeyState, ...] = ("created", "active", "retired")


class RevokedApiKey(msgspec.Struct, frozen=True):
    """An API key that shall never be accepted again; nothing of its secret."""

    id: str
    at: datetime


class Seen(msgspec.Struct, frozen=True):
    """Who may see a credential from now on."""

    id: str
    visibility: Visibility


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the journal: a list that was opened, an event, an issuer or a key as it is now, a revoked API key,
    or who may see a credential now.
    """

    opened: StatusList | None = None
    event: RecordedEvent | None = None
    issuer: Issuer | None = None
    key: SigningKey | None = None
    api_key: RevokedApiKey | None = None
    seen: Seen | None = None


def more_private(one: Visibility, other: Visibility | None) -> Visibility:
    """The one of two that fewer may see. `one` itself if nothing else is known."""
    return one if other is None else max(one, other, key=_VISIBILITIES.index)


def joined_issuer(one: Issuer, other: Issuer | None) -> Issuer:
    """Both states of one issuer: the later confirmation, suspension and reinstatement. `one` itself if it has all."""
    if other is None:
        return one
    confirmed = other if (other.confirmed_at or _NEVER) > (one.confirmed_at or _NEVER) else one
    suspended = other if (other.suspended_at or _NEVER) > (one.suspended_at or _NEVER) else one
    reinstated = other if (other.reinstated_at or _NEVER) > (one.reinstated_at or _NEVER) else one
    return replace(
        one,
        confirmed_domain=confirmed.confirmed_domain,
        confirmed_level=confirmed.confirmed_level,
        confirmed_at=confirmed.confirmed_at,
        confirmed_note=confirmed.confirmed_note,
        suspended_at=suspended.suspended_at,
        suspended_reason=suspended.suspended_reason,
        reinstated_at=reinstated.reinstated_at,
        reinstated_note=reinstated.reinstated_note,
    )


def joined_key(one: SigningKey, other: SigningKey | None) -> SigningKey:
    """Both states of one key: the further in its life, and every moment the earliest that was named."""
    if other is None:
        return one
    return replace(
        one,
        state=max(one.state, other.state, key=_STATES.index),
        activated_at=_earlier(one.activated_at, other.activated_at),
        retired_at=_earlier(one.retired_at, other.retired_at),
        compromised_since=_earlier(one.compromised_since, other.compromised_since),
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


@dataclass(slots=True)
class Parties:
    """The issuers (by id and by slug), their keys (by issuer, then by row id), the API keys revoked (by id), and who
    may see which credential.
    """

    issuers: dict[str, Issuer] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    keys: dict[str, dict[str, SigningKey]] = field(default_factory=dict)
    stolen: set[str] = field(default_factory=set)
    revoked_api_keys: dict[str, datetime] = field(default_factory=dict)
    visibilities: dict[str, Visibility] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Add what a line says."""
        if line.issuer:
            self.issuers[line.issuer.id] = joined_issuer(line.issuer, self.issuers.get(line.issuer.id))
            self.slugs[line.issuer.slug] = line.issuer.id
        if line.key:
            self._take_key(line.key)
        if line.api_key:
            self.revoked_api_keys[line.api_key.id] = line.api_key.at
        if line.seen:
            self.visibilities[line.seen.id] = line.seen.visibility

    def _take_key(self, key: SigningKey) -> None:
        known = self.keys.setdefault(key.issuer_id, {})
        known[key.id] = joined_key(key, known.get(key.id))
        if key.compromised_since is not None:
            self.stolen.add(key.key_id)

    def key(self, of: SigningKey) -> SigningKey | None:
        """What is known of a key."""
        return self.keys.get(of.issuer_id, {}).get(of.id)

    def every_key(self) -> Iterator[SigningKey]:
        """All keys of all issuers."""
        for known in self.keys.values():
            yield from known.values()

    def is_news(self, line: Line) -> bool:
        """Whether a line about an issuer, a key, an API key or who may see what says more than is known."""
        if line.issuer:
            known = self.issuers.get(line.issuer.id)
            return known is None or joined_issuer(known, line.issuer) != known
        if line.key:
            before = self.key(line.key)
            return before is None or joined_key(before, line.key) != before
        if line.seen:
            return self.visibilities.get(line.seen.id) != line.seen.visibility
        return line.api_key is not None and line.api_key.id not in self.revoked_api_keys


@dataclass(slots=True)
class Record:
    """Everything that was ever published: lists (without their seeds) and events by id, and the parties."""

    lists: dict[str, StatusList] = field(default_factory=dict)
    events: dict[str, RecordedEvent] = field(default_factory=dict)
    parties: Parties = field(default_factory=Parties)

    def take(self, line: Line) -> None:
        """Add what a line says."""
        if line.opened:
            self.lists[line.opened.id] = line.opened
        if line.event:
            self.events[line.event.id] = line.event
        self.parties.take(line)
