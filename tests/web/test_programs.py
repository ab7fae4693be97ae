"""What every route for programs reads of a request: the body, the place in a list, the state; and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import CredentialError, NotJson, NotUtf8, TooDeep
from credentials.web.access import Caller, Declaration, Limit
from credentials.web.bodies import Body, file_body
from credentials.web.envelope import DECLARATION
from credentials.web.errors import MediaTypeRefused, MembersInvalid, StateUnknown, TextUnreadable
from credentials.web.programs import body_of, cursor_of, place_asked, state_asked
from credentials.webhooks.errors import CursorUnusable

APP = Flask("programs")
DECLARED = Declaration(Caller.api_key("issue"), limit=Limit.ISSUE, max_body=4096)
AT = datetime(2026, 3, 16, 9, 0, 0, 123456, tzinfo=UTC)


class Letter(Body, frozen=True):
    """A body."""

    text: str
    copies: int = 1
    to: tuple[str, ...] = ()


def asked(read: Callable[[], Any], query: str = "", **request: Any) -> Any:
    """What is read of a request."""
    with APP.test_request_context(f"/{query}", environ_overrides={DECLARATION: DECLARED}, **request):
        return read()


def sent(text: str | bytes, kind: str = "application/json") -> Any:
    return asked(lambda: body_of(Letter), method="POST", data=text, content_type=kind)


def test_a_body_is_read() -> None:
    assert sent('{"text": "Hello", "to": ["a", "b"]}') == Letter(text="Hello", copies=1, to=("a", "b"))


WRONG: list[tuple[str | bytes, type[CredentialError]]] = [
    ("", NotJson),
    ("{", NotJson),
    ("[]", NotJson),
    ('"text"', NotJson),
    ("null", NotJson),
    ('{"text": "a"} {}', NotJson),
    ('{"text": NaN}', NotJson),
    (b'{"text": "\xff"}', NotUtf8),
    ("{}", MembersInvalid),
    ('{"text": null}', MembersInvalid),
    ('{"text": 1}', MembersInvalid),
    ('{"text": "a", "copies": "1"}', MembersInvalid),
    ('{"text": "a", "copies": 1.5}', MembersInvalid),
    ('{"text": "a", "copies": true}', MembersInvalid),
    ('{"text": "a", "more": 1}', MembersInvalid),
    ('{"Text": "a"}', MembersInvalid),
    ('{"text": "a", "to": "b"}', MembersInvalid),
    ('{"text": "a", "to": ["b", 1]}', MembersInvalid),
    ('{"text": "a\\u0000"}', TextUnreadable),
    ('{"text": "a", "to": ["b", "\\u0000"]}', TextUnreadable),
    ('{"te\\u0000xt": "a"}', TextUnreadable),
    ('{"more": {"deep": [{"er": "\\u0000"}]}}', TextUnreadable),
    ('{"text": ' + "[" * 40 + "]" * 40 + "}", TooDeep),
]


@pytest.mark.parametrize(("text", "error"), WRONG, ids=[f"{n}-{one[1].__name__}" for n, one in enumerate(WRONG)])
def test_a_body_that_is_refused(text: str | bytes, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        sent(text)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json"]
)
def test_a_body_of_another_kind(kind: str) -> None:
    with pytest.raises(MediaTypeRefused):
        sent('{"text": "a"}', kind)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_a_body_whose_kind_says_more(kind: str) -> None:
    assert sent('{"text": "a"}', kind).text == "a"


@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=4))
def test_no_nul_gets_through_wherever_it_stands(text: str, to: list[str]) -> None:
    body = json.dumps({"text": text, "to": to}, ensure_ascii=False).encode("utf-8", "replace")
    if "\0" in text or any("\0" in one for one in to):
        with pytest.raises(TextUnreadable):
            sent(body)
    else:
        assert "\0" not in sent(body).text


@pytest.mark.parametrize("kind", ["image/png", "text/csv"])
def test_a_file_of_a_kind_that_is_taken(kind: str) -> None:
    read = lambda: file_body(("image/png", "text/csv"))  # noqa: E731

    assert asked(read, method="PUT", data=b"\0\xff", content_type=kind) == b"\0\xff"


@pytest.mark.parametrize("kind", ["", "image/svg+xml", "image/png2", "application/octet-stream", "*/*"])
def test_a_file_of_another_kind(kind: str) -> None:
    with pytest.raises(MediaTypeRefused):
        asked(lambda: file_body(("image/png",)), method="PUT", data=b"x", content_type=kind)


@pytest.mark.parametrize("at", [AT, datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)])
@pytest.mark.parametrize("last", ["A", "01KAZ7M1Q4J9V2X8D3C5B6N7F0", "x" * 64])
def test_a_cursor_leads_back_to_its_place(at: datetime, last: str) -> None:
    cursor = cursor_of((at, last))

    assert asked(place_asked, f"?cursor={cursor}") == (at, last)


def test_without_a_cursor_a_list_begins() -> None:
    assert asked(place_asked) is None
    assert cursor_of(None) is None


def spelled(text: str) -> str:
    return base64url.encode(text.encode())


CURSORS = [
    "",
    "x",
    "====",
    "A" * 3000,
    spelled(""),
    spelled(","),
    spelled("2026-03-16T09:00:00+00:00"),
    spelled("2026-03-16T09:00:00+00:00,"),
    spelled("2026-03-16T09:00:00,A"),
    spelled("2026-13-16T09:00:00+00:00,A"),
    spelled("0001-01-01T00:00:00+14:00,A"),
    spelled("9999-12-31T23:59:59-14:00,A"),
    spelled("2026-03-16T09:00:00+00:00,A B"),
    spelled("2026-03-16T09:00:00+00:00,A;DROP"),
    spelled("2026-03-16T09:00:00+00:00,\u0665"),
    spelled("2026-03-16T09:00:00+00:00," + "x" * 65),
    spelled("2026-03-16T09:00:00+00:00,A") + "=",
    spelled("2026-03-16T09:00:00+00:00,A") + "%00",
]


@pytest.mark.parametrize("cursor", CURSORS, ids=[str(number) for number in range(len(CURSORS))])
def test_a_cursor_of_nobody_s(cursor: str) -> None:
    with pytest.raises(CursorUnusable):
        asked(place_asked, f"?cursor={cursor}")


@given(st.binary(max_size=60))
def test_any_bytes_as_a_cursor_are_a_place_or_refused(data: bytes) -> None:
    try:
        found = asked(place_asked, f"?cursor={base64url.encode(data)}")
    except CursorUnusable:
        return
    assert found is not None
    assert (found[0].utcoffset(), found[1].isalnum()) == (timedelta(0), True)


@pytest.mark.parametrize("given_state", ["", "Open", "open ", "open,closed", "%00", "draft"])
def test_a_state_that_there_is_not(given_state: str) -> None:
    with pytest.raises(StateUnknown):
        asked(lambda: state_asked(("open", "closed")), f"?state={given_state}")


@pytest.mark.parametrize(("query", "state"), [("", None), ("?state=open", "open"), ("?state=closed&state=x", "closed")])
def test_a_state_that_there_is(query: str, state: str | None) -> None:
    assert asked(lambda: state_asked(("open", "closed")), query) == state
