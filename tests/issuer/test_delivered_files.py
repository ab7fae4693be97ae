"""A file that a draft tells of is told of in full, stands once, and makes another draft when it is another."""

from typing import Any

import pytest

from credentials.issuer.draft import Deliverable, Draft, draft_digest
from credentials.issuer.lint import lint
from tests.issuer.drafts import draft
from tests.issuer.test_lint import errors

FILE: dict[str, Any] = {"digest": "sha384-" + "A" * 64, "media_type": "application/pdf", "size": 10}


def with_files(*items: Deliverable) -> Draft:
    return draft(deliverables=items)


def test_a_file_told_of_in_full_passes() -> None:
    other = FILE | {"digest": "sha384-" + "B" * 64}
    assert lint(with_files(Deliverable("A", **FILE), Deliverable("B", "confidential", **other))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": None},
        {"media_type": None},
        {"size": None},
        {"size": 0},
        {"size": -1},
        {"size": 10**15},
        {"digest": "sha256-" + "A" * 43 + "="},
        {"digest": "sha384-" + "A" * 63},
        {"digest": "sha384-" + "A" * 64 + " "},
        {"digest": "sha384-" + "A" * 64 + "?x"},
        {"digest": ""},
        {"media_type": "pdf"},
        {"media_type": "text/html; charset=utf-8"},
        {"media_type": "Text/Plain"},
        {"media_type": "text/\u202e"},
        {"media_type": ""},
    ],
    ids=str,
)
def test_a_file_not_told_of_in_full_is_refused(changes: dict[str, Any]) -> None:
    assert errors(with_files(Deliverable("A", **(FILE | changes)))) == {("deliverables", "bad-file")}


def test_one_file_stands_once() -> None:
    url = "https://files.example/a"
    for twice in (
        (Deliverable("A", **FILE), Deliverable("B", **FILE)),
        (Deliverable("A", **FILE), Deliverable("B", "confidential", **FILE)),
        (Deliverable("A", url=url), Deliverable("B", url=url, **FILE)),
    ):
        assert errors(with_files(*twice)) == {("deliverables", "file-twice")}
    assert lint(with_files(Deliverable("A", "link", url), Deliverable("B", "link", url, **FILE))) == []


@pytest.mark.parametrize("changes", [{"digest": "sha384-" + "B" * 64}, {"media_type": "text/plain"}, {"size": 11}])
def test_another_file_is_another_draft(changes: dict[str, Any]) -> None:
    told = draft_digest(with_files(Deliverable("A", **FILE)))

    assert draft_digest(with_files(Deliverable("A", **(FILE | changes)))) != told
    assert draft_digest(with_files(Deliverable("A"))) != told
