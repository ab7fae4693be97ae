"""The files of an award: kept with it as soon as they arrive, whatever becomes of the rest of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.console.award_form import AwardForm, KeptFile, resolved
from credentials.console.award_rows import shown_to
from credentials.console.means import Means
from credentials.core.errors import BadInput
from credentials.core.micro_internship import sri
from credentials.files.service import Files
from credentials.files.tally import Stream
from credentials.store import files as rows
from credentials.store.files import StoredFile


class Upload(NamedTuple):
    """A file of a form: what its sender calls it, and its bytes."""

    name: str
    stream: Stream


@dataclass(frozen=True, slots=True)
class Received:
    """The files that arrived, by the number of their row, and what was wrong with the first that did not."""

    files: Mapping[int, KeptFile]
    error: BadInput | None = None


NOTHING = Received({})


def subject_of(award_id: str) -> str:
    """What an award's files belong to."""
    return f"award:{award_id}"


def receive(means: Means, member: Member, award_id: str, uploads: Mapping[int, Upload]) -> Received:
    """Keep each file for an award, which need not be begun yet. Raises FileStoreFailed."""
    kept: dict[int, KeptFile] = {}
    error: BadInput | None = None
    for number, upload in sorted(uploads.items()):
        try:
            found = means.files.receive(
                upload.stream, upload.name, subject_of(award_id), member.issuer.id, member.visitor
            )
        except BadInput as refused:
            error = error or refused
        else:
            kept[number] = kept_file(means.files, found)
    return Received(kept, error)


def kept_file(files: Files, found: StoredFile) -> KeptFile:
    """A stored file as an award's form keeps it."""
    return KeptFile(
        id=found.id,
        name=found.name,
        media_type=found.media_type,
        size=found.size,
        digest=sri(found.sha384),
        url=files.url(found),
        preview=found.preview,
    )


def with_files(
    means: Means,
    connection: Connection,
    issuer_id: str,
    award_id: str,
    form: AwardForm,
    before: AwardForm | None,
    *,
    lock: bool = True,
) -> AwardForm:
    """A form that was sent, with what is known of each file that it names.

    It can name the award's own files, and those that the award has already; any other is told as missing.
    """
    own = rows.of_subject(connection, issuer_id, subject_of(award_id), lock=lock)
    kept = before.deliverables if before else ()
    known = {one.file.id: one.file for one in kept if one.file is not None and one.file.is_whole}
    return resolved(form, known | {one.id: kept_file(means.files, one) for one in own})


def keep_named(means: Means, connection: Connection, issuer_id: str, award_id: str, form: AwardForm) -> None:
    """The award's own files that the form names stay; the others may go."""
    named = [one.file.id for one in form.deliverables if one.file is not None]
    rows.keep(connection, issuer_id, subject_of(award_id), named, means.accounts.clock())


def list_files(connection: Connection, issuer_id: str, form: AwardForm, credential_id: str) -> None:
    """A signed credential lists the form's files: from now on they are for those whom it says.

    A correction takes over those of the credential that it corrects.
    """
    named = [(one.file.id, shown_to(one)) for one in form.deliverables if one.file is not None]
    for file_id, shown in named:
        rows.list_in(connection, issuer_id, file_id, credential_id, shown, instead_of=form.corrects)
