"""What was published, kept outside the database and outside its backups.

A database restored from a backup knows less than verifiers have already seen. This record tells: per status list the
number of entries allotted, and every published status event in full.

- The mark of a list is raised after the intents are committed and before anything signed over them is released.
- An event is added after it is committed and before a list or a status story shows it.
- So the database is never behind the record, unless it was restored. Whoever compares the two reads the record
  first and the database second: what is added in between can then only be missing from what was read of the record.

Layout: `journal.jsonl` (lists and events, append-only), `allotted/<issuer id>` (one line of fixed width a list,
written in place). Both are locked while they are written and fsynced before the call returns.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from credentials.issuer.errors import PublishedRecordDamaged
from credentials.issuer.journal import Journal, locked_file, storage_errors, write_all
from credentials.store.status import RecordedEvent, StatusList

_DIGITS = 10


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the journal: a list that was opened, or an event that was published."""

    opened: StatusList | None = None
    event: RecordedEvent | None = None


class HighWaterMark:
    """The record in one directory, shared by all processes of this machine. Raises PublishedRecordUnwritable."""

    def __init__(self, directory: Path) -> None:
        """Remember where; files are made when something is published."""
        self.directory = directory
        self._events: dict[str, set[str]] = {}
        self._stories: dict[str, set[str]] = {}
        self._lists: set[str] = set()
        self._journal = Journal(directory / "journal.jsonl", self._remember)

    def raise_allotted(self, issuer_id: str, counts: Mapping[str, int]) -> None:
        """Record that at least so many entries of these lists of one issuer are allotted. Never lowers a mark."""
        path = self._marks_path(issuer_id)
        with storage_errors(path), locked_file(path) as descriptor:
            before = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
            marks = _parse_marks(before, path)
            for list_id, count in counts.items():
                marks[list_id] = max(count, marks.get(list_id, 0))
            after = _format_marks(marks)
            if after != before:
                write_all(descriptor, after, 0)
                os.fsync(descriptor)

    def allotted(self, issuer_id: str) -> dict[str, int]:
        """The marks of an issuer's lists; empty when none was raised."""
        path = self._marks_path(issuer_id)
        with storage_errors(path):
            try:
                return _parse_marks(path.read_bytes(), path)
            except FileNotFoundError:
                return {}

    def issuers(self) -> list[str]:
        """The ids of the issuers that have marks."""
        folder = self.directory / "allotted"
        with storage_errors(folder):
            return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def add_lists(self, lists: Sequence[StatusList]) -> None:
        """Record lists that are about to be named by what is released; those recorded before are left out."""
        self._journal.refresh()
        # The seed is a secret of the database, and a list brought back from here never allots again.
        self._append([Line(opened=_without_seed(one)) for one in lists if one.id not in self._lists])

    def add_events(self, events: Sequence[RecordedEvent]) -> None:
        """Record events that are about to be published; those recorded before are left out."""
        self._journal.refresh()
        self._append([Line(event=event) for event in events if event.id not in self._events.get(event.list_id, ())])

    def event_ids(self, list_id: str) -> frozenset[str]:
        """The ids of the events of a list that were ever published."""
        self._journal.refresh()
        return frozenset(self._events.get(list_id, ()))

    def count_events(self, list_id: str) -> int:
        """How many events of a list were ever published."""
        self._journal.refresh()
        return len(self._events.get(list_id, ()))

    def about(self, credential_id: str) -> frozenset[str]:
        """The ids of the events of one credential that were ever published."""
        self._journal.refresh()
        return frozenset(self._stories.get(credential_id, ()))

    def knows_list(self, list_id: str) -> bool:
        """Whether a list was ever named by something released."""
        self._journal.refresh()
        return list_id in self._lists

    def read(self) -> tuple[dict[str, StatusList], dict[str, RecordedEvent]]:
        """Every list (without its seed) and every event ever published, by id. For start and replay."""
        lists: dict[str, StatusList] = {}
        events: dict[str, RecordedEvent] = {}

        def keep(raw: bytes) -> None:
            line = _parse_line(raw, self._journal.path)
            if line.opened:
                lists[line.opened.id] = line.opened
            if line.event:
                events[line.event.id] = line.event

        Journal(self._journal.path, keep).refresh()
        return lists, events

    def _marks_path(self, issuer_id: str) -> Path:
        return self.directory / "allotted" / issuer_id

    def _append(self, lines: Sequence[Line]) -> None:
        self._journal.append([msgspec.json.encode(line) for line in lines])

    def _remember(self, raw: bytes) -> None:
        line = _parse_line(raw, self._journal.path)
        if line.opened:
            self._lists.add(line.opened.id)
        if line.event:
            self._events.setdefault(line.event.list_id, set()).add(line.event.id)
            self._stories.setdefault(line.event.credential_id, set()).add(line.event.id)


def _without_seed(one: StatusList) -> StatusList:
    return replace(one, seed=b"")


def _parse_line(raw: bytes, path: Path) -> Line:
    try:
        return msgspec.json.decode(raw, type=Line)
    except msgspec.DecodeError as error:
        raise PublishedRecordDamaged(f"{path.name} has a line that is no record: {error}", where=str(path)) from error


def _parse_marks(data: bytes, path: Path) -> dict[str, int]:
    try:
        pairs = [line.split(" ") for line in data.decode("ascii").splitlines()]
        return {list_id: int(count) for list_id, count in pairs}
    except ValueError as error:
        raise PublishedRecordDamaged(f"{path.name} holds no marks", where=str(path)) from error


def _format_marks(marks: Mapping[str, int]) -> bytes:
    """Fixed width and never reordered, so that a write in place changes digits and appends lines, nothing else."""
    return "".join(f"{list_id} {count:0{_DIGITS}d}\n" for list_id, count in marks.items()).encode("ascii")
