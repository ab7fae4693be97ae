"""`credentials mail` and `credentials worker`: the outbox from the command line."""

import io
import sys
from pathlib import Path

import pytest

from credentials.cli.invocation import Invocation
from credentials.mail.message import Action, Letter
from credentials.store.engine import write
from tests.cli.conftest import Credentials
from tests.mail.sink import sink
from tests.mail.test_bounces import MAIL_ID, NOTICE

LINK = "https://service.example/link/k5Yh0Q2Lw8"
LETTER = Letter(kind="sign-in", subject="Sign in", paragraphs=("Open this.",), action=Action("Go", LINK))


def put(folder: Path) -> str:
    with Invocation(folder, as_json=False).service() as service, write(service.engine) as connection:
        mail_id = service.outbox.put(connection, LETTER, "ana@mail.example")
    assert mail_id is not None
    return mail_id


def feed(monkeypatch: pytest.MonkeyPatch, notice: str) -> None:
    """Give a notice on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(notice.encode())))


def test_a_newcomer_reads_letters_without_a_mail_server(tmp_path: Path, credentials: Credentials) -> None:
    mail_id = put(tmp_path)
    listed = credentials("mail", "list", "--data", tmp_path)
    assert listed.code == 0
    assert all(word in listed.out for word in (mail_id, "kept", "ana@mail.example", "Sign in"))
    assert LINK not in listed.out
    shown = credentials("mail", "show", mail_id, "--data", tmp_path, "--json").json()
    assert (shown["to"], shown["link"], shown["text"]) == ("ana@mail.example", LINK, ["Open this."])


def test_a_worker_sends_what_waits_and_its_text_is_gone(
    tmp_path: Path, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink() as server:
        assert server.server is not None
        monkeypatch.setenv("CREDENTIALS_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CREDENTIALS_SMTP_PORT", str(server.server.port))
        monkeypatch.setenv("CREDENTIALS_SMTP_SECURITY", "none")
        mail_id = put(tmp_path)
        worked = credentials("worker", "--once", "--data", tmp_path)
    assert worked.code == 0
    assert [to for to, _ in server.taken] == ["ana@mail.example"]
    assert not any(word in worked.out + worked.err for word in ("ana@", LINK, "Open this"))
    [letter] = credentials("mail", "list", "--data", tmp_path, "--json").json()["letters"]
    assert (letter["id"], letter["state"]) == (mail_id, "sent")
    shown = credentials("mail", "show", mail_id, "--data", tmp_path)
    assert shown.code == 65
    assert "mail-unknown" in shown.err


def test_a_letter_that_came_back_is_noted(
    tmp_path: Path, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_id = put(tmp_path)
    feed(monkeypatch, NOTICE.replace(MAIL_ID.lower(), mail_id.lower()))
    assert credentials("mail", "bounce", "--data", tmp_path).code == 0
    [letter] = credentials("mail", "list", "--data", tmp_path, "--json").json()["letters"]
    assert (letter["state"], letter["problem"]) == ("bounced", "status 5.1.1")


@pytest.mark.parametrize(
    ("notice", "code"), [(NOTICE, "mail-unknown"), ("", "bounce-unreadable"), ("Hello", "bounce-unreadable")]
)
def test_what_is_no_notice_of_a_letter_of_ours(
    notice: str, code: str, tmp_path: Path, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path)
    feed(monkeypatch, notice)
    outcome = credentials("mail", "bounce", "--data", tmp_path)
    assert outcome.code == 65
    assert f"[{code}]" in outcome.err
    assert "ana@" not in outcome.err
