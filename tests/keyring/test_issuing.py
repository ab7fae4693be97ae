"""Issue, verify and revoke with keys in each place, and release one signature only where signatures differ."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from credentials.core.securing import MECHANISMS
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.intents import record
from credentials.issuer.service import IssuerService
from credentials.issuer.signing import sign_all
from credentials.keyring import FileKeyring, KeyAlgorithm, KeyBackend
from credentials.keyring.backends import open_backend
from credentials.keyring.errors import KeyAlgorithmUnsupported, KeyFileMissing, KeysUnavailable, KmsThrottled
from credentials.store import credentials
from credentials.store.credentials import SecuredForm
from credentials.store.engine import read, write
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.readers import bit, method_of, released
from tests.keyring.kms_server import KmsServer
from tests.keyring.places import PIN, Place, Token

BASE = "http://localhost:8000"
ROOT = Path(__file__).parents[2]


def clock() -> datetime:
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def serve(engine: Engine, tmp_path: Path) -> Callable[[KeyBackend], IssuerService]:
    """A service on this test's database that signs with what it is given."""
    record_outside = HighWaterMark(tmp_path / "published")
    return lambda backend: IssuerService(engine, backend, BASE, record_outside, clock)


Serve = Callable[[KeyBackend], IssuerService]


def forms_of(service: IssuerService, credential_id: str) -> list[SecuredForm]:
    with read(service.means.engine) as connection:
        return list(credentials.every_form(connection, credential_id))


def verify_all(service: IssuerService, credential_id: str) -> None:
    """Every released form of a credential verifies under the key that is published."""
    for form in forms_of(service, credential_id):
        presented = MECHANISMS[form.format].read(form.body)
        MECHANISMS[form.format].verify(presented, method_of(service, presented).key)


def test_a_credential_from_issuing_to_revoking(place: Place, serve: Serve) -> None:
    service = serve(place.open())
    algorithm: KeyAlgorithm
    for number, algorithm in enumerate(place.algorithms[:2]):
        slug = f"acme-{number}"
        service.create_issuer(slug, "Acme Analytics", "https://acme.example", algorithm=algorithm)
        issued = service.issue(slug, numbered_draft(number))
        again = serve(place.open())
        verify_all(again, issued.id)
        assert not bit(again, released(again, issued.id))
        again.revoke(issued.id, "issued-in-error")
        assert bit(again, released(again, issued.id))
        rotated = again.rotate_key(slug)
        assert rotated.algorithm == algorithm
        verify_all(again, again.issue(slug, numbered_draft(number + 10)).id)
        verify_all(again, issued.id)


def test_many_at_once(place: Place, serve: Serve) -> None:
    service = serve(place.open())
    service.create_issuer("acme", "Acme Analytics", algorithm="P-256")
    for one in service.issue_many("acme", keyed_drafts(12)):
        verify_all(service, one.id)
    assert service.resume() == 0


def test_an_issuer_moves_from_files_into_another_place(serve: Serve, keyring: FileKeyring, pkcs11_place: Place) -> None:
    before = serve(keyring)
    before.create_issuer("acme", "Acme Analytics")
    old = before.issue("acme", numbered_draft(1))
    after = serve(pkcs11_place.open())
    verify_all(after, after.issue("acme", numbered_draft(2)).id)
    files = keyring.list()
    moved = after.rotate_key("acme")
    assert keyring.list() == files
    assert moved.key_id not in files
    verify_all(after, after.issue("acme", numbered_draft(3)).id)
    verify_all(after, old.id)
    # Back to files alone, without the token: its key is missed, and nothing is made in its stead.
    with pytest.raises(KeyFileMissing):
        serve(keyring).issue("acme", numbered_draft(4))


@pytest.mark.parametrize("algorithm", ["Ed25519", "ML-DSA-44"])
def test_an_issuer_whose_kind_of_key_the_place_does_not_make(
    serve: Serve, kms_place: Place, algorithm: KeyAlgorithm
) -> None:
    service = serve(kms_place.open())
    with pytest.raises(KeyAlgorithmUnsupported):
        service.create_issuer("acme", "Acme Analytics", algorithm=algorithm)
    assert service.issuers() == []


