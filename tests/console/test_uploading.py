"""An uploaded list: checked, started, killed, resumed, cancelled; each good row issued once and sent once."""

import io
import re
import stat
from datetime import timedelta
from typing import Any

import pytest

from credentials.accounts.audit import trail
from credentials.console import uploading
from credentials.console.handing_over import send_first
from credentials.console.uploading import Uploads
from credentials.store import handovers
from credentials.store.engine import read, write
from credentials.store.tables import bulk_upload
from tests.console.conftest import Desk
from tests.web.staff import PAGE, Browser

BASE = "/console/acme/upload"
HEAD = "name,email,project,summary,start,end,supervisor,words\n"


def row(number: int, **changes: str) -> str:
    told = {
        "name": f"Person {number}",
        "email": f"person-{number}@mail.example",
        "project": f"Project {number}",
        "summary": "Counted things.",
        "start": "2026-02-02",
        "end": "2026-03-06",
        "supervisor": "Kim Larsen",
        "words": "Good.",
    } | changes
    return ",".join(told.values()) + "\n"


def listed(count: int, *more: str) -> bytes:
    return (HEAD + "".join(map(row, range(count))) + "".join(more)).encode()


def upload(browser: Browser, content: bytes, name: str = "list.csv", path: str = BASE) -> tuple[int, str]:
    """Send the form with a file; the status and where it leads (or the page)."""
    form = {"csrf_token": browser.token(path), "file": (io.BytesIO(content), name)}
    headers = {**PAGE, "Referer": f"{browser.base_url}{path}"}
    answer = browser.client.post(path, data=form, headers=headers, base_url=browser.base_url)
    return answer.status_code, answer.headers.get("Location", answer.text)


def checked(desk: Desk, content: bytes) -> str:
    """The path of a list that was uploaded and checked."""
    status, path = upload(desk.owner, content)
    assert status == 303, path
    desk.service.tasks.drain()
    return path


def issued(desk: Desk) -> list[str]:
    """Who was issued something by a list."""
    issuer = desk.service.issuer.issuer("acme")
    with read(desk.service.engine) as connection:
        found = handovers.issued(connection, issuer.id, limit=1000)
    return sorted(one.person for one in found if one.id != desk.issued_id)


def sent(desk: Desk) -> list[str]:
    return sorted(one.address for one in desk.service.outbox.listed(1000) if one.kind == "claim")


def test_good_rows_are_issued_and_sent_and_bad_ones_named(desk: Desk) -> None:
    bad = row(8, start="yesterday"), row(9, name="")
    path = checked(desk, listed(3, *bad))
    page = desk.owner.get(path).text
    assert "3 of 5 rows can be issued." in page
    assert "yesterday" in page
    assert issued(desk) == []

    assert desk.owner.post(f"{path}/start", path).status_code == 303
    assert "Look again" in desk.owner.get(path).text
    desk.service.tasks.drain()

    assert issued(desk) == ["Person 0", "Person 1", "Person 2"]
    assert sent(desk) == [f"person-{number}@mail.example" for number in range(3)]
    done = desk.owner.get(path).text
    assert "3 issued and sent." in done
    assert "Look again" not in done
    csv = desk.owner.get(f"{path}/errors.csv").text
    assert len({line.split(",")[0] for line in csv.splitlines()[1:]}) == 2


def test_checking_writes_nothing_and_keeps_the_file_private(desk: Desk) -> None:
    path = checked(desk, listed(2))
    files = list((desk.service.settings.data_dir / "uploads").iterdir())

    assert issued(desk) == []
    assert sent(desk) == []
    assert len(files) == 2
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    assert "2 of 2 rows can be issued." in desk.owner.get(path).text


def test_the_same_list_again_issues_and_sends_nothing_twice(desk: Desk) -> None:
    for _ in "12":
        path = checked(desk, listed(2))
        desk.owner.post(f"{path}/start", path)
        desk.service.tasks.drain()

    assert issued(desk) == ["Person 0", "Person 1"]
    assert len(sent(desk)) == 2


class Killed(BaseException):
    """As if the process ended here."""


