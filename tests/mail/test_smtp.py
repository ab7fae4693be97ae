"""What a mail server can do to a session: encrypt it, want a login, be slow, say goodbye badly."""

import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from credentials.mail.message import Letter, render
from credentials.mail.outbox import LEASE
from credentials.mail.smtp import SECONDS, SECONDS_TO_CONNECT, MailServer, Outcome, send
from tests.mail.sink import Sink, sink

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody knows, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def logs_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"service", PASSWORD.encode())
    return AuthResult(success=good, handled=good)


def encrypted(certificate: Path, security: str) -> dict[str, Any]:
    """What the sink needs in order to encrypt."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if security == "tls":
        return {"ssl_context": context, "auth_require_tls": False}
    return {"tls_context": context, "require_starttls": True}


def post(found: Sink, **changes: Any) -> Outcome:
    """Send one message to a sink."""
    assert found.server is not None
    server: MailServer = replace(found.server, **changes)
    letter = Letter(kind="sign-in", subject="Hello", paragraphs=("Hello.",))
    to = "ana@mail.example"
    message = render(
        letter, sender=server.sender, address=to, date=NOW, message_id="x@service.example", unsubscribe=None
    )
    return send(server, message, envelope_sender=server.sender, recipient=to)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_letter_leaves_encrypted(certificate: Path, security: str) -> None:
    with sink(options=encrypted(certificate, security)) as found:
        assert post(found, security=security, trusted=str(certificate)) == Outcome("sent")
    assert len(found.taken) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(certificate: Path, security: str) -> None:
    with sink(options=encrypted(certificate, security)) as found:
        assert post(found, security=security).kind == "again"
    assert found.taken == []


@pytest.mark.parametrize(("password", "kind"), [(PASSWORD, "sent"), ("wrong horse", "again")])
def test_a_server_that_wants_a_login(certificate: Path, password: str, kind: str) -> None:
    options = {**encrypted(certificate, "starttls"), "authenticator": logs_in, "auth_required": True}
    with sink(options=options) as found:
        outcome = post(found, security="starttls", trusted=str(certificate), user="service", password=password)
    assert outcome.kind == kind
    assert len(found.taken) == (kind == "sent")
    assert "horse" not in str(outcome)


@pytest.mark.parametrize("answer", ["421 4.3.2 shutting down", "500 what", "nonsense"])
def test_a_bad_goodbye_sends_no_letter_twice(answer: str) -> None:
    with sink(quit=answer) as found:
        assert post(found) == Outcome("sent")
    assert len(found.taken) == 1


def test_a_server_that_thinks_for_a_while_is_waited_for() -> None:
    with sink(wait=0.5) as found:
        assert post(found) == Outcome("sent")
    assert len(found.taken) == 1


def test_a_server_that_is_too_slow_is_left_in_time() -> None:
    began = time.monotonic()
    with sink(wait=30) as found:
        outcome = post(found, seconds=0.5)
        took = time.monotonic() - began
    assert outcome.kind == "again"
    assert took < 5


def test_a_session_ends_before_the_lease_of_its_letter() -> None:
    assert LEASE.total_seconds() > SECONDS_TO_CONNECT + SECONDS


def test_the_password_is_in_no_repr() -> None:
    server = MailServer(host="h", port=25, security="none", user="service", password=PASSWORD, sender="a@b.example")
    assert PASSWORD not in repr(server)
