"""Where the keys of each kind of issuer are found, and which of them count."""

import json
from typing import Any

import pytest

from credentials.core import base64url, strict_json
from credentials.core.keys import PublicKey
from credentials.verifier.checks import CheckKind
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.world import ISSUED, NOW, Ed25519Key, World, claims_of

ROOT = "https://acme.example/"
HOSTED = "https://acme.example/issuers/1"
KEY_FILE = "https://acme.example/keys/1.jwk"


class Address:
    """An issuer that is named by an address, and what stands on its origin."""

    def __init__(self, name: str) -> None:
        self.name, self.key, self.published = name, Ed25519Key(7), {}
        self.policy = TrustPolicy()

    published: dict[str, bytes]

    def publish_document(self, **changes: Any) -> None:
        method = {
            "id": f"{self.name}#key-1",
            "type": "JsonWebKey",
            "controller": self.name,
            "publicKeyJwk": self.key.public.to_jwk(),
        }
        document = {"id": self.name, "verificationMethod": [method], "assertionMethod": [method["id"]]}
        self.published[self.name] = json.dumps(document | changes).encode()

    def publish_key(self, address: str = KEY_FILE, key: PublicKey | None = None, **changes: Any) -> None:
        self.published[address] = json.dumps((key or self.key.public).to_jwk() | changes).encode()

    def token(self, kid: str) -> bytes:
        document = World().document(statuses=()) | {"issuer": {"id": self.name, "type": ["Profile"], "name": "Acme"}}
        head = strict_json.dump({"alg": "EdDSA", "typ": "vc+jwt", "kid": kid})
        body = strict_json.dump(document | claims_of(document))
        data = f"{base64url.encode(head)}.{base64url.encode(body)}".encode()
        return data + b"." + base64url.encode_bytes(self.key.sign(data))

    def ask(self, kid: str) -> Report:
        resolver = StaticResolver(self.published, clock=lambda: NOW)
        return verify(self.token(kid), resolver=resolver, policy=self.policy, now=NOW)


def code(report: Report, kind: CheckKind) -> str:
    return report.check(kind.public_id).code


@pytest.mark.parametrize("name", [ROOT, "https://acme.example"])
def test_an_issuer_at_the_root_of_its_domain_confirms_it(name: str) -> None:
    one = Address(name)
    one.publish_document()
    for kid in (f"{name}#key-1", "#key-1"):
        report = one.ask(kid)
        assert report.state is State.GENUINE
        assert report.issuer is not None
        assert (report.issuer.domain, report.issuer.level) == ("acme.example", "https")


def test_an_issuer_below_the_root_does_not() -> None:
    one = Address(HOSTED)
    one.publish_document()
    assert one.ask(f"{HOSTED}#key-1").state is State.UNCONFIRMED_ISSUER
    one.policy = TrustPolicy(confirmed={HOSTED: Confirmation("acme.example", "operator", ISSUED)})
    assert one.ask(f"{HOSTED}#key-1").state is State.GENUINE


@pytest.mark.parametrize("name", [ROOT, HOSTED])
def test_a_file_on_the_origin_has_the_key_but_confirms_nothing(name: str) -> None:
    """Whoever may upload a file can make one."""
    one = Address(name)
    one.publish_key()
    report = one.ask(KEY_FILE)
    assert report.state is State.UNCONFIRMED_ISSUER
    assert [proof.verification_method for proof in report.proofs] == [KEY_FILE]


def test_a_set_of_keys() -> None:
    one = Address(HOSTED)
    other = Ed25519Key(8).public.to_jwk() | {"kid": "b"}
    keys = {"keys": [other, one.key.public.to_jwk() | {"kid": "a"}]}
    one.published["https://acme.example/jwks.json"] = json.dumps(keys).encode()
    assert one.ask("https://acme.example/jwks.json#a").state is State.UNCONFIRMED_ISSUER
    assert one.ask("https://acme.example/jwks.json#b").state is State.TAMPERED
    assert one.ask("https://acme.example/jwks.json#c").state is State.NOT_THEIR_KEY