# At most one signature is released -----------------------------------------------------------------------------------


@pytest.fixture(params=["pkcs11_place", "kms_place"])
def chancy(request: pytest.FixtureRequest) -> Place:
    """A place whose P-256 signatures differ each time."""
    found: Place = request.getfixturevalue(request.param)
    return found


def test_what_was_signed_and_never_released_is_signed_again_once(chancy: Place, serve: Serve) -> None:
    service = serve(chancy.open())
    service.create_issuer("acme", "Acme Analytics", algorithm="P-256")
    recorded = record(service.means, "acme", list(keyed_drafts(3)))
    lost = {
        (one.credential_id, one.format): one.body for one in sign_all(service.means.signer, recorded.to_sign, clock())
    }
    again = serve(chancy.open())
    assert again.resume() == len(lost) == 6
    assert again.resume() == 0
    kept = {(form.credential_id, form.format): form.body for one in recorded.issued for form in forms_of(again, one.id)}
    assert kept.keys() == lost.keys()
    assert all(kept[name] != lost[name] for name in kept)
    # The slow worker, which signed first, comes to release what it has: the forms that are there stay.
    with write(service.means.engine) as connection:
        credentials.release(
            connection, [SecuredForm(own, name, "x/y", clock(), body) for (own, name), body in lost.items()]
        )
    assert {(f.credential_id, f.format): f.body for one in recorded.issued for f in forms_of(again, one.id)} == kept
    for one in recorded.issued:
        verify_all(again, one.id)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path

from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.backends import open_backend
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.store import credentials
from credentials.store.engine import open_engine
from tests.drafts import keyed_drafts

url, folder, uri, pin = sys.argv[1:]
folder = Path(folder)

def die(connection, forms):
    print(len(forms), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

credentials.release = die
files = FileKeyring(folder / "keys", load_or_create_master_secret(folder / "keys", "correct horse battery staple"))
service = IssuerService(
    open_engine(url), open_backend(uri, files, pin), "http://localhost:8000", HighWaterMark(folder / "published"),
    lambda: datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
)
list(service.issue_many("acme", keyed_drafts(3)))
"""


def test_a_worker_killed_between_signing_and_releasing(
    serve: Serve, token: Token, keyring: FileKeyring, database_url: str, tmp_path: Path
) -> None:
    service = serve(open_backend(token.uri, keyring, PIN))
    service.create_issuer("acme", "Acme Analytics", algorithm="P-256")
    for _ in range(2):
        died = subprocess.run(
            [sys.executable, "-c", KILLED, database_url, str(tmp_path), token.uri, PIN],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (died.returncode, died.stdout) == (-signal.SIGKILL, "6\n"), died.stderr
    again = serve(open_backend(token.uri, keyring, PIN))
    assert again.resume() == 6
    issued = list(again.issue_many("acme", keyed_drafts(3)))
    assert again.resume() == 0
    for one in issued:
        assert sorted(form.format for form in forms_of(again, one.id)) == ["ecdsa-rdfc-2019", "vc+jwt"]
        verify_all(again, one.id)


def test_what_a_place_refused_to_sign_is_finished_later(serve: Serve, kms_place: Place, kms: KmsServer) -> None:
    service = serve(kms_place.open())
    service.create_issuer("acme", "Acme Analytics", algorithm="P-256")
    kms.refuse_always("Sign", 400, "ThrottlingException")
    with pytest.raises(KmsThrottled):
        service.issue("acme", numbered_draft(1), idempotency_key="one")
    kms.forget()
    assert service.resume() == 2
    verify_all(service, service.issue("acme", numbered_draft(1), idempotency_key="one").id)


def test_a_token_that_is_gone_stops_issuing_and_loses_nothing(
    serve: Serve, token: Token, keyring: FileKeyring, tmp_path: Path
) -> None:
    service = serve(open_backend(token.uri, keyring, PIN))
    service.create_issuer("acme", "Acme Analytics", algorithm="P-256")
    wrong = serve(open_backend(token.uri.replace("credentials", "other"), keyring, PIN))
    with pytest.raises(KeysUnavailable):
        wrong.issue("acme", numbered_draft(1))
    assert service.resume() == 2
