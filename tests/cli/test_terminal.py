"""Nothing that a stranger wrote moves the cursor, colours, turns the writing direction or hides."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from credentials.cli.report_text import show
from credentials.cli.terminal import note, say, say_json, visible
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.verify import verify
from tests.cli.conftest import Credentials, Demo

ESCAPES = "\x1b[2J\x1b[HGENUINE \u202e\x9b31m\x07\x00\x7f\u2066\u200b\ufeff\ud800\r\n\t\U000e0041"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def test_what_is_visible_stays() -> None:
    for text in ("Zoë Brännström", "نمی\u200cدانم", "👩\u200d💻", "東京", "a\u0301", ""):
        assert visible(text) == text
    assert visible("12\u00a0000\u2028x") == "12 000 x"


def test_what_is_not_is_marked() -> None:
    shown = visible(ESCAPES)

    assert not UNSAFE.search(shown)
    assert "\n" not in shown
    assert len(shown) == len(ESCAPES)
    assert shown.startswith("\ufffd[2J\ufffd[HGENUINE \ufffd")


def test_every_way_out_is_safe(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"row 1: {ESCAPES}")
    note(f"error: {ESCAPES}")
    document = {"name": ESCAPES.replace("\ud800", ""), "emoji": "👩‍💻", "tag": "\U000e0041"}
    say_json(document)
    printed = capsys.readouterr()

    assert not UNSAFE.search(printed.out + printed.err)
    assert printed.err.count("\n") == 1
    assert json.loads(printed.out.split("\n", 1)[1]) == document


def report_of(token: bytes) -> Report:
    return verify(token, resolver=StaticResolver({}), policy=TrustPolicy(), now=datetime.now(UTC))


def test_the_words_of_a_report_are_safe(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    # Words quote the reason that an issuer gave; no reader of ours lets such a reason through, and the terminal
    # does not rely on that.
    show(msgspec.structs.replace(report_of(demo.token("genuine")), words=f"Withdrawn: {ESCAPES}"))

    assert not UNSAFE.search(capsys.readouterr().out)


def test_a_file_name_and_an_argument_are_safe(credentials: Credentials, tmp_path: Path) -> None:
    for arguments in (("verify", f"{ESCAPES.replace(chr(0), '')}"), ("verify", "--\x1b[2J"), ("\x1b[2J",)):
        outcome = credentials(*arguments)
        assert outcome.code in (64, 65)
        assert not UNSAFE.search(outcome.out + outcome.err)


def test_a_heading_and_a_row_of_a_list_are_safe(demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    heading = "Name,Email,Project,Summary,Start,End,Supervisor,\x1b[31mX"
    row = "A\x1b[2Jna\u202e Lima,ana@x.example,Survey,Did a survey of customers,2026-01-02,2026-02-03,Kim,"
    (tmp_path / "rows.csv").write_text(f"{heading}\n{row}\n", encoding="utf-8")
    for form in ((), ("--json",)):
        outcome = credentials(
            "issue", "--issuer", "northwind-bakeries", "--dry-run", tmp_path / "rows.csv", "--data", demo.folder, *form
        )
        assert outcome.code == 65
        assert not UNSAFE.search(outcome.out + outcome.err)
