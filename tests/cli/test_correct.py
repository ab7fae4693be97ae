"""`credentials correct`: what is named changes, all else stays, and what cannot be is one line and an exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from credentials.cli.invocation import Invocation
from credentials.core.achievement import parse_achievement
from credentials.core.micro_internship import CompletedWork, completed_work
from credentials.store import credentials as stored
from credentials.store.engine import read
from tests.cli.conftest import Credentials, Demo
from tests.cli.test_commands import assert_one_line, verdict

REASON = ("--reason", "A name was misspelt")
Changes = Callable[[Any], Path]


@pytest.fixture
def changes(tmp_path: Path) -> Changes:
    """A file of changes."""

    def written(value: Any) -> Path:
        path = tmp_path / "changes.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    return written


def work(demo: Demo, link: str) -> CompletedWork:
    """What a credential says of the work."""
    with Invocation(demo.folder, as_json=False).service() as service, read(service.engine) as connection:
        found = stored.by_id(connection, link.rsplit("/", 1)[1])
    assert found is not None
    return completed_work(parse_achievement(json.loads(found.unsigned)))


def test_what_is_named_changes_and_all_else_stays(own_demo: Demo, credentials: Credentials, changes: Changes) -> None:
    old = own_demo.links.genuine
    file = changes({"recipientName": "Zoë B. Brännström", "hours": 37.5})
    outcome = credentials("correct", old, file, *REASON, "--json", "--data", own_demo.folder)

    assert outcome.code == 0, outcome.err
    said = outcome.json()
    assert (said["corrects"], said["reason"]) == (old.rsplit("/", 1)[1], REASON[1])
    assert verdict(credentials, own_demo) == "REPLACED"
    verified = credentials("verify", old, "--data", own_demo.folder)
    assert (verified.code, said["url"] in verified.out) == (1, True)
    assert credentials("verify", said["url"], "--data", own_demo.folder).out.startswith("GENUINE")
    before, after = work(own_demo, old), work(own_demo, said["url"])
    assert (after.person, after.hours) == ("Zoë B. Brännström", "37.5")
    for name in (
        "title",
        "summary",
        "started",
        "ended",
        "role",
        "skills",
        "deliverables",
        "supervisor",
        "words",
        "evidence_url",
    ):
        assert getattr(after, name) == getattr(before, name), name


def test_twice_the_same_is_done_once_and_another_is_refused(
    own_demo: Demo, credentials: Credentials, changes: Changes
) -> None:
    call = ("correct", own_demo.links.genuine, changes({"hours": 12}), *REASON, "--data", own_demo.folder)
    first, again = credentials(*call), credentials(*call)
    assert (first.code, first.out) == (again.code, again.out)

    changes({"hours": 13})
    assert_one_line(credentials(*call), 65, "idempotency-conflict")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "members-invalid"),
        ({"recipientname": "x"}, "members-invalid"),
        ({"recipient_name": "x"}, "members-invalid"),
        ({"hours": "many"}, "members-invalid"),
        ({"startedOn": "2026-02-30"}, "members-invalid"),
        ({"recipientName": ""}, "draft-refused"),
        ({"recipientEmail": "other@mail.example"}, "holder-changed"),
        ("[1]", "not-json"),
        ("{", "not-json"),
        ('{"hours": 1, "hours": 2}', "duplicate-key"),
    ],
    ids=str,
)
def test_what_cannot_be_corrected_so_changes_nothing(
    demo: Demo, credentials: Credentials, changes: Changes, value: Any, code: str
) -> None:
    outcome = credentials("correct", demo.links.genuine, changes(value), *REASON, "--data", demo.folder)

    assert_one_line(outcome, 65, code)
    assert verdict(credentials, demo) == "GENUINE"


def test_what_was_withdrawn_and_what_is_not_there(demo: Demo, credentials: Credentials, changes: Changes) -> None:
    file = changes({"hours": 12})
    withdrawn = credentials("correct", demo.links.revoked, file, *REASON, "--data", demo.folder)
    assert_one_line(withdrawn, 65, "status-conflict")
    missing = credentials("correct", "0123456789ABCDEFGHJKMNPQRS", file, *REASON, "--data", demo.folder)
    assert_one_line(missing, 65, "credential-unknown")


def test_a_reason_that_cannot_be(demo: Demo, credentials: Credentials, changes: Changes) -> None:
    file = changes({"hours": 12})
    outcome = credentials("correct", demo.links.genuine, file, "--reason", " ", "--data", demo.folder)
    assert_one_line(outcome, 65, "status-reason-missing")
