"""A service and its timestamp authority, over https on the loopback device; and a stolen key, from end to end."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from credentials.core.errors import CredentialError
from credentials.core.timestamp_errors import TimestampMismatch, TimestampUnreadable, TimestampUntrusted
from credentials.core.timestamps import MAX_TOKEN_BYTES, check_token, timestamp_request
from credentials.issuer.stamping import Stamper
from credentials.store import credentials as rows
from credentials.store.engine import read
from credentials.verifier.errors import AnswerTooLarge, RedirectRefused, TlsFailed, UnexpectedAnswer, Unreachable
from credentials.verifier.outbound import OutboundClient
from credentials.verifier.report import Report
from credentials.verifier.states import State
from credentials.web.app import create_app
from credentials.web.composition import Service, open_service
from credentials.web.errors import SettingInvalid
from credentials.web.settings import load_settings
from credentials.web.timestamping import authority_at, make_stamper
from tests.timestamp_authority import TimestampAuthority
from tests.verifier.outbound_world import Authority
from tests.web.conftest import BASE_URL, make_draft

HOST = "timestamps.example"
ISSUED = datetime(2026, 3, 16, 9, tzinfo=UTC)
STOLEN = ISSUED + timedelta(days=30)
LATER = ISSUED + timedelta(days=40)


@dataclass
class Desk:
    """The authority behind its https address, what it was asked, and how it answers."""

    tsa: TimestampAuthority
    port: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    answer: Callable[[bytes], tuple[int, bytes]] | None = None

    @property
    def address(self) -> str:
        return f"https://{HOST}:{self.port}/tsr"


@pytest.fixture
def tls(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tls")


@pytest.fixture
def desk(tls: Authority) -> Iterator[Desk]:
    made = Desk(TimestampAuthority(at=ISSUED + timedelta(seconds=10)))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append((self.path, self.headers["Content-Type"], self.headers["Accept"]))
            status, answer = made.answer(body) if made.answer else (200, made.tsa.answer(body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust us goes away: no news."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = tls.server(HOST).wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def client(desk: Desk, tls: Authority) -> OutboundClient:
    return OutboundClient(
        authorities=tls.path,
        allowed_ports=(desk.port,),
        allowed_private_hosts=(HOST,),
        lookup=lambda _host, _port: ("127.0.0.1",),
        timeout=5,
    )


def test_the_authority_is_asked_as_the_specification_says(desk: Desk, tls: Authority) -> None:
    token = authority_at(client(desk, tls), desk.address, desk.tsa.roots)(b"signed")

    assert check_token(token, b"signed", desk.tsa.roots).latest == ISSUED + timedelta(seconds=11)
    assert desk.asked == [("/tsr", "application/timestamp-query", "application/timestamp-reply")]


def test_no_two_nonces_are_alike(desk: Desk, tls: Authority) -> None:
    stamp = authority_at(client(desk, tls), desk.address, desk.tsa.roots)
    for _ in range(3):
        stamp(b"signed")

    assert len(set(desk.tsa.seen)) == 3
    assert None not in desk.tsa.seen


def _replayed(desk: Desk) -> None:
    old = desk.tsa.answer(timestamp_request(b"signed", 1))
    desk.answer = lambda _body: (200, old)


def _other_bytes(desk: Desk) -> None:
    desk.answer = lambda body: (200, desk.tsa.answer(body[:30] + bytes([body[30] ^ 1]) + body[31:]))


def _status(status: int) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        desk.answer = lambda body: (status, desk.tsa.answer(body))

    return change


def _body(body: bytes) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        desk.answer = lambda _body: (200, body)

    return change


def _rejecting(desk: Desk) -> None:
    desk.tsa.status = "rejection"


def _another_authority(desk: Desk) -> None:
    other = TimestampAuthority()
    desk.answer = lambda body: (200, other.answer(body))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_replayed, TimestampMismatch),
        (_other_bytes, TimestampMismatch),
        (_another_authority, TimestampUntrusted),
        (_rejecting, TimestampUnreadable),
        (_body(b""), TimestampUnreadable),
        (_body(b"<html>busy</html>"), TimestampUnreadable),
        (_body(bytes(MAX_TOKEN_BYTES + 1)), AnswerTooLarge),
        (_status(500), UnexpectedAnswer),
        (_status(302), RedirectRefused),
    ],
)
def test_what_is_no_answer_is_not_kept(
    desk: Desk, tls: Authority, change: Callable[[Desk], None], error: type[CredentialError]
) -> None:
    change(desk)

    with pytest.raises(error):
        authority_at(client(desk, tls), desk.address, desk.tsa.roots)(b"signed")


def test_an_authority_that_cannot_prove_its_name(desk: Desk, tls: Authority, tmp_path: Path) -> None:
    with pytest.raises(TlsFailed):
        authority_at(client(desk, Authority(tmp_path / "x", "Others")), desk.address, desk.tsa.roots)(b"signed")
    assert desk.asked == []


# Settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["http://timestamps.example/", "timestamps.example", "https://127.0.0.1/", ""])
def test_an_authority_is_an_https_address(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid) as caught:
        load_settings(data_dir=tmp_path, timestamp_authority=address)
    assert caught.value.where == "CREDENTIALS_TIMESTAMP_AUTHORITY"


@pytest.mark.parametrize("pem", [None, b"", b"not PEM"])
def test_roots_that_cannot_be_read(pem: bytes | None, tmp_path: Path) -> None:
    if pem is not None:
        (tmp_path / "roots.pem").write_bytes(pem)
    with pytest.raises(SettingInvalid) as caught:
        open_service(load_settings(data_dir=tmp_path / "data", timestamp_roots=tmp_path / "roots.pem"))
    assert caught.value.where == "CREDENTIALS_TIMESTAMP_ROOTS"


def test_an_authority_without_its_root(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid) as caught:
        open_service(load_settings(data_dir=tmp_path / "data", timestamp_authority=f"https://{HOST}/"))
    assert caught.value.where == "CREDENTIALS_TIMESTAMP_ROOTS"


def test_without_an_authority_nothing_is_stamped(tmp_path: Path) -> None:
    service = open_service(load_settings(data_dir=tmp_path / "data"))
    assert service.stamper is None
    assert make_stamper(service.settings, (), service.issuer.means) is None
    service.close()


# A stolen key, from end to end -------------------------------------------------------------------------------------


@dataclass
class Robbed:
    """A service whose clock is moved by hand, and its authority."""

    service: Service
    stamper: Stamper
    now: list[datetime]

    def issue(self, **changes: object) -> str:
        return self.service.issuer.issue("northwind", make_draft(**changes)).id

    def forms(self, credential_id: str) -> dict[str, bytes]:
        with read(self.service.engine) as connection:
            return {one.format: one.body for one in rows.every_form(connection, credential_id)}

    def report(self, credential_id: str, form: str = "vc+jwt") -> Report:
        return self.service.verify(self.forms(credential_id)[form])

    def rob(self, since: datetime = STOLEN) -> None:
        (key,) = [one for one in self.service.issuer.keys("northwind") if one.compromised_since is None]
        self.service.issuer.report_compromise("northwind", key.name, since)


@pytest.fixture
def robbed(desk: Desk, tls: Authority, tmp_path: Path) -> Iterator[Robbed]:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(desk.tsa.root.pem)
    now = [ISSUED]
    settings = load_settings(
        data_dir=tmp_path / "data", base_url=BASE_URL, timestamp_roots=roots, timestamp_authority=desk.address
    )
    service = open_service(settings, clock=lambda: now[0])
    service.issuer.create_issuer("northwind", "Northwind")
    service.issuer.confirm("northwind", "northwind.example")
    assert service.stamper is not None
    stamper = Stamper(service.engine, authority_at(client(desk, tls), desk.address, desk.tsa.roots), service.clock)
    yield Robbed(service, stamper, now)
    service.close()


@pytest.mark.parametrize("form", ["vc+jwt", "eddsa-rdfc-2022"])
def test_what_was_stamped_in_time_stands_and_nothing_else(robbed: Robbed, desk: Desk, form: str) -> None:
    stamped, missed = robbed.issue(), robbed.issue(project_title="Never stamped")
    robbed.stamper.run(stamped)
    robbed.now[0] = LATER
    late = robbed.issue(project_title="Signed with the stolen key")
    desk.tsa.at = LATER
    robbed.stamper.run(late)
    assert {robbed.report(one, form).state for one in (stamped, missed, late)} == {State.GENUINE}

    robbed.rob()
    robbed.service.policy.forget()  # type: ignore[attr-defined]
    robbed.now[0] += timedelta(seconds=90)

    reports = [robbed.report(one, form) for one in (stamped, missed, late)]
    assert [one.state for one in reports] == [State.GENUINE, State.NOT_THEIR_KEY, State.NOT_THEIR_KEY]
    assert [one.check("earlier-than-compromise").code for one in reports] == ["", "stamp-missing", "stamp-too-late"]
    after = robbed.issue(project_title="With the new key")
    assert robbed.report(after, form).state is State.GENUINE


def test_the_page_shows_it(robbed: Robbed) -> None:
    stamped = robbed.issue()
    robbed.stamper.run(stamped)
    robbed.now[0] = LATER
    robbed.rob()

    page = create_app(robbed.service).test_client().get(f"/c/{stamped}", headers={"Accept": "text/html"}).text

    assert "Signed before its key was stolen" in page
    assert "Genuine" in page


def test_stamps_are_published(robbed: Robbed, desk: Desk) -> None:
    credential_id = robbed.issue(selective=True)
    visitor = create_app(robbed.service).test_client()
    assert visitor.get(f"/c/{credential_id}/stamps").get_json() == {"stamps": []}
    robbed.stamper.run(credential_id)

    answer = visitor.get(f"/c/{credential_id.lower()}/stamps")

    assert answer.mimetype == "application/json"
    listed = {one["form"]: base64.b64decode(one["token"]) for one in answer.get_json()["stamps"]}
    assert sorted(listed) == ["eddsa-rdfc-2022", "vc+jwt"]  # that of the private form is its holder's
    told = check_token(listed["vc+jwt"], robbed.forms(credential_id)["vc+jwt"], desk.tsa.roots)
    assert told.latest == desk.tsa.at + timedelta(seconds=1)
    unchanged = visitor.get(f"/c/{credential_id}/stamps", headers={"If-None-Match": answer.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_stamps_of_what_is_not_shown_are_not_published(robbed: Robbed) -> None:
    credential_id = robbed.issue()
    robbed.stamper.run(credential_id)
    visitor = create_app(robbed.service).test_client()
    own = robbed.service.resolver.fetch(f"{BASE_URL}/c/{credential_id}/stamps", accept="*/*", max_bytes=1 << 20)
    assert json.loads(own.body)["stamps"] != []

    robbed.service.issuer.set_visibility(credential_id, "private")

    assert visitor.get(f"/c/{credential_id}/stamps").status_code == 404
    assert visitor.get(f"/c/{'0' * 26}/stamps").status_code == 404
    with pytest.raises(CredentialError):
        robbed.service.resolver.fetch(f"{BASE_URL}/c/{credential_id}/stamps", accept="*/*", max_bytes=1 << 20)


def test_the_queue_takes_them(robbed: Robbed) -> None:
    """The service's own stamper is a kind of task, and its failures are the queue's to report."""
    issued = robbed.issue()
    assert robbed.service.stamper is not None
    assert robbed.service.stamper.due(robbed.now[0], 10) == [issued]
    assert robbed.service.tasks.sweep() > 0
    with pytest.raises((Unreachable, CredentialError)):
        robbed.service.stamper.run(issued)  # nobody serves this name here
