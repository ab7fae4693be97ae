"""Hand a credential to its holder: a letter with a link that works once; claimed, disputed, or come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, get_args

import msgspec
from sqlalchemy import Connection

from credentials.accounts.acting import Actor, Member
from credentials.accounts.addresses import canonical_address
from credentials.accounts.audit import note, note_of
from credentials.accounts.errors import LinkUnusable
from credentials.accounts.links import LIFETIMES, find, make_link
from credentials.accounts.organisations import require
from credentials.accounts.tokens import new_id
from credentials.console.errors import NotSent
from credentials.console.handover_events import HandoverEvents
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.issuer.errors import CredentialUnknown
from credentials.mail.message import Action, Letter
from credentials.store import candidates, credentials, disputes, handovers, issuers, resemblances
from credentials.store.disputes import Dispute, DisputeReason
from credentials.store.engine import read, write
from credentials.store.handovers import EVERYTHING, Handover, IssuedRow, Reached, Sought
from credentials.store.issuers import Issuer

PAGE = 50
LONGEST_WORDS = 1000
LONGEST_SOUGHT = 80
STATES: Final[tuple[Reached, ...]] = get_args(Reached)
REMIND_AFTER = timedelta(days=4)
"""A day after the first link ended."""


@dataclass(frozen=True, slots=True)
class Gift:
    """What a claim link opens: the credential, who it is from, and whether the address has an account."""

    credential_id: str
    title: str
    person: str
    issuer: Issuer
    known: bool


def send(means: Means, connection: Connection, issuer: Issuer, credential_id: str, address: str) -> None:
    """Send the holder a claim link, in the caller's transaction."""
    _write(means, connection, issuer, credential_id, address, _letter)


def send_first(means: Means, connection: Connection, issuer: Issuer, credential_id: str) -> None:
    """Send the holder of a credential the link, in the caller's transaction, unless it was sent or has no address."""
    stored = credentials.by_id(connection, credential_id)
    candidate = candidates.by_id(connection, stored.candidate_id) if stored else None
    if candidate is not None and candidate.email and handovers.by_id(connection, credential_id) is None:
        send(means, connection, issuer, credential_id, candidate.email)


def remind(means: Means, credential_id: str) -> None:
    """Send the holder a new link, once, if they said nothing so far and did not turn reminders off."""
    with write(means.accounts.engine) as connection:
        handover = handovers.by_id(connection, credential_id)
        issuer = issuers.by_id(connection, handover.issuer_id) if handover else None
        if handover is None or issuer is None:
            return
        if handovers.reminded(connection, credential_id, means.accounts.clock()):
            _write(means, connection, issuer, credential_id, handover.address, _reminder)


def to_remind(means: Means, now: datetime, limit: int) -> list[str]:
    """The ids of credentials whose holders said nothing for days."""
    with read(means.accounts.engine) as connection:
        return handovers.unclaimed(connection, now - REMIND_AFTER, limit)


Writing = Callable[[str, str, str, int], Letter]
"""Makes a letter of the host, who it is from, the link, and for how many days that is good."""


def _write(
    means: Means, connection: Connection, issuer: Issuer, credential_id: str, address: str, writing: Writing
) -> None:
    now = means.accounts.clock()
    url = make_link(means.accounts, connection, "claim", address, now, subject_id=credential_id)
    letter = writing(means.accounts.host, called(connection, issuer), url or "", LIFETIMES["claim"].days)
    mail_id = means.outbox.put(connection, letter, address, issuer_id=issuer.id, subject_id=credential_id)
    if mail_id is not None:
        made = Handover(
            credential_id=credential_id,
            issuer_id=issuer.id,
            address=canonical_address(address),
            mail_id=mail_id,
            sent_at=now,
        )
        handovers.put(connection, made)


def called(connection: Connection, issuer: Issuer) -> str:
    """What a company is called in a letter: by its domain only while the service vouches for it."""
    vouched = not issuer.is_suspended and not resemblances.is_flagged(connection, issuer.id)
    return (issuer.confirmed_domain if vouched else None) or f"A company that calls itself “{issuer.name}”"


def send_again(means: Means, member: Member, credential_id: str) -> None:
    """Send the link anew: the old one may have ended. Raises RoleMissing, CredentialUnknown, NotSent."""
    require(member, "author", "signer")
    with write(means.accounts.engine) as connection:
        stored = credentials.by_id(connection, wanted_id(credential_id))
        if stored is None or stored.issuer_id != member.issuer.id:
            raise CredentialUnknown(where="credential")
        candidate = candidates.by_id(connection, stored.candidate_id)
        before = handovers.by_id(connection, stored.id)
        address = before.address if before else candidate.email if candidate else None
        if address is None:
            raise NotSent(where="credential")
        send(means, connection, member.issuer, stored.id, address)
        now = means.accounts.clock()
        note_of(connection, member, "credential.sent-again", f"credential:{stored.id}", now=now)


