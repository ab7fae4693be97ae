"""Letters about work that is going on: to the candidate, and to whoever looks after it in the company.

They go into the outbox in the transaction of what they tell of. None holds a link that opens an account.
"""

from __future__ import annotations

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.mail.message import Action, Letter
from credentials.store import agreements, issuers, organisations, people, resemblances
from credentials.store.engagements import Engagement

KIND = "work"
Said = tuple[str, ...]


def company_name(connection: Connection, issuer_id: str) -> str:
    """What a company is called in a letter: by its domain only while the service vouches for it."""
    issuer = issuers.by_id(connection, issuer_id)
    if issuer is None:
        return "A company"
    vouched = not issuer.is_suspended and not resemblances.is_flagged(connection, issuer.id)
    return (issuer.confirmed_domain if vouched else None) or f"A company that calls itself “{issuer.name}”"


def to_candidate(
    means: Means, connection: Connection, engagement: Engagement, subject: str, said: Said, *, kind: str = KIND
) -> None:
    """Write to the candidate, at the address that gets their mail."""
    url = f"{means.accounts.base_url}/work/{engagement.id}"
    letter = _letter(means, kind, subject, said, url, "You work on this, or were offered to")
    for address in people.addresses(connection, engagement.person_id)[:1]:
        means.outbox.put(connection, letter, address.address, issuer_id=engagement.issuer_id, subject_id=engagement.id)


def to_company(
    means: Means, connection: Connection, engagement: Engagement, subject: str, said: Said, *, kind: str = KIND
) -> None:
    """Write to whoever agreed for the company, or to its owners once that person left."""
    issuer = issuers.by_id(connection, engagement.issuer_id)
    if issuer is None:
        return
    url = f"{means.accounts.base_url}/console/{issuer.slug}/work/{engagement.id}"
    letter = _letter(means, kind, subject, said, url, "You look after this work for your company")
    for person_id in _readers(connection, engagement):
        for address in people.addresses(connection, person_id)[:1]:
            means.outbox.put(connection, letter, address.address, issuer_id=issuer.id, subject_id=engagement.id)


def _readers(connection: Connection, engagement: Engagement) -> list[str]:
    members = organisations.members(connection, engagement.issuer_id)
    found = agreements.newest(connection, engagement.id)
    chosen = found.company_accepted_by or found.proposed_by if found is not None else ""
    own = [one.person_id for one in members if one.person_id == chosen]
    return own or [one.person_id for one in members if "owner" in one.roles.split()]


def _letter(means: Means, kind: str, subject: str, said: Said, url: str, why: str) -> Letter:
    return Letter(
        kind=kind,
        subject=subject,
        paragraphs=said,
        action=Action("Open it", url),
        reason=f"{why} on {means.accounts.host}.",
    )
