"""Pressing waits for the whole page; and every browser test presses that way."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response

from tests.browser.conftest import Visitor, free_port, served
from tests.browser.pressing import press

BARE = re.compile(r"\.(?:click|dblclick|tap)\(")
HALF_A_SECOND = 0.5
FIRST = (
    '<!doctype html><title>First</title><a href="/slow">Go</a><form method="post" action="/slow"><button>Send</button>'
)
MAY_CLICK = ("pressing.py", "test_pressing.py")


def slow_pages() -> Flask:
    """A link and a form; what they lead to begins at once and ends half a second later."""
    app = Flask(__name__)

    def begun() -> Iterator[str]:
        yield "<!doctype html><title>Slow</title><p>" + "The beginning. " * 500
        time.sleep(HALF_A_SECOND)
        yield "<p id=end>The end."

    app.add_url_rule(
        "/", "first", lambda: '<a href="/slow">Go</a><form method="post" action="/slow"><button>Send</button>'
    )
    app.add_url_rule("/slow", "slow", lambda: Response(begun(), mimetype="text/html"), methods=["GET", "POST"])
    return app


@pytest.mark.browser
@pytest.mark.parametrize("what", ["text=Go", "button"])
def test_what_is_read_next_is_the_whole_page(visitor: Visitor, what: str) -> None:
    port = free_port()
    with served(slow_pages(), port):
        page = visitor.visit(f"http://127.0.0.1:{port}/").page
        press(page, what)

        assert "The end." in page.content()


def test_no_browser_test_clicks_without_waiting() -> None:
    tests = [
        path for path in Path(__file__).parent.glob("*.py") if path.name not in ("pressing.py", "test_pressing.py")
    ]

    assert len(tests) > 10
    assert [path.name for path in tests if BARE.search(path.read_text(encoding="utf-8"))] == []


def test_a_bare_click_is_found() -> None:
    assert BARE.search('page.click("text=Go")')
    assert not BARE.search('press(page, "text=Go")')
