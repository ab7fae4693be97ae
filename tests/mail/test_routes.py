"""Turning letters off over HTTP: looking changes nothing, one click does (RFC 8058), a changed link is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from credentials.mail.message import Letter
from credentials.store import mail as rows
from credentials.store.engine import read, write
from tests.web.conftest import Site, open_site

ADDRESS = "ana@mail.example"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A website."""
    opened = open_site(tmp_path / "data")
    yield opened
    opened.service.close()


def path_for(site: Site, kind: str) -> str:
    """The path by which the reader of a letter turns it off."""
    outbox = site.service.outbox
    with write(outbox.engine) as connection:
        mail_id = outbox.put(connection, Letter(kind=kind, subject="Hi", paragraphs=("Hi.",)), ADDRESS)
    assert mail_id is not None
    return outbox.unsubscribe_url(mail_id).removeprefix(site.service.base_url)


def is_off(site: Site, kind: str) -> bool:
    with read(site.service.engine) as connection:
        return rows.is_unsubscribed(connection, ADDRESS, kind)


def test_a_scanner_that_opens_the_link_turns_nothing_off(site: Site) -> None:
    page = site.client.get(path_for(site, "news"))
    assert page.status_code == 200
    assert b'method="post"' in page.data
    assert ADDRESS.encode() not in page.data
    assert not is_off(site, "news")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_of_a_mail_program_turns_it_off(content_type: str, site: Site) -> None:
    path = path_for(site, "news")
    answer = site.client.post(path, data={"List-Unsubscribe": "One-Click"}, content_type=content_type)
    assert answer.status_code == 200
    assert is_off(site, "news")
    assert not is_off(site, "reminder")
    assert not any(secret in site.log.getvalue() for secret in (ADDRESS, path.rpartition("-")[2]))


@pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: path + "A", lambda _: "/unsubscribe/x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_changed_is_refused(change: Callable[[str], str], method: str, site: Site) -> None:
    path = path_for(site, "news")
    answer = getattr(site.client, method)(change(path))
    assert answer.status_code == 403
    assert not is_off(site, "news")


def test_a_letter_that_opens_an_account_cannot_be_turned_off(site: Site) -> None:
    assert site.client.post(path_for(site, "sign-in")).status_code == 403
    assert not is_off(site, "sign-in")
