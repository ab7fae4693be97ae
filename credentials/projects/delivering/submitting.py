"""Hand work in: files and links for each deliverable of the terms in force, and at once a signed receipt.

The form names the agreement and the submission that its page showed. If an amendment came into force meanwhile, or the
form is sent twice, nothing is handed in and what was typed stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import structlog
from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.issuer.own import own_issuer
from credentials.projects import letters
from credentials.projects.agreeing.document import read_agreement
from credentials.projects.agreeing.errors import WorkMovedOn, WorkOutOfTurn
from credentials.projects.delivering import receipts
from credentials.projects.delivering.errors import FileGone, SubmissionUnusable
from credentials.projects.delivering.form import HandedIn, judge
from credentials.projects.delivering.sending import keep_named, own_files
from credentials.projects.parties import Party, find, moved, require, tell
from credentials.projects.reviewing.reviewing import round_of
from credentials.projects.telling import announce
from credentials.store import agreements, issuers, people, submissions
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.submissions import Submission, SubmittedItem

_log = structlog.get_logger(__name__)


def is_late(now: datetime, ends_on: date) -> bool:
    """Whether a moment is after the deadline: its day, in UTC, still is in time."""
    return now.astimezone(UTC).date() > ends_on


def deliver(
    means: Means, party: Party, engagement_id: str, handed_in: HandedIn, *, agreement: int, submission: int
) -> Submission:
    """Hand work in under the agreement in force, after the submission that came last; both by their numbers (0: none).

    Raises EngagementUnknown, RoleMissing, WorkOutOfTurn, WorkMovedOn, SubmissionUnusable, and what making the service's
    own key raises. That the receipt cannot be signed just now is no error: it is signed later, from what was recorded.
    """
    issuer = own_issuer(means.issuer.means, sandbox=_is_sandbox(means, party, engagement_id))
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id, lock=True)
        require(party, engagement, "deliver")
        agreed = _as_seen(connection, engagement, agreement, submission)
        made = _recorded(means, connection, issuer, engagement, agreed, handed_in, submission + 1)
        moved(connection, engagement, made.created_at, state="delivered")
        detail = {"number": str(made.number), "late": "yes" if made.late else "no"}
        tell(connection, party, engagement, "work.submitted", made.created_at, **detail)
        event = f"work.submitted:{engagement.id}:{made.number}"
        announce(means, connection, "work.submitted", event, engagement, made.created_at)
        _write_to_company(means, connection, engagement, agreed, late=made.late)
    _sign_at_once(means, made)
    return made


def accepted_of(means: Means, engagement: Engagement) -> set[int]:
    """The deliverables of the terms in force that need nothing new, for they are accepted."""
    with read(means.accounts.engine) as connection:
        return _accepted(connection, engagement)


def _accepted(connection: Connection, engagement: Engagement) -> set[int]:
    return {one.deliverable for one in round_of(connection, engagement).standings if one.accepted}


def _is_sandbox(means: Means, party: Party, engagement_id: str) -> bool:
    with read(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id)
        require(party, engagement, "deliver")
        company = issuers.by_id(connection, engagement.issuer_id)
    return company is not None and company.sandbox


def _as_seen(connection: Connection, engagement: Engagement, agreement: int, submission: int) -> Agreement:
    """The agreement in force, if it and the last submission are those that the page showed. Raises WorkMovedOn."""
    agreed, last = agreements.in_force(connection, engagement.id), submissions.newest(connection, engagement.id)
    if agreed is None:
        raise WorkOutOfTurn("nothing is agreed", where="agreement")
    if agreed.number != agreement or (last.number if last is not None else 0) != submission:
        raise WorkMovedOn(where="agreement")
    return agreed


def _recorded(
    means: Means,
    connection: Connection,
    issuer: Issuer,
    engagement: Engagement,
    agreed: Agreement,
    handed_in: HandedIn,
    number: int,
) -> Submission:
    terms = read_agreement(agreed.document).terms
    problems = judge(handed_in, terms, _accepted(connection, engagement))
    if problems:
        raise SubmissionUnusable(problems[0].title, where=problems[0].field)
    files = own_files(connection, engagement, handed_in.every_file)
    if len(files) < len(set(handed_in.every_file)):
        raise FileGone(where="files")
    now = means.accounts.clock()
    made = Submission(
        engagement_id=engagement.id,
        number=number,
        issuer_id=engagement.issuer_id,
        note=handed_in.note,
        late=is_late(now, engagement.ends_on),
        created_at=now,
        agreement_number=agreed.number,
    )
    items = tuple(_items(engagement, number, handed_in, len(terms.deliverables)))
    made = receipts.with_intent(means, connection, issuer, receipts.Handed(engagement, agreed, made, items, files))
    submissions.add(connection, made, items)
    keep_named(connection, engagement, handed_in.every_file, now)
    return made


def _items(engagement: Engagement, number: int, handed_in: HandedIn, count: int) -> Iterator[SubmittedItem]:
    for deliverable in range(count):
        files, links = handed_in.files_of(deliverable), handed_in.of(deliverable)
        for place, (file_id, url) in enumerate([*((one, None) for one in files), *((None, one) for one in links)]):
            yield SubmittedItem(
                engagement_id=engagement.id,
                number=number,
                deliverable=deliverable,
                place=place,
                issuer_id=engagement.issuer_id,
                file_id=file_id,
                url=url,
            )


def _sign_at_once(means: Means, made: Submission) -> None:
    try:
        receipts.sign(means, made.engagement_id, made.number)
    except CredentialError as error:
        _log.warning("receipt-not-signed", code=error.code)


def _write_to_company(
    means: Means, connection: Connection, engagement: Engagement, agreed: Agreement, *, late: bool
) -> None:
    title, person = read_agreement(agreed.document).terms.title, people.by_id(connection, engagement.person_id)
    when = ", after the deadline" if late else ""
    said = (
        f"{person.name if person else 'The candidate'} handed in work for “{title}”{when}.",
        "They have a signed receipt of it. Look at it, then accept it or return it with a note.",
    )
    letters.to_company(means, connection, engagement, "Work was handed in", said)
