"""The server: real sockets, real processes, one clear error where it cannot start, a clean stop."""

import contextlib
import gc
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from credentials.web.errors import AddressUnusable, PortTaken, TlsFilesUnusable
from credentials.web.server import Lasting, check_address, check_tls
from tests.web.conftest import open_site

PROGRAM = """
import sys
from pathlib import Path
from credentials.web.server import serve

def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]

def factory():
    return answer

if __name__ == "__main__":
    cert, key = map(Path, sys.argv[2:4]) if sys.argv[2:] else (None, None)
    serve(factory, port=int(sys.argv[1]), tls_cert=cert, tls_key=key, on_ready=lambda: print("ready", flush=True))
    print("stopped", flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return write_certificate(tmp_path, "one")


def write_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_path, key_path


def start(program: Path, port: int, *extra: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(program), str(port), *map(str, extra)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def get(port: int, context: ssl.SSLContext | None = None) -> bytes:
    for _ in range(100):
        try:
            connection = (
                http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=5)
                if context
                else http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            )
            connection.request("GET", "/")
            return connection.getresponse().read()
        except ConnectionError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("the server never answered")


def stop(process: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(by)
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops_cleanly(by: signal.Signals, program: Path, port: int) -> None:
    process = start(program, port)
    assert get(port) == b"http"
    assert stop(process, by) == (0, "stopped\n", "")
    check_address("127.0.0.1", port)


def test_it_serves_tls_without_a_proxy(program: Path, port: int, certificate: tuple[Path, Path]) -> None:
    process = start(program, port, *certificate)
    context = ssl.create_default_context(cafile=str(certificate[0]))
    context.check_hostname = False
    assert get(port, context) == b"https"
    assert stop(process, signal.SIGTERM) == (0, "stopped\n", "")


SERVICE = """
import sys
from functools import partial
from pathlib import Path
from credentials.web.app import build_app
from credentials.web.server import serve
from credentials.web.settings import load_settings

if __name__ == "__main__":
    settings = load_settings(data_dir=Path(sys.argv[2]))
    serve(partial(build_app, settings), port=int(sys.argv[1]), workers=2, on_ready=lambda: print("ready", flush=True))
    print("stopped", flush=True)
"""


def test_the_whole_service_over_a_real_socket(tmp_path: Path, port: int) -> None:
    site = open_site(tmp_path / "data", base_url=f"http://127.0.0.1:{port}")
    token, issued = site.token, site.issued
    site.service.close()
    program = tmp_path / "service.py"
    program.write_text(SERVICE)
    process = start(program, port, tmp_path / "data")
    try:
        get(port)
        for _ in range(6):
            assert send(port, "POST", "/api/v1/verify", json.dumps({"credential": token}))["state"] == "GENUINE"
        assert send(port, "POST", "/api/v1/verify", iter([b'{"credential":', b'"x"}']))["state"] == "UNREADABLE"
        assert send(port, "GET", f"/C/{issued.id}.jwt", accept="application/json") is None
        for body in ("", "{", "[]", "x" * 3_000_000):
            assert str(send(port, "POST", "/api/v1/verify", body)["status"]).startswith("4")
        assert send(port, "GET", "/readyz")["ready"] is True
    finally:
        code, out, err = stop(process, signal.SIGTERM)
    assert (code, out) == (0, "stopped\n")
    assert "Traceback" not in err
    assert all(json.loads(line)["event"] in ("request", "unavailable") for line in err.splitlines())


def send(port: int, method: str, path: str, body: Any = None, accept: str = "text/plain") -> Any:
    """One call: the JSON of the answer, or None when it is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "Accept": accept}
    try:
        # A body that is too large is refused while it is still being sent.
        with contextlib.suppress(BrokenPipeError):
            connection.request(method, path, body, headers, encode_chunked=not isinstance(body, str | None))
        answer = connection.getresponse()
        data = answer.read()
    finally:
        connection.close()
    return json.loads(data) if "json" in answer.headers["Content-Type"] else None


def test_a_taken_port_is_one_error_that_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            check_address("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "256.1.1.1"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(AddressUnusable):
        check_address(host, 8000)


def test_tls_needs_both_files(certificate: tuple[Path, Path]) -> None:
    check_tls(None, None)
    check_tls(*certificate)
    with pytest.raises(TlsFilesUnusable):
        check_tls(certificate[0], None)
    with pytest.raises(TlsFilesUnusable):
        check_tls(None, certificate[1])


def test_a_key_of_another_certificate_is_refused(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    other = write_certificate(tmp_path, "two")
    with pytest.raises(TlsFilesUnusable):
        check_tls(certificate[0], other[1])


def test_files_that_are_none_are_refused(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    (tmp_path / "junk.pem").write_text("junk")
    for cert, key in ((tmp_path / "missing", certificate[1]), (tmp_path / "junk.pem", certificate[1])):
        with pytest.raises(TlsFilesUnusable):
            check_tls(cert, key)


def test_an_encrypted_key_is_refused_without_asking(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    key = serialization.load_pem_private_key(certificate[1].read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"password"),
        )
    )
    with pytest.raises(TlsFilesUnusable):
        check_tls(certificate[0], locked)


def test_what_a_worker_made_at_its_start_is_not_looked_at_again_by_the_collector(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: steps.append("frozen"))

    def app(_environ: object, _start: object) -> list[bytes]:
        return []

    def make() -> Callable[[object, object], list[bytes]]:
        steps.append("made")
        return app

    assert Lasting(make)() is app
    assert steps == ["made", "frozen"]
