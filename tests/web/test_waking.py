"""What a request leaves to be done is done at once, and a worker process that ends leaves nothing half done."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from credentials.mail.message import Letter
from credentials.mail.outbox import Outbox
from credentials.store import mail as rows
from credentials.store.engine import read, write
from credentials.store.mail import Mail
from credentials.web.composition import Service
from tests.mail.sink import Sink, sink
from tests.web.conftest import ISSUE_BODY, OpenSite, Site
from tests.web.staff import Browser, browser
from tests.web.test_server import SERVICE, start, stop

LETTER = Letter(kind="sign-in", subject="Sign in", paragraphs=("Go on.",))
LONG = 3600.0


@pytest.fixture
def post() -> Iterator[Sink]:
    """A mail server."""
    with sink() as server:
        yield server


@pytest.fixture
def awake(site_with: OpenSite, post: Sink) -> Iterator[Site]:
    """A website whose tasks sweep once an hour, and whenever they are woken."""
    assert post.server is not None
    site = site_with(smtp_host=post.server.host, smtp_port=post.server.port, smtp_security="none")
    site.service.tasks.start(every=LONG)
    yield site
    site.service.tasks.stop()


def put(outbox: Outbox, address: str = "waits@mail.example") -> str:
    with write(outbox.engine) as connection:
        mail_id = outbox.put(connection, LETTER, address)
    assert mail_id is not None
    return mail_id


def takes(post: Sink, number: int, seconds: float = 10.0) -> list[str]:
    """To whom letters went, once there are so many or the time is over."""
    until = time.monotonic() + seconds
    while len(post.taken) < number and time.monotonic() < until:
        time.sleep(0.02)
    return sorted(address for address, _ in post.taken)


def nobody(site: Site) -> Browser:
    return browser(site.app, site.service)


def test_a_letter_of_a_request_leaves_at_once(awake: Site, post: Sink) -> None:
    assert nobody(awake).post("/sign-in", "/sign-in", address="ana@mail.example").status_code == 200

    assert takes(post, 1) == ["ana@mail.example"]


def test_a_call_with_an_api_key_wakes_the_queue(awake: Site, post: Sink) -> None:
    put(awake.service.outbox)
    answer = awake.client.post("/api/v1/credentials", json=ISSUE_BODY, headers=awake.auth, base_url=BASE)

    assert answer.status_code == 201, answer.text
    assert "waits@mail.example" in takes(post, 1)


BASE = "https://credentials.example"


def look_at_a_page(site: Site) -> int:
    return nobody(site).get("/issuers/acme").status_code


def post_without_a_token(site: Site) -> int:
    return site.client.post("/sign-in", data={"address": "ana@mail.example"}, base_url=BASE).status_code


def post_nowhere(site: Site) -> int:
    return site.client.post("/no/such/page", base_url=BASE).status_code


def issue_without_a_key(site: Site) -> int:
    return site.client.post("/api/v1/credentials", json=ISSUE_BODY, base_url=BASE).status_code


def verify_by_form(site: Site) -> int:
    return site.client.post("/verify", data={"credential": site.token}, base_url=BASE).status_code


def verify_by_call(site: Site) -> int:
    return site.client.post("/api/v1/verify", json={"credential": site.token}, base_url=BASE).status_code


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (look_at_a_page, 200),
        (post_without_a_token, 403),
        (post_nowhere, 404),
        (issue_without_a_key, 401),
        (verify_by_form, 200),
        (verify_by_call, 200),
    ],
)
def test_what_changes_nothing_wakes_nobody(ask: object, status: int, awake: Site, post: Sink) -> None:
    put(awake.service.outbox)

    assert ask(awake) == status  # type: ignore[operator]
    assert takes(post, 1, seconds=0.4) == []


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_stop_leaves_no_lease(
    by: signal.Signals, tmp_path: Path, port: int, site_with: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "service.py"
    program.write_text(SERVICE)
    with sink(wait=1.5) as post:
        assert post.server is not None
        place = {"smtp_host": post.server.host, "smtp_port": post.server.port, "smtp_security": "none"}
        service = site_with(**place).service
        for name, value in place.items():
            monkeypatch.setenv(f"CREDENTIALS_{name.upper()}", str(value))
        process = start(program, port, service.settings.data_dir)
        mail_id = put(service.outbox)
        until = time.monotonic() + 10
        while row(service, mail_id).leased_until is None and time.monotonic() < until:
            time.sleep(0.02)
        assert row(service, mail_id).leased_until is not None
        code, out, _ = stop(process, by)

    assert (code, out) == (0, "stopped\n")
    assert (row(service, mail_id).state, row(service, mail_id).leased_until) == ("sent", None)
    assert len(post.taken) == 1


def row(service: Service, mail_id: str) -> Mail:
    with read(service.engine) as connection:
        found = rows.by_id(connection, mail_id)
    assert found is not None
    return found
