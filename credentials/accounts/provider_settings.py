"""A company's own sign-in provider: set up by an owner, for a domain that the company has proved.

The client secret lies sealed in the database: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce under a key that
HKDF-SHA256 (RFC 5869) derives from the service's secret, the company's id being associated data.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.exc import IntegrityError

from credentials.accounts.acting import Member
from credentials.accounts.addresses import domain_of, parse_address
from credentials.accounts.audit import note
from credentials.accounts.errors import ProviderMissing, ProviderRefused, ProviderUnusable
from credentials.accounts.means import Means
from credentials.accounts.organisations import require
from credentials.store import oidc as rows
from credentials.store.engine import read, write
from credentials.store.oidc import Provider

LONGEST: Final = 512
_NONCE_BYTES: Final = 12

ProvedDomains = Callable[[str], Collection[str]]
"""The domains, in lower case, that the company with an id has proved to be its own."""


def set_up(
    means: Means, proved: ProvedDomains, member: Member, address: str, client_id: str, client_secret: str, domain: str
) -> None:
    """Let a company's people sign in at its own provider. Whom an earlier one vouched for is forgotten.

    Raises RoleMissing, ProviderUnusable: an address that is not https, an empty field, a domain that is not proved or
    that another company has.
    """
    require(member, "owner")
    issuer_id, wanted = member.issuer.id, domain.strip().lower()
    texts = [text.strip() for text in (address, client_id, client_secret)]
    if not all(0 < len(text) <= LONGEST and text.isprintable() for text in texts) or not _is_https(texts[0]):
        raise ProviderUnusable(where="address")
    if wanted not in proved(issuer_id):
        raise ProviderUnusable("the domain is not proved", where="domain")
    now = means.clock()
    sealed = seal(means, issuer_id, texts[2])
    made = Provider(
        issuer_id=issuer_id, address=texts[0], client_id=texts[1], client_secret=sealed, domain=wanted, created_at=now
    )
    try:
        with write(means.engine) as connection:
            rows.put(connection, made)
            subject, detail = f"issuer:{issuer_id}", {"domain": wanted}
            note(connection, member.actor, "provider.set", subject, now=now, issuer_id=issuer_id, detail=detail)
    except IntegrityError:
        raise ProviderUnusable("another company has this domain", where="domain") from None


def take_down(means: Means, member: Member) -> None:
    """Let nobody sign in at the company's provider any more. Raises RoleMissing, ProviderMissing."""
    require(member, "owner")
    issuer_id = member.issuer.id
    with write(means.engine) as connection:
        if not rows.remove(connection, issuer_id):
            raise ProviderMissing(where="provider")
        subject = f"issuer:{issuer_id}"
        note(connection, member.actor, "provider.removed", subject, now=means.clock(), issuer_id=issuer_id)


def provider_of(means: Means, member: Member) -> Provider | None:
    """The company's provider, for its owners. Raises RoleMissing."""
    require(member, "owner")
    with read(means.engine) as connection:
        return rows.by_issuer(connection, member.issuer.id)


def provider_for(means: Means, proved: ProvedDomains, text: str) -> Provider:
    """The provider for an e-mail address. Raises AddressUnusable, ProviderMissing (also when the proof is lost)."""
    with read(means.engine) as connection:
        found = rows.by_domain(connection, domain_of(parse_address(text)))
    if found is None or found.domain not in proved(found.issuer_id):
        raise ProviderMissing(where="address")
    return found


def seal(means: Means, issuer_id: str, secret: str) -> bytes:
    """What the database keeps of a client secret."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(means).encrypt(nonce, secret.encode(), issuer_id.encode())


def opened(means: Means, provider: Provider) -> str:
    """A provider's client secret. Raises ProviderRefused when it was sealed under another secret."""
    nonce, rest = provider.client_secret[:_NONCE_BYTES], provider.client_secret[_NONCE_BYTES:]
    try:
        return _cipher(means).decrypt(nonce, rest, provider.issuer_id.encode()).decode()
    except (InvalidTag, ValueError):
        raise ProviderRefused from None


def _cipher(means: Means) -> AESGCM:
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=b"credentials sign-in provider secrets 1")
    return AESGCM(key.derive(means.secret))


def _is_https(address: str) -> bool:
    """Whether an address can be an issuer identifier (OpenID Connect Discovery 1.0 §3): no query, no fragment.

    Nor a user or password (RFC 3986 §3.2.1), which would stand in every request and log, nor an impossible port.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    surplus = "@" in parts.netloc or port == 0 or any(sign in address for sign in "?# ")
    return parts.scheme == "https" and bool(parts.hostname) and not surplus
