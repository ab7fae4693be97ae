"""A question on its way: asked, confirmed by its asker, passed on, answered; neither side sees the other's address.

- Whoever asks confirms by a link that is sent to their address. Until then nothing of what they typed leaves us, so
  that nobody can write to others through us.
- Both links are 256 random bits, of which a digest is kept, and each works once.
- What is kept goes after 30 days, and what nobody confirmed after two. Counts stay.
- The candidate learns how many were asked and answered, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from credentials.accounts.acting import SERVICE, Actor
from credentials.accounts.addresses import canonical_address, parse_address
from credentials.accounts.audit import note
from credentials.accounts.errors import LinkUnusable
from credentials.accounts.tokens import digest_of, looks_like_token, new_id, new_token
from credentials.console import reports
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.issuer.characters import broken, hidden, stacked
from credentials.projects.referring import letters
from credentials.projects.referring.errors import (
    AnswerUnusable,
    ConsentMissing,
    QuestionUnusable,
    ReferenceUnknown,
    TooManyQuestions,
)
from credentials.projects.referring.standing import agreement_of
from credentials.store import people, questions, references
from credentials.store.engine import read, write
from credentials.store.questions import Question
from credentials.store.references import first_name

LONGEST = {"name": 100, "company": 100, "words": 1000}
LONGEST_ANSWER = 4000
CONFIRMED_WITHIN = timedelta(days=2)
KEPT_FOR = timedelta(days=30)
MOST_OF_ADDRESS = 5
"""The most letters to confirm a question to one address within a day."""
MOST_OF_REFERENCE = 10
"""The most questions that are passed on to one person about one work within a day."""
_LINKS = ("://", "www.", "@")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, as they typed it. `consent`: they agree that it is passed on."""

    name: str = ""
    address: str = ""
    company: str = ""
    words: str = ""
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as one of its two sides sees it: never the other's address."""

    name: str
    company: str
    words: str
    title: str
    person: str
    supervisor: str


def ask(means: Means, credential_id: str, typed: Typed) -> None:
    """Keep a question and send its asker the link; says nothing of an address that had its share for this day.

    Raises ReferenceUnknown, QuestionUnusable, AddressUnusable, ConsentMissing.
    """
    name, company = _line(typed.name, "name"), _line(typed.company, "company")
    words, address = _text(typed.words), parse_address(typed.address)
    if not typed.consent:
        raise ConsentMissing(where="consent")
    now, canonical = means.accounts.clock(), canonical_address(address)
    token, digest = new_token()
    with write(means.accounts.engine) as connection:
        shown = references.shown_for(connection, wanted_id(credential_id))
        found = references.of_engagement(connection, shown.engagement_id) if shown else None
        if found is None:
            raise ReferenceUnknown(where="credential")
        if questions.of_address_since(connection, canonical, now - timedelta(days=1)) >= MOST_OF_ADDRESS:
            return
        made = Question(
            id=new_id(),
            engagement_id=found.engagement_id,
            issuer_id=found.issuer_id,
            name=name,
            company=company,
            address=address,
            canonical=canonical,
            words=words,
            state="unconfirmed",
            confirm_digest=digest,
            created_at=now,
        )
        questions.add(connection, made)
        letter = letters.confirm_question(means.accounts.host, f"{means.accounts.base_url}/questions/{token}")
        means.outbox.put(connection, letter, address)


def to_confirm(means: Means, token: str) -> Seen:
    """The question that its asker's link opens; changes nothing. Raises LinkUnusable."""
    with read(means.accounts.engine) as connection:
        return _seen(connection, _unconfirmed(means, connection, token))


def confirm(means: Means, token: str) -> Seen:
    """Pass a question on. Raises LinkUnusable, TooManyQuestions."""
    now = means.accounts.clock()
    answer_token, digest = new_token()
    with write(means.accounts.engine) as connection:
        found = _unconfirmed(means, connection, token, lock=True)
        reference = references.of_engagement(connection, found.engagement_id, lock=True)
        supervisor = people.addresses(connection, reference.supervisor_id) if reference else []
        if reference is None or reference.state != "agreed" or not reference.shown or not supervisor:
            raise LinkUnusable
        if questions.passed_on_since(connection, found.engagement_id, now - timedelta(days=1)) >= MOST_OF_REFERENCE:
            raise TooManyQuestions(where="question")
        if not questions.passed_on(connection, found.id, digest):
            raise LinkUnusable
        seen, base = _seen(connection, found), means.accounts.base_url
        urls = f"{base}/answers/{answer_token}", f"{base}/references/{reference.id}"
        who = f"{found.name}, {found.company}"
        letter = letters.question(means.accounts.host, seen.title, seen.person, who, found.words, urls)
        means.outbox.put(connection, letter, supervisor[0].address, issuer_id=found.issuer_id)
        references.count(connection, found.engagement_id, asked=1)
        _tell(means, connection, found, "reference.question-passed-on")
    return seen


