"""Large files through the server that `credentials serve` starts: flat memory in every process, nothing half-kept."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from credentials.accounts.organisations import invite_owner
from tests.files.streamed import BOUNDARY, NEW, PIECE, Body
from tests.web.conftest import open_site
from tests.web.staff import with_letters

MIB = 1 << 20
SECONDS = 60
MOST_GROWN = 64 * MIB
ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A service that really serves, and the owner of acme who signed in to it."""

    port: int
    process: psutil.Process
    files: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """A request as the owner's browser makes it: the status, where it leads, the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        body = urlencode(form).encode() if form is not None else None
        headers = self.headers() | ({"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        page = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, answer.headers.get("Location", ""), page

    def headers(self) -> dict[str, str]:
        """What a browser sends along."""
        base = f"http://127.0.0.1:{self.port}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": base.removeprefix("http://"), "Referer": f"{base}{NEW}", "Origin": base, "Cookie": cookies}

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", path)[2])
        assert found is not None
        return found[1]

    def body(self, size: int) -> Body:
        """The award form with a file of this size."""
        return Body({"csrf_token": self.token(NEW), "do": "save", "project_title": "Large"}, size, 1 << 62)

    def begin(self, body: Body) -> socket.socket:
        """Send the head of an upload."""
        lines = [f"POST {NEW} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers().items())]
        lines += [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", f"Content-Length: {body.length}", "", ""]
        found = socket.create_connection(("127.0.0.1", self.port), SECONDS)
        found.sendall("\r\n".join(lines).encode())
        return found

    def whole(self) -> list[Path]:
        """All files that are kept."""
        return sorted(path for path in self.files.rglob("*") if path.is_file())

    def processes(self) -> list[psutil.Process]:
        """The server and its workers."""
        return [self.process, *self.process.children(recursive=True)]


def send(body: Body, there: socket.socket, size: int) -> None:
    """Send so many bytes of a body."""
    while size > 0 and (piece := body.read(min(size, 65_536))):
        there.sendall(piece)
        size -= len(piece)


def answered(there: socket.socket) -> int:
    """The status of the answer."""
    first = there.recv(4096)
    there.close()
    return int(first.split(b" ", 2)[1])


class Watch(threading.Thread):
    """Looks every twentieth of a second how much memory each process holds."""

    def __init__(self, served: Served) -> None:
        super().__init__(daemon=True)
        self._those, self._stop_it = served.processes(), threading.Event()
        self.before: list[int] = [one.memory_info().rss for one in self._those]
        self.most = list(self.before)

    def run(self) -> None:
        """Look until told to stop."""
        while not self._stop_it.wait(0.05):
            held = [one.memory_info().rss for one in self._those]
            self.most = list(map(max, self.most, held))

    def grown(self) -> int:
        """By how many bytes the one grew that grew most."""
        self._stop_it.set()
        self.join(SECONDS)
        return max(most - before for most, before in zip(self.most, self.before, strict=True))


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served website, and its owner signed in."""
    folder, port = tmp_path_factory.mktemp("served") / "data", free_port()
    base = f"http://127.0.0.1:{port}"
    site = open_site(folder, base_url=base)
    service, letters = with_letters(site.service)
    invite_owner(service.accounts, service.issuer.issuer("acme"), "owner@acme.example")
    path, files = letters.path("owner@acme.example"), service.settings.files_path
    site.service.close()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDENTIALS_")}
    environment |= {"PYTHONPATH": str(ROOT), "CREDENTIALS_BASE_URL": base, "CREDENTIALS_SECOND_STEP": "nobody"}
    call = [sys.executable, "-m", "credentials.cli", "serve", "--data", str(folder), "--port", str(port)]
    said = folder.parent / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(call, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            wait_for(port, process, said)
            made = Served(port, psutil.Process(process.pid), files)
            status, _, page = made.ask("POST", path, {"csrf_token": made.token(path), "name": "Olga Owner"})
            assert status == 303, page
            yield made
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(SECONDS)


def wait_for(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    """Wait until the server answers."""
    ends = time.monotonic() + SECONDS
    while True:
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < ends, said.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def uploaded(served: Served, size: int) -> tuple[int, int]:
    """Upload a file: the status, and by how many bytes a process grew."""
    watch, body = Watch(served), served.body(size)
    watch.start()
    there = served.begin(body)
    send(body, there, body.length)
    return answered(there), watch.grown()


def sha384(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha384").hexdigest()


def expected(size: int) -> str:
    digest = hashlib.sha384()
    for _ in range(size // len(PIECE)):
        digest.update(PIECE)
    return digest.hexdigest()


def arrives(served: Served, size: int) -> None:
    """A file of this size arrives whole, and the memory stays flat."""
    before = served.whole()
    status, grown = uploaded(served, size)
    new = [path for path in served.whole() if path not in before]

    assert status == 303
    assert [(path.stat().st_size, sha384(path)) for path in new] == [(size, expected(size))]
    assert grown < MOST_GROWN
    new[0].unlink()


def test_64_mebibytes_arrive_in_flat_memory(served: Served) -> None:
    uploaded(served, MIB)  # what a first upload imports is no upload's memory

    arrives(served, 64 * MIB)


@pytest.mark.long
def test_two_gigabytes_arrive_in_flat_memory(served: Served) -> None:
    uploaded(served, MIB)

    arrives(served, 2_000 * MIB)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_what_is_cut_off_is_not_kept(served: Served, share: float) -> None:
    before, body = served.whole(), served.body(8 * MIB)
    there = served.begin(body)
    send(body, there, int(body.length * share))
    there.close()
    time.sleep(0.5)

    assert served.whole() == before
    assert served.ask("GET", "/healthz")[0] == 200


def test_a_slow_one_keeps_nobody_waiting(served: Served) -> None:
    body = served.body(4 * MIB)
    there = served.begin(body)
    send(body, there, body.length // 2)
    started = time.monotonic()
    pages = [served.ask("GET", path)[0] for path in ("/healthz", NEW, "/account")]
    waited = time.monotonic() - started
    send(body, there, body.length)

    assert pages == [200, 200, 200]
    assert waited < 20
    assert answered(there) == 303


def test_more_than_the_limit_is_refused_before_it_arrives(served: Served) -> None:
    before, body = served.whole(), served.body(1 << 40)
    there = served.begin(body)

    assert answered(there) == 413
    assert served.whole() == before
