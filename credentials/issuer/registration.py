"""Register companies, and record what is known about who they are."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from credentials.core.did import url_to_did_web
from credentials.issuer.errors import (
    ConfirmationUnusable,
    IssuerDetailsUnusable,
    ReasonMissing,
    ReinstatementUnexplained,
    SlugTaken,
    SlugUnusable,
)
from credentials.issuer.keys import make_key
from credentials.issuer.means import Means, new_id, require_issuer
from credentials.issuer.recovery import recovering
from credentials.keyring.signer import KeyAlgorithm
from credentials.store import issuers, signing_keys
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import POST_QUANTUM

_SLUG = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,62}")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_URL = re.compile(r"https?://[^\s<>\"]{1,500}", re.IGNORECASE)
_MAX_NAME = 200
_MAX_NOTE = 500
OPERATOR = "operator"
_LEVELS = frozenset({OPERATOR, "e-mail", "file", "dns", "did:web"})


@dataclass(frozen=True, slots=True)
class Registration:
    """What a company is registered with; see `IssuerService.create_issuer`."""

    slug: str
    name: str
    url: str | None
    algorithm: KeyAlgorithm
    suspends: bool
    sandbox: bool
    post_quantum: bool = False


Within = Callable[[Connection, Issuer], None]


def nothing_more(connection: Connection, issuer: Issuer) -> None:
    """Nothing is done beside the change."""
    del connection, issuer


@recovering
def create_issuer(means: Means, wanted: Registration, within: Within = nothing_more) -> Issuer:
    """Register a company with a first active key, or two; `within` is done in the same transaction.

    Raises SlugUnusable, SlugTaken, IssuerDetailsUnusable.
    """
    _check(wanted)
    with read(means.engine) as connection:
        known = issuers.by_slug(connection, wanted.slug)
        means.high_water.check_issuer(wanted.slug, known)
        if known:
            raise SlugTaken(f"there is an issuer {wanted.slug!r}", where="slug")
    now = means.now()
    issuer = Issuer(
        id=new_id(),
        slug=wanted.slug,
        name=wanted.name.strip(),
        url=wanted.url,
        did=url_to_did_web(f"{means.base_url}/issuers/{wanted.slug}/did.json"),
        suspends=wanted.suspends,
        sandbox=wanted.sandbox,
        created_at=now,
    )
    algorithms: list[KeyAlgorithm] = [wanted.algorithm, *([POST_QUANTUM] if wanted.post_quantum else [])]
    keys = [make_key(means, issuer.id, algorithm, state="active") for algorithm in algorithms]
    try:
        with write(means.engine) as connection:
            issuers.add(connection, issuer)
            means.watch(connection, issuer, now)
            for key in keys:
                signing_keys.add(connection, key)
            within(connection, issuer)
    except IntegrityError as error:
        for key in keys:
            means.signer.destroy(key.key_id)
        raise SlugTaken(f"there is an issuer {wanted.slug!r}", where="slug") from error
    means.high_water.add_parties([issuer], keys)
    return issuer


def _check(wanted: Registration) -> None:
    if not _SLUG.fullmatch(wanted.slug) or len(wanted.slug) > 63:
        raise SlugUnusable(f"{wanted.slug[:80]!r} is no slug", where="slug")
    name = wanted.name.strip()
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        raise IssuerDetailsUnusable("the name is empty, too long or has hidden characters", where="name")
    if wanted.url is not None and not _URL.fullmatch(wanted.url):
        raise IssuerDetailsUnusable("the address is no http or https address", where="url")


def confirm(means: Means, slug: str, domain: str, level: str, note: str) -> Issuer:
    """Record that a domain is this company's. Raises IssuerUnknown, ConfirmationUnusable."""
    bare = _usable(domain, level)
    return _change(means, slug, lambda _, before: _confirmed(before, bare, level, note, means.now()))


def withdraw_confirmation(means: Means, slug: str) -> Issuer:
    """Take back what was confirmed, whoever did; a restore brings it back no more. Raises IssuerUnknown."""
    return _change(means, slug, lambda _, before: _confirmed(before, None, None, "", means.now()))


