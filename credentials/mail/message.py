"""A letter: what it says, in plain paragraphs, and the one thing to do; written as text and as HTML.

No token stands in a subject or in the first words, which mail programs show before a letter is opened. The HTML part is
a plain document: no picture, no style of others, nothing fetched.
"""

from __future__ import annotations

from datetime import datetime
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

import msgspec

from credentials.mail.errors import AddressUnwritable

__all__ = ["Action", "Letter", "render"]

# Folding would cut a long link in the header in two (the cap is RFC 5322 §2.1.1).
_WHOLE_LINES = SMTP.clone(max_line_length=998)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    "<title>{title}</title></head>"
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem">{body}'
    '<p style="font-size:14px;margin-top:2.5rem;border-top:1px solid;padding-top:1rem">{foot}</p></body></html>'
)
_BUTTON = (
    '<p><a href="{url}" style="display:inline-block;padding:.75rem 1.25rem;border:1px solid;border-radius:4px;'
    'text-decoration:none;font-weight:600">{label}</a></p>'
    '<p style="font-size:14px">Or copy this address: <br><span style="word-break:break-all">{url}</span></p>'
)


class Action(msgspec.Struct, frozen=True):
    """The one thing to do: what the button says and where it leads."""

    label: str
    url: str

    def __repr__(self) -> str:
        """Without the address, which may open an account."""
        return f"Action(label={self.label!r})"


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One letter. `kind` says what sort it is; `reason` why the reader gets it; `after` stands below the action."""

    kind: str
    subject: str
    paragraphs: tuple[str, ...]
    action: Action | None = None
    after: tuple[str, ...] = ()
    reason: str = ""


def render(
    letter: Letter, *, sender: str, address: str, date: datetime, message_id: str, unsubscribe: str | None
) -> EmailMessage:
    """The letter as a message (RFC 5322) with a text and an HTML part.

    `date` is when it was written (§3.6.1), the same however often it is sent. `message_id` is without angle brackets.
    `unsubscribe` is the address of a one-click form (RFC 8058), for letters that may be turned off.

    Raises:
        AddressUnwritable: no header can hold the address.
    """
    message = EmailMessage(policy=_WHOLE_LINES)
    message["From"] = sender
    _write_to(message, address)
    message["Date"] = format_datetime(date)
    message["Subject"] = " ".join(letter.subject.split())
    message["Message-ID"] = f"<{message_id}>"
    # RFC 3834: no vacation notices back.
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_text(letter, unsubscribe))
    message.add_alternative(_html(letter, unsubscribe), subtype="html")
    return message


def _write_to(message: EmailMessage, address: str) -> None:
    try:
        message["To"] = address
    except (ValueError, HeaderParseError, AttributeError, IndexError):
        # The last two: how the standard library's parser ends on some addresses.
        raise AddressUnwritable from None


def _text(letter: Letter, unsubscribe: str | None) -> str:
    action = [f"{letter.action.label}:\n{letter.action.url}"] if letter.action else []
    foot = [line for line in (letter.reason, f"No more of these: {unsubscribe}" if unsubscribe else "") if line]
    parts = [*letter.paragraphs, *action, *letter.after, "-- \n" + "\n".join(foot)]
    return "\n\n".join(parts) + "\n"


def _html(letter: Letter, unsubscribe: str | None) -> str:
    action = letter.action
    button = _BUTTON.format(url=escape(action.url), label=escape(action.label)) if action else ""
    foot = escape(letter.reason)
    if unsubscribe:
        foot += f' <a href="{escape(unsubscribe)}">No more of these</a>'
    body = _paragraphs(letter.paragraphs) + button + _paragraphs(letter.after)
    return _PAGE.format(title=escape(letter.subject), body=body, foot=foot)


def _paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
