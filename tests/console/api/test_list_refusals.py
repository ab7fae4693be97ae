"""What programs hand in that is no list, what they change that cannot be changed, and steps out of turn: refused."""

from __future__ import annotations

import pytest

from tests.console.api.test_lists import CSV, LISTS, XLSX, Lists, as_csv, lists, row
from tests.projects.api.conftest import Json

__all__ = ["lists"]

WRONG_FILES: list[tuple[str, str, bytes, int, str]] = [
    ("empty", CSV, b"", 422, "file-empty"),
    ("heading-only", CSV, as_csv([]), 422, "no-rows"),
    ("picture", CSV, b"\x89PNG\r\n\x1a\n" + b"\0" * 64, 422, "file-not-text"),
    ("broken-workbook", XLSX, b"PK\x03\x04" + b"x" * 80, 422, "file-is-workbook"),
    ("json", "application/json", b"{}", 415, "media-type-refused"),
    ("no-type", "", as_csv([row(1)]), 415, "media-type-refused"),
    ("form", "application/x-www-form-urlencoded", b"a=b", 415, "media-type-refused"),
    ("too-large", CSV, b"x" * 8_388_609, 413, "body-too-large"),
]


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"), [one[1:] for one in WRONG_FILES], ids=[one[0] for one in WRONG_FILES]
)
def test_a_file_that_is_no_list(lists: Lists, kind: str, content: bytes, status: int, code: str) -> None:
    before = len(lists.programs.done(lists.programs.call("GET", LISTS))["lists"])
    answer = lists.upload(content, kind)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert len(lists.programs.done(lists.programs.call("GET", LISTS))["lists"]) == before


NAMES = [
    ("a%00b.csv", 400, "text-unreadable"),
    ("../../etc/passwd", 201, "passwd"),
    ("%2Ftmp%2Flist.csv", 201, "list.csv"),
    ("", 201, "list.csv"),
    ("x" * 400, 201, "x" * 120),
]


@pytest.mark.parametrize(("name", "status", "told"), NAMES, ids=["nul", "folders", "root", "none", "long"])
def test_a_name_is_a_name_and_no_path(lists: Lists, name: str, status: int, told: str) -> None:
    answer = lists.upload(as_csv([row(1)]), name=name)
    found = answer.json.get("code") or answer.json["summary"]["name"]

    assert (answer.status_code, found) == (status, told)


WRONG_CHANGES: list[tuple[str, str, str, Json, int, str]] = [
    ("too-few", "PUT", "columns", {"fields": ["recipient_name"]}, 422, "members-invalid"),
    ("none-of-them", "PUT", "columns", {"fields": [""] * 8}, 422, "column-missing"),
    ("other-order", "PUT", "columns", {"fields": [""] * 8, "dateFormat": "ymd"}, 422, "members-invalid"),
    ("no-cells", "POST", "cells", {"cells": []}, 422, "members-invalid"),
    ("good-row", "POST", "cells", {"cells": [{"row": 2, "column": "name", "text": "x"}]}, 422, "cell-unknown"),
    ("no-row", "POST", "cells", {"cells": [{"row": 99, "column": "name", "text": "x"}]}, 422, "cell-unknown"),
    ("below-none", "POST", "cells", {"cells": [{"row": -1, "column": "name", "text": "x"}]}, 422, "cell-unknown"),
    ("no-column", "POST", "cells", {"cells": [{"row": 3, "column": "nom", "text": "x"}]}, 422, "cell-unknown"),
    ("number", "POST", "cells", {"cells": [{"row": 3, "column": "end", "text": 7}]}, 422, "members-invalid"),
    ("more", "POST", "cells", {"cells": [{"row": 3, "column": "end", "text": "x", "a": 1}]}, 422, "members-invalid"),
]


@pytest.mark.parametrize(
    ("method", "step", "body", "status", "code"), [one[1:] for one in WRONG_CHANGES], ids=[w[0] for w in WRONG_CHANGES]
)
def test_a_change_that_cannot_be_made(lists: Lists, method: str, step: str, body: Json, status: int, code: str) -> None:
    before = lists.checked(as_csv([row(1), row(2, end="soon")]))
    answer = lists.step(before["summary"]["id"], step, body, method)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert lists.look(before["summary"]["id"]) == before


@pytest.mark.parametrize("step", ["start", "cancel"])
def test_steps_out_of_turn(lists: Lists, step: str) -> None:
    number = lists.checked(as_csv([row(1, name="Out of turn")]))["summary"]["id"]
    lists.programs.done(lists.step(number, "start"))
    lists.drained(number)
    answer = lists.step(number, step)

    assert (answer.status_code, answer.json["code"]) == (409, "list-elsewhere")
