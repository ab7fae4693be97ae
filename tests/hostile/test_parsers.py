"""Whatever bytes or text a parser gets, it answers, or refuses with an error of the core's own family."""

from __future__ import annotations

import ast
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import credentials.core
from credentials.core import (
    base58,
    base64url,
    canonical_json,
    did,
    https_issuer,
    identifiers,
    instants,
    issuer_metadata,
    key_files,
    presentation,
    status_list,
    status_story,
    strict_json,
    timestamps,
    token_status_list,
)
from credentials.core import credential as credentials_of
from credentials.core.achievement import parse_achievement
from credentials.core.data_integrity.options import decode_value
from credentials.core.did_document import parse_did_document
from credentials.core.errors import CredentialError
from credentials.core.jws import parse_compact
from credentials.core.keys import PublicKey
from credentials.core.linked_data import canonical_nquads
from credentials.core.sd_jwt.disclosure import read_disclosures
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.core.securing import FORMS, recognise
from credentials.verifier.presentation import verify_presentation
from tests.hostile.making import a_world, make
from tests.timestamp_authority import TimestampAuthority
from tests.verifier.sd_world import HTTPS_ISSUER, TOKEN_LIST

Parser = Callable[[Any], object]
WORLD = a_world()
DID = WORLD.issuer.did
AUTHORITY = TimestampAuthority()
ANSWER = AUTHORITY.answer(timestamps.timestamp_request(b"stamped", 1))
ROOTS = AUTHORITY.roots
GOOD: dict[str, bytes] = {
    **{base: make({"base": base}).data for base in ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")},
    **{base: make({"base": base}).data for base in ("vc+sd-jwt", "dc+sd-jwt", "presentation:eddsa-jcs-2022")},
    "presentation:vp+jwt": make({"base": "presentation:vp+jwt"}).data,
    "did.json": WORLD.issuer.document(),
    "token list": WORLD.published[TOKEN_LIST],
    "story": WORLD.issuer.story(),
    "timestamp": ANSWER,
    "timestamp token": timestamps.accept_answer(ANSWER, b"stamped", 1, ROOTS),
    "roots": AUTHORITY.root.pem,
    "metadata": next(body for address, body in WORLD.published.items() if "jwt-vc-issuer" in address),
}
OF_BYTES: dict[str, Parser] = {
    **{f"read {name}": form.read for name, form in FORMS.items()},
    "parse_compact": parse_compact,
    "parse_sd_jwt": parse_sd_jwt,
    "read_disclosures": lambda data: read_disclosures([data]),
    "read_presentation": presentation.read_presentation,
    "parse_did_document": lambda data: parse_did_document(data, DID),
    "parse_key_file of a key": key_files.parse_key_file,
    "parse_key_file": lambda data: https_issuer.parse_key_file(data, HTTPS_ISSUER, f"{HTTPS_ISSUER}/key"),
    "parse_issuer_metadata": lambda data: issuer_metadata.parse_issuer_metadata(data, HTTPS_ISSUER),
    "parse_key_set": lambda data: issuer_metadata.parse_key_set(data, HTTPS_ISSUER),
    "parse_status_list_token": token_status_list.parse_status_list_token,
    "parse_roots": timestamps.parse_roots,
    "check_token": lambda data: timestamps.check_token(data, b"stamped", ROOTS),
    "accept_answer": lambda data: timestamps.accept_answer(data, b"stamped", 1, ROOTS),
    "parse_story": status_story.parse_story,
    "parse_object": lambda data: strict_json.parse_object(data, max_bytes=100_000),
    "parse_array": lambda data: strict_json.parse_array(data, max_bytes=100_000),
    "parse_arrays": lambda data: strict_json.parse_arrays([data, data], max_bytes=100_000),
    "base64url.decode": base64url.decode,
}
OF_TEXT: dict[str, Parser] = {
    "base58.decode": base58.decode,
    "base64url.decode": base64url.decode,
    "status_list.decode": status_list.decode,
    "token_status_list.decode": lambda text: token_status_list.decode(text, 1),
    "parse_did_url": did.parse_did_url,
    "parse_instant": instants.parse_instant,
    "parse_credential_id": identifiers.parse_credential_id,
    "parse_short_code": identifiers.parse_short_code,
    "decode_value": decode_value,
    "from_multikey": PublicKey.from_multikey,
    "parse_compact": parse_compact,
    "parse_story": status_story.parse_story,
}
OF_JSON: dict[str, Parser] = {
    "parse_credential": credentials_of.parse_credential,
    "parse_achievement": parse_achievement,
    "parse_status_list_credential": lambda document: status_list.parse_status_list_credential(
        document, purpose="revocation", now=WORLD.now
    ),
    "canonical_nquads": canonical_nquads,
    "canonicalise": canonical_json.canonicalise,
    "from_jwk": PublicKey.from_jwk,
}
ELSEWHERE = {"read_by_oxigraph", "read_achievement", "read_options", "read_shown"}
"""Readers of what another parser here has read; and pyoxigraph, which is shown only what was."""

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
texts = st.text(max_size=60)
names = st.sampled_from(["@context", "id", "type", "issuer", "credentialSubject", "proof", "kty", "x", "@id"]) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4))


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A good thing of any kind, cut, doubled or with other bytes in it."""
    data = draw(st.sampled_from(list(GOOD.values())))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    return data[:start] + draw(st.binary(max_size=8) | st.just(data[start:end] * 2)) + data[end:]


def refuses_or_answers(parse: Parser, given_to_it: object) -> None:
    with contextlib.suppress(CredentialError):
        parse(given_to_it)


@pytest.mark.parametrize("name", OF_BYTES)
@given(data=st.binary(max_size=200) | mutants())
def test_bytes(name: str, data: bytes) -> None:
    refuses_or_answers(OF_BYTES[name], data)


@pytest.mark.parametrize("name", OF_TEXT)
@given(text=st.text(max_size=200) | mutants().map(lambda data: data.decode("utf-8", "replace")))
def test_texts(name: str, text: str) -> None:
    refuses_or_answers(OF_TEXT[name], text)


@pytest.mark.parametrize("name", OF_JSON)
@given(document=st.dictionaries(names, values, max_size=8), good=st.booleans())
def test_documents(name: str, document: dict[str, Any], good: bool) -> None:
    base = json.loads(GOOD["eddsa-jcs-2022"]) if good else {}
    refuses_or_answers(OF_JSON[name], base | document)


@given(data=st.binary(max_size=200) | mutants())
def test_verifying_never_raises(data: bytes) -> None:
    assert WORLD.verify(data).state
    report = verify_presentation(data, resolver=WORLD.resolver(), policy=WORLD.policy, now=WORLD.now)
    assert report.outcome


@given(data=st.binary(max_size=200) | mutants())
def test_recognising(data: bytes) -> None:
    refuses_or_answers(recognise, data)


def test_no_parser_is_left_out() -> None:
    found = {
        node.name
        for path in Path(credentials.core.__file__).parent.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(("parse_", "read", "decode"))
    }
    tried = {name for table in (OF_BYTES, OF_TEXT, OF_JSON) for key in table for name in key.replace(".", " ").split()}
    assert found - tried == ELSEWHERE
