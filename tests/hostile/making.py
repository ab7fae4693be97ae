"""From a case to what is sent and what is published; see `cases.py` for what a case may say."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials.core import base64url, strict_json
from credentials.core.credential import CONTEXT_V2
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES
from credentials.core.did import did_web_to_url
from credentials.core.instants import format_instant
from credentials.verifier.expectation import Expectation
from tests.core.parties import ed25519_party
from tests.core.test_vc_jwt_hostile import hostile_token
from tests.hostile import careless
from tests.hostile.edits import edited
from tests.hostile.signatures import ACCEPTED, CHANGES
from tests.verifier.holders import Holder
from tests.verifier.sd_world import HTTPS_ISSUER, TOKEN_LIST, SdWorld
from tests.verifier.world import ISSUED, Ed25519Key, Issuer, Key, P256Key, World, claims_of, confirming, list_url

ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
ASKED = Expectation("hr.example", "n-0S6_WzA2Mj")
PLAIN = {
    "@context": [CONTEXT_V2],
    "id": "https://credentials.example/c/1",
    "type": ["VerifiableCredential"],
    "validFrom": "2026-03-16T00:00:00Z",
    "credentialSubject": {"id": "urn:uuid:person", "name": "Zoë Okonkwo"},
}
Case = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """What arrives, the world in which it is judged, and whether it is a presentation."""

    data: bytes
    world: World
    shows: bool = False


def a_world() -> SdWorld:
    """An issuer with a key of each kind, its lists, its metadata."""
    issuer = Issuer("did:web:acme.example", {"k1": Ed25519Key(), "p1": P256Key()})
    return SdWorld(issuer, policy=confirming(HTTPS_ISSUER))


def make(case: Case) -> Made:
    """What a case says."""
    world = a_world()
    base = case["base"]
    if base in CRYPTOSUITES:
        data = embedded(case, world)
    elif base.startswith("presentation:"):
        return Made(_finished(case, presentation(case, world)), world, shows=True)
    else:
        data = _MAKERS[base](case, world)
    return Made(_finished(case, data), world)


def _finished(case: Case, data: bytes) -> bytes:
    """The raw text edits, last: `replace` (the first occurrence), `prefix`, `suffix`, `encode`."""
    for old, new in case.get("replace", ()):
        assert old.encode() in data, old
        data = data.replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1)
    if "encode" in case:
        data = data.decode().encode(case["encode"])
    return bytes.fromhex(case.get("prefix", "")) + data + bytes.fromhex(case.get("suffix", ""))


def key_of(suite: str, world: World) -> tuple[Key, str]:
    """The key that signs in a suite, and the method that it is published under."""
    name = "p1" if suite.startswith("ecdsa") else "k1"
    return world.issuer.keys[name], f"{world.issuer.did}#{name}-multikey"


def embedded(case: Case, world: World) -> bytes:
    """A credential with an embedded proof: `edits` of it before it is signed, `then` after."""
    suite = case["base"]
    document = case.get("document") or world.document()
    if suite == "Ed25519Signature2020":
        document["@context"].append(ED25519_2020)
    document = edited(document, case.get("edits", ()))
    key, method = key_of(suite, world)
    return strict_json.dump(edited(_proven(case, document, key, method, "assertionMethod"), case.get("then", ())))


def _proven(case: Case, document: dict[str, Any], key: Key, method: str, purpose: str) -> dict[str, Any]:
    suite = CRYPTOSUITES[case["base"].removeprefix("presentation:")]
    said: dict[str, Any] = {
        "type": suite.type,
        "cryptosuite": suite.name,
        "created": format_instant(ISSUED),
        "verificationMethod": method,
        "proofPurpose": purpose,
    }
    if suite.type == suite.name:
        del said["cryptosuite"]
    if suite.keeps_context:
        said["@context"] = document.get("@context")
    said = edited(said, case.get("proof", ()))
    proof = careless.proven(document, said, key, suite=suite.name, blind="blind" in case, change=_change(case))
    return document | {"proof": [proof]}


def _change(case: Case) -> careless.Change:
    """What becomes of the signature."""
    return {**CHANGES, **ACCEPTED}[case["signature"]] if "signature" in case else bytes


def presentation(case: Case, world: World) -> bytes:
    """A holder's presentation of one good credential."""
    holder = Holder()
    document = holder.unsigned(json.loads(world.secured("eddsa-rdfc-2022")))
    document = edited(document, case.get("edits", ()))
    if case["base"] == "presentation:vp+jwt":
        return _vp_token(case, document, holder)
    asked = [["set", "/domain", ASKED.domain], ["set", "/challenge", ASKED.challenge]]
    told = {**case, "proof": [*asked, *case.get("proof", ())]}
    proven = _proven(told, document, holder.key, holder.method, "authentication")
    return strict_json.dump(edited(proven, case.get("then", ())))


