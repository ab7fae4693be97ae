"""The Token Status Lists of an issuer: what its bitstring lists say, for SD-JWT VCs, derived from the same events.

One list stands for a revocation list and, where its issuer suspends, the suspension list that was opened with it: both
give a credential the same index. It is kept and built anew exactly as a bitstring list is (`publish`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from credentials.core.did import hosted_issuer_url
from credentials.core.errors import CredentialError
from credentials.core.jws import SIGNING_ALGORITHMS
from credentials.core.token_status_list import (
    INVALID,
    SUSPENDED,
    assemble_status_list_token,
    parse_status_list_token,
    status_list_claims,
    status_list_signing_input,
    verify_status_list_token,
)
from credentials.issuer.errors import SelfCheckFailed, StatusListUnknown
from credentials.issuer.high_water import DatabaseBehind
from credentials.issuer.keys import active_key, current_keys
from credentials.issuer.means import Means
from credentials.issuer.publish import LIST_TTL, LIST_VALIDITY, is_fresh, keep, set_bits
from credentials.issuer.recovery import recovering
from credentials.store import issuers, status
from credentials.store.engine import read
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import PublishedList, RecordedEvent, StatusList
from credentials.store.tables import published_token_list


@dataclass(frozen=True, slots=True)
class _View:
    """One or two lists as one snapshot of the database shows them."""

    lists: list[StatusList]
    issuer: Issuer
    keys: list[SigningKey]
    key: SigningKey
    events: list[RecordedEvent]


@recovering
def token_status_list(means: Means, revocation: str, suspension: str | None = None) -> bytes:
    """The signed Token Status List (`application/statuslist+jwt`) of these lists, fresh.

    Raises StatusListUnknown also for two lists that do not belong to one issuer, and what signing raises.
    """
    names = [revocation] if suspension is None else [revocation, suspension]
    recorded = [means.high_water.event_ids(name) for name in names]  # before the database: see high_water
    were_named = [means.high_water.knows_list(name) for name in names]
    now = means.now()
    with read(means.engine) as connection:
        counts = [status.count_events(connection, name) for name in names]
        for name, events, was_named, count in zip(names, recorded, were_named, counts, strict=True):
            if count < len(events) or (was_named and status.by_id(connection, name) is None):
                raise DatabaseBehind
        cached = status.published(connection, "/".join(names), published_token_list)
        if cached and means.high_water.is_stolen(cached.key_id):
            raise DatabaseBehind
        if cached and cached.events == sum(counts) and is_fresh(cached, now):
            return cached.body
        view = _view(means, connection, names)
    if frozenset().union(*recorded) - {event.id for event in view.events}:
        raise DatabaseBehind
    means.high_water.add_parties([view.issuer], view.keys)
    means.high_water.add_events(view.events)
    return keep(means, _build(means, view, now), published_token_list).body


def _view(means: Means, connection: Connection, names: list[str]) -> _View:
    lists = [one for name in names if (one := status.by_id(connection, name)) is not None]
    if [one.purpose for one in lists] != ["revocation", "suspension"][: len(names)]:
        raise StatusListUnknown("no such list")
    issuer = issuers.by_id(connection, lists[0].issuer_id)
    if issuer is None or len({(one.issuer_id, one.size) for one in lists}) > 1:
        raise StatusListUnknown("no such list")
    means.high_water.check_issuer(issuer.slug, issuer)
    keys = current_keys(means, connection, issuer)
    events = [event for name in names for event in status.events_of_list(connection, name)]
    return _View(lists, issuer, keys, active_key(issuer, keys), events)


def statuses(events: Iterable[RecordedEvent]) -> dict[int, int]:
    """The number of each credential that has another one than 0; withdrawn outweighs on hold."""
    told = list(events)
    held = set_bits(event for event in told if event.purpose == "suspension")
    withdrawn = set_bits(event for event in told if event.purpose == "revocation")
    return dict.fromkeys(held, SUSPENDED) | dict.fromkeys(withdrawn, INVALID)


def _build(means: Means, view: _View, now: datetime) -> PublishedList:
    names = [one.id for one in view.lists]
    held = "".join(f"/{name}" for name in names[1:])
    claims = status_list_claims(
        list_url=f"{means.list_url(names[0])}/token{held}",
        issuer=hosted_issuer_url(view.issuer.did),
        statuses=statuses(view.events),
        size=view.lists[0].size,
        issued_at=now,
        expires=now + LIST_VALIDITY,
        ttl=LIST_TTL,
    )
    return PublishedList(
        list_id="/".join(names),
        key_id=view.key.key_id,
        events=len(view.events),
        built_at=now,
        valid_until=now + LIST_VALIDITY,
        body=_sign(means, view, claims),
    )


def _sign(means: Means, view: _View, claims: bytes) -> bytes:
    key = view.key
    signing_input = status_list_signing_input(claims, key_name=key.name, algorithm=SIGNING_ALGORITHMS[key.algorithm])
    token = assemble_status_list_token(signing_input, means.signer.sign(key.key_id, signing_input))
    try:
        verify_status_list_token(parse_status_list_token(token), means.signer.public_key(key.key_id))
    except CredentialError as error:
        raise SelfCheckFailed(f"the list {view.lists[0].id}: {error}", where=error.code) from error
    return token
