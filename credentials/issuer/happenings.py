"""What the issuer says has happened, to whoever listens, in the very transaction in which it happens.

Nothing here knows who listens. The data told are ids, links and moments, never what a person wrote. They are made only
when somebody reads them: an issuer to which nobody listens issues as fast as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection

from credentials.core.instants import format_instant
from credentials.issuer.listening import Happening
from credentials.issuer.means import Means
from credentials.store import issuers
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import EventKind, RecordedEvent

_KINDS: Mapping[EventKind, str] = {
    "revoked": "credential.revoked",
    "replaced": "credential.corrected",
    "suspended": "credential.suspended",
    "lifted": "credential.lifted",
}


def issued(means: Means, connection: Connection, issuer_id: str, credential_ids: Iterable[str]) -> None:
    """Say that an issuer's credentials are released."""

    def told() -> Iterator[Happening]:
        issuer = _issuer(connection, issuer_id)
        for one in sorted(set(credential_ids)):
            yield f"credential.issued:{one}", _credential(means, issuer, one)

    means.announce(connection, issuer_id, "credential.issued", told(), means.now())


def changed(means: Means, connection: Connection, event: RecordedEvent) -> None:
    """Say that a credential's status changed."""
    kind = _KINDS[event.kind]

    def told() -> Iterator[Happening]:
        data = _credential(means, _issuer(connection, event.issuer_id), event.credential_id)
        data |= {"status": f"{data['url']}/status", "at": format_instant(event.at)}
        if event.successor:
            data["successor"] = means.credential_url(event.successor)
        yield f"{kind}:{event.id}", data

    means.announce(connection, event.issuer_id, kind, told(), means.now())


def rotated(means: Means, connection: Connection, issuer: Issuer, key: SigningKey) -> None:
    """Say that an issuer signs with another key from now on."""
    at = format_instant(key.activated_at or means.now())
    url = f"{means.base_url}/issuers/{issuer.slug}/did.json"
    data = {"issuer": issuer.slug, "key": key.name, "url": url, "at": at}
    means.announce(connection, issuer.id, "key.rotated", [(f"key.rotated:{key.id}", data)], means.now())


def _issuer(connection: Connection, issuer_id: str) -> Issuer:
    found = issuers.by_id(connection, issuer_id)
    if found is None:
        raise LookupError("a credential without an issuer")  # foreign keys keep this from happening
    return found


def _credential(means: Means, issuer: Issuer, credential_id: str) -> dict[str, object]:
    return {"issuer": issuer.slug, "credential": credential_id, "url": means.credential_url(credential_id)}
