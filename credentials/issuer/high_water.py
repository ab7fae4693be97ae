"""What was published, kept outside the database and outside its backups.

A database restored from a backup knows less than verifiers have already seen. This record tells: per status list the
number of entries allotted, every published status event in full, every issuer and key with how far it has come, every
API key that was revoked, and who may see a credential since that was last changed.

- The mark of a list is raised after the intents are committed and before anything signed over them is released.
- An event is added after it is committed and before a list or a status story shows it.
- An issuer or a key is added after its change is committed and before did.json shows it or what it signed is released.
- Who may see a credential is added before its change is committed, while nobody else can change it.
- So the database is never behind the record, unless it was restored. Whoever compares the two reads the record
  first and the database second: what is added in between can then only be missing from what was read of the record.

Layout: `journal.jsonl` (all but the marks, append-only), `allotted/<issuer id>` (one line of fixed width a list,
written in place). Both are locked while they are written and fsynced before the call returns.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from credentials.issuer.errors import PublishedRecordDamaged
from credentials.issuer.journal import Journal, locked_file, storage_errors, write_all
from credentials.issuer.record import Line, Parties, Record, RevokedApiKey, Seen, joined_issuer, joined_key
from credentials.store.credentials import Visibility
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import RecordedEvent, StatusList

_DIGITS = 10


class DatabaseBehind(Exception):
    """The database knows less than was published: it was restored. Recover first, then try again."""


class HighWaterMark:
    """The record in one directory, shared by all processes of this machine. Raises PublishedRecordUnwritable."""

    def __init__(self, directory: Path) -> None:
        """Remember where; files are made when something is published."""
        self.directory = directory
        self._events: dict[str, set[str]] = {}
        self._stories: dict[str, set[str]] = {}
        self._lists: set[str] = set()
        self._parties = Parties()
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

    def add_parties(self, issuers: Iterable[Issuer], keys: Iterable[SigningKey]) -> None:
        """Record issuers and keys as they are now, before anybody sees them so; what says nothing new is left out."""
        self._add_news([*(Line(issuer=one) for one in issuers), *(Line(key=one) for one in keys)])

    def add_revoked_api_keys(self, revoked: Mapping[str, datetime]) -> None:
        """Record API keys (by id) that shall never be accepted again."""
        self._add_news([Line(api_key=RevokedApiKey(one, at)) for one, at in revoked.items()])

    def add_visibilities(self, visibilities: Mapping[str, Visibility]) -> None:
        """Record who may see these credentials (by id) from now on."""
        self._add_news([Line(seen=Seen(one, visibility)) for one, visibility in visibilities.items()])

    def _add_news(self, lines: Sequence[Line]) -> None:
        self._journal.refresh()
        self._append([line for line in lines if self._parties.is_news(line)])

    def check_issuer(self, slug: str, found: Issuer | None) -> None:
        """Raise DatabaseBehind when more is recorded of an issuer than the database, just read, knows."""
        self._journal.refresh()
        recorded = self._parties.issuers.get(found.id if found else self._parties.slugs.get(slug, ""))
        if recorded is not None and (found is None or joined_issuer(found, recorded) != found):
            raise DatabaseBehind

    def check_keys(self, issuer_id: str, found: Sequence[SigningKey]) -> None:
        """Raise DatabaseBehind when more is recorded of an issuer's keys than the database, just read, knows."""
        self._journal.refresh()
        recorded = dict(self._parties.keys.get(issuer_id, {}))
        if any(joined_key(key, recorded.pop(key.id, None)) != key for key in found) or recorded:
            raise DatabaseBehind

    def is_stolen(self, key_id: str) -> bool:
        """Whether a private key (by its id in the keyring) was ever reported stolen."""
        self._journal.refresh()
        return key_id in self._parties.stolen

    def is_revoked_api_key(self, key_id: str) -> bool:
        """Whether an API key was ever revoked."""
        self._journal.refresh()
        return key_id in self._parties.revoked_api_keys

    def visibility(self, credential_id: str) -> Visibility | None:
        """Who may see a credential since that was last changed; None when it never was."""
        self._journal.refresh()
        return self._parties.visibilities.get(credential_id)

    def is_private(self, credential_id: str) -> bool:
        """Whether a credential was last hidden from everybody."""
        return self.visibility(credential_id) == "private"

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

    def read(self) -> Record:
        """Everything ever published. For start and replay."""
        record = Record()
        path = self._journal.path
        Journal(path, lambda raw: record.take(_parse_line(raw, path))).refresh()
        return record

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
        self._parties.take(line)


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
