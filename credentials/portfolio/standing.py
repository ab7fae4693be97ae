"""An issuer's page and a credential's status story: what is on record, told in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from credentials.portfolio.dates import Moment, day, minute, month
from credentials.portfolio.presenting import verdict_view
from credentials.portfolio.views import EventView, IssuerView, KeyView, Piece, StoryView
from credentials.portfolio.wording import KEY_STATES, STORY_WORDS, wording
from credentials.portfolio.work import web_address, work_of
from credentials.store.issuers import Issuer
from credentials.store.showing import IssuerRecord
from credentials.store.signing_keys import SigningKey
from credentials.store.status import RecordedEvent
from credentials.verifier.report import Report
from credentials.verifier.states import UNNAMED_ISSUER

LEVEL_WORDS = {
    "operator": ("The operator of this service checked that it speaks for", ""),
    "e-mail": ("Somebody with a mailbox at", "opened a link that was sent there"),
    "file": ("It put a file on the web site of", "that is looked for every day"),
    "dns": ("It put a record into the name service of", "that is looked for every day"),
    "did:web": ("Its keys are published by", "itself, and looked for there every day"),
}
"""How a domain was confirmed, before and after the domain."""


def issuer_view(
    issuer: Issuer, keys: Sequence[SigningKey], record: IssuerRecord, *, doubted: bool = False
) -> IssuerView:
    """An issuer's page. The headline is the confirmed domain; without one, `The issuer`.

    `doubted`: it looks like somebody else and nobody cleared that, so what it proved is not shown.
    """
    if doubted:
        issuer = replace(issuer, confirmed_domain=None)
    confirmed = issuer.confirmed_domain is not None
    headline = issuer.confirmed_domain or UNNAMED_ISSUER.capitalize()
    return IssuerView(
        page_title=f"{headline}: {'confirmed' if confirmed else 'unconfirmed'} issuer",
        headline=headline,
        confirmed=confirmed,
        proof=_proof(issuer),
        warning=_warning(issuer),
        name=issuer.name,
        url=web_address(issuer.url),
        did=issuer.did,
        document=f"/issuers/{issuer.slug}/did.json",
        issued=record.issued,
        withdrawn=record.withdrawn,
        since=month(record.first or issuer.created_at),
        keys=tuple(map(_key_view, keys)),
    )


def _proof(issuer: Issuer) -> tuple[Piece | Moment, ...]:
    """How and since when the domain was confirmed."""
    if issuer.confirmed_domain is None:
        return (Piece("Nobody has shown us who this issuer is: anyone could use its name."),)
    domain = Piece(issuer.confirmed_domain, strong=True)
    words = LEVEL_WORDS.get(issuer.confirmed_level or "")
    if words:
        told = (Piece(f"{words[0]} "), domain, *([Piece(f" {words[1]}")] if words[1] else []))
    else:
        told = (domain, Piece(f" is confirmed by {issuer.confirmed_level or 'record'}"))
    return (*told, Piece(", since "), day(issuer.confirmed_at), Piece(".")) if issuer.confirmed_at else told


def _warning(issuer: Issuer) -> str | None:
    if issuer.suspended_at is not None and issuer.is_suspended:
        reason = f": {issuer.suspended_reason}" if issuer.suspended_reason else "."
        return f"This service no longer vouches for it, since {day(issuer.suspended_at).text}{reason}"
    if issuer.sandbox:
        return "It is a sandbox: everything it issues is a test and proves nothing."
    return None if issuer.confirmed_domain else "Ask the company, through an address you find yourself, about its work."


def _key_view(key: SigningKey) -> KeyView:
    if key.compromised_since is not None:
        return KeyView(key.name, key.algorithm, "reported stolen", day(key.compromised_since), "")
    since = {"active": key.activated_at, "retired": key.retired_at}.get(key.state) or key.created_at
    return KeyView(key.name, key.algorithm, KEY_STATES.get(key.state, key.state), day(since), "")


def story_view(
    credential_id: str, report: Report, issued: Moment, events: Sequence[RecordedEvent], *, titled: bool
) -> StoryView:
    """The story of a credential's status, oldest event first. `titled`: its holder shows it, so its title may stand."""
    words = wording(str(report.state))
    verdict = verdict_view(report, words)
    title = work_of(report.credential)[1].title if titled and report.credential and not words.hides else None
    return StoryView(
        page_title=f"{words.headline}: status story" + (f" of {title}" if title else ""),
        title=title,
        credential=f"/c/{credential_id}" if titled else None,
        verdict=verdict,
        events=(EventView("Issued", issued, ""), *map(_event_view, events)),
        document=f"/c/{credential_id}/status",
    )


def _event_view(event: RecordedEvent) -> EventView:
    successor = f"/c/{event.successor}" if event.successor else None
    return EventView(STORY_WORDS.get(event.kind, event.kind), minute(event.at), event.reason, successor)