def require_issued(means: Means, member: Member, credential_id: str) -> None:
    """Raise CredentialUnknown unless the company issued this credential: foreign and missing ones look alike."""
    with read(means.accounts.engine) as connection:
        stored = credentials.by_id(connection, wanted_id(credential_id))
    if stored is None or stored.issuer_id != member.issuer.id:
        raise CredentialUnknown(where="credential")


def sought(state: str, text: str) -> Sought:
    """What somebody looks for, from what they typed: an unknown state is none, and the text one short line."""
    reached = next((one for one in STATES if one == state), None)
    line = "".join(one if one.isprintable() else " " for one in text)
    return Sought(reached=reached, text=" ".join(line.split())[:LONGEST_SOUGHT])


def issued(
    means: Means, member: Member, before: tuple[datetime, str] | None = None, wanted: Sought = EVERYTHING
) -> list[IssuedRow]:
    """What the company issued, the newest first; `before`: what follows the one of this time and id."""
    with read(means.accounts.engine) as connection:
        return handovers.issued(connection, member.issuer.id, sought=wanted, before=before, limit=PAGE)


def look(means: Means, token: str) -> Gift:
    """What a claim link opens; notes that it was opened and uses nothing up. Raises LinkUnusable."""
    link = find(means.accounts, token, "claim")
    with write(means.accounts.engine) as connection:
        stored = credentials.by_id(connection, link.subject_id or "")
        issuer = issuers.by_id(connection, stored.issuer_id) if stored else None
        candidate = candidates.by_id(connection, stored.candidate_id) if stored else None
        if stored is None or issuer is None or candidate is None:
            raise LinkUnusable
        handovers.opened(connection, stored.id, means.accounts.clock())
    return Gift(stored.id, stored.title, candidate.name, issuer, link.known)


def dispute(means: Means, token: str, words: str, proposal: Mapping[str, str] = MappingProxyType({})) -> Gift:
    """The holder says what is wrong, and what should stand there. The link stays good. Raises LinkUnusable."""
    gift = look(means, token)
    say_wrong(means, gift.issuer, gift.credential_id, "wrong", words, proposal)
    return gift


def disown(means: Means, token: str) -> Gift:
    """Whoever got the letter says that it is not about them. The link stays good. Raises LinkUnusable."""
    gift = look(means, token)
    say_wrong(means, gift.issuer, gift.credential_id, "not-me", "That’s not me.", {})
    return gift


def say_wrong(
    means: Means, issuer: Issuer, credential_id: str, reason: DisputeReason, words: str, proposal: Mapping[str, str]
) -> None:
    """Keep what a holder says of a credential, in the place of what they said before."""
    now, said = means.accounts.clock(), words.strip()[:LONGEST_WORDS] or "Something is wrong."
    wanted = msgspec.json.encode(dict(proposal), order="sorted").decode() if proposal else None
    subject, detail = f"credential:{credential_id}", {"reason": reason}
    made = Dispute(
        id=new_id(),
        issuer_id=issuer.id,
        credential_id=credential_id,
        reason=reason,
        words=said,
        created_at=now,
        changed_at=now,
        proposal=wanted,
    )
    with write(means.accounts.engine) as connection:
        handovers.disputed(connection, credential_id, said, now, wanted)
        number = disputes.say(connection, made)
        actor = Actor("holder")
        note(connection, actor, "credential.disputed", subject, now=now, issuer_id=issuer.id, detail=detail)
        HandoverEvents(means.accounts.base_url).disputed(connection, issuer.id, credential_id, number, now)


def _letter(host: str, who: str, url: str, days: int) -> Letter:
    said = (
        f"{who} signed a credential for work that you finished.",
        f"See what it says, then take it as yours. The link works once, for {days} days.",
    )
    return _to_holder("claim", "Your finished work was signed", said, host, url)


def _reminder(host: str, who: str, url: str, days: int) -> Letter:
    said = (
        f"{who} signed a credential for work that you finished. You have not taken it so far.",
        f"The first link has ended; this one works once, for {days} days. There will be no further reminder.",
    )
    return _to_holder("reminder", "Your finished work still waits for you", said, host, url)


def _to_holder(kind: str, subject: str, said: tuple[str, ...], host: str, url: str) -> Letter:
    return Letter(
        kind=kind,
        subject=subject,
        paragraphs=said,
        action=Action("See your credential", url),
        after=("Is something wrong, or is it not yours? The page lets you say so.",),
        reason=f"The company gave this address when it signed the credential on {host}.",
    )
