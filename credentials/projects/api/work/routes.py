"""Work over HTTP: what was agreed and handed in, and the company's side of agreeing on terms and ending them.

To deliver, to describe the work and to confirm that pay arrived is for the candidate alone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Annotated, get_args

import msgspec
from flask import Blueprint, Response

from credentials.accounts.errors import NobodyAnswers
from credentials.files.errors import FileUnknown
from credentials.files.routes import HARMLESS
from credentials.files.sniffing import served_type
from credentials.projects.agreeing import answering, errors
from credentials.projects.agreeing.document import MEDIA_TYPE, sha256
from credentials.projects.agreeing.form import judge
from credentials.projects.agreeing.proposing import propose
from credentials.projects.api.texts import TermsText, all_told, terms_of
from credentials.projects.api.work_records import (
    WorkPage,
    WorkRecord,
    WorkState,
    handed_file,
    list_work,
    look,
    work_record,
    work_summary,
)
from credentials.projects.delivering import receipts
from credentials.projects.delivering.errors import ReceiptWaits, SubmissionUnknown
from credentials.projects.parties import LONGEST_REASON, Party, of_company
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid, StateUnknown
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, state_asked, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

TERMS_BYTES = 131_072
ANSWER_BYTES = 16_384
BASE = "/api/v1/work"
ONE = f"{BASE}/<engagement_id>"
TAG = "Work"
READ = Caller.api_key("work:read")
WRITE = Caller.api_key("work:write")
WORK_ID = Parameter("engagement_id", "The work's id, in upper or lower case.")
STATES = get_args(WorkState)
Reason = Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)]


class ProposalRequest(Body, frozen=True):
    """Terms in the place of the newest version, whose number is `seen`."""

    terms: TermsText
    seen: int


class AgreeRequest(Body, frozen=True):
    """Which version is accepted."""

    number: int


class RefuseRequest(Body, frozen=True):
    """Which version is refused, and why: the candidate reads it."""

    number: int
    reason: Reason


class EndRequest(Body, frozen=True):
    """Why the work ends before it is done: the candidate reads it."""

    reason: Reason


LIST = Operation(
    id="listWork",
    summary="List the work",
    tag=TAG,
    parameters=(
        Parameter("state", "Only work in this state.", "query", f"^({'|'.join(STATES)})$", required=False),
        CURSOR,
    ),
    answers={200: Answer("At most 50, begun last first.", WorkPage)},
    problems=(CursorUnusable, StateUnknown),
)
GET = Operation(
    id="getWork",
    summary="Read all of one micro-internship's work",
    tag=TAG,
    parameters=(WORK_ID,),
    answers={200: Answer("The work.", WorkRecord)},
    problems=(errors.EngagementUnknown,),
)
AGREEMENT = Operation(
    id="getAgreement",
    summary="Download a version of what was agreed on",
    tag=TAG,
    parameters=(WORK_ID, Parameter("agreement_number", "The version's number.", pattern="^[0-9]+$")),
    answers={200: Answer("The document, byte for byte, with its digest in `Repr-Digest`.")},
    problems=(errors.EngagementUnknown, errors.AgreementUnknown),
)
RECEIPT = Operation(
    id="getReceipt",
    summary="Download the signed receipt of a submission",
    tag=TAG,
    parameters=(WORK_ID, Parameter("submission_number", "The submission's number.", pattern="^[0-9]+$")),
    answers={200: Answer("The receipt, a token that verifies like a credential.", media_type="application/vc+jwt")},
    problems=(errors.EngagementUnknown, SubmissionUnknown, ReceiptWaits),
)
FILE = Operation(
    id="getHandedFile",
    summary="Download a file that was handed in",
    tag=TAG,
    parameters=(WORK_ID, Parameter("handed_file_id", "The file's id, from the submission that it is in.")),
    answers={200: Answer("The file, byte for byte, with its digest in `Repr-Digest`.", media_type="*/*")},
    problems=(errors.EngagementUnknown, FileUnknown),
)
REFUSED = (MembersInvalid, errors.EngagementUnknown, errors.WorkOutOfTurn, NobodyAnswers, *REPEATING)
DONE = {200: Answer("The work as it is now.", WorkRecord)}
PROPOSE = Operation(
    id="proposeTerms",
    summary="Propose terms, or an amendment",
    tag=TAG,
    description="It counts as the company's acceptance. What was in force stays so until the candidate accepts.",
    body=ProposalRequest,
    example={
        "seen": 1,
        "terms": {
            "title": "Customer survey report",
            "deliverables": [{"name": "Report"}],
            "startsOn": "2026-03-02",
            "endsOn": "2026-04-15",
            "compensation": "EUR 450",
        },
    },
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=DONE,
    problems=(errors.TermsUnusable, errors.TermsUnchanged, errors.WorkMovedOn, *REFUSED),
)
AGREE = Operation(
    id="agreeToTerms",
    summary="Accept the candidate's proposal",
    tag=TAG,
    body=AgreeRequest,
    example={"number": 2},
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=DONE,
    problems=(errors.NothingToAnswer, errors.WorkMovedOn, *REFUSED),
)
REFUSE = Operation(
    id="refuseTerms",
    summary="Refuse the candidate's proposal",
    tag=TAG,
    body=RefuseRequest,
    example={"number": 2, "reason": "The deadline is too late for us."},
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=DONE,
    problems=(errors.NothingToAnswer, errors.WorkMovedOn, errors.ReasonWanted, *REFUSED),
)
END = Operation(
    id="endWork",
    summary="End the work before it is accepted",
    tag=TAG,
    description="Agreements, submissions and receipts stay.",
    body=EndRequest,
    example={"reason": "The project was cancelled."},
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=DONE,
    problems=(errors.ReasonWanted, *REFUSED),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("work_api", __name__)
    _add_reading(routes, service)
    _add_files(routes, service)
    _add_terms(routes, service)
    _add_answers(routes, service)
    return routes


def work_answer(service: Service, engagement_id: str) -> Response:
    """All of one engagement, as it is now."""
    return reply(_work(service, engagement_id))


def _work(service: Service, engagement_id: str) -> WorkRecord:
    member = this_program(service)
    return work_record(look(service.desk, member, engagement_id), member, service.base_url)


def stepped(service: Service, engagement_id: str, body: msgspec.Struct, step: Callable[[], object]) -> Response:
    """Take a step once, and answer with the work as it is then."""
    return step_once(service, body, lambda _member: step(), lambda: _work(service, engagement_id))


def _party(service: Service) -> Party:
    return of_company(this_program(service))


def _add_reading(routes: Blueprint, service: Service) -> None:
    @routes.get(BASE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed() -> Response:
        found = list_work(service.desk, this_program(service), state_asked(STATES), place_asked())
        return reply(WorkPage(work=[work_summary(one) for one in found.rows], cursor=cursor_of(found.last)))

    @routes.get(ONE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(GET)
    def get(engagement_id: str) -> Response:
        return work_answer(service, engagement_id)


def _add_files(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.get(f"{ONE}/agreements/<int:agreement_number>")
    @declares(READ, limit=Limit.ISSUE)
    @documented(AGREEMENT)
    def agreement(engagement_id: str, agreement_number: int) -> Response:
        found = answering.document_of(means, _party(service), engagement_id, agreement_number)
        digest = b64encode(sha256(found.document)).decode()
        # RFC 9530 section 3.
        headers = {"Repr-Digest": f"sha-256=:{digest}:"}
        return Response(found.document, mimetype=MEDIA_TYPE, headers=headers)

    @routes.get(f"{ONE}/receipts/<int:submission_number>")
    @declares(READ, limit=Limit.ISSUE)
    @documented(RECEIPT)
    def receipt(engagement_id: str, submission_number: int) -> Response:
        token = receipts.receipt_of(means, _party(service), engagement_id, submission_number)
        return Response(token, mimetype="application/vc+jwt")

    @routes.get(f"{ONE}/files/<handed_file_id>")
    @declares(READ, limit=Limit.ISSUE)
    @documented(FILE)
    def file(engagement_id: str, handed_file_id: str) -> Response:
        found = handed_file(means, this_program(service), engagement_id, handed_file_id)
        digest = b64encode(found.sha256).decode()
        answer = Response(
            service.files.open(found),
            content_type=served_type(found.media_type),
            headers={**HARMLESS, "Repr-Digest": f"sha-256=:{digest}:"},
        )
        answer.headers.set("Content-Disposition", "attachment", filename=found.name)
        answer.content_length = found.size
        return answer


def _add_terms(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.post(f"{ONE}/terms")
    @declares(WRITE, limit=Limit.ISSUE, max_body=TERMS_BYTES)
    @documented(PROPOSE)
    def proposed(engagement_id: str) -> Response:
        body = body_of(ProposalRequest)
        terms = terms_of(body.terms)

        def step() -> None:
            try:
                propose(means, _party(service), engagement_id, terms, body.seen)
            except errors.TermsUnusable as error:
                raise all_told(type(error), judge(terms)) from None

        return stepped(service, engagement_id, body, step)


def _add_answers(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.post(f"{ONE}/agree")
    @declares(WRITE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(AGREE)
    def agree(engagement_id: str) -> Response:
        body = body_of(AgreeRequest)
        return stepped(
            service, engagement_id, body, lambda: answering.accept(means, _party(service), engagement_id, body.number)
        )

    @routes.post(f"{ONE}/refuse")
    @declares(WRITE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(REFUSE)
    def refuse(engagement_id: str) -> Response:
        body = body_of(RefuseRequest)

        def step() -> None:
            answering.refuse(means, _party(service), engagement_id, body.number, body.reason)

        return stepped(service, engagement_id, body, step)

    @routes.post(f"{ONE}/end")
    @declares(WRITE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(END)
    def end(engagement_id: str) -> Response:
        body = body_of(EndRequest)
        return stepped(
            service, engagement_id, body, lambda: answering.end(means, _party(service), engagement_id, body.reason)
        )
