"""The second opinion."""

import json
from typing import Any

import pytest

from credentials.core.errors import CredentialError, MalformedCredential, PoisonGraph, UndefinedTerm
from credentials.core.linked_data import canonical_by_oxigraph, canonical_nquads
from credentials.core.linked_data.oxigraph import read_by_oxigraph, relabelled
from tests.core.linked_data.documents import BADGES_3_0_3, V2
from tests.core.linked_data.test_look_alikes import GRAPHS_IN_GRAPHS, GRAPHS_IN_ORDER, text


def credential(**members: Any) -> dict[str, Any]:
    return {"@context": [V2, BADGES_3_0_3], "id": "urn:c", **members}


def test_it_reads_with_the_bundled_contexts() -> None:
    assert read_by_oxigraph(credential(name="x")) == '<urn:c> <https://schema.org/name> "x" .\n'


def test_contexts_further_down_are_put_in_too() -> None:
    inner = credential(name="x") | {"type": "VerifiableCredential"}
    presentation = {"@context": V2, "type": "VerifiablePresentation", "verifiableCredential": [inner]}

    assert '<urn:c> <https://schema.org/name> "x" _:c14n' in read_by_oxigraph(presentation)


def test_alone_it_drops_what_rdf_drops() -> None:
    """Why nothing is asked of it that was not read by us before."""
    dropped = {"grade": "A", "issuer": {"grade level": "A"}, "name": [None, "x"], "image": "logo.png"}

    assert read_by_oxigraph(credential(**dropped)) == '<urn:c> <https://schema.org/name> "x" .\n'


@pytest.mark.parametrize("members", [{"grade": "A"}, {"name": None}, {"image": "logo.png"}, {"id": "student 17"}])
def test_what_we_refuse_is_not_shown_to_it(members: dict[str, Any]) -> None:
    with pytest.raises(CredentialError):
        canonical_by_oxigraph(credential(**members))


def test_poison_is_not_shown_to_it() -> None:
    with pytest.raises(PoisonGraph):
        canonical_by_oxigraph(credential(alignment=[{} for _ in range(1000)]))


def test_what_it_gets_wrong_is_known() -> None:
    """Found by npm's jsonld, which reads these as we do. When one of them fails, documents.py need not avoid it."""
    two_types = credential(image={"id": "urn:i", "type": ["Profile", "Address"], "email": "a", "postalCode": "1"})
    below = credential(type="AchievementSubject", cnf={"type": "IdentifierEntry", "identifier": "a"})

    assert read_by_oxigraph(two_types).count("\n") < canonical_nquads(two_types).decode().count("\n")
    assert canonical_nquads(below)
    with pytest.raises(MalformedCredential):
        read_by_oxigraph(below)
    assert relabelled(text(GRAPHS_IN_GRAPHS)) != text(GRAPHS_IN_ORDER)


def test_its_own_refusals_are_of_our_family() -> None:
    with pytest.raises(MalformedCredential):
        read_by_oxigraph(credential(cnf="a text, which trips it over a term that is defined anew"))


def test_an_unknown_context_is_not_asked_for() -> None:
    with pytest.raises(UndefinedTerm):
        canonical_by_oxigraph(credential(evil="x"))
    with pytest.raises(KeyError):
        read_by_oxigraph({"@context": "https://evil.example/context", "id": "urn:c"})


def test_lines_end_at_line_feeds_only() -> None:
    text = "a\u2028b\x85c\x1cd\x0be"
    line = json.dumps(text, ensure_ascii=False).replace("\\u001c", "\\u001C").replace("\\u000b", "\\u000B")

    assert read_by_oxigraph(credential(name=text)) == f"<urn:c> <https://schema.org/name> {line} .\n"
    assert relabelled(f'_:b <urn:p> "{text}" .\n_:a <urn:p> "z" .\n').count("\n") == 2


def test_statements_are_said_once() -> None:
    assert relabelled('_:x <urn:p> "a" .\n' * 3) == '_:c14n0 <urn:p> "a" .\n'
