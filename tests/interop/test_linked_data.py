"""npm's jsonld, with the published context files, yields the quads that our facts and our reading yield."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from credentials.core.canonical_json import canonicalise
from credentials.core.errors import CredentialError
from credentials.core.linked_data import canonical_nquads
from credentials.core.linked_data.bundle import bundled_contexts
from credentials.core.linked_data.rdfc import canonicalise as canonicalise_quads
from credentials.core.strict_json import dump, parse_object
from tests.core.linked_data.documents import BADGES_3_0_3, EXAMPLES, V2, Writer, every_term
from tests.core.linked_data.statements import dataset
from tests.core.linked_data.test_look_alikes import GRAPHS_IN_GRAPHS
from tests.interop.linked_data_peer import jsonld_peer
from tests.interop.peer import Peer

pytestmark = pytest.mark.interop

VECTORS = Path(__file__).parents[1] / "vectors"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def jsonld() -> Iterator[Peer]:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    with jsonld_peer() as peer:
        yield peer


def as_parsed(document: Json) -> Json:
    return parse_object(dump(document), max_bytes=1_000_000)


def ours(document: Json) -> str | None:
    """Our canonical form; None where we refuse the document."""
    try:
        return canonical_nquads(document).decode()
    except CredentialError:
        return None


def compare(jsonld: Peer, documents: list[Json]) -> int:
    """How many documents jsonld could canonicalise, each as we do. It gives up on deeply nested look-alikes."""
    theirs = jsonld.ask("canonizeMany", documents=documents)
    answered = [(document, answer) for document, answer in zip(documents, theirs, strict=True) if answer is not None]
    for document, answer in answered:
        # A JSON literal that is said of one id in two places stands twice in jsonld's lines; a dataset is a set.
        once = "\n".join(dict.fromkeys(answer.split("\n"))) if "rdf-syntax-ns#JSON>" in answer else answer
        assert ours(document) == once, json.dumps(document)
    return len(answered)


# (1) The same quads ---------------------------------------------------------------------------------------------------


def test_every_term_of_every_context(jsonld: Peer) -> None:
    documents = [as_parsed(document) for document in every_term()]

    assert compare(jsonld, documents) == len(documents)


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_chance_documents(jsonld: Peer, first: int) -> None:
    documents = [as_parsed(Writer(seed).document()) for seed in range(first, first + 100)]

    assert compare(jsonld, documents) >= 97


def test_published_documents(jsonld: Peer) -> None:
    cases = json.loads((VECTORS / "linked_data_published.json").read_text(encoding="utf-8"))["cases"]

    assert compare(jsonld, [case["document"] for case in cases]) == len(cases)


def test_fractions(jsonld: Peer) -> None:
    """Where we take a number, jsonld writes the same; where two numbers would be one to it, we refuse all but one."""
    chance = Random(1)  # noqa: S311
    numbers = [round(chance.uniform(-1000, 1000), chance.randint(0, 14)) for _ in range(500)]
    numbers += [chance.uniform(0, 1) * 10 ** chance.randint(-9, 15) for _ in range(500)] + [9.95, 5.3, 1e-6, 0.1, 4.35]
    documents = [{"@context": V2, "id": "urn:c", "name": number} for number in numbers]
    accepted = [document for document in documents if ours(document) is not None]

    assert len(accepted) > 300
    assert compare(jsonld, accepted) == len(accepted)


def test_texts(jsonld: Peer) -> None:
    chars = [chr(code) for code in [*range(0x300), 0x2028, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0x10000, 0x10FFFF]]
    documents = [{"@context": V2, "id": "urn:c", "name": f"a{char}b"} for char in chars]

    assert compare(jsonld, documents) == len(documents)


def test_look_alikes(jsonld: Peer) -> None:
    def evidence(count: int, depth: int) -> list[Any]:
        return [
            evidence(1, depth - 1)[0] | {"image": evidence(count, depth - 1)} if depth else {} for _ in range(count)
        ]

    kinds = [[{}] * count for count in range(2, 7)] + [evidence(2, 1), evidence(2, 2), [{"name": "a", "image": {}}] * 3]
    documents = [
        {"@context": [V2, BADGES_3_0_3], "id": "urn:c", "type": "VerifiableCredential", "evidence": kind}
        for kind in kinds
    ]
    accepted = [document for document in documents if ours(document) is not None]

    assert len(accepted) >= 6
    assert compare(jsonld, accepted) >= 6


def test_statements_with_look_alikes(jsonld: Peer) -> None:
    """Where pyoxigraph takes another order for graphs in graphs, this is the one that ours is held against."""
    chance = Random(3)  # noqa: S311
    datasets = [GRAPHS_IN_GRAPHS]
    for _ in range(400):
        nodes = [f"_:n{number}" for number in range(chance.randint(2, 7))] + ["<urn:a>"]
        graphs = ["", "", *(f"{node} " for node in nodes)]
        parts = (nodes, ["<urn:p>", "<urn:q>"], [*nodes, '"x"'], graphs)
        datasets.append(["{} {} {} {}.".format(*map(chance.choice, parts)) for _ in range(chance.randint(2, 12))])
    texts = ["".join(f"{line}\n" for line in lines) for lines in datasets]

    assert [canonicalise_quads(dataset(lines)) for lines in datasets] == jsonld.ask("canonizeQuadsMany", datasets=texts)


# (2) What we refuse ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "members",
    [
        {"grade": "A"},
        {"grade level": "A"},
        {"id": "student 17"},
        {"id": "relative"},
        {"image": "logo.png"},
        {"type": ["VerifiableCredential", "Person"]},
        {"name": {"@value": "x", "@direction": "ltr"}},
        {"name": {"@value": "x", "@language": "e n"}},
        {"proof": {"id": "urn:p"}},
        {"@context": [V2, "https://evil.example/context"]},
    ],
)
def test_jsonld_refuses_it_too(jsonld: Peer, members: Json) -> None:
    document = {"@context": [V2, BADGES_3_0_3], "id": "urn:c", "type": "VerifiableCredential", "name": "x"} | members

    assert jsonld.ask("refusal", document=document)
    assert ours(document) is None


@pytest.mark.parametrize(
    ("members", "same"),
    [
        ({"@id": "urn:c"}, {"id": "urn:c"}),
        ({"@type": "VerifiableCredential"}, {"type": "VerifiableCredential"}),
        ({"https://schema.org/name": "x"}, {"name": "x"}),
        ({"name": {"@value": "x"}}, {"name": "x"}),
        ({"name": [["x"]]}, {"name": "x"}),
        ({"name": ["x", None]}, {"name": "x"}),
        ({"name": {"@set": ["x"]}}, {"name": "x"}),
        ({"name": 0.30000000000000004}, {"name": 0.3}),
        ({"name": 1e-7}, {"name": 0}),
        ({"image": {"@id": "urn:i"}}, {"image": "urn:i"}),
        (
            {"type": ["VerifiableCredential", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence"]},
            {"type": ["VerifiableCredential", "Evidence"]},
        ),
    ],
)
def test_jsonld_takes_two_spellings_for_one_and_we_refuse_one(jsonld: Peer, members: Json, same: Json) -> None:
    """Each first spelling could take the place of the second under a signature that stays intact."""
    one, other = ({"@context": [V2, BADGES_3_0_3], "mediaType": "a", **spelling} for spelling in (members, same))
    answers = jsonld.ask("canonizeMany", documents=[one, other])

    assert answers[0] == answers[1] == ours(other)
    assert ours(one) is None


def test_what_we_refuse_and_jsonld_takes_is_known(jsonld: Peer) -> None:
    """So that a check that becomes too strict is seen: of the hostile cases these, and no others, pass there."""
    refused = json.loads((VECTORS / "linked_data_refused.json").read_text(encoding="utf-8"))
    strict = {"inexact-number", "not-covered", "not-a-term", "undefined-type", "bad-iri", "null-value", "too-large"}

    assert {case["code"] for case in refused["cases"]} - strict == {
        "undefined-term",
        "unknown-context",
        "inline-context",
        "context-clash",
    }
    clashes = [case for case in refused["cases"] if case["code"] == "context-clash"]
    for case in clashes:
        document = json.loads(json.dumps(refused["base"]))
        for pointer, value in case["set"]:
            *path, last = pointer.split("/")[1:]
            node = document
            for part in path:
                node = node[part]
            node[last] = value
        assert "protected" in jsonld.ask("refusal", document=document), case["name"]


# (3) The contexts and their files -------------------------------------------------------------------------------------


def test_each_context_is_held_against_a_published_one(jsonld: Peer) -> None:
    assert jsonld.ask("contexts").keys() == bundled_contexts().keys()


def plain(context: Any) -> Any:
    """A context without what does not change its meaning: the version, and the long way to write a term."""
    if not isinstance(context, dict):
        return context
    kept = {name: plain(value) for name, value in context.items() if name != "@version"}
    if not kept.get("@protected", True):
        del kept["@protected"]
    return kept["@id"] if kept.keys() == {"@id"} else kept


@pytest.mark.parametrize("url", list(bundled_contexts()))
def test_the_facts_are_those_of_the_published_context(jsonld: Peer, url: str) -> None:
    facts, published = (
        plain(c) for c in (bundled_contexts()[url].context.to_json_ld(), jsonld.ask("contexts")[url]["@context"])
    )
    if facts.get("AchievementCredential"):
        # Written there by another term's name.
        assert published["AchievementCredential"] == "OpenBadgeCredential"
        published["AchievementCredential"] = published["OpenBadgeCredential"]

    assert facts == published


def test_digests_are_over_the_published_bytes(jsonld: Peer) -> None:
    """Where a package has a context as a file, those are the published bytes, or all but a line feed at the end."""
    found = jsonld.ask("digests")
    held = {url: [bundled_contexts()[url].sha256, bundled_contexts()[url].sha384] for url in found}

    same = {url for url, digests in found.items() if held[url] in digests}
    # The packages' copies of these two have other white space than the files of the W3C.
    assert found.keys() - same == {V2, "https://www.w3.org/2018/credentials/v1"}
    assert EXAMPLES not in found


# (4) Canonical JSON ---------------------------------------------------------------------------------------------------


def test_canonical_json(jsonld: Peer) -> None:
    chance = Random(2)  # noqa: S311
    values: list[Any] = [chance.uniform(-1, 1) * 10 ** chance.randint(-320, 300) for _ in range(500)]
    values += [chance.randint(1 - 2**53, 2**53 - 1) for _ in range(100)]
    values += [
        {chr(chance.choice([*range(1, 0xD800), *range(0xE000, 0x110000, 97)])): n for n in range(8)} for _ in range(50)
    ]
    values += [json.loads(case["in"]) for case in json.loads((VECTORS / "jcs_published.json").read_text())["documents"]]

    assert [canonicalise(value).decode() for value in values] == jsonld.ask("canonicalizeMany", values=values)
