"""Presentations taken apart without belief: three forms, and what a hostile one says of its holder and parts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import CredentialError
from credentials.core.presentation import MAX_CREDENTIALS, UNSIGNED, VP_JWT, Presentation, read_presentation
from tests.core.parties import Party, ed25519_party

V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"
HOLDER = ed25519_party(b"\x07" * 32)
HEADER = {"alg": "EdDSA", "typ": "vp+jwt", "kid": HOLDER.method}


def said(**members: Any) -> dict[str, Any]:
    whole = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": []}
    changed = whole | {name.replace("context", "@context"): value for name, value in members.items()}
    return {name: value for name, value in changed.items() if value is not ...}


def token(payload: dict[str, Any], header: dict[str, Any] = HEADER, party: Party = HOLDER) -> bytes:
    return party.token(json.dumps(header).encode(), json.dumps(payload).encode()).encode()


def plain(payload: dict[str, Any]) -> Presentation:
    return read_presentation(json.dumps(payload).encode())


def code(data: bytes) -> tuple[str, str]:
    with pytest.raises(CredentialError) as caught:
        read_presentation(data)
    return caught.value.code, caught.value.where


MALFORMED = "malformed-presentation"
WRONG_MEMBERS: list[tuple[str, dict[str, Any], str, str]] = [
    # What is odd about it; its members (... is one left out); the error, and where.
    ("no type", {"type": ...}, MALFORMED, "/type"),
    ("a longer type", {"type": ["VerifiablePresentationX"]}, MALFORMED, "/type"),
    ("a type in an object", {"type": [{"@id": "VerifiablePresentation"}]}, MALFORMED, "/type"),
    ("a credential", {"type": ["VerifiableCredential"]}, MALFORMED, "/type"),
    ("no context", {"context": ...}, "wrong-context", "/@context"),
    ("an empty context", {"context": []}, "wrong-context", "/@context"),
    ("another context first", {"context": ["https://a.example", V2]}, "wrong-context", "/@context"),
    ("an inline context first", {"context": [{"holder": "urn:x"}, V2]}, "wrong-context", "/@context"),
    ("an inline context behind", {"context": [V2, {"holder": "urn:x"}]}, "inline-context", "/@context"),
    ("a context of null behind", {"context": [V2, None]}, "inline-context", "/@context"),
    ("an empty holder", {"holder": ""}, MALFORMED, "/holder"),
    ("a holder of two", {"holder": ["did:web:a.example", "did:web:b.example"]}, MALFORMED, "/holder"),
    ("a holder whose id is a number", {"holder": {"id": 7}}, MALFORMED, "/holder"),
    ("a holder whose id is empty", {"holder": {"id": ""}}, MALFORMED, "/holder"),
    ("a holder that is false", {"holder": False}, MALFORMED, "/holder"),
    ("a credential that is a list", {"verifiableCredential": [[]]}, MALFORMED, "/verifiableCredential"),
    ("a credential that is null", {"verifiableCredential": [None]}, MALFORMED, "/verifiableCredential"),
    ("a credential that is true", {"verifiableCredential": True}, MALFORMED, "/verifiableCredential"),
    ("one credential too many", {"verifiableCredential": ["x"] * (MAX_CREDENTIALS + 1)}, MALFORMED,
     "/verifiableCredential"),
    ("its id in a credential", {"id": "urn:vp", "verifiableCredential": [{"id": "urn:vp", "holder": "x"}]}, MALFORMED,
     "/id"),
    ("its id deep inside", {"id": "urn:vp", "extra": [[{"a": {"id": "urn:vp", "holder": "x"}}]]}, MALFORMED, "/id"),
    ("its id is the holder's", {"id": "urn:vp", "holder": {"id": "urn:vp", "name": "x"}}, MALFORMED, "/id"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "expected", "where"), [row[1:] for row in WRONG_MEMBERS],
                         ids=[row[0] for row in WRONG_MEMBERS])  # fmt: skip
@pytest.mark.parametrize("form", [UNSIGNED, VP_JWT])
def test_a_member_that_is_wrong_is_wrong_in_every_form(
    form: str, members: dict[str, Any], expected: str, where: str
) -> None:
    payload = said(**members)
    assert code(json.dumps(payload).encode() if form == UNSIGNED else token(payload)) == (expected, where)


TOKENS: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    # What is odd about it; members of the payload; members of the header; the error, and where.
    ("a credential's type", {}, {"typ": "vc+jwt"}, "wrong-token-type", "typ"),
    ("a type in capitals", {}, {"typ": "VP+JWT"}, "wrong-token-type", "typ"),
    ("a media type", {}, {"typ": "application/vp+jwt"}, "wrong-token-type", "typ"),
    ("a credential's content", {}, {"cty": "vc"}, "wrong-token-type", "typ"),
    ("its claims in vp", {"vp": {}}, {}, "vc-claim", "/vp"),
    ("its claims in vc", {"vc": {}}, {}, "vc-claim", "/vc"),
    ("another issuer", {"holder": HOLDER.did, "iss": "did:web:other.example"}, {}, MALFORMED, "/iss"),
    ("an empty issuer", {"holder": HOLDER.did, "iss": ""}, {}, MALFORMED, "/iss"),
    ("an issuer of null", {"holder": HOLDER.did, "iss": None}, {}, MALFORMED, "/iss"),
    ("an issuer in a list", {"iss": [HOLDER.did]}, {}, MALFORMED, "/iss"),
    ("an issuer in an object", {"iss": {"id": HOLDER.did}}, {}, MALFORMED, "/iss"),
    ("an audience in an object", {"aud": {"id": "x"}}, {}, MALFORMED, "/aud"),
    ("one audience of two that is null", {"aud": ["x", None]}, {}, MALFORMED, "/aud"),
    ("a nonce in a list", {"nonce": ["x"]}, {}, MALFORMED, "/nonce"),
    ("a nonce that is false", {"nonce": False}, {}, MALFORMED, "/nonce"),
]


@pytest.mark.parametrize(("members", "header", "expected", "where"), [row[1:] for row in TOKENS],
                         ids=[row[0] for row in TOKENS])  # fmt: skip
def test_a_claim_that_is_wrong(members: dict[str, Any], header: dict[str, Any], expected: str, where: str) -> None:
    assert code(token(said(**members), HEADER | header)) == (expected, where)


ENVELOPES: list[tuple[str, Any]] = [
    ("no id", ...),
    ("null", None),
    ("a number", 7),
    ("another type", "data:application/vc+jwt,e30.e30.e30"),
    ("in base64", "data:application/vp+jwt;base64,e30.e30.e30"),
    ("capitals", "DATA:application/vp+jwt,e30.e30.e30"),
    ("space before", " data:application/vp+jwt,e30.e30.e30"),
    ("letters beyond ASCII", "data:application/vp+jwt,é.é.é"),
]


@pytest.mark.parametrize("address", [row[1] for row in ENVELOPES], ids=[row[0] for row in ENVELOPES])
def test_an_envelope_around_nothing_that_is_read(address: Any) -> None:
    assert code(json.dumps(said(type="EnvelopedVerifiablePresentation", id=address)).encode()) == (MALFORMED, "/id")


def test_an_envelope_in_an_envelope_is_not_opened() -> None:
    inner = said(type="EnvelopedVerifiablePresentation", id=f"data:application/vp+jwt,{token(said()).decode()}")
    assert code(token(inner)) == (MALFORMED, "/type")


def test_what_stands_beside_an_envelope_is_not_believed() -> None:
    inner = f"data:application/vp+jwt,{token(said(holder=HOLDER.did)).decode()}"
    found = plain(said(type=["EnvelopedVerifiablePresentation"], id=inner, holder="did:web:other.example"))
    assert (found.form, found.holder) == (VP_JWT, HOLDER.did)


def test_who_signed_is_the_issuer_where_no_holder_is_named() -> None:
    found = read_presentation(token(said(iss=HOLDER.did), HEADER | {"kid": "#k"}))
    assert (found.holder, found.proofs[0].verification_method) == (HOLDER.did, f"{HOLDER.did}#k")


@pytest.mark.parametrize("members", [{}, {"holder": None}])
def test_where_nobody_is_named_the_key_names_nobody(members: dict[str, Any]) -> None:
    found = read_presentation(token(said(**members), HEADER | {"kid": "#k"}))
    assert (found.holder, found.proofs[0].controller) == (None, "")


def test_claims_are_no_part_of_the_document() -> None:
    claims = {
        "iss": HOLDER.did,
        "aud": ["a", "b"],
        "nonce": "n",
        "iat": 1,
        "nbf": 2,
        "exp": 3,
        "jti": "urn:j",
        "sub": "s",
    }
    found = read_presentation(token(said(**claims)))
    (proof,) = found.proofs
    assert found.document == said()
    assert (proof.domains, proof.challenge) == (("a", "b"), "n")
    # Of the two moments at which it may begin, the one that says so counts.
    assert [at.timestamp() for at in (proof.created, proof.expires) if at is not None] == [2, 3]


@pytest.mark.parametrize("contexts", [[V1], [V2], [V2, "https://a.example"]])
def test_each_credential_is_handed_on_as_it_is(contexts: list[str]) -> None:
    own = {"type": ["VerifiableCredential"], "proof": {"type": "x"}}
    found = plain(said(context=contexts, verifiableCredential=[own, "e30.e30.e30", "zoë"]))
    assert json.loads(found.credentials[0]) == own
    assert found.credentials[1:] == (b"e30.e30.e30", "zoë".encode())


@pytest.mark.parametrize("given_", ["e30.e30.e30", {"id": "urn:c"}, None, []], ids=repr)
def test_one_credential_needs_no_list_and_none_is_none(given_: Any) -> None:
    assert len(plain(said(verifiableCredential=given_)).credentials) == (1 if given_ else 0)


def test_as_many_as_are_allowed() -> None:
    assert len(plain(said(verifiableCredential=["x"] * MAX_CREDENTIALS)).credentials) == MAX_CREDENTIALS


def test_to_name_itself_from_within_is_no_second_object() -> None:
    assert plain(said(id="urn:vp", evidence={"about": {"id": "urn:vp"}})).document["id"] == "urn:vp"


@pytest.mark.parametrize("data", [b"", b" ", b"[]", b"null", b"{", b"{}", b'"x"', b"\xff{", b"a.b", b"\xef\xbb\xbf{}"])
def test_what_is_no_presentation_at_all(data: bytes) -> None:
    assert code(data)[0] in {"not-compact-jws", "not-json", MALFORMED, "not-base64url"}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "urn:vp", HOLDER.did, V2]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "holder", "type"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["id", "holder", "verifiableCredential", "proof", "iss", "aud", "nonce", "exp"]),
                       values, max_size=4), st.booleans())  # fmt: skip
def test_any_members_are_read_or_refused_and_a_holder_is_a_text(members: dict[str, Any], signed: bool) -> None:
    payload = said(**members)
    try:
        found = read_presentation(token(payload) if signed else json.dumps(payload).encode())
    except CredentialError:
        return
    assert found.holder is None or isinstance(found.holder, str)
    assert bool(found.proofs) is signed
