"""Lines of the log: what they have, and what they leave out."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from credentials.web.logs import make_log


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_line_says_what_happened_at_which_level(form: str) -> None:
    stream = io.StringIO()
    make_log("info", form, stream).bind(room="web").info("request", status=200)
    (line,) = stream.getvalue().splitlines()
    assert all(word in line for word in ("room", "web", "info", "request", "status", "200"))


def test_json_has_the_time_of_the_event() -> None:
    stream = io.StringIO()
    make_log("info", "json", stream).warning("late")
    said = json.loads(stream.getvalue())
    assert datetime.now(UTC) - datetime.fromisoformat(said.pop("timestamp")) < timedelta(minutes=1)
    assert said == {"event": "late", "level": "warning"}


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_is_below_the_level_is_not_written(form: str) -> None:
    stream = io.StringIO()
    make_log("warning", form, stream).info("request")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_message_of_an_exception_is_left_out(form: str) -> None:
    stream = io.StringIO()
    make_log("info", form, stream).error("broken", exc_info=ValueError("ana@mail.example"))
    assert "ana@" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
