"""The bundled contexts as facts."""

import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec
import pytest

from credentials.core.linked_data.bundle import (
    FORGETTING,
    BundledContext,
    LocalContext,
    TermFacts,
    bundled_contexts,
    prefixes,
)
from credentials.core.linked_data.nquads import XSD, iri
from tests.core.linked_data.documents import (
    BADGES_3_0,
    BADGES_3_0_1,
    BADGES_3_0_2,
    BADGES_3_0_3,
    ED25519_2020,
    EXAMPLES,
    EXTENSIONS,
    INTEGRITY_V1,
    INTEGRITY_V2,
    V1,
    V2,
)

ALL = list(bundled_contexts().values())


def scopes(local: LocalContext) -> Iterator[LocalContext]:
    """A context and all below its terms."""
    yield local
    for term in local.terms.values():
        if term.scope is not None:
            yield from scopes(term.scope)


def terms() -> Iterator[tuple[str, TermFacts]]:
    """Every definition of every context, however deep."""
    for bundled in ALL:
        for local in scopes(bundled.context):
            yield from local.terms.items()


def test_the_contexts_that_are_bundled() -> None:
    badges = {BADGES_3_0, BADGES_3_0_1, BADGES_3_0_2, BADGES_3_0_3, EXTENSIONS}

    assert set(bundled_contexts()) == {V1, V2, EXAMPLES, INTEGRITY_V1, INTEGRITY_V2, ED25519_2020} | badges
    assert all(bundled.url == url for url, bundled in bundled_contexts().items())


def test_nobody_can_add_or_change_one() -> None:
    with pytest.raises(TypeError):
        bundled_contexts()["urn:x"] = ALL[0]  # type: ignore[index]
    with pytest.raises(TypeError):
        bundled_contexts()[V2].context.terms["grade"] = TermFacts("member", "urn:x")  # type: ignore[index]


@pytest.mark.parametrize("bundled", ALL, ids=lambda bundled: bundled.url)
def test_a_digest_has_its_length_and_its_source(bundled: BundledContext) -> None:
    assert bundled.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", bundled.sha256)
    assert bundled.sha384 is None or re.fullmatch(r"[0-9a-f]{96}", bundled.sha384)
    assert bool(bundled.sha256 or bundled.sha384) == bool(bundled.digest_source)


def test_the_digests_that_specifications_state() -> None:
    stated = {
        # VC Data Model 2.0 appendix B.1, VC Data Model 1.1 appendix B.1, VC Data Integrity 1.0 section 2.4.
        V2: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        V1: "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        INTEGRITY_V2: "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    }

    assert {url: bundled_contexts()[url].sha256 for url in stated} == stated


def test_no_two_contexts_have_one_digest() -> None:
    digests = [bundled.sha256 for bundled in ALL if bundled.sha256]

    assert len(set(digests)) == len(digests) == len(ALL) - 1


# What the compiler and the walk rely on -----------------------------------------------------------------------------


def test_one_iri_has_one_member_name_in_all_contexts() -> None:
    """Or a member could be renamed under a signature that stays intact."""
    names = defaultdict(set)
    for name, term in terms():
        if term.role == "member":
            names[term.iri].add(name)

    assert {iri: sorted(found) for iri, found in names.items() if len(found) > 1} == {}


def test_a_name_is_of_one_kind_in_all_contexts() -> None:
    roles = defaultdict(set)
    for name, term in terms():
        roles[name].add(term.role)

    assert {name: found for name, found in roles.items() if len(found) > 1} == {}


def test_every_iri_is_well_formed() -> None:
    for _, term in terms():
        assert iri(term.iri)
        assert term.type in (None, "@id", "@vocab", "@json") or iri(term.type)


def test_only_what_is_implemented_is_used() -> None:
    """A datatype that changes how numbers are written, and JSON in a list, are in none of them."""
    for name, term in terms():
        assert term.type not in (f"{XSD}double", f"{XSD}float", f"{XSD}string", f"{XSD}integer"), name
        assert term.container is None or term.type != "@json", name
        assert term.role == "member" or (term.type, term.container) == (None, None), name
        assert term.role != "type" or term.scope is not FORGETTING, name
        assert term.role != "prefix" or (term.iri[-1] in "/#:" and term.scope is None), name


def test_id_and_type_are_said_by_every_context_but_those_without_a_word() -> None:
    assert [bundled.url for bundled in ALL if not bundled.context.keywords] == [EXAMPLES]
    assert [bundled.url for bundled in ALL if bundled.context.vocab] == [EXAMPLES]
    assert not any("id" in local.terms or "type" in local.terms for b in ALL for local in scopes(b.context))


def test_every_prefix_is_known() -> None:
    assert prefixes() == {name for name, term in terms() if term.role == "prefix"} == {"cred", "sec", "xsd"}


def test_what_stands_for_itself_uses_a_known_prefix_or_none_that_is_common() -> None:
    """A shortened IRI that a file's namespaces do not know is as it was published, not a slip of the pen."""
    schemes = {text.partition(":")[0] for _, term in terms() for text in (term.iri, term.type or "@") if text[0] != "@"}

    assert schemes == {"http", "https", "cred", "sec", "xsd"}


# As JSON-LD ---------------------------------------------------------------------------------------------------------


def test_a_context_as_json_ld() -> None:
    written = bundled_contexts()[V2].context.to_json_ld()

    assert written is not None
    assert written["@protected"] is True
    assert (written["id"], written["type"]) == ("@id", "@type")
    assert written["name"] == {"@id": "https://schema.org/name"}
    presentation = written["VerifiablePresentation"]["@context"]
    assert presentation["verifiableCredential"] == {
        "@id": "https://www.w3.org/2018/credentials#verifiableCredential",
        "@type": "@id",
        "@container": "@graph",
        "@context": None,
    }


def test_a_prefix_and_a_vocabulary_as_json_ld() -> None:
    badges, examples = (bundled_contexts()[url].context.to_json_ld() for url in (BADGES_3_0, EXAMPLES))

    assert badges is not None
    assert examples is not None
    assert badges["xsd"] == "https://www.w3.org/2001/XMLSchema#"
    assert badges["url"]["@type"] == "xsd:anyURI"
    assert examples["@vocab"] == "https://www.w3.org/ns/credentials/examples#"
    assert "id" not in examples


def test_a_context_as_json_ld_is_json() -> None:
    for bundled in ALL:
        assert msgspec.json.decode(msgspec.json.encode(bundled.context.to_json_ld()))
