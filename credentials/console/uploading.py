"""Issue from an uploaded list: checked without writing anything, then, when a signer says so, issued and handed over.

The work is a task. It goes on where it stopped: a row's idempotency key is the digest of what it says, and nobody who
was sent a credential is sent it again. Cancelling stops between rows; what is issued by then stays issued.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from credentials.accounts.acting import SERVICE, Actor, Member
from credentials.accounts.audit import note, note_of
from credentials.accounts.organisations import require
from credentials.accounts.tokens import new_id
from credentials.console.errors import UploadElsewhere, UploadUnknown
from credentials.console.handing_over import send_first
from credentials.console.list_files import file_name, keep, written
from credentials.console.means import Means
from credentials.console.reading import Reading, headings_digest, read_fixes, read_mapping, restored
from credentials.console.samples import samples_of
from credentials.console.sheets import begun, other_sheet, sheet_of, sheets_digest
from credentials.console.two_people import require_second
from credentials.core.csv_export import RowFile
from credentials.core.errors import BadInput
from credentials.core.identifiers import wanted_id
from credentials.core.instants import format_instant
from credentials.issuer.bulk.events import BulkEvent, RowBlank, RowIssued, RowReady
from credentials.issuer.bulk.findings import ERROR_HEADING, REPORT_HEADING, error_rows, report_rows
from credentials.issuer.bulk.plan import Look, cells_of, look
from credentials.issuer.bulk.run import run as run_rows
from credentials.issuer.draft import Draft
from credentials.issuer.errors import IssuerSuspended, NoActiveKey
from credentials.store import bulk_uploads as rows
from credentials.store import issuers
from credentials.store.bulk_uploads import BulkUpload
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.webhooks.messages import emit

LEASE = timedelta(minutes=2)
MOST_SHOWN = 200
"""Problems that a page shows, and rows that can be put right on it."""
STEP = 25
"""Rows between two notes of how far it has come."""
_LONGEST_NAME = 120


@dataclass
class _Count:
    seen: int = 0
    good: int = 0
    issued: int = 0

    def add(self, event: BulkEvent) -> None:
        self.seen += 1
        self.good += isinstance(event, RowReady | RowIssued)
        self.issued += isinstance(event, RowIssued)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Takes lists and works on them. `folder` keeps the files, for their owner only."""

    means: Means
    folder: Path

    def take(self, member: Member, name: str, content: bytes, sheet: str | None = None) -> BulkUpload:
        """Keep a list and begin to check it, or to ask which column is what, or which `sheet` of a workbook is meant.

        Raises RoleMissing, SheetUnknown, and what `plan` raises for a file, or a sheet that is named, that is no list.
        """
        require(member, "author", "signer")
        now = self.means.accounts.clock()
        book = sheet_of(content, sheet, lambda names: self._sheet_before(member, names))
        found = begun(book, lambda seen: self._remembered(member, seen), asks=not sheet)
        upload = BulkUpload(
            id=new_id(),
            issuer_id=member.issuer.id,
            person_id=member.visitor.person_id,
            name=Path(name).name[:_LONGEST_NAME] or "list.csv",
            state=found.state,
            lines=found.lines,
            seen=0,
            good=0,
            issued=0,
            created_at=now,
            changed_at=now,
            reading=found.reading.kept(),
            key_id=member.key_id or None,
        )
        keep(self.file(upload), found.text)
        if len(book.names) > 1:
            keep(self._workbook(upload), content)
        with write(self.means.accounts.engine) as connection:
            rows.add(connection, upload)
            note_of(connection, member, "list.uploaded", f"list:{upload.id}", now=now)
        return upload

    def _remembered(self, member: Member, seen: Look) -> Reading:
        return self._kept(member, headings_digest(seen.titles)).columns

    def _sheet_before(self, member: Member, names: Iterable[str]) -> str:
        return self._kept(member, sheets_digest(names)).sheet

    def _kept(self, member: Member, digest: str) -> Reading:
        with read(self.means.accounts.engine) as connection:
            found = rows.remembered(connection, member.issuer.id, digest)
        return restored(found) if found else Reading()

    def _remember(self, member: Member, digest: str, reading: Reading) -> None:
        with write(self.means.accounts.engine) as connection:
            rows.remember(connection, member.issuer.id, digest, reading.kept(), self.means.accounts.clock())

    def choose_sheet(self, member: Member, upload_id: str, name: str) -> None:
        """Say which sheet of its workbook a list is, for this one and the next ones with the same sheets.

        What was put right in the cells of another sheet is forgotten. Raises RoleMissing, UploadUnknown, SheetUnknown,
        UploadElsewhere (some of it is issued), and what `plan` raises for a sheet that is no list.
        """
        require(member, "author", "signer")
        upload = self.find(member, upload_id)
        book = other_sheet(self._workbook(upload), name)
        if book.name == restored(upload.reading).sheet:
            return
        found = begun(book, lambda seen: self._remembered(member, seen), asks=False)
        if upload.issued:
            raise UploadElsewhere(where="list")
        keep(self.folder / file_name(upload.id, book.name), found.text)
        changed = replace(upload, reading=found.reading.kept(), state=found.state, lines=found.lines)
        self._read_again(member, changed, ("mapping", "checking", "checked"), "list.sheet-chosen")
        if not book.hidden:
            self._remember(member, sheets_digest(book.names), Reading(sheet=book.name))

    def map_columns(self, member: Member, upload_id: str, chosen: Sequence[str], date_format: str) -> None:
        """Say which column is what, for this list and the next ones like it; then it is checked again.

        Raises RoleMissing, UploadUnknown, UploadElsewhere (some of it is issued), and what `plan` raises.
        """
        require(member, "author", "signer")
        upload = self.find(member, upload_id)
        titles = look(self.file(upload)).titles
        reading = read_mapping(titles, chosen, date_format, restored(upload.reading))
        reading.plan(self.file(upload))
        if upload.issued:
            raise UploadElsewhere(where="list")
        changed = replace(upload, reading=reading.kept(), state="checking")
        self._read_again(member, changed, ("mapping", "checking", "checked"), "list.mapped")
        self._remember(member, headings_digest(titles), reading.columns)

    def put_right(self, member: Member, upload_id: str, form: Mapping[str, str]) -> None:
        """Change cells of rows that were left out, beside the file; then it is checked again.

        Raises RoleMissing, UploadUnknown, UploadElsewhere.
        """
        require(member, "author", "signer")
        upload = self.find(member, upload_id)
        fixes = read_fixes(form, self.cells_left_out(upload))
        reading = restored(upload.reading).with_fixes(fixes)
        changed = replace(upload, reading=reading.kept(), state="checking")
        self._read_again(member, changed, ("checked", "cancelled", "done"), "list.put-right")

    def _read_again(self, member: Member, changed: BulkUpload, before: tuple[str, ...], action: str) -> None:
        """Read a list as `changed` has it, from its first row."""
        upload, now = replace(changed, key_id=member.key_id or changed.key_id), self.means.accounts.clock()
        with write(self.means.accounts.engine) as connection:
            if not rows.move(connection, member.issuer.id, upload.id, before, upload.state, now):
                raise UploadElsewhere(where="list")
            rows.read_as(connection, upload)
            note_of(connection, member, action, f"list:{upload.id}", now=now)

    def problems(self, upload: BulkUpload, most: int) -> list[dict[str, str]]:
        """The first problems of a list, as they were written down."""
        path = self.findings(upload)
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [row for row, _ in zip(csv.DictReader(stream), range(most), strict=False)]

    def cells_left_out(self, upload: BulkUpload) -> dict[int, list[str]]:
        """The cells of the first rows that were left out, as they count now, by row."""
        wanted = {int(one["row"]) for one in self.problems(upload, MOST_SHOWN) if one["level"] == "error"}
        return cells_of(restored(upload.reading).plan(self.file(upload)), wanted - {0}) if wanted else {}

    def left_out(self, upload: BulkUpload) -> str:
        """CSV of the rows that were left out: every column as it counts now, under the list's own headings.

        Put right and uploaded again, they are read as this list is: its columns are remembered by their headings.
        """
        wanted = {int(one["row"]) for one in self.problems(upload, sys.maxsize) if one["level"] == "error"} - {0}
        cells = cells_of(restored(upload.reading).plan(self.file(upload)), wanted) if wanted else {}
        stream = io.StringIO(newline="")
        file = RowFile(stream)
        file.write(self.look(upload).titles)
        for row in sorted(cells):
            file.write(cells[row])
        # The BOM tells spreadsheets that names are UTF-8.
        return f"\ufeff{stream.getvalue()}"

    def look(self, upload: BulkUpload) -> Look:
        """The headings and the first rows of a list; nothing of a sheet that is none."""
        try:
            return look(self.file(upload))
        except BadInput:
            return Look((), (), ())

    def samples(self, upload: BulkUpload) -> list[tuple[int, Draft]]:
        """Up to three good rows to look at: the first, one by chance, the longest."""
        return samples_of(restored(upload.reading).plan(self.file(upload)), upload.id)

    def report(self, upload: BulkUpload) -> Path:
        """Where it is written what became of each row that was issued, as CSV."""
        return self.folder / f"{upload.id}.report.csv"

    def find(self, member: Member, upload_id: str) -> BulkUpload:
        """One of the company's lists. Raises UploadUnknown for a missing and a foreign one alike."""
        with read(self.means.accounts.engine) as connection:
            found = rows.by_id(connection, member.issuer.id, wanted_id(upload_id))
        if found is None:
            raise UploadUnknown(where="list")
        return found

    def listed(self, member: Member) -> Sequence[BulkUpload]:
        """The company's lists, the newest first."""
        with read(self.means.accounts.engine) as connection:
            return rows.of_issuer(connection, member.issuer.id)

    def start(self, member: Member, upload_id: str) -> None:
        """Issue what can be issued. Raises RoleMissing, UploadUnknown, UploadElsewhere, SecondPersonWanted."""
        require(member, "signer")
        upload = self.find(member, upload_id)
        with read(self.means.accounts.engine) as connection:
            require_second(connection, member, upload.person_id, upload.key_id)
        self._move(member, upload, ("checked", "cancelled"), "running", "list.started")

    def cancel(self, member: Member, upload_id: str) -> None:
        """Stop between two rows. Raises RoleMissing, UploadUnknown, UploadElsewhere."""
        require(member, "author", "signer")
        upload = self.find(member, upload_id)
        self._move(member, upload, ("checking", "checked", "running"), "cancelled", "list.cancelled")

    def _move(
        self, member: Member, upload: BulkUpload, before: tuple[str, ...], after: rows.UploadState, action: str
    ) -> None:
        now = self.means.accounts.clock()
        with write(self.means.accounts.engine) as connection:
            if not rows.move(connection, member.issuer.id, upload.id, before, after, now):
                raise UploadElsewhere(where="list")
            note_of(connection, member, action, f"list:{upload.id}", now=now)

    def file(self, upload: BulkUpload) -> Path:
        """Where the list lies."""
        return self.folder / file_name(upload.id, restored(upload.reading).sheet)

    def _workbook(self, upload: BulkUpload) -> Path:
        """Where the workbook lies, if it has several sheets."""
        return self.folder / f"{upload.id}.xlsx"

    def findings(self, upload: BulkUpload) -> Path:
        """Where every problem of it is written, as CSV."""
        return self.folder / f"{upload.id}.errors.csv"

    # The task --------------------------------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The ids of lists that are worked on and that nobody has."""
        with read(self.means.accounts.engine) as connection:
            return rows.due(connection, now, limit)

    def run(self, upload_id: str) -> None:
        """Check or issue a list to its end, or to where it is cancelled."""
        now = self.means.accounts.clock()
        with write(self.means.accounts.engine) as connection:
            upload = rows.lease(connection, upload_id, now, now + LEASE)
            issuer = issuers.by_id(connection, upload.issuer_id) if upload else None
        if upload is None or issuer is None:
            return
        try:
            self._work(upload, issuer)
        except (IssuerSuspended, NoActiveKey) as error:
            self._stop(upload, error.code)

    def _work(self, upload: BulkUpload, issuer: Issuer) -> None:
        count = _Count()
        for event in self._events(upload, issuer):
            count.add(event)
            if isinstance(event, RowIssued):
                with write(self.means.accounts.engine) as connection:
                    send_first(self.means, connection, issuer, event.id)
            if count.seen % STEP == 0 and not self._note(upload, count):
                return
        if self._note(upload, count):
            self._end(upload)

    def _events(self, upload: BulkUpload, issuer: Issuer) -> Iterator[BulkEvent]:
        """Every event of the list but those of blank rows; while it is checked, each problem is written down too."""
        checking = upload.state == "checking"
        bulk = restored(upload.reading).plan(self.file(upload))
        events = run_rows(self.means.issuer, issuer.slug, bulk, dry_run=checking, batch=STEP)
        told = (event for event in events if not isinstance(event, RowBlank))
        if checking:
            return written(self.findings(upload), ERROR_HEADING, error_rows, told)
        return written(self.report(upload), REPORT_HEADING, report_rows, told)

    def _note(self, upload: BulkUpload, count: _Count) -> bool:
        now = self.means.accounts.clock()
        good = count.good if upload.state == "checking" else upload.good
        # A list that goes on reads its rows from the first again: what was counted before is not taken back.
        seen, issued = max(count.seen, upload.seen), max(count.issued, upload.issued)
        with write(self.means.accounts.engine) as connection:
            return rows.progress(connection, upload, seen, good, issued, now, now + LEASE)

    def _stop(self, upload: BulkUpload, code: str) -> None:
        """The company can sign nothing now: a signer may start the list again when it can."""
        now, subject = self.means.accounts.clock(), f"list:{upload.id}"
        with write(self.means.accounts.engine) as connection:
            rows.move(connection, upload.issuer_id, upload.id, (upload.state,), "cancelled", now)
            actor, detail = Actor(SERVICE), {"code": code}
            note(connection, actor, "list.stopped", subject, now=now, issuer_id=upload.issuer_id, detail=detail)
            self._tell(connection, upload, "list.stopped", now)

    def _end(self, upload: BulkUpload) -> None:
        after: rows.UploadState = "checked" if upload.state == "checking" else "done"
        with write(self.means.accounts.engine) as connection:
            now = self.means.accounts.clock()
            if rows.move(connection, upload.issuer_id, upload.id, (upload.state,), after, now):
                self._tell(connection, upload, f"list.{after}", now)

    def _tell(self, connection: Connection, upload: BulkUpload, kind: str, now: datetime) -> None:
        """Tell the company's programs how a list ended."""
        issuer = issuers.by_id(connection, upload.issuer_id)
        if issuer is not None:
            url = f"{self.means.accounts.base_url}/console/{issuer.slug}/upload/{upload.id}"
            data = {"issuer": issuer.slug, "list": upload.id, "url": url, "at": format_instant(now)}
            emit(connection, issuer.id, kind, f"{kind}:{upload.id}:{now}", data, now)
