"""The record outside the database: what is in it survives crashes and many writers, and is never believed blindly."""

import multiprocessing
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from credentials.issuer.errors import PublishedRecordDamaged, PublishedRecordUnwritable
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.journal import Journal
from credentials.store.status import RecordedEvent, StatusList

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def event(number: int, list_id: str = "list") -> RecordedEvent:
    return RecordedEvent(
        id=f"event-{number}",
        issuer_id="issuer",
        credential_id=f"credential-{number}",
        list_id=list_id,
        idx=number,
        purpose="revocation",
        position=1,
        kind="revoked",
        at=NOW,
        reason="Grund: größer als 10 €\u2028",
        private_note="private",
    )


def opened(list_id: str) -> StatusList:
    return StatusList(
        id=list_id, issuer_id="issuer", purpose="revocation", size=131_072, seed=b"s" * 32, allotted=0, created_at=NOW
    )


def test_events_and_lists_are_read_back_whole(tmp_path: Path) -> None:
    record = HighWaterMark(tmp_path)
    record.add_lists([opened("list")])
    record.add_events([event(1), event(2)])
    record.add_events([event(2), event(3)])
    found = HighWaterMark(tmp_path).read()
    lists = found.lists
    assert found.events == {one.id: one for one in (event(1), event(2), event(3))}
    assert list(lists) == ["list"]
    assert lists["list"].seed == b""
    assert record.count_events("list") == 3
    assert record.about("credential-2") == {"event-2"}
    assert record.knows_list("list")
    assert not record.knows_list("other")


def test_another_process_sees_what_one_added(tmp_path: Path) -> None:
    ours, theirs = HighWaterMark(tmp_path), HighWaterMark(tmp_path)
    assert theirs.count_events("list") == 0
    ours.add_events([event(1)])
    assert theirs.count_events("list") == 1
    theirs.add_events([event(1), event(2)])
    assert ours.event_ids("list") == {"event-1", "event-2"}
    assert len((tmp_path / "journal.jsonl").read_bytes().splitlines()) == 2


def test_a_line_cut_off_by_a_crash_is_dropped_by_the_next(tmp_path: Path) -> None:
    record = HighWaterMark(tmp_path)
    record.add_events([event(1)])
    path = tmp_path / "journal.jsonl"
    for cut in range(1, 60, 7):
        whole = path.read_bytes()
        path.write_bytes(whole + whole[:cut])
        assert HighWaterMark(tmp_path).count_events("list") == cut // 7 + 1
        record.add_events([event(cut // 7 + 2)])
        assert HighWaterMark(tmp_path).count_events("list") == cut // 7 + 2


def test_a_very_long_cut_off_line_is_dropped_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"x" * 10_000)
    seen: list[bytes] = []
    journal = Journal(path, seen.append)
    journal.append([b"first"])
    journal.refresh()
    assert seen == [b"first\n"]


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{", b"\xff", b'{"event": {}}', b'{"event": {"id": 1}}', b'{"opened": {"id": "x"}}', b"null"]
)
def test_a_line_that_is_no_record_is_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "journal.jsonl").write_bytes(line + b"\n")
    with pytest.raises(PublishedRecordDamaged):
        HighWaterMark(tmp_path).count_events("list")
    with pytest.raises(PublishedRecordDamaged):
        HighWaterMark(tmp_path).read()


def test_marks_only_rise(tmp_path: Path) -> None:
    record = HighWaterMark(tmp_path)
    assert record.allotted("issuer") == {}
    record.raise_allotted("issuer", {"a": 5})
    record.raise_allotted("issuer", {"a": 3, "b": 7})
    record.raise_allotted("other", {"c": 1})
    assert record.allotted("issuer") == {"a": 5, "b": 7}
    assert record.issuers() == ["issuer", "other"]


@pytest.mark.parametrize("data", [b"list", b"list x\n", b"\xff\xfe", b"a b c\n", b"list 1 \n"])
def test_marks_that_do_not_read_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "allotted").mkdir()
    (tmp_path / "allotted" / "issuer").write_bytes(data)
    record = HighWaterMark(tmp_path)
    with pytest.raises(PublishedRecordDamaged):
        record.allotted("issuer")
    with pytest.raises(PublishedRecordDamaged):
        record.raise_allotted("issuer", {"a": 1})
    assert (tmp_path / "allotted" / "issuer").read_bytes() == data


def test_a_record_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("a file where the folder should be")
    record = HighWaterMark(tmp_path / "published")
    with pytest.raises(PublishedRecordUnwritable):
        record.raise_allotted("issuer", {"a": 1})
    with pytest.raises(PublishedRecordUnwritable):
        record.add_events([event(1)])


def test_only_the_service_reads_the_record(tmp_path: Path) -> None:
    record = HighWaterMark(tmp_path / "published")
    record.add_events([event(1)])
    record.raise_allotted("issuer", {"a": 1})
    for path in (tmp_path / "published", *(tmp_path / "published").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def _write(directory: str, worker: int) -> None:
    record = HighWaterMark(Path(directory))
    for number in range(40):
        record.add_events([event(worker * 1000 + number), event(number)])
        record.raise_allotted("issuer", {f"list-{worker}": number + 1, "shared": worker * 1000 + number})


def test_many_processes_write_without_losing_a_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_write, args=(os.fspath(tmp_path), worker)) for worker in (1, 2, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    record = HighWaterMark(tmp_path)
    assert record.count_events("list") == 4 * 40
    assert record.allotted("issuer") == {"list-1": 40, "list-2": 40, "list-3": 40, "shared": 3039}