def _vp_token(case: Case, document: dict[str, Any], holder: Holder) -> bytes:
    said = {
        "header": {"alg": "EdDSA", "typ": "vp+jwt", "kid": holder.method},
        "payload": {**document, "iss": holder.did, "aud": ASKED.domain, "nonce": ASKED.challenge},
    }
    said = edited(said, case.get("token", ()))
    return careless.token(said["header"], said["payload"], holder.key)


def _token(case: Case, world: World) -> bytes:
    document = edited(world.document(), case.get("edits", ()))
    said = {
        "header": {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": world.issuer.method()},
        "payload": {**document, **claims_of(document)},
    }
    key = world.issuer.keys[case.get("key", "k1")]
    if "key" in case:
        said["header"] |= {"alg": "ES256", "kid": world.issuer.method(case["key"])}
    said = edited(said, case.get("token", ()))
    return careless.token(said["header"], said["payload"], key, _change(case))


def _selective(case: Case, whole: bytes, world: World) -> bytes:
    """An SD-JWT with its parts edited: `token` before it is signed anew, `parts` (texts between tildes) after."""
    signed, *rest = whole.decode().split("~")
    header, payload, _ = (base64url.decode(part) if place < 2 else b"" for place, part in enumerate(signed.split(".")))
    said = edited({"header": json.loads(header), "payload": json.loads(payload)}, case.get("token", ()))
    again = careless.token(said["header"], said["payload"], world.issuer.keys["k1"]).decode()
    return "~".join(edited([again, *rest], case.get("parts", ()))).encode()


def _sd_jwt_vc(case: Case, world: World) -> bytes:
    assert isinstance(world, SdWorld)
    return _selective(case, world.sd_jwt_vc(), world)


def _vc_sd_jwt(case: Case, world: World) -> bytes:
    assert isinstance(world, SdWorld)
    return _selective(case, world.vc_sd_jwt(), world)


def _listed(case: Case, world: World) -> bytes:
    """A good credential; the issuer's list of revocations is the hostile thing."""
    token = world.published[list_url("revocation")]
    payload = json.loads(base64url.decode(token.split(b".")[1]))
    said = {"header": {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": world.issuer.method()}, "payload": payload}
    said = edited(said, case.get("token", ()))
    _pack(said["payload"])
    made = careless.token(said["header"], said["payload"], world.issuer.keys[case.get("key", "k1")])
    world.published[list_url("revocation")] = _published(case, made)
    return world.token()


def _pack(payload: Any) -> None:
    """`encodedList` made from `{"$gzip": [hex, times]}`: the bytes, repeated and packed; without `u` if so said."""
    subject = _member(payload, "credentialSubject")
    written = _member(subject, "encodedList")
    match written:
        case {"$gzip": [octets, times]}:
            packed = _packed(bytes.fromhex(octets), times, written.get("wbits", 31))
            cut = packed[: written.get("cut", len(packed))] + bytes.fromhex(written.get("tail", ""))
            subject["encodedList"] = written.get("multibase", "u") + base64url.encode(cut)


def _member(node: Any, name: str) -> Any:
    """What a node of JSON has under a name; None if it has no such thing, or edits left no object there."""
    return node.get(name) if isinstance(node, dict) else None


def _packed(octets: bytes, times: int, wbits: int) -> bytes:
    """Packed in pieces: a bomb must not go off while it is made."""
    packer, piece = zlib.compressobj(9, wbits=wbits), 1 << 16
    whole, rest = divmod(times, piece)
    packed = [packer.compress(octets * piece) for _ in range(whole)]
    return b"".join([*packed, packer.compress(octets * rest), packer.flush()])


def _embedded_list(case: Case, world: World) -> bytes:
    """A good credential; its list carries an embedded proof, and is the hostile thing."""
    secured = world.issuer.status_list("revocation", mechanism="eddsa-rdfc-2022")
    document = {name: value for name, value in json.loads(secured).items() if name != "proof"}
    key, method = key_of("eddsa-rdfc-2022", world)
    document = edited(document, case.get("edits", ()))
    proven = _proven({**case, "base": "eddsa-rdfc-2022"}, document, key, method, "assertionMethod")
    made = strict_json.dump(edited(proven, case.get("then", ())))
    world.published[list_url("revocation")] = _published(case, made)
    return world.token()


def _token_list(case: Case, world: World) -> bytes:
    """A good SD-JWT VC; its Token Status List is the hostile thing."""
    assert isinstance(world, SdWorld)
    header, payload, _ = world.published[TOKEN_LIST].split(b".")
    said = {"header": json.loads(base64url.decode(header)), "payload": json.loads(base64url.decode(payload))}
    said = edited(said, case.get("token", ()))
    _pack_lst(said["payload"])
    world.published[TOKEN_LIST] = _published(
        case, careless.token(said["header"], said["payload"], world.issuer.keys["k1"])
    )
    return world.sd_jwt_vc()


def _pack_lst(payload: Any) -> None:
    status_list = _member(payload, "status_list")
    written = _member(status_list, "lst")
    match written:
        case {"$zlib": [octets, times]}:
            packed = _packed(bytes.fromhex(octets), times, 15)
            cut = packed[: written.get("cut", len(packed))] + bytes.fromhex(written.get("tail", ""))
            status_list["lst"] = base64url.encode(cut)


def _published(case: Case, made: bytes) -> bytes:
    return case["published"].encode() if "published" in case else made


def _keys(case: Case, world: World) -> bytes:
    """A good credential (`form`); the issuer's DID document is the hostile thing."""
    address = did_web_to_url(world.issuer.did)
    document = edited(json.loads(world.published[address]), case.get("edits", ()))
    made = case["published"].encode() if "published" in case else strict_json.dump(document)
    for old, new in case.get("published_replace", ()):
        assert old.encode() in made, old
        made = made.replace(old.encode(), new.encode(), 1)
    world.published[address] = made
    form = case.get("form", "vc+jwt")
    return world.issuer.secure(
        strict_json.dump(world.document()), mechanism=form, method=None if form == "vc+jwt" else key_of(form, world)[1]
    )


def _metadata(case: Case, world: World) -> bytes:
    """A good SD-JWT VC; its issuer's metadata are the hostile thing."""
    assert isinstance(world, SdWorld)
    address = next(one for one in world.published if "jwt-vc-issuer" in one and HTTPS_ISSUER.split("/")[2] in one)
    document = edited(json.loads(world.published[address]), case.get("edits", ()))
    world.published[address] = case["published"].encode() if "published" in case else strict_json.dump(document)
    return world.sd_jwt_vc()


def _hostile_token(case: Case, world: World) -> bytes:
    """A case of tests/vectors/jws_hostile.json."""
    party = ed25519_party()
    world.policy = confirming(party.did)
    return hostile_token(case["token_case"], party, PLAIN | {"issuer": party.did}).encode("utf-8", "surrogatepass")


def _text(case: Case, world: World) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    return base64.b64decode(case["base64"]) if "base64" in case else str(case["text"]).encode("utf-8", "surrogatepass")


_MAKERS = {
    "vc+jwt": _token,
    "dc+sd-jwt": _sd_jwt_vc,
    "vc+sd-jwt": _vc_sd_jwt,
    "status-list": _listed,
    "status-list:embedded": _embedded_list,
    "token-status-list": _token_list,
    "did-document": _keys,
    "issuer-metadata": _metadata,
    "hostile-token": _hostile_token,
    "text": _text,
}