def reconfirm(means: Means, slug: str, best: Callable[[Connection, Issuer], tuple[str, str] | None]) -> Issuer:
    """Let an issuer be confirmed by what it proved itself: domain and level, or None when nothing holds any more.

    `best` is asked under the issuer's lock, in the transaction that takes its answer; it may be asked again after a
    recovery. The operator's own check stands whatever it says. Raises IssuerUnknown, ConfirmationUnusable.
    """

    def settled(connection: Connection, before: Issuer) -> Issuer:
        found = best(connection, before)
        domain, level = (None, None) if found is None else (_usable(*found), found[1])
        same = (before.confirmed_domain, before.confirmed_level) == (domain, level)
        by_operator = before.confirmed_domain is not None and before.confirmed_level == OPERATOR
        return before if same or by_operator else _confirmed(before, domain, level, "", means.now())

    return _change(means, slug, settled)


def is_domain(text: str) -> bool:
    """Whether text is a bare domain in lower case, as one is confirmed."""
    return _DOMAIN.fullmatch(text) is not None


def _usable(domain: str, level: str) -> str:
    bare = domain.strip().lower().rstrip(".")
    if not is_domain(bare):
        raise ConfirmationUnusable(f"{domain[:80]!r} is no domain", where="domain")
    if level not in _LEVELS:
        raise ConfirmationUnusable(f"{level[:40]!r} is no level", where="level")
    return bare


def _confirmed(before: Issuer, domain: str | None, level: str | None, note: str, now: datetime) -> Issuer:
    """`confirmed_at` is when this came to be so, also where nothing is confirmed: of two states the later one holds."""
    return replace(
        before,
        confirmed_domain=domain,
        confirmed_level=level,
        confirmed_at=_after(before.confirmed_at, now),
        confirmed_note=note or None,
    )


def suspend_issuer(means: Means, slug: str, reason: str, within: Within = nothing_more) -> Issuer:
    """Vouch no longer for an issuer. Raises IssuerUnknown, ReasonMissing."""
    public = reason.strip()
    if not public:
        raise ReasonMissing("say why, in public", where="reason")

    def suspended(_: Connection, before: Issuer) -> Issuer:
        return replace(before, suspended_at=_after(_last_turn(before), means.now()), suspended_reason=public)

    return _change(means, slug, suspended, within)


def reinstate_issuer(means: Means, slug: str, note: str, within: Within = nothing_more) -> Issuer:
    """Vouch again for an issuer; nothing changes for one that is not suspended.

    Raises IssuerUnknown, ReinstatementUnexplained.
    """
    private = note.strip()
    if not 0 < len(private) <= _MAX_NOTE or not private.isprintable():
        raise ReinstatementUnexplained(where="note")

    def reinstated(_: Connection, before: Issuer) -> Issuer:
        if not before.is_suspended:
            return before
        return replace(before, reinstated_at=_after(_last_turn(before), means.now()), reinstated_note=private)

    return _change(means, slug, reinstated, within)


def _last_turn(issuer: Issuer) -> datetime | None:
    """When it was last suspended or reinstated."""
    return max((at for at in (issuer.suspended_at, issuer.reinstated_at) if at is not None), default=None)


def _after(before: datetime | None, now: datetime) -> datetime:
    """Now, but later than before, whatever the clock says: of two the later one holds."""
    return now if before is None else max(now, before + timedelta(seconds=1))


@recovering
def _change(
    means: Means, slug: str, change: Callable[[Connection, Issuer], Issuer], within: Within = nothing_more
) -> Issuer:
    """`within` is done in the same transaction, with the issuer as changed, if it is."""
    with write(means.engine) as connection:
        issuers.lock(connection, require_issuer(means, connection, slug).id)
        before = require_issuer(means, connection, slug)
        changed = change(connection, before)
        if changed != before:
            issuers.change(connection, changed.id, asdict(changed))
            means.watch(connection, changed, means.now())
            within(connection, changed)
    means.high_water.add_parties([changed], [])
    return changed


@recovering
def issuer(means: Means, slug: str) -> Issuer:
    """The issuer with this slug. Raises IssuerUnknown."""
    with read(means.engine) as connection:
        return require_issuer(means, connection, slug)


@recovering
def every_issuer(means: Means) -> list[Issuer]:
    """All issuers, by slug."""
    with read(means.engine) as connection:
        found = issuers.every(connection)
    for one in found:
        means.high_water.check_issuer(one.slug, one)
    return found
