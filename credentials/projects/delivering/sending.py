"""The files of a submission: kept for the engagement as they arrive, whatever becomes of the rest of the form.

Only the candidate sends files, and only while something may be handed in. A file that no submission names is removed
with the next submission, and its bytes a day later; without one, it is swept a day after it came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from credentials.accounts.acting import Visitor
from credentials.console.means import Means
from credentials.core.errors import BadInput
from credentials.core.identifiers import wanted_id
from credentials.files.tally import Stream
from credentials.projects.delivering.errors import TooManyFiles
from credentials.projects.delivering.form import HandedIn
from credentials.projects.parties import find, of_candidate, require
from credentials.store import files as rows
from credentials.store import submissions
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.store.files import StoredFile

MOST_WAITING = 100
"""Files of one engagement that no submission names yet."""


class Upload(NamedTuple):
    """A file of a form: what its sender calls it, and its bytes."""

    name: str
    stream: Stream


@dataclass(frozen=True, slots=True)
class Received:
    """What was typed, with the files that arrived, and what was wrong with the first that did not."""

    handed_in: HandedIn
    error: BadInput | None = None


def subject_of(engagement_id: str) -> str:
    """What the files of an engagement belong to."""
    return f"engagement:{engagement_id}"


def receive(
    means: Means, visitor: Visitor, engagement_id: str, typed: HandedIn, uploads: Mapping[int, Sequence[Upload]]
) -> Received:
    """Keep each file that came with the form. Raises EngagementUnknown, WorkOutOfTurn, FileStoreFailed, FileStoreFull.

    One that is refused (BadInput) is told of in the result, and the others are kept.
    """
    with read(means.accounts.engine) as connection:
        engagement = find(connection, of_candidate(visitor), engagement_id)
        require(of_candidate(visitor), engagement, "deliver")
        waiting = len(_waiting(connection, engagement))
    kept = {place: list(ids) for place, ids in typed.files.items()}
    error: BadInput | None = None
    for place, upload in [(place, one) for place, several in sorted(uploads.items()) for one in several]:
        try:
            kept.setdefault(place, []).append(_kept(means, visitor, engagement, upload, waiting))
        except BadInput as refused:
            error = error or refused
        waiting += 1
    files = {place: tuple(dict.fromkeys(ids)) for place, ids in kept.items()}
    return Received(HandedIn(typed.note, typed.links, files), error)


def _waiting(connection: Connection, engagement: Engagement) -> list[StoredFile]:
    named = submissions.files_of(connection, engagement.id)
    found = rows.of_subject(connection, engagement.issuer_id, subject_of(engagement.id))
    return [one for one in found if one.id not in named and one.removed_at is None]


def _kept(means: Means, visitor: Visitor, engagement: Engagement, upload: Upload, waiting: int) -> str:
    if waiting >= MOST_WAITING:
        raise TooManyFiles(f"at most {MOST_WAITING}", where="files")
    found = means.files.receive(upload.stream, upload.name, subject_of(engagement.id), engagement.issuer_id, visitor)
    return found.id


def own_files(connection: Connection, engagement: Engagement, ids: Collection[str]) -> dict[str, StoredFile]:
    """Those of these ids that are files of the engagement; locked until the transaction ends."""
    own = rows.of_subject(connection, engagement.issuer_id, subject_of(engagement.id), lock=True)
    return {one.id: one for one in own if one.id in ids}


def keep_named(connection: Connection, engagement: Engagement, ids: Collection[str], now: datetime) -> None:
    """Files that this or an earlier submission names stay; the others of the engagement are removed."""
    named = set(ids) | submissions.files_of(connection, engagement.id)
    rows.keep(connection, engagement.issuer_id, subject_of(engagement.id), named, now)


def shown(means: Means, engagement_id: str, handed_in: HandedIn) -> dict[str, StoredFile]:
    """What is known of the files of a form that is shown again, by id; only of the engagement's own."""
    with read(means.accounts.engine) as connection:
        found = [rows.by_id(connection, wanted_id(one)) for one in handed_in.every_file]
    return {one.id: one for one in found if one is not None and one.subject == subject_of(engagement_id)}
