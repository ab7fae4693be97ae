"""What the verifier says of a case: through the library, and over HTTP by the real application."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from credentials.core import strict_json
from credentials.verifier.checks import Outcome
from credentials.verifier.presentation import verify_presentation
from credentials.verifier.report import Report
from credentials.verifier.states import Verdict
from credentials.verifier.verify import verify
from credentials.web.app import create_app
from credentials.web.composition import open_service
from credentials.web.settings import load_settings
from tests.hostile.making import ASKED, Made, a_world
from tests.verifier.world import World

SECONDS = 1.0
NO_LIMITS = {"rate_lookup": "", "rate_verify_page": "", "rate_verify_api": "", "rate_issue": ""}


@dataclass(frozen=True)
class Judgement:
    """Whether it was accepted, as what (`state`, or the outcome of a presentation), why not, and in which time."""

    accepted: bool
    state: str
    code: str
    seconds: float


def judged(made: Made) -> Judgement:
    """By the library; timed again if a busy machine made it slow."""
    first = _judged(made)
    return first if first.seconds < SECONDS else replace(first, seconds=_judged(made).seconds)


def _judged(made: Made) -> Judgement:
    start = time.monotonic()
    if made.shows:
        return replace(_shown(made), seconds=time.monotonic() - start)
    report = made.world.verify(made.data)
    accepted = report.verdict is Verdict.VALID
    return Judgement(accepted, str(report.state), code_of([report]), time.monotonic() - start)


def _shown(made: Made) -> Judgement:
    world = made.world
    report = verify_presentation(
        made.data, resolver=world.resolver(), policy=world.policy, now=world.now, expects=ASKED
    )
    inside = report.credentials
    accepted = report.outcome is Outcome.PASSED and all(one.verdict is Verdict.VALID for one in inside)
    return Judgement(accepted and bool(inside), str(report.outcome), report.code or code_of(inside), 0)


def code_of(reports: Sequence[Report]) -> str:
    """The first reason that was given."""
    return next((check.code for report in reports for check in report.checks if check.code), "")


class Site:
    """The real application over a data folder; the world outside it is that of the case at hand."""

    def __init__(self, client: FlaskClient, put: Callable[[World], None]) -> None:
        self._client, self._put = client, put

    def answers(self, made: Made) -> Iterator[tuple[int, Any, float]]:
        """Status, JSON and seconds of each way to send a case; timed again if a busy machine made it slow."""
        self._put(made.world)
        for path, body in _bodies(made):
            status, answer, seconds = self._answer(path, body)
            yield status, answer, seconds if seconds < SECONDS else self._answer(path, body)[2]

    def _answer(self, path: str, body: bytes) -> tuple[int, Any, float]:
        start = time.monotonic()
        answer = self._client.post(path, data=body, content_type="application/json")
        return answer.status_code, answer.json, time.monotonic() - start


def _bodies(made: Made) -> Iterator[tuple[str, bytes]]:
    """The data as a text of JSON, and as JSON where it looks like that."""
    path, name = ("/presentations/verify", "verifiablePresentation") if made.shows else ("/api/v1/verify", "credential")
    asked = b',"options":' + strict_json.dump({"domain": ASKED.domain, "challenge": ASKED.challenge})
    after = asked if made.shows else b""
    try:
        text = json.dumps(made.data.decode()).encode()
    except UnicodeDecodeError:
        text = b'"' + made.data + b'"'
    looks_like_json = made.data.startswith((b"{", b"["))
    for value in (text, made.data) if looks_like_json else (text,):
        yield path, b'{"' + name.encode() + b'":' + value + after + b"}"
    if not made.shows:
        yield "/credentials/verify", b'{"verifiableCredential":' + (made.data if looks_like_json else text) + b"}"


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """An application whose verifier looks into the world that is put before it; all else of it is as served."""
    opened = open_service(load_settings(data_dir=folder, base_url="https://elsewhere.example", **NO_LIMITS))
    world: World = a_world()

    def put(other: World) -> None:
        nonlocal world
        world = other

    def answer(data: Any, also: Sequence[bytes] = ()) -> Report:
        return verify(data, resolver=world.resolver(), policy=world.policy, now=world.now, also=also)

    class Outside:
        def fetch(self, url: str, **options: Any) -> Any:
            return world.resolver().fetch(url, **options)

    service = replace(opened, verify=answer, resolver=Outside(), policy=lambda: world.policy, clock=lambda: world.now)
    try:
        yield Site(create_app(service, log_stream=io.StringIO()).test_client(), put)
    finally:
        opened.close()
