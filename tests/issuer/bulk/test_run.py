"""Runs on a real service, on SQLite and PostgreSQL: good rows issue once, and a dry run says the same as a real one."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from credentials.core.errors import BadInput, CredentialError
from credentials.core.vc_jwt import VcJwt
from credentials.issuer.bulk.events import BulkEvent, RowBlank, RowIssued, RowLeftOut, RowReady, RowRepeated, Verdict
from credentials.issuer.bulk.plan import plan
from credentials.issuer.bulk.run import issue_verdicts, run
from credentials.issuer.draft import Draft
from credentials.issuer.forms import COMPACT
from credentials.issuer.service import IssuerService
from credentials.store import credentials, tables
from credentials.store.engine import read
from tests.issuer.bulk.sheets import HEADING, line, sheet

DATA = Path(__file__).parents[2] / "data"
FILES = [DATA / "finished.csv", DATA / "finished-spreadsheet.csv"]


def counted(engine: Engine, table: str) -> int:
    with read(engine) as connection:
        return connection.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one()


def signed_document(engine: Engine, credential_id: str) -> Mapping[str, Any]:
    """What the token of a credential says."""
    with read(engine) as connection:
        form = credentials.secured(connection, credential_id, COMPACT)
    assert form is not None
    return VcJwt().read(form.body).document


def alike(event: BulkEvent) -> tuple[object, ...]:
    """What a dry run and a real run must agree on."""
    word = "good" if isinstance(event, RowReady | RowIssued) else type(event).__name__
    return (event.row, word) if isinstance(event, RowBlank) else (event.row, word, event.person, event.problems)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_dry_run_and_real_run_give_the_same_verdicts(service: IssuerService, engine: Engine, file: Path) -> None:
    dry = list(run(service, "acme", file, dry_run=True))
    assert counted(engine, "credential") == 0
    real = list(run(service, "acme", file, batch=3))
    assert [alike(event) for event in dry] == [alike(event) for event in real]
    issued = [event for event in real if isinstance(event, RowIssued)]
    assert counted(engine, "credential") == len(issued) > 0
    assert counted(engine, "secured_form") == counted(engine, "signing_intent") >= len(issued)
    assert len({event.id for event in issued}) == len({event.code for event in issued}) == len(issued)


def test_running_twice_issues_nothing_twice(service: IssuerService, engine: Engine) -> None:
    first = [event for event in run(service, "acme", FILES[1]) if isinstance(event, RowIssued)]
    again = [event for event in run(service, "acme", FILES[1], batch=2) if isinstance(event, RowIssued)]
    assert not any(event.repeated for event in first)
    assert all(event.repeated for event in again)
    assert [(event.row, event.id, event.code) for event in first] == [(e.row, e.id, e.code) for e in again]
    assert counted(engine, "credential") == len(first)


def test_stopped_anywhere_it_goes_on(service: IssuerService, engine: Engine) -> None:
    rows = [line(Name=f"Person N{number}", E_mail=f"n{number}@example.net") for number in range(23)]
    data = sheet(*rows)
    for stop in (1, 7, 8, 20):
        list(islice(run(service, "acme", data, batch=4), stop))
    events = [event for event in run(service, "acme", data, batch=4) if isinstance(event, RowIssued)]
    assert [event.row for event in events] == list(range(2, 25))
    assert [event.repeated for event in events] == [True] * 20 + [False] * 3
    assert counted(engine, "credential") == 23
    assert counted(engine, "secured_form") == counted(engine, "signing_intent") >= 23


def test_rows_and_columns_in_another_order_are_the_same_rows(service: IssuerService, engine: Engine) -> None:
    rows = [line(Name=f"Person N{number}") for number in range(5)]
    list(run(service, "acme", sheet(*rows)))
    mirrored = sheet(*[row[::-1] for row in rows[::-1]], heading=HEADING[::-1], separator=";", encoding="utf-16")
    assert all(event.repeated for event in run(service, "acme", mirrored) if isinstance(event, RowIssued))
    assert counted(engine, "credential") == 5


def test_a_corrected_file_adds_only_what_was_wrong(service: IssuerService, engine: Engine) -> None:
    list(run(service, "acme", sheet(line(), line(Name="Sam Lee", Hours="a while"))))
    events = list(run(service, "acme", sheet(line(), line(Name="Sam Lee", Hours="9"))))
    assert [event.repeated for event in events if isinstance(event, RowIssued)] == [True, False]
    assert counted(engine, "credential") == 2


def test_another_issuer_issues_its_own(service: IssuerService, engine: Engine) -> None:
    service.create_issuer("other", "Other Works")
    first = list(run(service, "acme", sheet(line())))
    second = list(run(service, "other", sheet(line())))
    assert isinstance(first[0], RowIssued)
    assert isinstance(second[0], RowIssued)
    assert first[0].id != second[0].id
    assert not second[0].repeated


def test_every_column_reaches_the_signed_credential(service: IssuerService, engine: Engine) -> None:
    heading = (*HEADING, "Deliverables", "Skills", "Role", "Valid until")
    cells = (*line(), "Price map; field notes (link only)", "cartography; price research", "Surveyor", "31.12.2030")
    (event,) = run(service, "acme", sheet(cells, heading=heading))
    assert isinstance(event, RowIssued)
    signed = json.dumps(signed_document(engine, event.id), ensure_ascii=False)
    for words in ("Nkechi Obi", "Price survey", "Visited 60 shops; recorded 14 prices in each.", "2026-03-02",
                  "2026-03-11", "38.5", "Ruth Adeyemi", "Careful work.", "https://work.example.net/1", "Price map",
                  "cartography", "price research", "Surveyor", "2030-12-31T23:59:59Z", event.id):  # fmt: skip
        assert words in signed
    assert "nkechi@example.net" not in signed  # only its salted hash is


def test_formula_text_is_signed_as_it_stands(service: IssuerService, engine: Engine) -> None:
    (event,) = run(service, "acme", sheet(line(Description="=1+1")))
    assert isinstance(event, RowIssued)
    assert [problem.code for problem in event.problems] == ["looks-like-formula"]
    assert '"=1+1' in json.dumps(signed_document(engine, event.id))


def test_many_bad_rows_wait_for_no_good_one(service: IssuerService) -> None:
    """A long stretch of bad rows is told as it is read, and the good rows around it are issued."""
    rows = [line(Hours="x", Name=f"Person N{number}") for number in range(50)]
    events = run(service, "acme", sheet(line(), *rows, line(Name="Sam Lee")), batch=1)
    found = list(events)
    assert [event.row for event in found] == list(range(2, 54))
    assert [event.row for event in found if isinstance(event, RowIssued)] == [2, 53]


def test_a_stretch_without_good_rows_is_told_before_its_end(service: IssuerService) -> None:
    verdicts: Iterator[Verdict] = iter([RowBlank(row) for row in range(2, 1002)])
    events = issue_verdicts(service, "acme", verdicts, batch=1)
    assert next(events) == RowBlank(2)
    assert len(list(verdicts)) > 900


def test_only_bad_rows_issue_nothing(service: IssuerService, engine: Engine) -> None:
    events = list(run(service, "acme", sheet(*[line(Hours="x")] * 30, []), batch=2))
    assert [type(event) for event in events] == [RowLeftOut] * 30 + [RowBlank]
    assert counted(engine, "credential") == 0


def test_a_repeat_in_the_file_is_issued_once(service: IssuerService, engine: Engine) -> None:
    events = list(run(service, "acme", sheet(*[line()] * 9), batch=2))
    assert [type(event) for event in events] == [RowIssued] + [RowRepeated] * 8
    assert counted(engine, "credential") == 1


def test_a_plan_can_be_run(service: IssuerService) -> None:
    bulk = plan(sheet(line(), heading=("Wer", *HEADING[1:])), {"recipient_name": "Wer"})
    assert isinstance(next(iter(run(service, "acme", bulk))), RowIssued)


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_unknown_issuer_is_an_error_before_anything(service: IssuerService, engine: Engine, dry_run: bool) -> None:
    with pytest.raises(CredentialError) as caught:
        run(service, "nobody", sheet(line()), dry_run=dry_run)
    assert caught.value.code == "issuer-unknown"
    assert counted(engine, "credential") == 0


@pytest.mark.parametrize("data", [b"", b"\0" * 50, sheet(), b"Name\nx\n"])
def test_a_file_that_cannot_be_read_issues_nothing(service: IssuerService, engine: Engine, data: bytes) -> None:
    with pytest.raises(BadInput):
        run(service, "acme", data)
    assert counted(engine, "credential") == 0


@pytest.mark.parametrize("batch", [0, -1])
def test_a_batch_holds_something(service: IssuerService, batch: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        run(service, "acme", sheet(line()), batch=batch)


def test_a_suspended_issuer_issues_nothing(service: IssuerService, engine: Engine) -> None:
    service.suspend_issuer("acme", "Under review")
    events: Iterator[BulkEvent] = run(service, "acme", sheet(line()))
    with pytest.raises(CredentialError) as caught:
        list(events)
    assert caught.value.code == "issuer-suspended"
    assert counted(engine, "credential") == 0


def test_what_a_row_becomes_is_what_the_service_would_make_of_the_draft(service: IssuerService) -> None:
    """The key of a row is the digest of its draft: the same draft issued by hand under that key is the same one."""
    (ready,) = run(service, "acme", sheet(line()), dry_run=True)
    assert isinstance(ready, RowReady)
    assert isinstance(ready.draft, Draft)
    by_hand = service.issue("acme", ready.draft, idempotency_key=ready.key)
    (event,) = run(service, "acme", sheet(line()))
    assert isinstance(event, RowIssued)
    assert (event.id, event.repeated) == (by_hand.id, True)
