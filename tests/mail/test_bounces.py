"""Delivery status notifications: the good one is read, everything else is refused by name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.mail.bounces import LARGEST, Bounce, parse_bounce
from credentials.mail.errors import BounceUnreadable

MAIL_ID = "7ZX3N4Q0V9T2M8B6K1HDWJ5RCE"
NOTICE = f"""From: MAILER-DAEMON@mx.example
To: no-reply@service.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ana@mail.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

From: no-reply@service.example
Message-ID: <{MAIL_ID.lower()}@service.example>
Subject: Sign in

--b--
"""


def test_a_notice_names_the_letter_and_why() -> None:
    assert parse_bounce(NOTICE.encode()) == Bounce(MAIL_ID, "5.1.1")


def test_a_notice_with_the_whole_letter() -> None:
    whole = NOTICE.replace("text/rfc822-headers", "message/rfc822")

    assert parse_bounce(whole.encode()) == Bounce(MAIL_ID, "5.1.1")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("multipart/report", "multipart/mixed"),
        ("Action: failed", "Action: delayed"),
        ("Status: 5.1.1", "Status: 4.2.2"),
        ("Status: 5.1.1", "Status: five"),
        (MAIL_ID.lower(), "somebody-elses"),
        (MAIL_ID.lower(), MAIL_ID.lower()[:-1]),
        ("--b\nContent-Type: message/delivery-status", "--c\nContent-Type: text/plain"),
    ],
)
def test_what_is_no_notice_of_a_letter_that_failed(old: str, new: str) -> None:
    with pytest.raises(BounceUnreadable):
        parse_bounce(NOTICE.replace(old, new).encode())


def test_a_notice_that_is_too_large_or_has_too_many_parts() -> None:
    with pytest.raises(BounceUnreadable):
        parse_bounce(NOTICE.encode() + b" " * LARGEST)
    with pytest.raises(BounceUnreadable):
        parse_bounce(NOTICE.replace("--b\nContent-Type: text/plain", "--b\n\nx\n" * 60 + "--b\n").encode())


@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_and_nothing_else_happens(raw: bytes) -> None:
    with pytest.raises(BounceUnreadable):
        parse_bounce(raw)


@given(st.integers(0, len(NOTICE) - 1), st.characters(codec="utf-8"))
def test_a_notice_with_any_character_changed_is_read_or_refused(place: int, character: str) -> None:
    changed = NOTICE[:place] + character + NOTICE[place + 1 :]
    with suppress(BounceUnreadable):
        assert len(parse_bounce(changed.encode()).mail_id) == 26


def nested(kind: str, levels: int) -> bytes:
    """A report whose parts are each inside the one before."""
    if kind == "message/rfc822":
        return b"Content-Type: multipart/report; boundary=b\n\n--b\n" + b"Content-Type: message/rfc822\n\n" * levels
    inner = (f"--b{level}\nContent-Type: multipart/mixed; boundary=b{level + 1}\n\n" for level in range(levels))
    return ("Content-Type: multipart/report; boundary=b0\n\n" + "".join(inner)).encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed"])
@pytest.mark.parametrize("levels", [60, 150, 2_000])
def test_a_notice_that_is_too_deep_is_refused(kind: str, levels: int) -> None:
    with pytest.raises(BounceUnreadable):
        parse_bounce(nested(kind, levels))
