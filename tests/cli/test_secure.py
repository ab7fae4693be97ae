"""`credentials secure` and `credentials verify --key`: one document, one key file, nobody else."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from credentials.core.base64url import encode
from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.securing import MECHANISMS
from credentials.keyring.private_keys import load
from credentials.keyring.signer import KeyAlgorithm
from tests.cli.conftest import Credentials

SECRET = b"\x07" * 32
KEY = load("Ed25519", SECRET)
DID = KEY.public.to_did_key()
HOSTED = "did:web:acme.example"


def document(**changes: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:6f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11",
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "validFrom": "2026-03-16T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:7f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11"},
        **changes,
    }


class Desk:
    """A folder with a document, its keys, and the command at hand."""

    def __init__(self, folder: Path, credentials: Credentials) -> None:
        self.folder, self.credentials = folder, credentials
        self.key, self.public = folder / "key.jwk", folder / "public.jwk"
        self.write_key(KEY.public.to_jwk() | {"d": encode(SECRET)})
        self.public.write_text(json.dumps(KEY.public.to_jwk()))

    def write_key(self, value: dict[str, Any]) -> None:
        self.key.write_text(json.dumps(value))
        self.key.chmod(0o600)

    def take(self, algorithm: KeyAlgorithm) -> dict[str, Any]:
        """Use a key of this kind from now on; what a document must say then."""
        key = load(algorithm, SECRET)
        self.public.write_text(json.dumps(key.public.to_jwk()))
        if algorithm == "ML-DSA-44":  # as a did:key it is longer than a header may be
            self.write_key(key.public.to_jwk() | {"priv": encode(SECRET), "kid": "k1"})
            return {"issuer": HOSTED}
        self.write_key(key.public.to_jwk() | {"d": encode(SECRET)})
        return {"issuer": key.public.to_did_key()}

    def write(self, **changes: Any) -> Path:
        path = self.folder / "unsigned.json"
        path.write_text(json.dumps(document(**changes)))
        return path

    def signed(self, *options: object, **changes: Any) -> Path:
        out = self.folder / "signed"
        outcome = self.credentials("secure", self.write(**changes), "--key", self.key, "-o", out, *options)
        assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
        return out


@pytest.fixture
def desk(tmp_path: Path, credentials: Credentials) -> Desk:
    return Desk(tmp_path, credentials)


# An SD-JWT VC has a payload of its own, made of a badge by an https issuer.
PLAIN = sorted(MECHANISMS.keys() - {"dc+sd-jwt"})


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_secured_holds_under_its_key(desk: Desk, name: str) -> None:
    mechanism = MECHANISMS[name]
    algorithm: KeyAlgorithm = "P-256" if name.startswith("ecdsa") else "ML-DSA-44" if "pq" in name else "Ed25519"
    changes = desk.take(algorithm)
    out = desk.signed("--mechanism", name, "--created", "2026-03-16T09:00:00Z", **changes)
    outcome = desk.credentials("verify", out, "--key", desk.public, "--media-type", mechanism.media_type)
    assert outcome.code == 0, outcome.out
    assert outcome.out.startswith("HOLDS under public.jwk\n")


def test_by_media_type_and_to_standard_output(desk: Desk) -> None:
    outcome = desk.credentials("secure", desk.write(), "--key", desk.key, "--media-type", "application/vc+jwt")
    token = outcome.out.strip()
    assert token.count(".") == 2
    assert desk.credentials("verify", token, "--key", desk.public).code == 0


def test_as_json(desk: Desk) -> None:
    told = desk.credentials("secure", desk.write(), "--key", desk.key, "--json").json()
    assert (told["mechanism"], told["mediaType"]) == ("vc+jwt", "application/vc+jwt")
    assert told["verificationMethod"] == f"{DID}#{DID.removeprefix('did:key:')}"
    out = desk.folder / "signed"
    assert desk.credentials("secure", desk.write(), "--key", desk.key, "--json", "-o", out).json()["file"] == str(out)
    assert out.read_text() == told["secured"]


def test_from_standard_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(desk.write().read_bytes())))
    assert desk.credentials("secure", "-", "--key", desk.key).code == 0


@pytest.mark.parametrize(
    ("kid", "method"),
    [(f"{HOSTED}#k1", f"{HOSTED}#k1"), ("k1", f"{HOSTED}#k1"), ("#k1", f"{HOSTED}#k1")],
)
def test_the_key_file_says_where_the_key_is(desk: Desk, kid: str, method: str) -> None:
    desk.write_key(KEY.public.to_jwk() | {"d": encode(SECRET), "kid": kid})
    told = desk.credentials("secure", desk.write(issuer=HOSTED), "--key", desk.key, "--json").json()
    assert told["verificationMethod"] == method


def test_a_method_that_is_given_counts(desk: Desk) -> None:
    out = desk.signed("--verification-method", f"{HOSTED}#k9", issuer=HOSTED)
    did_json = desk.folder / "did.json"
    did_json.write_bytes(write_did_document(HOSTED, [PublishedKey("k9", KEY.public)]))
    assert desk.credentials("verify", out, "--key", did_json).code == 0
    did_json.write_bytes(write_did_document(HOSTED, [PublishedKey("k8", KEY.public)]))
    outcome = desk.credentials("verify", out, "--key", did_json)
    assert (outcome.code, outcome.out.splitlines()[0]) == (1, "DOES NOT HOLD under did.json: NOT_THEIR_KEY")


@pytest.mark.parametrize(
    ("options", "code", "problem"),
    [
        (("--mechanism", "unheard-of"), 64, "wrong-call"),
        (("--media-type", "text/plain"), 64, "wrong-call"),
        (("--mechanism", "vc+jwt", "--media-type", "application/vc"), 64, "wrong-call"),
        (("--created", "yesterday"), 65, "bad-instant"),
        (("--verification-method", "my key"), 65, "bad-did"),
        (("-o", "/nowhere/signed"), 65, "no-such-file"),
    ],
)
def test_wrong_calls(desk: Desk, options: tuple[str, ...], code: int, problem: str) -> None:
    outcome = desk.credentials("secure", desk.write(), "--key", desk.key, *options)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.endswith(f"[{problem}]\n")
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"issuer": None}, "malformed-credential"),
        ({"issuer": HOSTED}, "wrong-call"),
        ({"type": "Thing"}, "malformed-credential"),
        ({"validFrom": "2026-03-16T00:00:00.5Z"}, "malformed-credential"),
        ({"@context": ["https://elsewhere.example"]}, "wrong-context"),
        ({"iss": "x"}, "malformed-credential"),
    ],
)
def test_a_document_that_is_no_whole_credential_is_not_signed(desk: Desk, changes: Any, problem: str) -> None:
    outcome = desk.credentials("secure", desk.write(**changes), "--key", desk.key)
    assert (outcome.out, outcome.err.strip().endswith(f"[{problem}]")) == ("", True)


def test_a_key_that_cannot_be_read(desk: Desk) -> None:
    desk.key.write_text("correct horse battery staple")
    outcome = desk.credentials("secure", desk.write(), "--key", desk.key)
    assert (outcome.code, outcome.err.strip().endswith("[portable-key-unreadable]")) == (65, True)
    assert "horse" not in outcome.err


def test_a_key_that_others_can_read_is_used_with_a_warning(desk: Desk) -> None:
    desk.key.chmod(0o644)
    outcome = desk.credentials("secure", desk.write(), "--key", desk.key)
    assert outcome.code == 0
    assert outcome.err == f"warning: others can read {desk.key} (mode 644). Run: chmod 600 {desk.key}\n"


def test_another_key_does_not_hold(desk: Desk) -> None:
    out = desk.signed()
    desk.public.write_text(json.dumps(load("Ed25519", b"\x08" * 32).public.to_jwk()))
    outcome = desk.credentials("verify", out, "--key", desk.public)
    assert (outcome.code, outcome.out.splitlines()[0]) == (1, "DOES NOT HOLD under public.jwk: TAMPERED")
    assert desk.credentials("verify", out, "--key", desk.public, "--json").json()["holds"] is False


@pytest.mark.parametrize(
    ("changes", "state", "code"),
    [
        ({"validUntil": "2026-03-17T00:00:00Z"}, "EXPIRED", 1),
        ({"validFrom": "2126-03-16T00:00:00Z"}, "NOT_YET", 1),
    ],
)
def test_what_is_not_current_does_not_hold(desk: Desk, changes: Any, state: str, code: int) -> None:
    outcome = desk.credentials("verify", desk.signed(**changes), "--key", desk.public)
    assert (outcome.code, outcome.out.splitlines()[0].rpartition(" ")[2]) == (code, state)


def test_what_cannot_be_read_is_neither(desk: Desk) -> None:
    out = desk.signed()
    out.write_bytes(out.read_bytes()[:-90] + b"!")
    assert desk.credentials("verify", out, "--key", desk.public).code == 2


def test_a_status_that_was_not_asked_is_said_and_left_open(desk: Desk) -> None:
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://acme.example/status/1",
    }
    told = desk.credentials("verify", desk.signed(credentialStatus=status), "--key", desk.public, "--json").json()
    outcomes = {check["id"]: check["outcome"] for check in told["checks"]}
    assert (told["holds"], told["verdict"], outcomes["revocation"]) == (True, "indeterminate", "not_checked")


@pytest.mark.parametrize("media_type", ["application/vc", "application/json", "", "text/html"])
def test_another_media_type_is_refused(desk: Desk, media_type: str) -> None:
    outcome = desk.credentials("verify", desk.signed(), "--key", desk.public, "--media-type", media_type)
    assert (outcome.code, outcome.err.strip().endswith("[wrong-media-type]")) == (65, True)


@pytest.mark.parametrize("content", ["", "{}", "no key", '{"kty":"OKP","crv":"Ed25519","x":"","d":""}'])
def test_a_file_without_public_keys_is_bad_data(desk: Desk, content: str) -> None:
    desk.public.write_text(content)
    outcome = desk.credentials("verify", desk.signed(), "--key", desk.public)
    assert (outcome.code, outcome.out) == (65, "")


def test_securing_needs_no_database(desk: Desk) -> None:
    script = "import sys; from credentials.cli.main import run; run(sys.argv[1:]); print('sqlalchemy' in sys.modules)"
    call = [sys.executable, "-c", script, "secure", str(desk.write()), "--key", str(desk.key), "-o", "signed"]
    done = subprocess.run(call, cwd=desk.folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert sorted(path.name for path in desk.folder.iterdir()) == ["key.jwk", "public.jwk", "signed", "unsigned.json"]
