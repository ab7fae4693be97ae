"""Credentials: their unsigned bytes, what their issuer asked to sign, and what was signed and released."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, select, update

from credentials.store import candidates
from credentials.store.inserting import insert_ignoring, insert_rows
from credentials.store.tables import candidate, credential, issuer, secured_form, signing_intent

Visibility = Literal["public", "unlisted", "private"]
_MOST_NAMED = 500
"""Ids in one query: databases take only so many parameters."""

_ONE_BY_ONE = (signing_intent.c.credential_id, signing_intent.c.format)
"""The one order in which intents are locked: whoever waits for some of them never holds what another waits for."""


class StoredCredential(NamedTuple):
    """One credential as recorded. `unsigned` is exactly what its public forms secure; `draft_digest` what made it.

    `full_document` is what its selectively disclosable forms secure, None where it has none. It is never public.
    """

    id: str
    code: str
    issuer_id: str
    candidate_id: str
    idempotency_key: str | None
    draft_digest: bytes
    title: str
    visibility: Visibility
    created_at: datetime
    valid_until: datetime | None
    unsigned: bytes
    full_document: bytes | None = None


class SigningIntent(NamedTuple):
    """What a key was asked to sign, in one format: stored before it is signed.

    The exact bytes follow from the credential's unsigned ones and `template`, which is the format's own. Changed only
    when that key was reported stolen before anything signed with it was released.
    """

    credential_id: str
    format: str
    key_id: str
    created_at: datetime
    template: bytes


class Waiting(NamedTuple):
    """An intent whose form is not released yet, and its credential's unsigned bytes."""

    intent: SigningIntent
    unsigned: bytes


class SecuredForm(NamedTuple):
    """A signed, released form of a credential, served as it is."""

    credential_id: str
    format: str
    media_type: str
    released_at: datetime
    body: bytes


class Known(NamedTuple):
    """What an idempotency key already stands for."""

    idempotency_key: str | None
    id: str
    code: str
    draft_digest: bytes
    portfolio_slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A released credential in a listing, without its bytes."""

    id: str
    code: str
    title: str
    issuer_slug: str
    issuer_name: str
    candidate_slug: str
    visibility: Visibility
    created_at: datetime
    valid_until: datetime | None


def add(connection: Connection, rows: Sequence[StoredCredential], intents: Sequence[SigningIntent]) -> None:
    """Insert credentials and their signing intents.

    Raises sqlalchemy's IntegrityError when an id, a code or an issuer's idempotency key is taken.
    """
    insert_rows(connection, credential, rows)
    insert_rows(connection, signing_intent, intents)


def release(connection: Connection, forms: Sequence[SecuredForm]) -> None:
    """Insert secured forms; one that is there already stays as it is.

    In one order for all, so that two transactions that release the same credentials wait and never dead-lock.
    """
    insert_ignoring(connection, secured_form, sorted(forms))


def known(connection: Connection, issuer_id: str, keys: Collection[str]) -> dict[str, Known]:
    """What each of these idempotency keys of one issuer already stands for; absent when it is new."""
    if not keys:
        return {}
    columns = (credential.c.idempotency_key, credential.c.id, credential.c.code, credential.c.draft_digest)
    query = (
        select(*columns, candidates.portfolio_slug().label("portfolio_slug"))
        .join(candidate, candidate.c.id == credential.c.candidate_id)
        .where(credential.c.issuer_id == issuer_id, credential.c.idempotency_key.in_(sorted(keys)))
    )
    return {row.idempotency_key: Known(**row._mapping) for row in connection.execute(query)}


def unreleased(connection: Connection, *, ids: Collection[str]) -> list[Waiting]:
    """Intents of these credentials without a released form."""
    return _read(connection, _waiting().where(signing_intent.c.credential_id.in_(sorted(ids))))


def claim_unreleased(connection: Connection, *, issuer_id: str | None, limit: int) -> list[Waiting]:
    """Intents without a released form that no other transaction claims, locked until this one ends."""
    waiting = _waiting()
    if issuer_id is not None:
        waiting = waiting.where(credential.c.issuer_id == issuer_id)
    return _read(connection, waiting.limit(limit).with_for_update(skip_locked=True, of=signing_intent))


def wait_for_unreleased(connection: Connection, *, ids: Collection[str]) -> list[Waiting]:
    """Intents of these credentials without a released form, locked until this transaction ends.

    Waits for whoever holds one; what was released meanwhile is left out.
    """
    chosen = select(signing_intent.c.credential_id).where(signing_intent.c.credential_id.in_(sorted(ids)))
    connection.execute(chosen.order_by(*_ONE_BY_ONE).with_for_update()).all()
    return unreleased(connection, ids=ids)


def replace_intent(connection: Connection, form: str, intent: SigningIntent) -> None:
    """Ask for another signature than in `form` over the same unsigned bytes; the caller holds the intent's lock."""
    which = (signing_intent.c.credential_id == intent.credential_id) & (signing_intent.c.format == form)
    connection.execute(update(signing_intent).where(which).values(intent._asdict()))


def drop_intent(connection: Connection, intent: SigningIntent) -> None:
    """Ask for this signature no more; the caller holds the intent's lock, and nothing of it was released."""
    which = (signing_intent.c.credential_id == intent.credential_id) & (signing_intent.c.format == intent.format)
    connection.execute(delete(signing_intent).where(which))


