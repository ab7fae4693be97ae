"""Lists of work to issue over HTTP: uploaded, checked without writing anything, put right, started, cancelled.

A list tells of people: to look at one wants the scope `read`, as a credential does. Whoever holds a key with the scope
`issue` may issue; where the company wants two people for each award, no key does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from flask import Blueprint, Response, request

from credentials.accounts.acting import Member
from credentials.accounts.errors import NobodyAnswers, TwoPeopleWanted
from credentials.console.api.list_records import (
    UNREADABLE,
    CellText,
    ListPage,
    ListRecord,
    ListState,
    fixes_form,
    list_record,
    list_summary,
    page_of_lists,
)
from credentials.console.errors import CellUnknown, UploadElsewhere, UploadUnknown
from credentials.console.uploading import Uploads
from credentials.issuer.bulk.sheets import LONGEST_NAME
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, file_body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid, StateUnknown, TextUnreadable
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, state_asked, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING, once
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

LARGEST = 8_388_608
CHANGE_BYTES = 1_048_576
BASE = "/api/v1/lists"
ONE = f"{BASE}/<upload_id>"
TAG = "Lists"
READ = Caller.api_key("read")
ISSUE = Caller.api_key("issue")
TAKES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
STATES = get_args(ListState)
UPLOAD_ID = Parameter("upload_id", "The list's id, in upper or lower case.")


class ListFile(msgspec.Struct, frozen=True):
    """What tells two uploads apart under one Idempotency-Key."""

    name: str
    sheet: str
    sha256: str


class SheetRequest(Body, frozen=True):
    """Which sheet of the workbook is the list, as its tab reads."""

    sheet: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]


class ColumnsRequest(Body, frozen=True):
    """Which field each column is, in the order of the columns; empty for one that is passed over."""

    fields: Annotated[list[str], msgspec.Meta(max_length=200)]
    date_format: Literal["dmy", "mdy"] | None = None


class CellsRequest(Body, frozen=True):
    """Cells of rows that were left out, as they shall be read from now on. The file stays as it was uploaded."""

    cells: Annotated[list[CellText], msgspec.Meta(min_length=1, max_length=500)]


_SHOWN = {200: Answer("The list as it is now.", ListRecord)}
_REFUSED = (UploadUnknown, UploadElsewhere, NobodyAnswers, TwoPeopleWanted, *REPEATING)
UPLOAD = Operation(
    id="uploadList",
    summary="Upload a list of finished work, CSV or XLSX",
    tag=TAG,
    description="It is checked and nothing is issued: read it until its state is `checked`, or `mapping`, which asks "
    "which column is what. Of a workbook it is the sheet that is named, else that which was chosen last of one with "
    "the same sheets, else the first that is visible. A hidden sheet is read when it is named.",
    takes=TAKES,
    parameters=(
        Parameter("name", "The file's name.", place="query", required=False),
        Parameter("sheet", "The sheet of a workbook, as its tab reads.", place="query", required=False),
        IDEMPOTENCY,
    ),
    answers={201: Answer("Kept.", ListRecord)},
    problems=(*UNREADABLE, TextUnreadable, NobodyAnswers, TwoPeopleWanted, *REPEATING),
)
LIST = Operation(
    id="listLists",
    summary="List the lists",
    tag=TAG,
    parameters=(
        Parameter("state", "Only those in this state.", "query", f"^({'|'.join(STATES)})$", required=False),
        CURSOR,
    ),
    answers={200: Answer("At most 50, the newest first.", ListPage)},
    problems=(CursorUnusable, StateUnknown),
)
GET = Operation(
    id="getList",
    summary="Read a list: how far it has come, and what is wrong in it",
    tag=TAG,
    parameters=(UPLOAD_ID,),
    answers={200: Answer("The list.", ListRecord)},
    problems=(UploadUnknown,),
)
SHEET = Operation(
    id="setListSheet",
    summary="Say which sheet of its workbook a list is, for this list and the next ones with its sheets",
    tag=TAG,
    description="Then it is checked again. What was put right in the cells of another sheet is forgotten.",
    body=SheetRequest,
    example={"sheet": "Finished"},
    parameters=(UPLOAD_ID,),
    answers=_SHOWN,
    problems=(MembersInvalid, *UNREADABLE, UploadUnknown, UploadElsewhere, NobodyAnswers, TwoPeopleWanted),
)
COLUMNS = Operation(
    id="setListColumns",
    summary="Say which column is what, for this list and the next ones with its headings",
    tag=TAG,
    body=ColumnsRequest,
    example={"fields": ["recipient_name", "recipient_email", "project_title", "", "ended_on"], "dateFormat": "dmy"},
    parameters=(UPLOAD_ID,),
    answers=_SHOWN,
    problems=(MembersInvalid, *UNREADABLE, UploadUnknown, UploadElsewhere, NobodyAnswers, TwoPeopleWanted),
)
CELLS = Operation(
    id="changeListCells",
    summary="Put cells of rows right that were left out",
    tag=TAG,
    body=CellsRequest,
    example={"cells": [{"row": 7, "column": "Hours", "text": "40"}]},
    parameters=(UPLOAD_ID, IDEMPOTENCY),
    answers=_SHOWN,
    problems=(MembersInvalid, CellUnknown, *_REFUSED),
)
START = Operation(
    id="startList",
    summary="Issue what can be issued, or go on where it was cancelled",
    tag=TAG,
    description="Each good row is issued once, however often a list is started, and its holder is written once.",
    parameters=(UPLOAD_ID, IDEMPOTENCY),
    answers=_SHOWN,
    problems=_REFUSED,
)
CANCEL = Operation(
    id="cancelList",
    summary="Stop between two rows",
    tag=TAG,
    description="What is issued by then stays issued.",
    parameters=(UPLOAD_ID, IDEMPOTENCY),
    answers=_SHOWN,
    problems=_REFUSED,
)


def _file(name: str, summary: str) -> Operation:
    return Operation(
        id=name,
        summary=summary,
        tag=TAG,
        parameters=(UPLOAD_ID,),
        answers={200: Answer("A line each.", media_type="text/csv")},
        problems=(UploadUnknown,),
    )


ERRORS = _file("getListErrors", "Download every problem of a list")
LEFT_OUT = _file("getListRowsLeftOut", "Download the rows that were left out, to put them right and upload them again")
REPORT = _file("getListReport", "Download what became of each row that was issued")


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("lists_api", __name__)
    _add_reading(routes, service)
    _add_files(routes, service)
    _add_upload(routes, service)
    _add_changing(routes, service)
    _add_moving(routes, service)
    return routes


def _writer(service: Service) -> Member:
    """Whom the key acts as. Raises NobodyAnswers where nobody of the company answers for what it uploads."""
    return _answered_for(this_program(service))


def _answered_for(member: Member) -> Member:
    if not member.visitor.person_id:
        raise NobodyAnswers(where="Authorization")
    return member


def _add_reading(routes: Blueprint, service: Service) -> None:
    @routes.get(BASE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed() -> Response:
        found = page_of_lists(service.desk, this_program(service), state_asked(STATES), place_asked())
        return reply(ListPage(lists=[list_summary(one) for one in found.rows], cursor=cursor_of(found.last)))

    @routes.get(ONE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(GET)
    def get(upload_id: str) -> Response:
        return _shown(service, upload_id)


def _add_files(routes: Blueprint, service: Service) -> None:
    uploads = service.uploads

    @routes.get(f"{ONE}/errors.csv")
    @declares(READ, limit=Limit.ISSUE)
    @documented(ERRORS)
    def errors(upload_id: str) -> Response:
        return _csv(uploads.findings(uploads.find(this_program(service), upload_id)))

    @routes.get(f"{ONE}/left-out.csv")
    @declares(READ, limit=Limit.ISSUE)
    @documented(LEFT_OUT)
    def left_out(upload_id: str) -> Response:
        found = uploads.left_out(uploads.find(this_program(service), upload_id))
        return Response(found, content_type="text/csv; charset=utf-8")

    @routes.get(f"{ONE}/report.csv")
    @declares(READ, limit=Limit.ISSUE)
    @documented(REPORT)
    def report(upload_id: str) -> Response:
        return _csv(uploads.report(uploads.find(this_program(service), upload_id)))


def _csv(path: Path) -> Response:
    return Response(path.read_bytes() if path.exists() else b"", content_type="text/csv; charset=utf-8")


def _add_upload(routes: Blueprint, service: Service) -> None:
    uploads = service.uploads

    @routes.post(BASE)
    @declares(ISSUE, limit=Limit.ISSUE, max_body=LARGEST)
    @documented(UPLOAD)
    def upload() -> Response:
        content, name, sheet = file_body(TAKES), _asked("name"), _asked("sheet")

        def act() -> Response:
            made = uploads.take(_writer(service), name, content, sheet)
            return reply(list_record(uploads, made), 201)

        return once(service, ListFile(name, sheet, hashlib.sha256(content).hexdigest()), act)


def _asked(name: str) -> str:
    """A text of the query, empty where there is none. Raises TextUnreadable."""
    text = request.args.get(name, "")
    if "\0" in text:
        raise TextUnreadable(where=name)
    return text


def _add_changing(routes: Blueprint, service: Service) -> None:
    uploads = service.uploads

    @routes.put(f"{ONE}/sheet")
    @declares(ISSUE, limit=Limit.ISSUE, max_body=CHANGE_BYTES)
    @documented(SHEET)
    def sheet(upload_id: str) -> Response:
        body = body_of(SheetRequest)
        uploads.choose_sheet(_writer(service), upload_id, body.sheet)
        return _shown(service, upload_id)

    @routes.put(f"{ONE}/columns")
    @declares(ISSUE, limit=Limit.ISSUE, max_body=CHANGE_BYTES)
    @documented(COLUMNS)
    def columns(upload_id: str) -> Response:
        body, member = body_of(ColumnsRequest), _writer(service)
        _require_columns(uploads, member, upload_id, body.fields)
        uploads.map_columns(member, upload_id, body.fields, body.date_format or "")
        return _shown(service, upload_id)

    @routes.post(f"{ONE}/cells")
    @declares(ISSUE, limit=Limit.ISSUE, max_body=CHANGE_BYTES)
    @documented(CELLS)
    def cells(upload_id: str) -> Response:
        body = body_of(CellsRequest)

        def step(member: Member) -> None:
            form = fixes_form(uploads, uploads.find(member, upload_id), body.cells)
            uploads.put_right(member, upload_id, form)

        return _stepped(service, upload_id, body, step)


def _require_columns(uploads: Uploads, member: Member, upload_id: str, fields: list[str]) -> None:
    """Raise UploadUnknown, or MembersInvalid unless there is one field for each column."""
    there = len(uploads.look(uploads.find(member, upload_id)).titles)
    if len(fields) != there:
        raise MembersInvalid(f"the list has {there} columns, and these are {len(fields)}", where="/fields")


def _add_moving(routes: Blueprint, service: Service) -> None:
    uploads = service.uploads

    @routes.post(f"{ONE}/start")
    @declares(ISSUE, limit=Limit.ISSUE)
    @documented(START)
    def start(upload_id: str) -> Response:
        return _stepped(service, upload_id, None, lambda member: uploads.start(member, upload_id))

    @routes.post(f"{ONE}/cancel")
    @declares(ISSUE, limit=Limit.ISSUE)
    @documented(CANCEL)
    def cancel(upload_id: str) -> Response:
        return _stepped(service, upload_id, None, lambda member: uploads.cancel(member, upload_id))


def _stepped(service: Service, upload_id: str, body: Body | None, step: Callable[[Member], None]) -> Response:
    """Take a step once, and answer with the list as it is then."""
    return step_once(service, body, lambda member: step(_answered_for(member)), lambda: _record(service, upload_id))


def _record(service: Service, upload_id: str) -> ListRecord:
    uploads = service.uploads
    return list_record(uploads, uploads.find(this_program(service), upload_id))


def _shown(service: Service, upload_id: str) -> Response:
    return reply(_record(service, upload_id))
