"""The terms in force at one place of a document."""

from typing import Any

import pytest

from credentials.core.errors import ContextClash, InlineContext, TooLarge, UnknownContext
from credentials.core.linked_data.context import EMPTY, MAX_CONTEXTS, Context, activate, of_types, within
from tests.core.linked_data.documents import (
    BADGES_3_0,
    BADGES_3_0_1,
    BADGES_3_0_3,
    CONTEXT_LISTS,
    EXAMPLES,
    INTEGRITY_V1,
    INTEGRITY_V2,
    V1,
    V2,
)

BADGE = activate(EMPTY, [V2, BADGES_3_0_3])


def inside(context: Context, *types: str) -> Context:
    return of_types(context, types)[0]


def test_nothing_is_in_force_at_first() -> None:
    assert EMPTY.terms == {}
    assert (EMPTY.keywords, EMPTY.vocab, EMPTY.outer) == (False, None, None)


def test_contexts_are_added_up() -> None:
    assert {"VerifiableCredential", "Achievement", "name", "narrative"} <= BADGE.terms.keys()
    assert "narrative" not in activate(EMPTY, V2).terms


def test_the_same_step_gives_the_same_context() -> None:
    assert activate(EMPTY, [V2, BADGES_3_0_3]) is BADGE
    assert inside(BADGE, "Evidence") is inside(BADGE, "Evidence")
    assert activate(EMPTY, V2) is activate(EMPTY, [V2])


