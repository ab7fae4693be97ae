"""Whether the service can do its work: the database, the keys, the record of what was published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from credentials.core.errors import CredentialError
from credentials.keyring.errors import KeysUnavailable, WrongPassphrase
from credentials.store.migrate import require_current
from credentials.web.composition import Service
from credentials.web.errors import DatabaseBehindPublished


@dataclass(frozen=True, slots=True)
class Readiness:
    """One check. `code`, `detail` and `advice` are empty when it passed; `note` is worth knowing either way.

    `detail` may name folders and hosts: it is for the log, not for whoever asks.
    """

    id: str
    ok: bool
    code: str = ""
    title: str = ""
    detail: str = ""
    advice: str = ""
    note: str = ""

    def to_json(self) -> dict[str, str | bool]:
        """The members that say something."""
        members: dict[str, str | bool] = {
            "id": self.id,
            "ok": self.ok,
            "code": self.code,
            "title": self.title,
            "advice": self.advice,
            "note": self.note,
        }
        return {name: value for name, value in members.items() if value != ""}


def readiness(service: Service) -> list[Readiness]:
    """Every check, in the order in which one depends on another."""
    return [
        _checked("database", lambda: _database(service)),
        _checked("keys", lambda: _keys(service)),
        _checked("published", lambda: _published(service)),
    ]


def _checked(name: str, check: Callable[[], str]) -> Readiness:
    try:
        return Readiness(name, ok=True, note=check())
    except CredentialError as error:
        return Readiness(name, ok=False, code=error.code, title=error.title, detail=str(error), advice=error.advice)


def _database(service: Service) -> str:
    require_current(service.engine)
    return ""


def _keys(service: Service) -> str:
    """Every key that signs now can be opened; one that signs no more is only worth a note."""
    closed = 0
    for issuer in service.issuer.issuers():
        for key in service.issuer.keys(issuer.slug):
            if key.state == "active":
                service.keyring.public_key(key.key_id)
            else:
                closed += not _opens(service, key.key_id)
    return f"{closed} keys that do not sign cannot be opened; `credentials doctor` says why" if closed else ""


def require_keys(service: Service) -> list[str]:
    """Open every key now, so that what is wrong shows at start and not at the first signature.

    Returns what is wrong with keys that do not sign. Raises KeysUnavailable for one that does, and WrongPassphrase for
    any.
    """
    for error in service.keyring.problems().values():
        if isinstance(error, WrongPassphrase):
            raise error
    warnings = []
    for issuer in service.issuer.issuers():
        for key in service.issuer.keys(issuer.slug):
            try:
                service.keyring.public_key(key.key_id)
            except KeysUnavailable as error:
                if key.state == "active":
                    raise
                warnings.append(f"{issuer.slug}, {key.name} ({key.state}): {error}")
    return warnings


def _opens(service: Service, key_id: str) -> bool:
    try:
        service.keyring.public_key(key_id)
    except CredentialError:
        return False
    return True


def _published(service: Service) -> str:
    """The database is not older than what was published; if it ever was, since when that is mended."""
    standing = service.issuer.status()
    if standing.behind:
        raise DatabaseBehindPublished(f"it lacks {standing.lacks()}")
    recovered = standing.recovered_at
    return f"the database was older than what was published; mended at {recovered.isoformat()}" if recovered else ""
