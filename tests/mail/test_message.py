"""Letters as messages: plain, complete, and nothing in them that a reader's text could break."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.mail.errors import AddressUnwritable
from credentials.mail.message import Action, Letter, render

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script>'


def message(letter: Letter, address: str = "ana@mail.example", unsubscribe: str | None = None) -> EmailMessage:
    return render(
        letter,
        sender="Service <no-reply@service.example>",
        address=address,
        date=NOW,
        message_id="x@service.example",
        unsubscribe=unsubscribe,
    )


def html(found: EmailMessage) -> str:
    part = found.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_every_header_that_a_message_must_have() -> None:
    found = message(Letter(kind="sign-in", subject="Hello", paragraphs=("Hello.",)))
    assert found["Date"] == "Mon, 16 Mar 2026 09:00:00 +0000"
    assert (found["From"], found["To"]) == ("Service <no-reply@service.example>", "ana@mail.example")
    assert found["Message-ID"] == "<x@service.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] is None


def test_markup_in_any_field_is_text() -> None:
    letter = Letter(
        kind="sign-in",
        subject=HOSTILE,
        paragraphs=(HOSTILE,),
        action=Action(HOSTILE, f'https://service.example/?a="{HOSTILE}'),
        after=(HOSTILE,),
        reason=HOSTILE,
    )
    found = html(message(letter, unsubscribe=f'https://service.example/"{HOSTILE}'))
    assert "<script" not in found
    assert found.count('href="') == 2


def test_the_html_asks_no_server_for_anything() -> None:
    letter = Letter(kind="sign-in", subject="Hello", paragraphs=("Hello.",), action=Action("Go", "https://a.example/"))
    found = html(message(letter))
    assert not any(word in found for word in ("<img", "<link", "<script", "src=", "url("))


@pytest.mark.parametrize("address", ["a\n@b.example", "a@b.example\r\nBcc: c@d.example", "a@[::1"])
def test_an_address_that_no_header_can_hold(address: str) -> None:
    letter = Letter(kind="sign-in", subject="Hello", paragraphs=("Hello.",))
    with pytest.raises(AddressUnwritable) as caught:
        message(letter, address)
    assert address not in str(caught.value)


TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


@given(TEXT, TEXT)
def test_any_text_comes_through_and_adds_no_header(subject: str, paragraph: str) -> None:
    plain = message(Letter(kind="sign-in", subject="Hello", paragraphs=("Hello.",)))
    found = message_from_bytes(
        message(Letter(kind="sign-in", subject=subject, paragraphs=(paragraph,))).as_bytes(policy=SMTP)
    )
    assert found.keys() == plain.keys()