def test_a_context_said_twice_changes_nothing() -> None:
    again = activate(BADGE, [V2, BADGES_3_0_3])

    assert again.terms.keys() == BADGE.terms.keys()
    assert all(again.terms[name].means(term) for name, term in BADGE.terms.items())


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ([], UnknownContext),
        ("", UnknownContext),
        ("https://evil.example/c", UnknownContext),
        ([V2, "https://evil.example/c"], UnknownContext),
        ([V2] * (MAX_CONTEXTS + 1), UnknownContext),
        (None, InlineContext),
        ({}, InlineContext),
        ({"@import": V2}, InlineContext),
        ([V2, {}], InlineContext),
        ([[V2]], InlineContext),
        (5, InlineContext),
        (True, InlineContext),
        ([V2, BADGES_3_0], ContextClash),
        ([V2, BADGES_3_0_1], ContextClash),
        ([V1, V2], ContextClash),
        ([V2, INTEGRITY_V1], ContextClash),
        ([INTEGRITY_V1, INTEGRITY_V2], ContextClash),
    ],
)
def test_contexts_that_are_refused(written: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        activate(EMPTY, written)


def test_a_refusal_names_the_context_at_a_bounded_length() -> None:
    with pytest.raises(UnknownContext) as caught:
        activate(EMPTY, "https://evil.example/" + "x" * 10_000)

    assert caught.value.detail.startswith("'https://evil.example/x")
    assert len(caught.value.detail) < 200


def test_unprotected_terms_may_be_defined_anew() -> None:
    both = activate(EMPTY, [BADGES_3_0, BADGES_3_0_3])

    assert both.terms["name"].coercion is None
    assert activate(EMPTY, BADGES_3_0).terms["name"].coercion == "https://www.w3.org/2001/XMLSchema#string"


def test_a_prefix_means_what_it_means_where_it_is_used() -> None:
    awarded = [activate(EMPTY, urls).terms["awardedDate"] for urls in ([V2, BADGES_3_0_3], [BADGES_3_0, BADGES_3_0_3])]

    assert [term.coercion for term in awarded] == ["xsd:dateTime", "https://www.w3.org/2001/XMLSchema#dateTime"]
    suite = inside(activate(EMPTY, V1), "RsaSignature2018").terms["nonce"]
    assert suite.iri == "sec:nonce"
    assert inside(activate(EMPTY, V1), "Ed25519Signature2018").terms["nonce"].iri == "https://w3id.org/security#nonce"


# Types --------------------------------------------------------------------------------------------------------------


def test_a_type_brings_terms_for_one_object() -> None:
    evidence = inside(BADGE, "Evidence")

    assert "genre" in evidence.terms
    assert "genre" not in BADGE.terms
    assert evidence.outer is BADGE


def test_a_type_without_terms_of_its_own_changes_nothing() -> None:
    assert of_types(BADGE, ("AchievementCredential",))[0] is BADGE
    assert of_types(BADGE, ()) == (BADGE, ())


def test_types_are_written_once_and_in_their_order() -> None:
    _, said = of_types(BADGE, ("VerifiableCredential", "Evidence", "Evidence"))

    assert [line.split()[1] for line in said] == [
        "<https://www.w3.org/2018/credentials#VerifiableCredential>",
        "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence>",
    ]


@pytest.mark.parametrize("names", [("Person",), ("name",), ("Evidence", "name"), ("id",), (5,), (None,), ("",)])
def test_what_is_not_the_name_of_a_type(names: tuple[Any, ...]) -> None:
    with pytest.raises(KeyError):
        of_types(BADGE, names)


def test_a_prefix_is_not_the_name_of_a_type() -> None:
    with pytest.raises(KeyError):
        of_types(activate(EMPTY, BADGES_3_0), ("xsd",))


def test_types_may_not_contradict_each_other() -> None:
    with pytest.raises(ContextClash):
        of_types(BADGE, ("AchievementSubject", "IdentifierEntry"))


def test_too_many_types_are_refused() -> None:
    with pytest.raises(TooLarge):
        of_types(BADGE, ("VerifiableCredential", "Profile", "Image", "Address"))
    with pytest.raises(TooLarge):
        of_types(BADGE, ("AchievementCredential",) * 17)


def test_of_two_definitions_that_of_the_later_name_holds() -> None:
    """By the alphabet, not by the order in the document (section 5.1.2, step 11)."""
    badge = activate(EMPTY, [V1, BADGES_3_0_1])
    types = ("AchievementSubject", "IdentifierEntry")

    assert inside(badge, types[0]).terms["identifier"].container == "@set"
    for names in (types, types[::-1]):
        assert inside(badge, *names).terms["identifier"].container is None


def test_the_terms_of_several_types_are_added_up() -> None:
    both = inside(BADGE, "Profile", "Address")

    assert {"email", "postalCode"} <= both.terms.keys()
    assert both.outer is BADGE


# Members ------------------------------------------------------------------------------------------------------------


def test_a_member_may_bring_terms_for_all_below() -> None:
    proof = inside(BADGE, "DataIntegrityProof")
    below = within(proof, proof.terms["proofPurpose"])

    assert below.terms["assertionMethod"].iri == "https://w3id.org/security#assertionMethod"
    assert within(BADGE, BADGE.terms["cnf"]).outer is None


def test_a_member_may_define_protected_terms_anew() -> None:
    below = within(BADGE, BADGE.terms["cnf"])

    assert BADGE.terms["kid"].iri == "https://www.iana.org/assignments/jose#kid"
    assert below.terms["kid"].iri == "https://www.iana.org/assignments/jwt#kid"


def test_a_member_may_forget_every_term() -> None:
    presentation = inside(activate(EMPTY, V2), "VerifiablePresentation")

    assert within(presentation, presentation.terms["verifiableCredential"]) is EMPTY


def test_a_member_without_a_scope_changes_nothing() -> None:
    assert within(BADGE, BADGE.terms["name"]) is BADGE


def test_a_vocabulary_stays_in_force() -> None:
    context = activate(EMPTY, [V2, EXAMPLES])

    assert context.vocab == "https://www.w3.org/ns/credentials/examples#"
    assert activate(context, V2).vocab == inside(context, "VerifiableCredential").vocab == context.vocab
    assert within(context, context.terms["cnf"]).vocab == context.vocab


@pytest.mark.parametrize("contexts", CONTEXT_LISTS, ids=str)
def test_every_context_says_what_id_and_type_are(contexts: Any) -> None:
    context = activate(EMPTY, contexts)

    assert context.keywords
    assert all(of_types(context, (name,))[0].keywords for name, term in context.terms.items() if term.kind == "type")
