"""The values of members as N-Quads writes them."""

from typing import Any

import pytest

from credentials.core.errors import BadIri, CredentialError, InexactNumber, NotCovered, NullValue, UndefinedTerm
from credentials.core.linked_data.context import EMPTY, Term, activate, of_types
from credentials.core.linked_data.nquads import RDF, XSD
from credentials.core.linked_data.values import json_literal, scalar
from tests.core.linked_data.documents import BADGES_3_0_3, EXAMPLES, V1, V2

BADGE = activate(EMPTY, [V2, BADGES_3_0_3])
CREDENTIAL = of_types(BADGE, ("VerifiableCredential",))[0]
PROOF = of_types(BADGE, ("DataIntegrityProof",))[0]
NAME, ISSUER, URL = (CREDENTIAL.terms[name] for name in ("name", "issuer", "url"))
PURPOSE = PROOF.terms["proofPurpose"]
ANY_URI = "<https://www.w3.org/2001/XMLSchema#anyURI>"


@pytest.mark.parametrize(
    ("term", "value", "written"),
    [
        (NAME, "a\nb", '"a\\nb"'),
        (NAME, 5, f'"5"^^<{XSD}integer>'),
        (NAME, 2.5, f'"2.5E0"^^<{XSD}double>'),
        (NAME, True, f'"true"^^<{XSD}boolean>'),
        (URL, "not looked at", f'"not looked at"^^{ANY_URI}'),
        (URL, 5, f'"5"^^{ANY_URI}'),
        (URL, False, f'"false"^^{ANY_URI}'),
        (ISSUER, "did:web:a.example", "<did:web:a.example>"),
    ],
)
def test_scalars(term: Term, value: Any, written: str) -> None:
    assert scalar(value, term, CREDENTIAL) == written


@pytest.mark.parametrize(
    ("term", "value", "error"),
    [
        (NAME, None, NullValue),
        (NAME, [], NotCovered),
        (NAME, 2**60, InexactNumber),
        (NAME, object(), NotCovered),
        (NAME, b"x", NotCovered),
        (ISSUER, None, NullValue),
        (ISSUER, ["urn:x"], NotCovered),
        (ISSUER, "Acme", BadIri),
        (ISSUER, 5, BadIri),
        (ISSUER, False, BadIri),
    ],
)
def test_scalars_that_are_refused(term: Term, value: Any, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        scalar(value, term, CREDENTIAL)


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("assertionMethod", "https://w3id.org/security#assertionMethod"),
        ("authentication", "https://w3id.org/security#authenticationMethod"),
        # JSON-LD takes any term in force there, of the proof and of the document too.
        ("created", "http://purl.org/dc/terms/created"),
        ("name", "https://schema.org/name"),
        ("urn:my:purpose", "urn:my:purpose"),
    ],
)
def test_names_for_values(name: str, iri: str) -> None:
    assert scalar(name, PURPOSE, PROOF) == f"<{iri}>"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("betting", UndefinedTerm),
        ("", UndefinedTerm),
        ("AssertionMethod", UndefinedTerm),
        ("@id", UndefinedTerm),
        ("id", UndefinedTerm),
        ("https://w3id.org/security#assertionMethod", UndefinedTerm),
        ("a b:c", BadIri),
        (5, BadIri),
        (None, NullValue),
        (["assertionMethod"], NotCovered),
    ],
)
def test_names_for_values_that_are_refused(name: Any, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        scalar(name, PURPOSE, PROOF)


def test_a_prefix_is_no_name_for_a_value() -> None:
    suite = of_types(activate(EMPTY, V1), ("Ed25519Signature2018",))[0]

    with pytest.raises(UndefinedTerm):
        scalar("sec", suite.terms["proofPurpose"], suite)


def test_a_vocabulary_names_values_too() -> None:
    proof = of_types(activate(EMPTY, [V2, EXAMPLES]), ("DataIntegrityProof",))[0]

    written = scalar("betting", proof.terms["proofPurpose"], proof)
    assert written == "<https://www.w3.org/ns/credentials/examples#betting>"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [None, True]}, '{\\"a\\":[null,true],\\"b\\":1}'),
        ("x", '\\"x\\"'),
        ([], "[]"),
        (1e21, "1e+21"),
        (False, "false"),
        ("\x7f\n", '\\"\\u007F\\\\n\\"'),
    ],
)
def test_json_literals(value: Any, written: str) -> None:
    assert json_literal(value) == f'"{written}"^^<{RDF}JSON>'


@pytest.mark.parametrize("value", [None, 2**53, float("nan"), "\ud800", {"a": object()}])
def test_json_literals_that_are_refused(value: Any) -> None:
    with pytest.raises(CredentialError):
        json_literal(value)


def test_a_text_in_a_language() -> None:
    assert scalar({"@value": 'a "b"', "@language": "nb-NO"}, NAME, CREDENTIAL) == '"a \\"b\\""@nb-no'


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ({"@value": "x"}, NAME),
        ({"@value": "x", "@language": "en", "@direction": "ltr"}, NAME),
        ({"@value": "x", "@type": f"{XSD}string"}, NAME),
        ({"@value": "x", "@language": None}, NAME),
        ({"@value": "x", "@language": "e n"}, NAME),
        ({"@value": 5, "@language": "en"}, NAME),
        ({"@value": ["x"], "@language": "en"}, NAME),
        ({"@value": "x", "@language": "en"}, URL),
        ({"@value": "x", "@language": "en"}, ISSUER),
        ({"@value": "assertionMethod", "@language": "en"}, PURPOSE),
        ({"@value": "x", "language": "en"}, NAME),
    ],
)
def test_texts_in_a_language_that_are_refused(value: dict[str, Any], term: Term) -> None:
    with pytest.raises(NotCovered):
        scalar(value, term, CREDENTIAL)
