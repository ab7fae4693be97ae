"""What a holder says should stand in their credential: field by field, for the company to see and to take over.

Nothing of it is public, and nothing of it changes the credential: whoever signs it decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from credentials.accounts.acting import Member, Visitor
from credentials.accounts.audit import note_of
from credentials.accounts.organisations import require
from credentials.console.award_form import LABELS, AwardForm
from credentials.console.correcting import form_of
from credentials.console.handing_over import called, say_wrong
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.core.word_changes import Piece, changes
from credentials.issuer.errors import CredentialUnknown
from credentials.mail.message import Letter
from credentials.store import credentials, disputes, handovers, issuers
from credentials.store.credentials import StoredCredential
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer

FIELDS = ("recipient_name", "project_title", "summary", "role", "started_on", "ended_on", "hours", "skills")
OWN_LABELS: Mapping[str, str] = {**LABELS, "recipient_name": "Your name", "role": "Your role"}
"""What the fields are called to the holder."""
LONGEST_FIELD = 4000
LONGEST_ANSWER = 1000


class Typed(Protocol):
    """What a form sent."""

    def get(self, key: str, default: str) -> str:
        """The first text of a name."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which a holder wants something else: its label, and the words that go and come."""

    name: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A credential that somebody holds: what it says as a form would have it, who signed it, what they said of it."""

    stored: StoredCredential
    form: AwardForm
    issuer: Issuer
    words: str
    differences: tuple[Difference, ...]


def signed_form(means: Means, credential_id: str) -> AwardForm:
    """What stands in a credential, as the form of `FIELDS` shows it. Raises CredentialUnknown."""
    with read(means.accounts.engine) as connection:
        stored = credentials.by_id(connection, wanted_id(credential_id))
    if stored is None:
        raise CredentialUnknown(where="credential")
    return form_of(stored, whole=False)


def read_proposal(form: AwardForm, typed: Typed) -> dict[str, str]:
    """The fields in which something else was typed than was signed; an empty field stands for nothing."""
    wanted = {name: typed.get(name, "").replace("\r\n", "\n").strip()[:LONGEST_FIELD] for name in FIELDS}
    return {name: text for name, text in wanted.items() if text and text != getattr(form, name)}


def held(means: Means, visitor: Visitor, credential_id: str) -> Held:
    """A credential that this person took as theirs. Raises CredentialUnknown for those of others and missing ones."""
    with read(means.accounts.engine) as connection:
        stored = credentials.by_id(connection, wanted_id(credential_id))
        handover = handovers.by_id(connection, stored.id) if stored else None
        issuer = issuers.by_id(connection, stored.issuer_id) if stored else None
    if stored is None or issuer is None or handover is None or handover.claimed_by != visitor.person_id:
        raise CredentialUnknown(where="credential")
    form = form_of(stored, whole=False)
    found = tuple(differences(form, kept_proposal(handover.proposal)))
    return Held(stored, form, issuer, handover.dispute or "", found)


def say(means: Means, visitor: Visitor, credential_id: str, words: str, typed: Typed) -> Held:
    """The holder says what is wrong and what should stand there. Raises CredentialUnknown."""
    found = held(means, visitor, credential_id)
    say_wrong(means, found.issuer, found.stored.id, "wrong", words, read_proposal(found.form, typed))
    return held(means, visitor, credential_id)


def proposed(means: Means, credential_id: str) -> dict[str, str]:
    """What the holder of a credential would have stand there, by field; empty when they said nothing of it."""
    with read(means.accounts.engine) as connection:
        handover = handovers.by_id(connection, wanted_id(credential_id))
    return kept_proposal(handover.proposal if handover else None)


def differences(form: AwardForm, proposal: Mapping[str, str]) -> list[Difference]:
    """What a proposal would change, word by word, in the order of the form."""
    return [
        Difference(name, LABELS[name], changes(getattr(form, name), proposal[name]))
        for name in FIELDS
        if name in proposal
    ]


def answer(means: Means, member: Member, credential_id: str, words: str) -> bool:
    """Leave a credential as it is, and tell a holder who said that it is wrong why.

    False when there is nothing to answer, or somebody did. Raises RoleMissing, CredentialUnknown.
    """
    require(member, "author")
    with write(means.accounts.engine) as connection:
        stored = credentials.by_id(connection, wanted_id(credential_id))
        before = handovers.by_id(connection, stored.id) if stored else None
        if stored is None or stored.issuer_id != member.issuer.id:
            raise CredentialUnknown(where="credential")
        if before is None or not handovers.undisputed(connection, stored.id):
            return False
        now, written = means.accounts.clock(), words.strip()[:LONGEST_ANSWER]
        disputes.answered(connection, stored.id, written, now)
        letter = _answer(means.accounts.host, called(connection, member.issuer), written)
        means.outbox.put(connection, letter, before.address, issuer_id=member.issuer.id, subject_id=stored.id)
        note_of(connection, member, "credential.dispute-answered", f"credential:{stored.id}", now=now)
    return True


def kept_proposal(text: str | None) -> dict[str, str]:
    """What a holder would have stand there, by field, from the JSON that is kept of it."""
    return msgspec.json.decode(text, type=dict[str, str]) if text else {}


def _answer(host: str, who: str, words: str) -> Letter:
    said = (f"{who} looked at what you said is wrong with a credential of yours, and leaves it as it is.",)
    return Letter(
        kind="dispute-answered",
        subject="An answer to what you said is wrong",
        paragraphs=(*said, f"They write: {words}") if words else said,
        after=("You can say it again in other words on the credential’s page in your account.",),
        reason=f"You said on {host} that something is wrong with a credential.",
    )
