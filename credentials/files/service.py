"""Take files, show them to those whom they concern, and forget those that nothing names any more.

- Bytes are kept first, whole and durable; a row is made only then. Bytes without a row are swept, and so is whatever
  never became whole.
- The same bytes under the same name for the same thing are one file: sending a form twice makes no second one.
- Who may have a file: members of its company; whoever sent it; the candidate of the engagement that it belongs to; the
  person who claimed the credential that lists it. When that credential is shown: everybody, or whoever has the link, as
  the company chose. To all others there is no such file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import Connection, Engine

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import note
from credentials.accounts.tokens import new_id
from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import parse_credential_id
from credentials.files.errors import CompanyFull, FileStoreFailed, FileUnknown
from credentials.files.names import safe_name
from credentials.files.pictures import LARGEST_BYTES, preview
from credentials.files.sniffing import PICTURES, media_type
from credentials.files.storage import Storage
from credentials.files.tally import Stream, Tally
from credentials.store import engagements, handovers, organisations
from credentials.store import files as rows
from credentials.store.engine import read, write
from credentials.store.files import StoredFile

GRACE = timedelta(days=1)
"""How long a removed file can come back, and bytes may be without a row."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes of one file, and of all files of one company."""

    file: int
    company: int


@dataclass(frozen=True, slots=True)
class Files:
    """See above. `is_shown` tells whether a credential's page is open to everybody; `base_url` has no final slash."""

    engine: Engine
    storage: Storage
    clock: Callable[[], datetime]
    base_url: str
    limits: Limits
    is_shown: Callable[[str], bool]

    def receive(self, stream: Stream, name: str, subject: str, issuer_id: str, by: Visitor) -> StoredFile:
        """Keep a file for something of a company, all of it or nothing. `name` is as the client gave it.

        Raises UploadTooLarge, UploadEmpty, CompanyFull, FileStoreFailed, FileStoreFull.
        """
        tally, file_id = Tally(self.limits.file), new_id()
        try:
            self.storage.put(file_id, tally.through(stream))
            kind = media_type(tally.head)
            made = StoredFile(
                id=file_id,
                issuer_id=issuer_id,
                person_id=by.person_id,
                subject=subject,
                name=safe_name(name),
                media_type=kind,
                size=tally.size,
                sha256=tally.sha256,
                sha384=tally.sha384,
                preview=self._draw(file_id, kind, tally.size),
                created_at=self.clock(),
            )
            kept = self._record(made, by)
        except BaseException:
            self._drop(file_id)
            raise
        if kept.id != file_id:
            self._drop(file_id)
        return kept

    def _draw(self, file_id: str, kind: str, size: int) -> bool:
        """Make the picture that is shown; False when there is nothing to show."""
        if kind not in PICTURES or size > LARGEST_BYTES:
            return False
        drawn = preview(kind, b"".join(self.storage.open(file_id)))
        if drawn is None:
            return False
        self.storage.put(preview_key(file_id), iter((drawn,)))
        return True

    def _record(self, made: StoredFile, by: Visitor) -> StoredFile:
        with write(self.engine) as connection:
            same = self._same(connection, made)
            if same is not None:
                return same
            if rows.total_size(connection, made.issuer_id) + made.size > self.limits.company:
                raise CompanyFull(f"at most {self.limits.company:,} bytes", where="file")
            rows.add(connection, made)
            detail = {"file": made.id, "bytes": str(made.size)}
            note(
                connection,
                by.actor,
                "file.received",
                made.subject,
                now=made.created_at,
                issuer_id=made.issuer_id,
                detail=detail,
            )
        return made

    def _same(self, connection: Connection, made: StoredFile) -> StoredFile | None:
        kept = rows.of_subject(connection, made.issuer_id, made.subject)
        return next((one for one in kept if one.sha384 == made.sha384 and one.name == made.name), None)

    def _drop(self, file_id: str) -> None:
        """Bytes without a row are nobody's. What cannot be removed now is swept later."""
        for key in (file_id, preview_key(file_id)):
            try:
                self.storage.remove(key)
            except FileStoreFailed:
                continue

    # Showing ---------------------------------------------------------------------------------------------------------

    def find(self, file_id: str, visitor: Visitor | None) -> StoredFile:
        """A file for whoever asks, None for somebody who did not sign in. Raises FileUnknown."""
        try:
            number = parse_credential_id(file_id)
        except BadIdentifier:
            raise FileUnknown(where="file") from None
        with read(self.engine) as connection:
            found = rows.by_id(connection, number)
            concerned = found is not None and visitor is not None and _concerns(connection, found, visitor.person_id)
        if found is None or not (concerned or self._is_open(found)):
            raise FileUnknown(where="file")
        return found

    def _is_open(self, found: StoredFile) -> bool:
        """Whether anybody who has the address may have the file."""
        listed = found.credential_id if found.visibility in ("public", "link") else None
        return listed is not None and self.is_shown(listed)

    def open(self, found: StoredFile) -> Iterator[bytes]:
        """The bytes as they came, a piece at a time. Raises FileUnknown when they are gone, FileStoreFailed."""
        return self.storage.open(found.id)

    def preview(self, found: StoredFile) -> bytes:
        """A small PNG of a picture. Raises FileUnknown for a file of which there is none."""
        if not found.preview:
            raise FileUnknown(where="file")
        return b"".join(self.storage.open(preview_key(found.id)))

    def url(self, found: StoredFile) -> str:
        """The file's address."""
        return f"{self.base_url}{path_of(found)}"

    # Forgetting ------------------------------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The ids of files that were removed long enough ago."""
        with read(self.engine) as connection:
            return rows.removed(connection, now - GRACE, limit)

    def run(self, file_id: str) -> None:
        """Forget a removed file: its row first, so that no row is ever without bytes."""
        with write(self.engine) as connection:
            gone = rows.forget(connection, file_id, self.clock() - GRACE)
        if gone:
            self._drop(file_id)

    def forget_unnamed(self) -> int:
        """Forget what was sent for work over a day ago and that no submission names; returns how many."""
        before, forgotten = self.clock() - GRACE, 0
        with read(self.engine) as connection:
            waiting = rows.unnamed(connection, before, _BATCH)
        for file_id in waiting:
            with write(self.engine) as connection:
                gone = rows.forget_unnamed(connection, file_id, before)
            if gone:
                self._drop(file_id)
                forgotten += 1
        return forgotten

    def tidy(self) -> None:
        """Sweep what never became whole, and bytes that have no row. Raises FileStoreFailed."""
        before = self.clock() - GRACE
        self.storage.sweep(before)
        batch: list[str] = []
        for key in self.storage.keys(before):
            batch.append(key)
            if len(batch) == _BATCH:
                self._drop_unknown(batch)
                batch = []
        self._drop_unknown(batch)

    def _drop_unknown(self, keys: Sequence[str]) -> None:
        ids = {key.partition(".")[0] for key in keys}
        with read(self.engine) as connection:
            strays = ids - rows.known(connection, ids)
        for one in strays:
            self._drop(one)


def path_of(found: StoredFile) -> str:
    """The path of a file's address: its id, and its name for whoever saves it."""
    return f"/files/{found.id}/{quote(found.name, safe='')}"


def preview_key(file_id: str) -> str:
    """Where the bytes of a preview lie."""
    return f"{file_id}.preview"


def _concerns(connection: Connection, found: StoredFile, person_id: str) -> bool:
    """Whether a person is one of the parties."""
    if found.person_id == person_id or organisations.is_member(connection, found.issuer_id, person_id):
        return True
    kind, _, number = found.subject.partition(":")
    if kind == "engagement" and engagements.of_person(connection, person_id, number) is not None:
        return True
    handed = handovers.by_id(connection, found.credential_id) if found.credential_id else None
    return handed is not None and handed.claimed_by == person_id
