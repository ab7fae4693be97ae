"""Files that were handed in, for the company's programs: to the byte, and nothing that was not handed in to them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from io import BytesIO

import pytest

from credentials.accounts.acting import Visitor
from credentials.projects import parties
from credentials.projects.delivering import submitting
from credentials.projects.delivering.form import HandedIn
from tests.projects.api.conftest import WORK, Programs

BYTES = b"<script>alert(1)</script>\n" * 100


def kept(programs: Programs, visitor: Visitor, work: str, name: str = "report.html") -> str:
    """The id of a file of the candidate's, in work that goes on."""
    service = programs.cast.site.service
    issuer_id = service.issuer.issuer("acme").id
    return service.files.receive(BytesIO(BYTES), name, f"engagement:{work}", issuer_id, visitor).id


@pytest.fixture(scope="module")
def handed(programs: Programs) -> tuple[str, str, str]:
    """Work with a file that was handed in and one that was not: the ids of all three."""
    visitor = programs.candidate()
    work = programs.working(visitor)
    sent, back = kept(programs, visitor, work), kept(programs, visitor, work, "draft.html")
    given = HandedIn("", {1: ("https://files.example/notes",)}, {0: (sent,)})
    party = parties.of_candidate(visitor)
    submitting.deliver(programs.cast.site.service.desk, party, work, given, agreement=1, submission=0)
    return work, sent, back


def test_a_file_comes_to_the_byte_and_runs_nowhere(programs: Programs, handed: tuple[str, str, str]) -> None:
    work, sent, _back = handed
    (told,) = programs.work(work)["submissions"][0]["items"][0]["files"]
    answer = programs.call("GET", told["url"].removeprefix(programs.cast.site.service.base_url))

    assert (told["id"], told["size"], told["sha256"]) == (sent, len(BYTES), hashlib.sha256(BYTES).hexdigest())
    assert answer.data == BYTES
    assert answer.headers["Repr-Digest"] == f"sha-256=:{b64encode(hashlib.sha256(BYTES).digest()).decode()}:"
    assert answer.headers["Content-Disposition"] == "attachment; filename=report.html"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.mimetype != "text/html"


def test_nothing_else_is_had_there(programs: Programs, handed: tuple[str, str, str]) -> None:
    work, sent, back = handed
    another = programs.delivered(programs.candidate())
    asked = [f"{WORK}/{work}/files/{back}", f"{WORK}/{another}/files/{sent}", f"{WORK}/{work}/files/~"]
    answers = [programs.call("GET", path) for path in asked]
    foreign = programs.call("GET", f"{WORK}/{work}/files/{sent}", key=programs.other)

    assert {(one.status_code, one.get_json()["code"]) for one in answers} == {(404, "file-unknown")}
    assert (foreign.status_code, foreign.get_json()["code"]) == (404, "engagement-unknown")
