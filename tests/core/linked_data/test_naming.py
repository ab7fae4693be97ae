"""Which names a document may use."""

from typing import Any

import pytest

from credentials.core.errors import BadIri, NotATerm, TooLarge, UndefinedTerm, UndefinedType
from credentials.core.linked_data.bundle import prefixes
from credentials.core.linked_data.context import EMPTY, activate
from credentials.core.linked_data.naming import catch_all, other_name, reference, types_of
from tests.core.linked_data.documents import BADGES_3_0_3, EXAMPLES, IRIS, V2

BADGE = activate(EMPTY, [V2, BADGES_3_0_3])
WITH_VOCABULARY = activate(EMPTY, [V2, EXAMPLES])
VOCABULARY = "https://www.w3.org/ns/credentials/examples#"


@pytest.mark.parametrize(
    "text", [*IRIS, "https://a.example", "http://a:80", "urn:a:b-c.d", "did:web:a.example#k_~1", "urn:", "https://"]
)
def test_references(text: str) -> None:
    assert reference(text) == f"<{text}>"


@pytest.mark.parametrize(
    "text",
    [
        *("https://a b", "urn:a\n", "did:web:a#b#c", "a", "", None, 5),
        *(f"{prefix}:{rest}" for prefix in sorted(prefixes()) for rest in ("", "x", "//x")),
    ],
)
def test_what_is_no_reference(text: Any) -> None:
    with pytest.raises(BadIri):
        reference(text)


def test_a_prefix_is_none_of_the_common_schemes() -> None:
    assert not prefixes() & {"http", "https", "urn", "did"}


def test_a_catch_all_is_a_text_by_the_vocabulary() -> None:
    term = catch_all("grade", WITH_VOCABULARY)

    assert (term.iri, term.kind, term.plain, term.special) == (f"{VOCABULARY}grade", "literal", True, False)
    assert (term.predicate, term.datatype) == (f" <{VOCABULARY}grade> ", '"')


@pytest.mark.parametrize("name", ["@id", "@grade", "a:b", "https://a", ":", "@"])
def test_keywords_and_iris_are_no_names(name: str) -> None:
    for context in (BADGE, WITH_VOCABULARY):
        with pytest.raises(NotATerm):
            catch_all(name, context)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a#b", "a%20b", "a\n", "a\u200eb", "a\u200bb", "<a>"])
def test_names_that_no_vocabulary_takes(name: str) -> None:
    with pytest.raises(UndefinedTerm):
        catch_all(name, WITH_VOCABULARY)


def test_without_a_vocabulary_nothing_is_caught() -> None:
    with pytest.raises(UndefinedTerm):
        catch_all("grade", BADGE)


@pytest.mark.parametrize("written", ["Evidence", ["Evidence"], ["Evidence", "Evidence"]])
def test_one_type_or_several(written: Any) -> None:
    inside, said = types_of(written, BADGE)

    assert "genre" in inside.terms
    assert len(said) == 1


def test_an_absolute_type_stands_beside_a_term() -> None:
    inside, said = types_of(["Evidence", "urn:my:type"], BADGE)

    assert "genre" in inside.terms
    assert said[1].endswith(" <urn:my:type> .\n")


def test_a_type_by_the_vocabulary() -> None:
    _, said = types_of("AlumniCredential", WITH_VOCABULARY)

    assert said[0].endswith(f" <{VOCABULARY}AlumniCredential> .\n")


@pytest.mark.parametrize(
    "written",
    [
        *(None, 5, True, {}, [None], [5], [["Evidence"]], [{}], "Person", "name", "evidence", "@json", ""),
        ["Evidence", "Person"],
        "https://www.w3.org/2018/credentials#VerifiableCredential",
        "https://schema.org/name",
    ],
)
def test_what_is_no_type(written: Any) -> None:
    with pytest.raises(UndefinedType):
        types_of(written, BADGE)


@pytest.mark.parametrize("written", ["urn:a b", "cred:VerifiableCredential", ":x", "a b:c"])
def test_a_type_that_is_no_iri(written: str) -> None:
    with pytest.raises(BadIri):
        types_of(written, BADGE)


def test_too_many_types_are_refused_whatever_they_are() -> None:
    with pytest.raises(TooLarge):
        types_of([f"urn:t:{n}" for n in range(17)], BADGE)


def test_a_name_that_has_another_is_refused() -> None:
    assert other_name("urn:x", WITH_VOCABULARY, UndefinedTerm) == "<urn:x>"
    for name in ("https://schema.org/name", f"{VOCABULARY}x"):
        with pytest.raises(UndefinedTerm):
            other_name(name, WITH_VOCABULARY, UndefinedTerm)
