"""A JSON-LD document as RDF statements, with nothing left out."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from credentials.core.errors import CredentialError, TooDeep, TooLarge, UndefinedTerm, registry
from credentials.core.linked_data import canonical_nquads
from credentials.core.linked_data.reading import MAX_BLANK_NODES, MAX_CONTEXT_CHANGES, MAX_STATEMENTS, read
from tests.core.linked_data.documents import BADGES_3_0_3, CONTEXT_LISTS, EXAMPLES, INTEGRITY_V2, V1, V2

REFUSED = json.loads((Path(__file__).parents[2] / "vectors" / "linked_data_refused.json").read_text(encoding="utf-8"))
BASE = REFUSED["base"]
Json = dict[str, Any]


def changed(changes: list[list[Any]], base: Json = BASE) -> Json:
    """A copy of `base` with values put in at JSON pointers."""
    document = copy.deepcopy(base)
    for pointer, value in changes:
        *path, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
        node: Any = document
        for part in path:
            node = node[int(part)] if isinstance(node, list) else node[part]
        if value == "DELETE":
            del node[last]
        else:
            node[int(last) if isinstance(node, list) else last] = value
    return document


def lines(document: Json) -> list[str]:
    return canonical_nquads(document).decode().split("\n")[:-1]


def credential(**members: Any) -> Json:
    return {"@context": [V2, BADGES_3_0_3], "id": "urn:c", "type": "VerifiableCredential", **members}


def stated(**members: Any) -> list[str]:
    """What a credential with these members states beyond its type."""
    return [line for line in lines(credential(**members)) if "rdf-syntax-ns#type" not in line]


# Refused ------------------------------------------------------------------------------------------------------------


def test_the_base_is_accepted() -> None:
    assert len(lines(BASE)) == 41


@pytest.mark.parametrize("case", REFUSED["cases"], ids=lambda case: case["name"])
def test_what_no_signature_would_cover_is_refused(case: Json) -> None:
    with pytest.raises(CredentialError) as caught:
        canonical_nquads(changed(case["set"]))

    assert (caught.value.code, caught.value.where) == (case["code"], case["where"])
    assert caught.value.detail


def test_each_code_is_one_of_ours_and_of_the_data_model() -> None:
    codes = {case["code"] for case in REFUSED["cases"]}

    assert codes <= registry().keys()
    assert len(codes) > 10


def test_a_document_that_says_nothing_is_refused() -> None:
    for document in ({}, {"id": "urn:x"}, {"id": "urn:x", "aud": []}):
        with pytest.raises(CredentialError, match="nothing is said"):
            canonical_nquads({"@context": V2, **document})


def test_half_a_character_is_refused() -> None:
    for members in ({"name": "\ud800"}, {"description": {"@value": "\udfff", "@language": "en"}}, {"_sd": "\ud800"}):
        with pytest.raises(CredentialError) as caught:
            canonical_nquads(credential(**members))
        assert caught.value.code == "not-utf8"


@pytest.mark.parametrize("value", [object(), ("a",), {"a"}, b"x"])
def test_a_value_that_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(CredentialError):
        canonical_nquads(credential(name=value))


def test_pointers_are_escaped_and_bounded() -> None:
    with pytest.raises(UndefinedTerm) as caught:
        canonical_nquads(credential(issuer={"id": "urn:i", "a~b/c" + "d" * 500: 1}))

    assert caught.value.where.startswith("/issuer/a~0b~1cddd")
    assert len(caught.value.where) < 100


# Caps ---------------------------------------------------------------------------------------------------------------


def test_nesting_without_end_is_refused() -> None:
    node: Json = {"name": "x"}
    for _ in range(10_000):
        node = {"image": node}

    with pytest.raises(TooDeep):
        read(credential(image=node))


def test_too_many_blank_nodes_are_refused() -> None:
    few = [{"name": str(n)} for n in range(MAX_BLANK_NODES)]

    assert len(read(credential(evidence=few)).about) == MAX_BLANK_NODES
    for more in ({"evidence": [*few, {}]}, {"proof": few}):
        with pytest.raises(TooLarge):
            read(credential(**more))


def test_too_many_statements_are_refused() -> None:
    texts = [str(n) for n in range(MAX_STATEMENTS)]

    assert len(read(credential(name=texts[:-1])).ground) == MAX_STATEMENTS
    with pytest.raises(TooLarge):
        read(credential(name=texts))


def test_too_many_different_contexts_are_refused() -> None:
    lists = [[V2] * first + [INTEGRITY_V2] * second for first in range(1, 8) for second in range(1, 8)]

    def with_lists(count: int) -> Json:
        return credential(evidence=[{"@context": contexts, "name": "x"} for contexts in lists[:count] * 20])

    # The outermost context is a change too.
    assert len(read(with_lists(MAX_CONTEXT_CHANGES - 1)).about) == (MAX_CONTEXT_CHANGES - 1) * 20
    with pytest.raises(TooLarge):
        read(with_lists(MAX_CONTEXT_CHANGES))


# Read ---------------------------------------------------------------------------------------------------------------


def test_a_type_brings_its_terms_to_its_object_only() -> None:
    inside = {"id": "urn:s", "type": "AchievementSubject", "role": "Intern"}

    assert any(line.endswith('vocab.html#role> "Intern" .') for line in stated(credentialSubject=inside))
    with pytest.raises(UndefinedTerm):
        stated(credentialSubject=inside | {"achievement": {"role": "Intern"}})


def test_the_order_of_types_does_not_matter() -> None:
    types = ["Profile", "Address"]
    one, other = ({"id": "urn:i", "type": order, "postalCode": "1", "email": "a"} for order in (types, types[::-1]))

    assert lines(credential(issuer=one)) == lines(credential(issuer=other))


def test_a_type_may_be_an_absolute_iri_without_a_name() -> None:
    document = credential() | {"type": ["VerifiableCredential", "urn:my:type"]}

    assert any("<urn:my:type>" in line for line in lines(document))


def test_two_names_of_one_type_are_one_statement() -> None:
    types = ["VerifiableCredential", "AchievementCredential", "OpenBadgeCredential"]

    assert len(lines(credential() | {"type": types})) == 2


def test_values_said_twice_are_one_statement() -> None:
    assert len(stated(name=["a", "a"], evidence=["urn:e", "urn:e"])) == 2


def test_an_id_described_twice_is_one_object() -> None:
    one = {"id": "urn:i", "name": "Acme"}

    assert len(stated(issuer=one, credentialSubject=one | {"url": "x"})) == 4


def test_what_rdf_cannot_see_is_the_same() -> None:
    one = {"name": "a", "evidence": ["urn:e"], "issuer": "did:web:acme.example", "image": []}
    other = {"issuer": {"id": "did:web:acme.example"}, "evidence": "urn:e", "name": ["a"]}

    assert lines(credential(**one)) == lines(credential(**other))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("x", '"x"'),
        ("", '""'),
        ('a"b', '"a\\"b"'),
        ("a\\b", '"a\\\\b"'),
        ('"\\\n\t\r\b\f\x00\x7f', '"\\"\\\\\\n\\t\\r\\b\\f\\u0000\\u007F"'),
        ({"@value": "x", "@language": "nb-NO"}, '"x"@nb-no'),
        (5, '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (5.0, '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (0.5, '"5.0E-1"^^<http://www.w3.org/2001/XMLSchema#double>'),
        (True, '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        (False, '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    ],
)
def test_literals(value: Any, written: str) -> None:
    assert stated(name=value) == [f"<urn:c> <https://schema.org/name> {written} ."]


def test_a_datatype_of_the_context_stays_with_numbers_and_booleans() -> None:
    datatype = "<https://www.w3.org/2001/XMLSchema#nonNegativeInteger>"

    assert stated(exp=[7, True, 1.5, "x"]) == [
        f'<urn:c> <https://www.iana.org/assignments/jwt#exp> "{lexical}"^^{datatype} .'
        for lexical in ("1.5E0", "7", "true", "x")
    ]


def test_json_is_one_literal_in_canonical_form() -> None:
    line = '<urn:c> <https://www.iana.org/assignments/jwt#_sd> "{\\"a\\":[1,null],\\"b\\":\\"\\u007F\\"}"^^'

    assert stated(_sd={"b": "\x7f", "a": [1.0, None]}) == [f"{line}<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> ."]


def test_the_order_of_a_list_is_covered_and_that_of_a_set_is_not() -> None:
    def badge(name: str, values: list[str]) -> list[str]:
        kinds = {"allowedValue": "ResultDescription", "tag": "Achievement"}
        return lines(credential(credentialSubject={"type": kinds[name], name: values}))

    assert badge("allowedValue", ["A", "B"]) != badge("allowedValue", ["B", "A"])
    assert badge("allowedValue", ["A", "A"]) != badge("allowedValue", ["A"])
    assert badge("allowedValue", []) != badge("tag", [])
    assert badge("tag", ["A", "B"]) == badge("tag", ["B", "A"])


def test_one_text_in_a_list_is_still_a_list() -> None:
    said = stated(credentialSubject={"id": "urn:s", "type": "ResultDescription", "allowedValue": "A"})

    assert any('#first> "A"' in line for line in said)


def test_a_proof_has_a_graph_of_its_own() -> None:
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"}
    said = stated(proof=[proof, {"id": "urn:p", "nonce": "x"} | proof])
    graphs = {line.split()[2] for line in said if line.startswith("<urn:c> <https://w3id.org/security#proof> _:c14n")}
    suites = {line.split()[-2] for line in said if "#cryptosuite>" in line}

    assert len(graphs) == 2
    assert suites == graphs


def test_a_presented_credential_starts_anew() -> None:
    inner = credential(name="x")
    presentation = {"@context": V2, "type": "VerifiablePresentation", "verifiableCredential": [inner]}

    assert any(line.startswith('<urn:c> <https://schema.org/name> "x" _:c14n') for line in lines(presentation))
    with pytest.raises(CredentialError, match="id and type"):
        canonical_nquads(presentation | {"verifiableCredential": {"type": "VerifiableCredential"}})


def test_version_1_presents_credentials_in_the_contexts_around_them() -> None:
    inner = {"id": "urn:c", "type": "VerifiableCredential", "issuer": "urn:i"}
    presentation = {"@context": V1, "type": "VerifiablePresentation", "verifiableCredential": inner}

    issuer = "<urn:c> <https://www.w3.org/2018/credentials#issuer> <urn:i> _:c14n"
    assert any(line.startswith(issuer) for line in lines(presentation))


def test_an_endorsement_may_list_its_contexts() -> None:
    inner = {"@context": [V2, BADGES_3_0_3], "id": "urn:e", "type": ["VerifiableCredential", "EndorsementCredential"]}

    assert any(line.startswith("<urn:e>") for line in lines(credential(endorsement=[inner])))


def test_a_vocabulary_takes_plain_names_only() -> None:
    document = {"@context": [V2, EXAMPLES], "id": "urn:c", "type": ["VerifiableCredential", "AlumniCredential"]}
    said = lines(document | {"alumniOf": "A school", "größe": "1"})

    assert '<urn:c> <https://www.w3.org/ns/credentials/examples#alumniOf> "A school" .' in said
    assert '<urn:c> <https://www.w3.org/ns/credentials/examples#größe> "1" .' in said
    for name in ("grade level", "a/b", "a#b", "a?b", "", "a\n", "<a>", "a%20b"):
        with pytest.raises(UndefinedTerm):
            canonical_nquads(document | {name: "x"})


def test_a_vocabulary_gives_no_second_name() -> None:
    document = {"@context": [V2, EXAMPLES], "id": "urn:c"}
    for kind in ("https://www.w3.org/ns/credentials/examples#AlumniCredential", "name", "a b"):
        with pytest.raises(CredentialError):
            canonical_nquads(document | {"type": ["VerifiableCredential", kind]})


@pytest.mark.parametrize("contexts", CONTEXT_LISTS, ids=str)
def test_every_list_of_contexts_is_accepted(contexts: Any) -> None:
    document = {"@context": contexts, "id": "urn:c", "type": "VerifiableCredential", "issuer": "urn:i"}

    assert len(lines(document)) == 2


def test_the_document_is_not_changed() -> None:
    document = copy.deepcopy(BASE)
    canonical_nquads(document)

    assert document == BASE
