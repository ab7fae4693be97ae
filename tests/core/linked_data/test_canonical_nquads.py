"""The canonical form of whole documents: published ones, every term of every context, and hostile ones."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import CredentialError
from credentials.core.linked_data import canonical_by_oxigraph, canonical_nquads
from credentials.core.linked_data.bundle import LocalContext, bundled_contexts
from credentials.core.strict_json import dump, parse_object
from tests.core.linked_data.documents import BADGES_3_0_3, EXAMPLES, V2, Writer, every_term, terms_used

ROOT = Path(__file__).parents[3]
PUBLISHED = json.loads((ROOT / "tests" / "vectors" / "linked_data_published.json").read_text(encoding="utf-8"))
Json = dict[str, Any]


def as_parsed(document: Json) -> Json:
    """The document as it comes from bytes."""
    return parse_object(dump(document), max_bytes=1_000_000)


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["name"])
def test_published(case: Json) -> None:
    written = canonical_nquads(case["document"])

    assert sha256(written).hexdigest() == case["sha256"]
    assert written == canonical_by_oxigraph(case["document"])
    if "lines" in case:
        assert written.decode().split("\n")[:-1] == case["lines"]


# Every term ---------------------------------------------------------------------------------------------------------

EVERY_TERM = [as_parsed(document) for document in every_term(for_oxigraph=True)]


@pytest.mark.parametrize("document", EVERY_TERM, ids=lambda document: document["type"])
def test_pyoxigraph_agrees_on_every_term(document: Json) -> None:
    assert canonical_nquads(document) == canonical_by_oxigraph(document)


def test_every_term_was_there() -> None:
    """Of every context, and of what its types and members bring."""
    used: set[str] = set()
    for seed in range(300):
        terms_used(Writer(seed).document(), used.add)
    for document in every_term():
        terms_used(document, used.add)

    def known(local: LocalContext) -> set[str]:
        below = [known(term.scope) for term in local.terms.values() if term.scope]
        return {name for name, term in local.terms.items() if term.role != "prefix"}.union(*below)

    names = set[str]().union(*(known(bundled.context) for bundled in bundled_contexts().values()))
    # Types and purposes that only a member brings: nothing says what would be of that type.
    assert names - used <= {"JsonSchemaValidator2018", "ManualRefreshService2018"} | PURPOSES


PURPOSES = {"assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation", "keyAgreement"}


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_pyoxigraph_agrees_on_chance_documents(first: int) -> None:
    for seed in range(first, first + 50):
        document = as_parsed(Writer(seed, for_oxigraph=True).document())
        expected = canonical_by_oxigraph(document)
        assert canonical_nquads(document) == canonical_nquads(document, dump(document)) == expected, seed


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('\x7f"\\\n\t\x00\x1f\u2028'), max_size=6
    )
)
def test_what_is_at_hand_as_json_is_escaped_alike(text: str) -> None:
    document = {"@context": V2, "id": "urn:example:1", "name": text, "description": [text, "plain"]}

    for written in (dump(document), json.dumps(document).encode()):
        assert canonical_nquads(document, written) == canonical_nquads(document)


TEXTS = st.text(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-100, 100) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["name", "issuer", "evidence", "image", "credentialSubject", "proof", "validFrom", "aud", "_sd"]
)
KEYS = NAMES | st.sampled_from(["id", "type", "@value", "@language", "@id", "grade", "narrative", "cnf", "kid", "exp"])
VALUES = st.recursive(
    TEXTS | st.sampled_from(["urn:a", "urn:b", "Evidence", "Profile", "en", None, True, 5, 2.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5), st.sampled_from([[V2, BADGES_3_0_3], [V2, EXAMPLES]]))
def test_whatever_comes_is_read_alike_or_refused(members: Json, contexts: list[str]) -> None:
    document = {"@context": contexts, "id": "urn:c", "type": "VerifiableCredential", **members}
    try:
        ours = canonical_nquads(document)
        theirs = canonical_by_oxigraph(document)
    except CredentialError:
        return
    assert ours == theirs


@given(st.dictionaries(TEXTS, JSON, max_size=5))
def test_whatever_comes_is_refused_in_an_orderly_way(document: Json) -> None:
    for contexts in (V2, [V2, EXAMPLES], document.get("@context")):
        with suppress(CredentialError):
            canonical_nquads({**document, "@context": contexts})


@given(TEXTS, TEXTS)
def test_different_texts_are_different_statements(one: str, other: str) -> None:
    documents = ({"@context": V2, "id": "urn:c", "name": text} for text in (one, other))

    assert len({canonical_nquads(document) for document in documents}) == (1 if one == other else 2)


# Hostile ------------------------------------------------------------------------------------------------------------


def credential(**members: Any) -> Json:
    return {"@context": [V2, BADGES_3_0_3], "id": "urn:c", "type": ["VerifiableCredential"], **members}


def nested(levels: int, around: Callable[[Any], Any]) -> Any:
    return reduce(lambda inner, _: around(inner), range(levels), {"name": "x"})


SCOPED = ("Profile", "Image", "Address", "Evidence", "Related", "Result", "Achievement", "Alignment", "GeoCoordinates")
CHANGES = [[V2, BADGES_3_0_3] * (n % 8 + 1) + [EXAMPLES] * (n // 8 % 2) for n in range(16)]

HOSTILE: dict[str, Callable[[], Json]] = {
    "look-alikes in less than a kilobyte": lambda: credential(alignment=[{} for _ in range(200)]),
    "look-alikes in a megabyte": lambda: credential(alignment=[{} for _ in range(250_000)]),
    "as many as may be": lambda: credential(alignment=[{} for _ in range(9_999)]),
    "look-alike graphs": lambda: credential(proof=[{"name": "x"} for _ in range(4_000)]),
    "look-alike lists": lambda: credential(
        credentialSubject={"type": "ResultDescription", "allowedValue": ["x"] * 9_000}
    ),
    "a long list": lambda: credential(
        credentialSubject={"type": "ResultDescription", "allowedValue": [str(n) for n in range(9_999)]}
    ),
    "a chain": lambda: credential(image=nested(200, lambda inner: {"image": inner})),
    "too deep": lambda: credential(image=nested(5_000, lambda inner: {"image": inner})),
    "too deep in JSON": lambda: credential(_sd=nested(50_000, lambda inner: [inner])),
    "many texts": lambda: credential(name=[str(n) for n in range(100_000)]),
    "as many texts as may be": lambda: credential(name=[str(n) for n in range(49_999)]),
    "one text a hundred thousand times": lambda: credential(name=["x"] * 49_999),
    "many texts of a blank node": lambda: credential(issuer={"name": [str(n) for n in range(100_000)]}),
    "many texts in a graph": lambda: credential(proof={"name": [str(n) for n in range(60_000)]}),
    "many choices of types": lambda: credential(
        alignment=[{"type": list(types)} for types in permutations(SCOPED, 3) for _ in range(10)]
    ),
    "many types": lambda: credential(alignment=[{"type": [f"urn:{n}:{m}" for m in range(16)]} for n in range(2_000)]),
    "many contexts": lambda: credential(evidence=[{"@context": CHANGES[n % 16], "name": str(n)} for n in range(5_000)]),
    "a context in a context": lambda: credential(evidence=nested(40, lambda inner: {"@context": V2, "image": inner})),
    "a long text of controls": lambda: credential(name="\x01" * 500_000),
    "a long address": lambda: credential(issuer="https://a.example/" + "%41" * 300_000),
    "a long address that is none": lambda: credential(issuer="https://a.example/" + "%41" * 300_000 + " "),
    "a long authority that is none": lambda: credential(issuer="x://" + "a:" * 400_000 + "<"),
    "a long language": lambda: credential(name={"@value": "x", "@language": "en" + "-a-bb" * 200_000 + "-"}),
    "a long name": lambda: credential(**{"x" * 1_000_000: "x"}),
    "a long type": lambda: credential(issuer={"type": "urn:" + "x" * 1_000_000}),
    "a large integer": lambda: credential(name=10**4_000),
}

RUN = """
import json, sys, time
from credentials.core.errors import CredentialError
from credentials.core.linked_data import canonical_nquads
from tests.core.linked_data.test_canonical_nquads import HOSTILE, credential
from tests.peak_memory import peak_mebibytes
canonical_nquads(credential(name="warm"))
told = {}
for name, make in HOSTILE.items():
    document = make()
    begin = time.process_time()
    try:
        answer = len(canonical_nquads(document))
    except CredentialError as err:
        answer = err.code
    told[name] = [time.process_time() - begin, answer]
    del document
print(json.dumps({"told": told, "mebibytes": peak_mebibytes()}))
"""


def test_each_hostile_document_is_answered_within_a_second_and_256_mebibytes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)

    assert {name: seconds for name, (seconds, _) in answer["told"].items() if seconds > 1} == {}
    assert answer["mebibytes"] < 256
    codes = {code for _, code in answer["told"].values() if isinstance(code, str)}
    assert codes >= {"poison-graph", "too-large", "too-deep"}
