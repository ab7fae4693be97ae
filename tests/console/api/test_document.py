"""What the API's document says of lists and of the look is what real calls answer: status, media type, members."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.console.api.test_brand import picture
from tests.console.api.test_lists import CSV, LISTS, as_csv, row
from tests.projects.api.conftest import Json, Programs
from tests.web.test_openapi import check_answer

BRAND = "/api/v1/brand"
FIELDS = ["recipient_name", "recipient_email", "project_title", "summary", "started_on", "ended_on", "supervisor_name"]
File = tuple[str, bytes]


@pytest.fixture(scope="module")
def document(programs: Programs) -> dict[str, Any]:
    """The document of the website."""
    found: dict[str, Any] = programs.call("GET", "/openapi.json", key="").get_json()
    return found


def template(path: str) -> str:
    """A path with the names of its parameters."""
    return re.sub(rf"^{LISTS}/\w+", f"{LISTS}/{{upload_id}}", path.partition("?")[0])


def calls(programs: Programs) -> list[tuple[str, str, Json | None, File | None, int]]:
    """Calls of every kind, and the status that each has."""
    content = as_csv([row(1, name="Told one"), row(2, name="Told two", end="soon")])
    made = programs.done(programs.call("POST", LISTS, file=(CSV, content)), 201)
    programs.cast.site.service.tasks.drain()
    one = f"{LISTS}/{made['summary']['id']}"
    cell = {"cells": [{"row": 3, "column": "end", "text": "2026-03-06"}]}
    return [
        ("POST", f"{LISTS}?name=x.csv", None, (CSV, content), 201),
        ("POST", LISTS, None, (CSV, b""), 422),
        ("POST", LISTS, None, ("text/html", b"x"), 415),
        ("GET", LISTS, None, None, 200),
        ("GET", f"{LISTS}?state=x", None, None, 422),
        ("GET", one, None, None, 200),
        ("GET", f"{LISTS}/0", None, None, 404),
        ("GET", f"{one}/errors.csv", None, None, 200),
        ("PUT", f"{one}/columns", {"fields": []}, None, 422),
        ("POST", f"{one}/cells", {"cells": [{"row": 1, "column": "end", "text": "x"}]}, None, 422),
        ("POST", f"{one}/cells", cell, None, 200),
        ("POST", f"{one}/start", None, None, 409),
        ("PUT", f"{one}/columns", {"fields": [*FIELDS, ""]}, None, 200),
        ("POST", f"{one}/cancel", None, None, 200),
        ("POST", f"{one}/start", None, None, 200),
        ("GET", f"{one}/report.csv", None, None, 200),
        ("GET", f"{one}/left-out.csv", None, None, 200),
        ("GET", BRAND, None, None, 200),
        ("PUT", f"{BRAND}/colour", {"accent": "#ffff00"}, None, 422),
        ("PUT", f"{BRAND}/colour", {"accent": "#123456"}, None, 200),
        ("PUT", f"{BRAND}/logo", None, ("image/png", b"x"), 422),
        ("PUT", f"{BRAND}/logo", None, ("image/png", picture()), 200),
        ("DELETE", f"{BRAND}/logo", None, None, 200),
    ]


def test_real_answers_are_what_the_document_says(programs: Programs, document: dict[str, Any]) -> None:
    for method, path, body, file, status in calls(programs):
        answer = programs.call(method, path, body, file=file)
        assert answer.status_code == status, (method, path, answer.text)
        assert str(status) in document["paths"][template(path)][method.lower()]["responses"], (method, path)
        check_answer(document, template(path), method.lower(), answer)


def test_every_post_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    posts = [item["post"] for path, item in document["paths"].items() if path.startswith(LISTS) and "post" in item]
    taking = [one["operationId"] for one in posts if "Idempotency-Key" in [part["name"] for part in one["parameters"]]]

    assert taking == [one["operationId"] for one in posts]
    assert len(posts) == 4


def test_a_file_is_described_by_its_media_types(document: dict[str, Any]) -> None:
    upload = document["paths"][LISTS]["post"]["requestBody"]
    logo = document["paths"][f"{BRAND}/logo"]["put"]["requestBody"]

    assert CSV in upload["content"]
    assert sorted(logo["content"]) == ["image/jpeg", "image/png", "image/webp"]
