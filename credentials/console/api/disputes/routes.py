"""What holders say is wrong with their credentials, over HTTP: read, and answered where nothing is to be corrected.

What is wrong is put right by a correction, which settles the dispute. What a holder says is theirs: no call says it.
"""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec
from flask import Blueprint, Response

from credentials.accounts.errors import TwoPeopleWanted
from credentials.console.api.dispute_records import (
    DisputePage,
    DisputeRecord,
    answer,
    dispute_record,
    find,
)
from credentials.console.disputed import page_of_disputes
from credentials.console.errors import DisputeSettled, DisputeUnknown
from credentials.console.proposing import LONGEST_ANSWER
from credentials.store.disputes import DisputeState
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid, StateUnknown
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, state_asked, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

BASE = "/api/v1/disputes"
ONE = f"{BASE}/<dispute_id>"
TAG = "Disputes"
READ = Caller.api_key("read")
ISSUE = Caller.api_key("issue")
ANSWER_BYTES = 16_384
STATES = get_args(DisputeState)
DISPUTE_ID = Parameter("dispute_id", "The dispute's id, in upper or lower case.")


class AnswerRequest(Body, frozen=True):
    """What to write to the holder; empty for a letter that only says that the credential is left as it is."""

    words: Annotated[str, msgspec.Meta(max_length=LONGEST_ANSWER)] = ""


LIST = Operation(
    id="listDisputes",
    summary="List what holders said is wrong with their credentials, and how it was answered",
    tag=TAG,
    parameters=(
        Parameter("state", "Only those in this state.", "query", f"^({'|'.join(STATES)})$", required=False),
        CURSOR,
    ),
    answers={200: Answer("At most 50, said last first.", DisputePage)},
    problems=(CursorUnusable, StateUnknown),
)
GET = Operation(
    id="getDispute",
    summary="Read what a holder said is wrong with a credential",
    tag=TAG,
    parameters=(DISPUTE_ID,),
    answers={200: Answer("The dispute.", DisputeRecord)},
    problems=(DisputeUnknown,),
)
ANSWER = Operation(
    id="answerDispute",
    summary="Leave a credential as it is, and tell its holder why, in a letter",
    tag=TAG,
    description="Correct the credential instead where its holder is right: that settles the dispute too.",
    body=AnswerRequest,
    example={"words": "The survey ended on 6 March, as both of us signed."},
    parameters=(DISPUTE_ID, IDEMPOTENCY),
    answers={200: Answer("The dispute as it is now.", DisputeRecord)},
    problems=(MembersInvalid, DisputeUnknown, DisputeSettled, TwoPeopleWanted, *REPEATING),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes, means = Blueprint("disputes_api", __name__), service.desk

    def record(dispute_id: str) -> DisputeRecord:
        return dispute_record(find(means, this_program(service), dispute_id), service.base_url)

    @routes.get(BASE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed() -> Response:
        found = page_of_disputes(means, this_program(service), state_asked(STATES), place_asked())
        told = [dispute_record(one, service.base_url) for one in found.rows]
        return reply(DisputePage(disputes=told, cursor=cursor_of(found.last)))

    @routes.get(ONE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(GET)
    def get(dispute_id: str) -> Response:
        return reply(record(dispute_id))

    @routes.post(f"{ONE}/answer")
    @declares(ISSUE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(ANSWER)
    def answered(dispute_id: str) -> Response:
        body = body_of(AnswerRequest)
        return step_once(
            service, body, lambda member: answer(means, member, dispute_id, body.words), lambda: record(dispute_id)
        )

    return routes
