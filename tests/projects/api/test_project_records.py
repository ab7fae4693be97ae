"""Projects and applications as programs read them: where a page ends, what is null, and whose rows are in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from credentials.projects.api import project_records as records
from credentials.projects.posting.project_form import ProjectForm, stored
from credentials.projects.posting.publishing import Posting
from credentials.store.applications import Applicant, Application
from credentials.store.projects import Project
from tests.projects.conftest import FORM

AT = datetime(2026, 3, 16, 9, tzinfo=UTC)
BASE_URL = "https://credentials.example"
PROJECT = Project(
    id="P1",
    issuer_id="I1",
    author_id="A1",
    state="draft",
    form=stored(FORM),
    title=FORM.title,
    words="",
    remote=True,
    ends_on=None,
    version=3,
    created_at=AT,
    changed_at=AT,
)
SENT = Application(
    id="A1",
    project_id="P1",
    issuer_id="I1",
    person_id="person-told-to-nobody",
    state="sent",
    note="I did this before.",
    created_at=AT,
    changed_at=AT,
)


@pytest.mark.parametrize("state", ["draft", "open", "filled", "closed"])
@pytest.mark.parametrize("opened", [None, AT])
def test_a_project_has_an_address_once_it_was_open(state: str, opened: datetime | None) -> None:
    one = replace(PROJECT, state=state, opened_at=opened)
    told = records.project_record(Posting(one, FORM, 2), BASE_URL)
    assert told.url == (f"{BASE_URL}/projects/P1" if opened else None)
    assert told.opened_at == ("2026-03-16T09:00:00Z" if opened else None)
    assert (told.state, told.closed_at, told.version, told.waiting) == (state, None, 3, 2)


def test_a_form_of_which_nothing_was_typed_is_told_all_the_same() -> None:
    told = msgspec.to_builtins(records.project_record(Posting(PROJECT, ProjectForm(), 0), BASE_URL))
    assert told["project"]["title"] in ("", None)
    assert told["waiting"] == 0
    assert {"author_id", "authorId", "issuerId", "words"}.isdisjoint(told)


@pytest.mark.parametrize("portfolio", [None, "", "/p/ana"])
@pytest.mark.parametrize("answer", [None, "", "Thank you."])
def test_what_was_not_given_is_null(portfolio: str | None, answer: str | None) -> None:
    one = Applicant(replace(SENT, portfolio=portfolio, answer=answer), "Ana Souza")
    told = records.application_record(one, BASE_URL)
    assert told.portfolio == (f"{BASE_URL}/p/ana" if portfolio else None)
    assert told.answer == answer
    assert told.skills is None


def test_an_application_tells_no_person_in_a_log_and_no_id_of_theirs_at_all() -> None:
    told = records.application_record(Applicant(replace(SENT, portfolio="/p/ana"), "Ana Souza"), BASE_URL)
    assert repr(told) == "ApplicationRecord(id=A1)"
    assert str(records.ApplicationPage(applications=[told], cursor=None)).count("Ana") == 0
    assert b"person-told-to-nobody" not in msgspec.json.encode(told)


def test_a_moment_is_told_in_utc_or_not_at_all() -> None:
    assert records.moment(None) is None
    assert records.moment(AT.astimezone(timezone(timedelta(hours=5, minutes=45)))) == "2026-03-16T09:00:00Z"
    with pytest.raises(ValueError, match="needs a zone"):
        records.moment(AT.replace(tzinfo=None))
