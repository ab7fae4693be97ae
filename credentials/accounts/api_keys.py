"""API keys of an issuer: made, shown once, known afterwards only by their digest.

- A key is 256 random bits behind the mark `vck_`, so SHA-256 is enough at rest: there is nothing to guess.
- A key belongs to one issuer and may do what its scopes say (`SCOPES`).
- For what a key writes in projects somebody of the company answers: its `person_id`.
- It can expire and be revoked. An unknown, an expired and a revoked key are refused in the same words.
- Its last use is remembered, to the minute: writing at each call would cost more than the call.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, Engine

from credentials.accounts.errors import (
    AnswererWanted,
    ApiKeyUnknown,
    IssuerUnknown,
    KeyRefused,
    LifetimeInvalid,
    ScopeUnknown,
)
from credentials.store import api_keys as rows
from credentials.store import issuers, organisations
from credentials.store.api_keys import ApiKey
from credentials.store.engine import read, write

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "issue": "Issue credentials",
        "revoke": "Withdraw credentials, or put them on hold",
        "read": "Read credentials",
        "webhooks": "Look after webhooks",
        "brand": "Choose the company’s colour and logo",
        "projects:read": "Read projects and applications",
        "projects:write": "Write projects, answer applications",
        "work:read": "Read work, agreements and receipts",
        "work:write": "Agree on terms, review work, say that it was paid",
    }
)
"""What a key may do, by scope, in words."""
ANSWERED_FOR = frozenset({"projects:write", "work:write"})
"""What a key may do only while a person of the company answers for it."""
MARK = "vck_"
LAST_USE_GRAIN = timedelta(minutes=1)
_SECRET = re.compile(MARK + r"[A-Za-z0-9_-]{43}")
_ID_BYTES = 8

Within = Callable[[Connection, str], None]
"""What is written in the transaction of a change of a key, given the key's id: the line of the audit trail."""


def nothing_more(_connection: Connection, _key_id: str) -> None:
    """For a change that is told nowhere."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key. `secret` is shown once and kept nowhere; it stays out of every repr."""

    key: ApiKey
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"MadeKey(key={self.key!r})"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who called: the issuer a key belongs to and what the key may do.

    `two_people`: the issuer wants two people for each award, so no program alone may issue.
    """

    key_id: str
    issuer_id: str
    slug: str
    scopes: frozenset[str]
    two_people: bool = False
    person_id: str | None = None


def make_key(
    engine: Engine,
    slug: str,
    scopes: Iterable[str],
    *,
    label: str,
    now: datetime,
    expires_at: datetime | None = None,
    person_id: str | None = None,
    within: Within = nothing_more,
) -> MadeKey:
    """Make a key for an issuer. `person_id`: who answers for it.

    Raises:
        ScopeUnknown: no scope, or one that does not exist.
        LifetimeInvalid: `expires_at` is not after `now`.
        IssuerUnknown: there is no issuer with this slug.
        AnswererWanted: it may write in projects, and the person is nobody of the issuer.
    """
    wanted = _known_scopes(scopes)
    if expires_at is not None and expires_at <= now:
        raise LifetimeInvalid(where="expires_at")
    secret = MARK + secrets.token_urlsafe(32)
    with write(engine) as connection:
        issuer = issuers.by_slug(connection, slug)
        if issuer is None:
            raise IssuerUnknown(where="slug")
        if not ANSWERED_FOR.isdisjoint(wanted) and not organisations.is_member(connection, issuer.id, person_id or ""):
            raise AnswererWanted(where="person_id")
        key = ApiKey(
            id=secrets.token_hex(_ID_BYTES),
            issuer_id=issuer.id,
            digest=digest(secret),
            label=label,
            scopes=" ".join(wanted),
            created_at=now,
            expires_at=expires_at,
            person_id=person_id,
        )
        rows.add(connection, key)
        within(connection, key.id)
    return MadeKey(key, secret)


def list_keys(engine: Engine, slug: str) -> list[ApiKey]:
    """An issuer's keys, oldest first; never a secret. Raises IssuerUnknown."""
    with read(engine) as connection:
        issuer = issuers.by_slug(connection, slug)
        if issuer is None:
            raise IssuerUnknown(where="slug")
        return rows.of_issuer(connection, issuer.id)


def revoke_key(
    engine: Engine,
    slug: str,
    key_id: str,
    now: datetime,
    *,
    publish: Callable[[Mapping[str, datetime]], None],
    within: Within = nothing_more,
) -> None:
    """Revoke a key at once and for good.

    `publish` records outside the database, once the revocation is committed, which keys (by id) were revoked when, so
    that no restored database accepts one again. Raises IssuerUnknown, ApiKeyUnknown when no active key has this id, and
    what `publish` raises: then the key is revoked here, and recorded at the next start.
    """
    with write(engine) as connection:
        issuer = issuers.by_slug(connection, slug)
        if issuer is None:
            raise IssuerUnknown(where="slug")
        if not rows.revoke(connection, issuer.id, key_id, now):
            raise ApiKeyUnknown(where="key_id")
        within(connection, key_id)
    publish({key_id: now})


def check_key(engine: Engine, secret: str, now: datetime) -> KeyHolder:
    """Who holds this key. Raises KeyRefused for any key that is not good, in the same words."""
    if not _SECRET.fullmatch(secret):
        raise KeyRefused
    wanted = digest(secret)
    with read(engine) as connection:
        key = rows.by_digest(connection, wanted)
        issuer = issuers.by_id(connection, key.issuer_id) if key else None
        company = organisations.by_id(connection, issuer.id) if issuer else None
    if key is None or issuer is None or not hmac.compare_digest(key.digest, wanted) or not is_active(key, now):
        raise KeyRefused
    if key.last_used_at is None or now - key.last_used_at >= LAST_USE_GRAIN:
        with write(engine) as connection:
            rows.touch(connection, key.id, now)
    two_people = company is not None and company.four_eyes
    return KeyHolder(key.id, issuer.id, issuer.slug, frozenset(key.scopes.split()), two_people, key.person_id)


def is_active(key: ApiKey, now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def digest(secret: str) -> bytes:
    """What is kept of a secret: SHA-256, 32 bytes."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def _known_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    wanted = set(scopes)
    if not wanted or not wanted.issubset(SCOPES):
        raise ScopeUnknown(", ".join(sorted(wanted.difference(SCOPES))), where="scopes")
    return tuple(scope for scope in SCOPES if scope in wanted)
