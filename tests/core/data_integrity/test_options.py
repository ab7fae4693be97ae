"""What a proof says of itself: the names of keys, the spelling of a signature, and members of other kinds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base58
from credentials.core.data_integrity.options import (
    ProofOptions,
    decode_value,
    encode_value,
    kind_of,
    read_options,
    require_method,
    suite_of,
)
from credentials.core.errors import BadProof, CredentialError, NotBase58

CONTEXT = ["https://www.w3.org/ns/credentials/v2"]
PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "verificationMethod": "did:web:a.example#k",
    "proofPurpose": "assertionMethod",
    "proofValue": encode_value(bytes(64)),
}


def read(**members: Any) -> ProofOptions:
    proof = PROOF | {name.removeprefix("at_"): value for name, value in members.items()}
    suite = suite_of(PROOF)
    assert suite is not None
    return read_options(proof, suite, CONTEXT)


NAMES_A_KEY = [
    "did:web:a.example#k",
    "did:key:z6Mk#z6Mk",
    "https://a.example#k",
    "https://a.example/#k",
    "https://a.example:8443/keys/1?v=2#k",
    "https://A.example/a#k/1?x",
]
NAMES_NONE = [
    "",
    "#k",
    "k",
    "did:web:a.example",
    "did:web:a.example#",
    "did:web:a.example/path#k",
    "did:web:a.example?x=1#k",
    "did:web:a.example#k#l",
    "DID:web:a.example#k",
    "http://a.example#k",
    "HTTPS://a.example#k",
    "https://#k",
    "https://a.example",
    "https://a.example#",
    "https://a.example#k#l",
    "https://a.example# k",
    "https://a.example#k\n",
    "https://a.example\n#k",
    "https://a.example/a b#k",
    "https://a.example\\@b.example/#k",
    "https://user@a.example/#k",
    "https://user:pw@a.example#k",
    "https://a.example:#k",
    "https://a.example:123456#k",
    "https://é.example#k",
    "https://a.example/<x>#k",
    "https://a.example#k|l",
    "javascript:alert(1)#k",
    "urn:uuid:1#k",
    "https://a.example/x\u2028#k",
]


@pytest.mark.parametrize("text", NAMES_A_KEY)
def test_a_key_is_named_by_an_absolute_address(text: str) -> None:
    assert require_method(text) == text


@pytest.mark.parametrize("text", NAMES_NONE, ids=ascii)
def test_what_names_no_key(text: str) -> None:
    with pytest.raises(BadProof) as caught:
        require_method(text)
    assert caught.value.where == "/proof/verificationMethod"


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00" * 64, b"\xff" * 96, bytes(range(64))], ids=len)
def test_a_signature_has_one_spelling(data: bytes) -> None:
    assert decode_value(encode_value(data)) == data


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", BadProof),
        ("Z11", BadProof),
        ("m11", BadProof),
        ("u11", BadProof),
        (" z11", BadProof),
        ("z" + "1" * 140, BadProof),
        ("z0", NotBase58),
        ("zl", NotBase58),
        ("z1 ", NotBase58),
        ("z1\n", NotBase58),
        ("zé", NotBase58),
        ("zz-", NotBase58),
    ],
)
def test_another_spelling_is_none(text: str, kind: type[CredentialError]) -> None:
    with pytest.raises(kind) as caught:
        decode_value(text)
    assert caught.value.where == "/proof/proofValue"


@given(st.binary(max_size=100))
def test_whatever_is_written_is_read_again(data: bytes) -> None:
    assert decode_value(encode_value(data)) == data


@given(st.text("zZ1l0OIaé \n", max_size=20))
def test_any_value_is_read_one_way_or_refused(text: str) -> None:
    try:
        data = decode_value(text)
    except (BadProof, NotBase58):
        return
    assert f"z{base58.encode(data)}" == text


@pytest.mark.parametrize(
    ("proof", "name"),
    [
        (PROOF, "eddsa-jcs-2022"),
        (PROOF | {"cryptosuite": "EDDSA-JCS-2022"}, None),
        (PROOF | {"cryptosuite": ["eddsa-jcs-2022"]}, None),
        (PROOF | {"cryptosuite": None}, None),
        ({"type": "DataIntegrityProof"}, None),
        ({"type": "eddsa-jcs-2022"}, None),
        ({"type": "eddsa-jcs-2022", "cryptosuite": "eddsa-jcs-2022"}, None),
        ({"type": "Ed25519Signature2020", "cryptosuite": "eddsa-jcs-2022"}, "Ed25519Signature2020"),
        ({"type": "Unheard", "cryptosuite": "eddsa-jcs-2022"}, None),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_a_suite_is_found_by_its_exact_name_and_type(proof: dict[str, Any], name: str | None) -> None:
    suite = suite_of(proof)
    assert (None if suite is None else suite.name) == name


@pytest.mark.parametrize("kind", [None, 7, [], ["DataIntegrityProof"], {"@id": "DataIntegrityProof"}], ids=repr)
def test_a_proof_without_a_type_of_one_text_is_none(kind: Any) -> None:
    with pytest.raises(BadProof):
        suite_of(PROOF | {"type": kind})


@pytest.mark.parametrize(
    ("proof", "name"),
    [
        ({"type": "T", "cryptosuite": "c"}, "c"),
        ({"type": "T", "cryptosuite": 7}, "T"),
        ({"type": "T"}, "T"),
        ({"type": "T" * 100}, "T" * 60),
        ({"type": "T", "cryptosuite": "c" * 100}, "c" * 60),
    ],
)
def test_what_is_not_understood_is_called_by_a_short_name(proof: dict[str, Any], name: str) -> None:
    assert kind_of(proof) == name


MEMBERS: list[tuple[str, Any, str]] = [
    ("id", 7, "bad-proof"),
    ("id", None, "bad-proof"),
    ("challenge", None, "bad-proof"),
    ("challenge", 7, "bad-proof"),
    ("domain", 7, "bad-proof"),
    ("domain", [7], "bad-proof"),
    ("domain", None, "bad-proof"),
    ("domain", {"id": "a.example"}, "bad-proof"),
    ("previousProof", [None], "bad-proof"),
    ("previousProof", {}, "bad-proof"),
    ("proofPurpose", ["assertionMethod"], "bad-proof"),
    ("proofValue", [PROOF["proofValue"]], "bad-proof"),
    ("created", ["2026-03-16T00:00:00Z"], "bad-proof"),
    ("created", "", "bad-instant"),
    ("expires", "2026-02-30T00:00:00Z", "bad-instant"),
    ("expires", "never", "bad-instant"),
    ("verificationMethod", f"https://a.example/{'a' * 2048}#k", "bad-proof"),
    ("@id", "urn:x", "not-a-term"),
    ("@graph", [], "not-a-term"),
    ("sec:created", "2026-03-16T00:00:00Z", "not-a-term"),
    (":", "x", "not-a-term"),
    ("@context", None, "wrong-context"),
    ("@context", CONTEXT[0], "wrong-context"),
    ("@context", [*CONTEXT, {}], "wrong-context"),
]


@pytest.mark.parametrize(
    ("name", "value", "code"), MEMBERS, ids=[f"{name}={value!r:.30}" for name, value, _ in MEMBERS]
)
def test_a_member_of_another_kind_is_refused(name: str, value: Any, code: str) -> None:
    with pytest.raises(CredentialError) as caught:
        read(**{name: value})
    assert caught.value.code == code
    assert caught.value.where.startswith("/proof")


def test_the_documents_own_context_may_be_repeated() -> None:
    assert read(**{"@context": CONTEXT}).options["@context"] == CONTEXT


@pytest.mark.parametrize(
    ("value", "texts"), [("a", ("a",)), (["a", "b"], ("a", "b")), ([], ()), ("", ("",)), ([""], ("",))], ids=repr
)
def test_one_or_several(value: Any, texts: tuple[str, ...]) -> None:
    says = read(domain=value, previousProof=value)
    assert (says.domains, says.previous) == (texts, texts)


def test_all_but_the_signature_is_what_was_signed() -> None:
    says = read(nonce="n", created="2026-03-16T01:00:00+01:00")
    expected = PROOF | {"nonce": "n", "created": "2026-03-16T01:00:00+01:00"}
    assert says.options == {name: value for name, value in expected.items() if name != "proofValue"}
    assert says.created is not None
    assert says.created.isoformat() == "2026-03-16T00:00:00+00:00"
    assert (says.signature, says.challenge, says.id) == (bytes(64), "", "")
