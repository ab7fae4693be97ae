"""Letters that come back: delivery status notifications (RFC 3464), read strictly, found again by our Message-ID."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from credentials.mail.errors import BounceUnreadable

LARGEST = 1_048_576
MOST_PARTS = 50
_OURS = re.compile(r"<([0-9a-hjkmnp-tv-z]{26})@[^<>@\s]{1,253}>")
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which letter came back, and the status code of why (RFC 3463), such as 5.1.1."""

    mail_id: str
    status: str


def parse_bounce(raw: bytes) -> Bounce:
    """Read a notification that delivery failed for good.

    Raises BounceUnreadable for anything else: too large, no report, no failure, or none of a letter of ours.
    """
    if len(raw) > LARGEST:
        raise BounceUnreadable(f"at most {LARGEST} bytes are read")
    try:
        message = message_from_bytes(raw)
        parts = list(_parts(message))
    except (MessageError, ValueError, LookupError, RecursionError):
        raise BounceUnreadable from None
    if message.get_content_type() != "multipart/report" or len(parts) > MOST_PARTS:
        raise BounceUnreadable("it is no multipart/report")
    return Bounce(_mail_id(parts), _status(parts))


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        yield part
        if number > MOST_PARTS:
            return


def _status(parts: list[Message]) -> str:
    """The status of the first recipient that failed for good."""
    for part in parts:
        if str(part.get("Action", "")).strip().lower() == "failed":
            found = _STATUS.match(str(part.get("Status", "")).strip())
            if found and found[1] == "5":
                return found[0]
    raise BounceUnreadable("it reports no failure for good")


def _mail_id(parts: list[Message]) -> str:
    """The id of the letter whose header, or whole text, is in the notification."""
    for part in parts[1:]:
        texts = [str(part.get("Message-ID", "")), str(part.get("Original-Message-ID", ""))]
        if part.get_content_type() == "text/rfc822-headers":
            texts.append(str(part.get_payload()))
        for text in texts:
            if found := _OURS.search(text):
                return found[1].upper()
    raise BounceUnreadable("it names no letter of ours")
