"""A disk without room: a form with a file gets a proper answer, and nothing of the file stays."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from credentials.files.errors import FileStoreFull
from tests.console.conftest import Desk, desk
from tests.console.test_awarding import NEW
from tests.web.staff import PAGE

__all__ = ["desk"]
ROOM = 8 * 2**20
"""More than any other file of the service takes, and less than the uploads."""
LARGE = b"x" * (ROOM + 2**20)


@contextmanager
def little_room() -> Iterator[None]:
    """No file that this process writes may become larger than `ROOM`, as if the disk ended there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def form_of(texts: dict[str, str], content: bytes) -> tuple[bytes, str]:
    """A form with a file, in memory: what writes it must not need the room itself."""
    lines = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in texts.items()]
    head = '--b\r\nContent-Disposition: form-data; name="deliverable_file_0"; filename="large.bin"\r\n\r\n'
    return "\r\n".join([*lines, head]).encode() + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def send(desk: Desk) -> TestResponse:
    """Send the form as it is in memory."""
    token = desk.owner.token(NEW)
    body, kind = form_of({"csrf_token": token, "do": "save", "project_title": "Large"}, LARGE)
    headers = {**PAGE, "Referer": f"{desk.owner.base_url}{NEW}"}
    return desk.owner.client.post(NEW, data=body, content_type=kind, headers=headers, base_url=desk.owner.base_url)


def left(desk: Desk) -> list[Path]:
    """Every file that is or was being kept."""
    folder = desk.service.settings.data_dir
    return [one for name in ("files", "incoming") for one in (folder / name).rglob("*") if one.is_file()]


def test_a_form_whose_file_does_not_fit_is_answered_and_leaves_nothing(desk: Desk) -> None:
    with little_room():
        answer = send(desk)

    assert answer.status_code == 507
    assert "There is no room left for files" in answer.text
    assert str(desk.service.settings.data_dir) not in answer.text
    assert left(desk) == []


def test_a_file_that_does_not_fit_where_it_is_kept_is_nowhere(desk: Desk) -> None:
    with desk.service.engine.connect() as connection:
        person = connection.exec_driver_sql("SELECT person_id FROM membership").scalar_one()
    visitor = type("Uploader", (), {"person_id": person})()
    issuer = desk.service.issuer.issuer("acme").id
    with little_room(), pytest.raises(FileStoreFull):
        desk.service.files.receive(BytesIO(LARGE), "large.bin", "award:x", issuer, visitor)

    assert left(desk) == []
    with desk.service.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM file").scalar_one() == 0


def test_with_room_again_the_same_form_is_kept(desk: Desk) -> None:
    assert send(desk).status_code == 303
    assert [one.stat().st_size for one in left(desk)] == [len(LARGE)]