@pytest.mark.parametrize("after", [0, 1, 26, 59])
def test_a_killed_worker_is_resumed(after: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = checked(desk, listed(60))
    desk.owner.post(f"{path}/start", path)
    number, told = path.rpartition("/")[2], [0]

    def stop(*arguments: Any) -> None:
        if told[0] == after:
            raise Killed
        told[0] += 1
        send_first(*arguments)

    monkeypatch.setattr("credentials.console.uploading.send_first", stop)
    with pytest.raises(Killed):
        desk.service.uploads.run(number)
    monkeypatch.setattr("credentials.console.uploading.send_first", send_first)
    now = desk.service.clock()
    assert desk.service.uploads.due(now, 9) == []
    assert list(desk.service.uploads.due(now + uploading.LEASE + timedelta(minutes=1), 9)) == [number]
    with write(desk.service.engine) as connection:
        connection.execute(bulk_upload.update().values(leased_until=None))
    desk.service.tasks.drain()

    assert len(issued(desk)) == len(set(issued(desk))) == 60
    assert len(sent(desk)) == len(set(sent(desk))) == 60


def test_cancelling_stops_and_starting_again_goes_on(desk: Desk) -> None:
    path = checked(desk, listed(2))
    assert desk.owner.post(f"{path}/cancel", path).status_code == 303
    desk.service.tasks.drain()
    assert issued(desk) == []
    assert desk.owner.post(f"{path}/start", path).status_code == 303
    desk.service.tasks.drain()

    assert len(issued(desk)) == 2
    assert desk.owner.post(f"{path}/cancel").status_code == 409
    assert desk.owner.post(f"{path}/start").status_code == 409


def test_cancelled_between_two_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = checked(desk, listed(60))
    desk.owner.post(f"{path}/start", path)
    note, told = Uploads._note, [0]

    def cancel(*arguments: Any) -> bool:
        told[0] += 1
        if told[0] == 2:
            assert desk.owner.post(f"{path}/cancel", path).status_code == 303
        return note(*arguments)

    monkeypatch.setattr(Uploads, "_note", cancel)
    desk.service.tasks.drain()

    assert len(issued(desk)) == 50
    assert "Cancelled." in desk.owner.get(path).text


def test_what_nothing_can_be_signed_for_is_stopped_and_said(desk: Desk) -> None:
    path = checked(desk, listed(2))
    desk.owner.post(f"{path}/start", path)
    desk.service.issuer.suspend_issuer("acme", "Not them.")
    desk.service.tasks.drain()

    assert issued(desk) == []
    assert "Cancelled." in desk.owner.get(path).text
    assert trail(desk.service.engine, desk.service.issuer.issuer("acme").id)[0].facts == {"code": "issuer-suspended"}


def test_four_eyes_and_roles(desk: Desk) -> None:
    author, signer = desk.invited("ann@acme.example", "author"), desk.invited("sam@acme.example", "signer")
    reviewer = desk.invited("rob@acme.example", "reviewer")
    desk.owner.post("/console/acme/people/four-eyes", wanted="yes")
    path = checked(desk, listed(1))

    assert author.post(f"{path}/start", path).status_code == 403
    assert reviewer.get(path).status_code == 403
    assert desk.owner.post(f"{path}/start", path).status_code == 403
    assert issued(desk) == []
    assert signer.post(f"{path}/start", path).status_code == 303
    desk.service.tasks.drain()
    assert issued(desk) == ["Person 0"]


def test_a_foreign_list_is_not_there(desk: Desk) -> None:
    path = checked(desk, listed(1, row(9, start="soon")))
    stranger = desk.person("eve@other.example")
    home = stranger.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"]
    theirs = f"{home}/upload/{path.rpartition('/')[2]}"

    assert stranger.get(theirs).status_code == stranger.get(f"{theirs}/errors.csv").status_code == 404
    assert stranger.post(f"{theirs}/start").status_code == stranger.post(f"{theirs}/cancel").status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "list.csv"),
        (b"   \n", "list.csv"),
        (HEAD.encode(), "list.csv"),
        (b"PK\x03\x04" + b"\0" * 100, "list.xlsx"),
        (bytes(range(256)) * 20, "list.csv"),
        (listed(1), ""),
    ],
)
def test_a_file_that_is_no_list(content: bytes, name: str, desk: Desk) -> None:
    status, page = upload(desk.owner, content, name)

    assert status == 422
    assert 'id="file-why"' in page
    assert not list((desk.service.settings.data_dir / "uploads").glob("*"))


def test_a_file_that_is_too_large(desk: Desk) -> None:
    told = {"CONTENT_LENGTH": "9000000", "CONTENT_TYPE": "multipart/form-data; boundary=b"}
    answer = desk.owner.client.post(BASE, environ_overrides=told, base_url=desk.owner.base_url)

    assert answer.status_code == 413


def test_cells_are_shown_and_never_run(desk: Desk) -> None:
    path = checked(desk, listed(0, row(1, name="<b>Ana</b>", start="=cmd()"), row(2, name='"=1+1"', start="soon")))
    page, csv = desk.owner.get(path).text, desk.owner.get(f"{path}/errors.csv").text

    assert "&lt;b&gt;Ana&lt;/b&gt;" in page
    assert "<b>Ana" not in page
    assert re.findall(r'"[=+@-]', csv) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 500 + ".csv", "<script>.csv"])
def test_a_name_that_a_file_should_not_have(name: str, desk: Desk) -> None:
    status, path = upload(desk.owner, listed(1), name)

    assert status == 303
    assert "<script>" not in desk.owner.get(path).text
    assert {one.parent for one in desk.service.settings.data_dir.rglob("*.csv")} == {desk.service.uploads.folder}