def _waiting() -> Select[tuple[Any, ...]]:
    released = exists().where(
        secured_form.c.credential_id == signing_intent.c.credential_id,
        secured_form.c.format == signing_intent.c.format,
    )
    together = select(signing_intent, credential.c.unsigned).join(
        credential, credential.c.id == signing_intent.c.credential_id
    )
    return together.where(~released).order_by(*_ONE_BY_ONE)


def _read(connection: Connection, waiting: Select[tuple[Any, ...]]) -> list[Waiting]:
    return [Waiting(SigningIntent(*columns), unsigned) for *columns, unsigned in connection.execute(waiting)]


def by_id(connection: Connection, credential_id: str) -> StoredCredential | None:
    """The credential with this id (upper case), released or not, or None."""
    return _one(connection, credential.c.id == credential_id)


def titles(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The titles of those of these credentials that there are, by id."""
    query = select(credential.c.id, credential.c.title).where(credential.c.id.in_(sorted(ids)))
    return {row.id: row.title for row in connection.execute(query)}


def full_document(connection: Connection, credential_id: str) -> bytes | None:
    """What its selectively disclosable forms secure, None where it has none."""
    stored = by_id(connection, credential_id)
    return None if stored is None else stored.full_document


def lock(connection: Connection, credential_id: str) -> StoredCredential | None:
    """As `by_id`, and no other transaction changes its status until this one ends."""
    query = select(credential).where(credential.c.id == credential_id).with_for_update(key_share=True)
    row = connection.execute(query).one_or_none()
    return None if row is None else StoredCredential(**row._mapping)


def is_released(connection: Connection, credential_id: str) -> bool:
    """Whether at least one signed form of it exists."""
    query = select(secured_form.c.format).where(secured_form.c.credential_id == credential_id).limit(1)
    return connection.execute(query).first() is not None


def by_code(connection: Connection, code: str) -> StoredCredential | None:
    """The credential with this 10-character code (upper case, no hyphens), or None."""
    return _one(connection, credential.c.code == code)


def _one(connection: Connection, condition: ColumnElement[bool]) -> StoredCredential | None:
    row = connection.execute(select(credential).where(condition)).one_or_none()
    return None if row is None else StoredCredential(**row._mapping)


def secured(connection: Connection, credential_id: str, form: str) -> SecuredForm | None:
    """A released form, or None when there is none (yet)."""
    query = select(secured_form).where(secured_form.c.credential_id == credential_id, secured_form.c.format == form)
    row = connection.execute(query).one_or_none()
    return None if row is None else SecuredForm(**row._mapping)


def every_form(connection: Connection, credential_id: str) -> list[SecuredForm]:
    """All released forms, by format."""
    query = select(secured_form).where(secured_form.c.credential_id == credential_id).order_by(secured_form.c.format)
    return [SecuredForm(**row._mapping) for row in connection.execute(query)]


def _listing() -> Select[tuple[Any, ...]]:
    """Released credentials only, with their issuer's and candidate's slugs."""
    names = (issuer.c.slug.label("issuer_slug"), issuer.c.name.label("issuer_name"))
    columns = ("id", "code", "title", "visibility", "created_at", "valid_until")
    return (
        select(*(credential.c[name] for name in columns), *names, candidates.portfolio_slug().label("candidate_slug"))
        .join(issuer, issuer.c.id == credential.c.issuer_id)
        .join(candidate, candidate.c.id == credential.c.candidate_id)
        .where(exists().where(secured_form.c.credential_id == credential.c.id))
    )


def _listed(row: Row[Any]) -> Listed:
    return Listed(**row._mapping)


def of_candidate(connection: Connection, candidate_id: str) -> list[Listed]:
    """What is released and shown in a candidate's portfolio, of every visibility, newest first."""
    query = _listing().where(credential.c.candidate_id.in_(candidates.shown_together(candidate_id)))
    return [_listed(row) for row in connection.execute(query.order_by(credential.c.created_at.desc(), credential.c.id))]


def of_issuer(connection: Connection, issuer_id: str, *, after: str = "", limit: int = 100) -> list[Listed]:
    """An issuer's released credentials by id; `after` is the last id of the page before."""
    query = _listing().where(credential.c.issuer_id == issuer_id, credential.c.id > after)
    return [_listed(row) for row in connection.execute(query.order_by(credential.c.id).limit(limit))]


def set_visibility(connection: Connection, credential_id: str, visibility: Visibility) -> None:
    """Who may see the page: anyone (public), who has the link (unlisted), nobody (private)."""
    connection.execute(update(credential).where(credential.c.id == credential_id).values(visibility=visibility))


def visibilities(connection: Connection, ids: Collection[str]) -> dict[str, Visibility]:
    """Who may see these credentials; those that are not here are left out."""
    query = select(credential.c.id, credential.c.visibility)
    found: dict[str, Visibility] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _MOST_NAMED):
        named = query.where(credential.c.id.in_(wanted[start : start + _MOST_NAMED]))
        found |= {row.id: row.visibility for row in connection.execute(named)}
    return found


def private(connection: Connection) -> list[str]:
    """The ids of all credentials that nobody may see."""
    return list(connection.execute(select(credential.c.id).where(credential.c.visibility == "private")).scalars())
