"""The service as an issuer of its own: it signs receipts, which no company can withhold, date back or take away.

- Its slugs have two hyphens in a row, which no company's has. Nobody belongs to it: no page and no API key acts for it.
- Its key is made on first use and lives in the keyring as others do; `credentials keys` rotates it.
- It is confirmed for the service's own host, where that is a domain: whoever runs the host publishes its keys.
- What it signs for a sandbox company, or in a sandbox, is a test: a second issuer with a key of its own.
- A receipt has no status entry, for nobody may withdraw it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from credentials.core.did import url_to_did_web
from credentials.core.securing import Unsigned
from credentials.issuer.errors import IssuerUnknown
from credentials.issuer.forms import COMPACT, Documents
from credentials.issuer.keys import active_key, current_keys, make_key
from credentials.issuer.means import Means, new_id
from credentials.issuer.recovery import recovering
from credentials.issuer.registration import OPERATOR, is_domain
from credentials.issuer.signing import ToSign, prepare, restore, sign_checked
from credentials.store import issuers, signing_keys
from credentials.store.credentials import SigningIntent, Waiting
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer

SLUG: Final = "service--receipts"
TEST_SLUG: Final = "service--test-receipts"


@recovering
def own_issuer(means: Means, *, sandbox: bool) -> Issuer:
    """The service's own issuer, made if it is missing. Not inside a transaction that writes."""
    slug = TEST_SLUG if sandbox else SLUG
    with read(means.engine) as connection:
        found = issuers.by_slug(connection, slug)
        means.high_water.check_issuer(slug, found)
        if found is not None:
            current_keys(means, connection, found)
            return found
    return _create(means, slug, sandbox=sandbox)


def _create(means: Means, slug: str, *, sandbox: bool) -> Issuer:
    host = urlsplit(means.base_url).hostname or ""
    confirmed, now = is_domain(host) and not sandbox, means.now()
    made = Issuer(
        id=new_id(),
        slug=slug,
        name=f"Receipts of {host}"[:200],
        url=means.base_url,
        did=url_to_did_web(f"{means.base_url}/issuers/{slug}/did.json"),
        suspends=False,
        sandbox=sandbox,
        created_at=now,
        confirmed_domain=host if confirmed else None,
        confirmed_level=OPERATOR if confirmed else None,
        confirmed_at=now if confirmed else None,
        confirmed_note="the service itself" if confirmed else None,
    )
    key = make_key(means, made.id, "Ed25519", state="active")
    try:
        with write(means.engine) as connection:
            issuers.add(connection, made)
            signing_keys.add(connection, key)
    except IntegrityError:
        means.signer.destroy(key.key_id)
        return _made_by_another(means, slug)
    means.high_water.add_parties([made], [key])
    return made


def _made_by_another(means: Means, slug: str) -> Issuer:
    with read(means.engine) as connection:
        found = issuers.by_slug(connection, slug)
    if found is None:
        raise IssuerUnknown(f"no issuer {slug!r}")
    return found


def intend(means: Means, connection: Connection, own: Issuer, unsigned: bytes, subject: str, now: datetime) -> ToSign:
    """What the service's key shall sign, to be recorded in the caller's transaction before it is signed.

    Raises NoActiveKey, and what parsing and preparing raise. No key changes until the transaction ends.
    """
    issuers.lock(connection, own.id)
    key = active_key(own, current_keys(means, connection, own))
    return prepare(means, COMPACT, Documents(Unsigned.parse(unsigned)), subject, own, key, now)


def is_stolen(means: Means, connection: Connection, key_id: str) -> bool:
    """Whether a key, by its id in the keyring, was reported stolen."""
    return means.high_water.is_stolen(key_id) or key_id in signing_keys.stolen(connection, [key_id])


def sign_recorded(means: Means, *, unsigned: bytes, template: bytes, key_id: str, subject: str, now: datetime) -> bytes:
    """The token that a recorded intent asks for, checked. Raises SelfCheckFailed and a KeyringError."""
    intent = SigningIntent(subject, COMPACT, key_id, now, template)
    return sign_checked(means.signer, restore(Waiting(intent, unsigned)), means.signer.public_key(key_id))
