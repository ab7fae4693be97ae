"""Timestamps over what was signed and released: one for each form of a credential."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, exists, func, select

from credentials.store.inserting import insert_ignoring
from credentials.store.tables import credential, issuer, secured_form, signature_stamp, signing_intent, signing_key


class Unstamped(NamedTuple):
    """A released form without a timestamp, and the public key (a JWK as JSON) that it was signed with."""

    credential_id: str
    format: str
    body: bytes
    public_jwk: str


class SignatureStamp(NamedTuple):
    """A timestamp (a TimeStampToken in DER) of one form; `at` is when it was taken, by our clock."""

    credential_id: str
    format: str
    token: bytes
    at: datetime


def waiting(connection: Connection, formats: Collection[str], limit: int) -> list[str]:
    """The ids of credentials with a form that should have a timestamp and has none, the newest first.

    Tests need none, and for a key that was reported stolen it is too late.
    """
    newest = func.max(secured_form.c.released_at).desc()
    query = _unstamped(formats, secured_form.c.credential_id).group_by(secured_form.c.credential_id)
    return list(connection.execute(query.order_by(newest, secured_form.c.credential_id).limit(limit)).scalars())


def unstamped(connection: Connection, credential_id: str, formats: Collection[str]) -> list[Unstamped]:
    """The forms of a credential that should have a timestamp and have none, by format."""
    form = secured_form.c
    query = _unstamped(formats, form.credential_id, form.format, form.body, signing_key.c.public_jwk)
    query = query.where(form.credential_id == credential_id).order_by(form.format)
    return [Unstamped(*row) for row in connection.execute(query)]


def keep(connection: Connection, stamp: SignatureStamp) -> None:
    """Insert a timestamp; one that is there already stays: it is older."""
    insert_ignoring(connection, signature_stamp, [stamp])


def of_credential(connection: Connection, credential_id: str) -> list[SignatureStamp]:
    """The timestamps of a credential's forms, by format."""
    which = signature_stamp.c.credential_id == credential_id
    query = select(signature_stamp).where(which).order_by(signature_stamp.c.format)
    return [SignatureStamp(**row._mapping) for row in connection.execute(query)]


def _unstamped(formats: Collection[str], *columns: Any) -> Select[Any]:
    form, intent, stamp = secured_form.c, signing_intent.c, signature_stamp.c
    stamped = exists().where(stamp.credential_id == form.credential_id, stamp.format == form.format)
    return (
        select(*columns)
        .select_from(secured_form)
        .join(signing_intent, (intent.credential_id == form.credential_id) & (intent.format == form.format))
        .join(signing_key, signing_key.c.key_id == intent.key_id)
        .join(credential, credential.c.id == form.credential_id)
        .join(issuer, issuer.c.id == credential.c.issuer_id)
        .where(form.format.in_(sorted(formats)), ~stamped)
        .where(signing_key.c.compromised_since.is_(None), issuer.c.sandbox.is_(False))
    )