@pytest.mark.parametrize(
    "kid",
    [
        "https://evil.example/keys/1.jwk",
        "https://evil.example/#key-1",
        "https://acme.example:8443/k",
        "https://acme.example.evil.example/k",
    ],
)
def test_a_key_on_another_origin_is_not_theirs(kid: str) -> None:
    one = Address(ROOT)
    one.publish_document()
    one.publish_key(kid.partition("#")[0])
    report = one.ask(kid)
    assert report.state is State.NOT_THEIR_KEY
    assert code(report, CheckKind.KEY_AUTHORISED) == "key-not-authorised"
    assert report.credential is None


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"id": "https://evil.example/"}, State.NO_KEY),
        ({"id": "https://acme.example"}, State.NO_KEY),
        ({"assertionMethod": []}, State.NOT_THEIR_KEY),
        ({"verificationMethod": []}, State.NOT_THEIR_KEY),
        ({"verificationMethod": 7}, State.NO_KEY),
    ],
)
def test_documents_that_do_not_list_it(changes: dict[str, Any], state: State) -> None:
    one = Address(ROOT)
    one.publish_document(**changes)
    assert one.ask(f"{ROOT}#key-1").state is state


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"", State.NO_KEY),
        (b"<html>", State.NO_KEY),
        (b"[]", State.NO_KEY),
        (b'{"keys":7}', State.NO_KEY),
        (b"{}", State.NO_KEY),
        (b'{"keys":[]}', State.NOT_THEIR_KEY),
        (b'{"kty":"oct","k":"AAAA"}', State.NO_KEY),
    ],
)
def test_files_that_hold_no_key(body: bytes, state: State) -> None:
    one = Address(HOSTED)
    one.published[KEY_FILE] = body
    assert one.ask(KEY_FILE).state is state


def test_a_file_with_another_key() -> None:
    one = Address(HOSTED)
    one.publish_key(key=Ed25519Key(9).public)
    assert one.ask(KEY_FILE).state is State.TAMPERED
    one.publish_key(use="enc")
    assert one.ask(KEY_FILE).state is State.NOT_THEIR_KEY


def test_nothing_there_leaves_the_question_open() -> None:
    assert Address(ROOT).ask(f"{ROOT}#key-1").state is State.NO_KEY
    assert Address(ROOT).ask(KEY_FILE).state is State.NO_KEY


def test_only_the_address_that_is_needed_is_visited() -> None:
    one, asked = Address(ROOT), []
    one.publish_key()
    one.publish_document()

    class Watching(StaticResolver):
        def fetch(self, url: str, **how: Any) -> Fetched:
            asked.append(url)
            return super().fetch(url, **how)

    verify(one.token(KEY_FILE), resolver=Watching(one.published), policy=one.policy, now=NOW)
    verify(one.token(f"{ROOT}#key-1"), resolver=Watching(one.published), policy=one.policy, now=NOW)
    verify(one.token("https://evil.example/k"), resolver=Watching(one.published), policy=one.policy, now=NOW)
    assert asked == [KEY_FILE, ROOT]


def test_a_did_jwk_issuer_is_its_own_key() -> None:
    key = Ed25519Key(7)
    did = "did:jwk:" + base64url.encode(strict_json.dump(key.public.to_jwk()))
    one = Address(did)
    report = one.ask(f"{did}#0")
    assert (report.state, report.proofs[0].verification_method) == (State.UNCONFIRMED_ISSUER, f"{did}#0")
    assert one.ask("#0").state is State.UNCONFIRMED_ISSUER
    assert one.ask("#1").state is State.NOT_THEIR_KEY
    assert one.ask("did:jwk:e30#0").state is State.NOT_THEIR_KEY
    one.key = Ed25519Key(8)
    assert one.ask("#0").state is State.TAMPERED