def to_answer(means: Means, token: str) -> Seen:
    """The question that the link to answer it opens; changes nothing. Raises LinkUnusable."""
    with read(means.accounts.engine) as connection:
        return _seen(connection, _waiting(connection, token))


def answer(means: Means, token: str, typed: str) -> None:
    """Send the answer to whoever asked. Raises LinkUnusable, AnswerUnusable."""
    words = typed.strip().replace("\r\n", "\n")
    if not 1 <= len(words) <= LONGEST_ANSWER or not _is_plain(words, lines=True):
        raise AnswerUnusable(where="answer")
    with write(means.accounts.engine) as connection:
        found = _waiting(connection, token, lock=True)
        if not questions.answered(connection, found.id):
            raise LinkUnusable
        seen = _seen(connection, found)
        means.outbox.put(
            connection, letters.answer(means.accounts.host, seen.title, seen.supervisor, words), found.address
        )
        references.count(connection, found.engagement_id, answered=1)
        _tell(means, connection, found, "reference.question-answered")


def report(means: Means, token: str) -> None:
    """Tell whoever runs the service of a question that is abuse, and delete it. Raises LinkUnusable."""
    with write(means.accounts.engine) as connection:
        found = _waiting(connection, token, lock=True)
        credential_id = references.credential_of(connection, found.engagement_id) or ""
        told = f"A question to a reference.\nFrom {found.name}, {found.company}, {found.address}:\n{found.words}"
        said = reports.Said("offensive", told[: reports.LONGEST_WORDS], "")
        reports.keep(connection, "credential", credential_id, said, means.accounts.clock())
        questions.drop(connection, found.id)
        _tell(means, connection, found, "reference.question-reported")


def tidy(means: Means) -> int:
    """Delete what was kept long enough; returns how many questions."""
    now = means.accounts.clock()
    with write(means.accounts.engine) as connection:
        return questions.drop_before(connection, now - CONFIRMED_WITHIN, now - KEPT_FOR)


def _unconfirmed(means: Means, connection: Connection, token: str, *, lock: bool = False) -> Question:
    digest = digest_of(token) if looks_like_token(token) else b""
    found = questions.to_confirm(connection, digest, lock=lock)
    if found is None or found.created_at + CONFIRMED_WITHIN <= means.accounts.clock():
        raise LinkUnusable
    return found


def _waiting(connection: Connection, token: str, *, lock: bool = False) -> Question:
    found = questions.to_answer(connection, digest_of(token), lock=lock) if looks_like_token(token) else None
    if found is None:
        raise LinkUnusable
    return found


def _seen(connection: Connection, found: Question) -> Seen:
    agreed, reference = agreement_of(connection, found.engagement_id), None
    reference = references.of_engagement(connection, found.engagement_id)
    supervisor = people.by_id(connection, reference.supervisor_id) if reference else None
    return Seen(
        name=found.name,
        company=found.company,
        words=found.words,
        title=agreed.terms.title,
        person=agreed.candidate.name,
        supervisor=first_name(supervisor.name) if supervisor else "",
    )


def _tell(means: Means, connection: Connection, found: Question, action: str) -> None:
    """Note a step without a word of who asked."""
    subject, now = f"engagement:{found.engagement_id}", means.accounts.clock()
    note(connection, Actor(SERVICE), action, subject, now=now, issuer_id=found.issuer_id)


def _line(typed: str, field: str) -> str:
    text = " ".join(typed.split())
    if not 1 <= len(text) <= LONGEST[field] or not _is_plain(text, lines=False):
        raise QuestionUnusable(where=field)
    if any(sign in text.lower() for sign in _LINKS):
        raise QuestionUnusable(where=field)
    return text


def _text(typed: str) -> str:
    text = typed.strip().replace("\r\n", "\n")
    if not 1 <= len(text) <= LONGEST["words"] or not _is_plain(text, lines=True):
        raise QuestionUnusable(where="words")
    return text


def _is_plain(text: str, *, lines: bool) -> bool:
    return not (hidden(text, lines=lines) or broken(text) or stacked(text))
