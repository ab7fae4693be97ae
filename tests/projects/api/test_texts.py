"""Texts of programs and forms of people are one thing: what one says the other says, whatever is in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from credentials.projects.api.texts import (
    DeliverableText,
    ProjectText,
    SkillText,
    TermsText,
    all_told,
    form_of,
    project_text,
    terms_of,
    terms_text,
)
from credentials.projects.posting.errors import ProjectNotReady
from credentials.projects.posting.project_form import judge, restored, stored
from credentials.web.programs import cursor_of, place_asked
from credentials.webhooks.errors import CursorUnusable
from tests.projects.api.conftest import PROJECTS, Programs
from tests.projects.conftest import FORM

LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40).map(str.strip)
DELIVERABLES = st.lists(
    st.builds(DeliverableText, name=LINES, description=LINES, visibility=LINES, summary=LINES), max_size=3
).map(tuple)
SKILLS = st.lists(st.builds(SkillText, name=LINES, link=LINES), max_size=3).map(tuple)
PLAIN = dict.fromkeys(
    ("title", "brief", "hours", "starts_on", "ends_on", "compensation", "expectations", "owner_of_work"), LINES
)
PROJECT_TEXTS = st.builds(
    ProjectText, deliverables=DELIVERABLES, skills=SKILLS, remote=st.booleans(), place=LINES, budget=LINES, **PLAIN
)
TERMS_TEXTS = st.builds(TermsText, deliverables=DELIVERABLES, skills=SKILLS, **PLAIN)
MOMENTS = st.integers(0, 2**42).map(lambda micro: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro))


@given(PROJECT_TEXTS)
def test_a_project_is_read_as_it_was_written(text: ProjectText) -> None:
    assert project_text(restored(stored(form_of(text)))) == text
    assert isinstance(judge(form_of(text), datetime(2026, 3, 16, tzinfo=UTC).date()), list)


@given(TERMS_TEXTS)
def test_terms_are_read_as_they_were_written(text: TermsText) -> None:
    assert terms_text(terms_of(text)) == text


def test_a_form_of_the_console_is_read_whole() -> None:
    assert form_of(project_text(FORM)) == FORM


@given(PROJECT_TEXTS)
def test_what_is_told_can_be_sent_back(text: ProjectText) -> None:
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(text)), ProjectText) == text


def test_a_refusal_with_nothing_left_to_name_names_nothing() -> None:
    assert all_told(ProjectNotReady, []).where == ""


@given(MOMENTS, st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26))
def test_a_cursor_leads_back_to_its_place(moment: datetime, row_id: str) -> None:
    cursor = cursor_of((moment, row_id))
    with Flask("cursors").test_request_context(f"/?cursor={cursor}"):
        assert place_asked() == (moment, row_id)


@given(st.text(max_size=30))
def test_any_other_text_is_no_cursor(text: str) -> None:
    with Flask("cursors").test_request_context("/", query_string={"cursor": text}), pytest.raises(CursorUnusable):
        place_asked()


@pytest.mark.parametrize(
    "raw",
    [b'{"title": "\\ud800"}', b'{"title": "\xff"}', b'{"title": "a", "title": "b"}', b"[]", b"{", b""],
    ids=["surrogate", "not-utf-8", "twice", "list", "cut-off", "empty"],
)
def test_a_body_that_cannot_be_read(programs: Programs, raw: bytes) -> None:
    service = programs.cast.site.service
    headers = {"Authorization": f"Bearer {programs.key}", "Content-Type": "application/json"}
    client = programs.cast.app.test_client(use_cookies=False)
    answer = client.post(PROJECTS, data=raw, headers=headers, base_url=service.base_url)

    assert answer.status_code == 400, answer.text


def test_a_body_of_another_type(programs: Programs) -> None:
    service = programs.cast.site.service
    headers = {"Authorization": f"Bearer {programs.key}", "Content-Type": "text/plain"}
    client = programs.cast.app.test_client(use_cookies=False)
    answer = client.post(PROJECTS, data=b"{}", headers=headers, base_url=service.base_url)

    assert (answer.status_code, answer.get_json()["code"]) == (415, "media-type-refused")
