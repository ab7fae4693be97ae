"""What may be left out: every element belongs to exactly one part, whatever a stranger's document looks like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.disclosable import DESCRIPTIONS, ENDORSEMENTS, EVIDENCE, IDENTIFIERS, RESULTS, disclosable, parts

ARRAYS = (IDENTIFIERS, RESULTS, DESCRIPTIONS, EVIDENCE, ENDORSEMENTS)


def document(**arrays: Any) -> dict[str, Any]:
    """One with these arrays: `people`, `results`, `described`, `evidence`, `endorsed`."""
    return {
        "credentialSubject": {
            "identifier": arrays.get("people", []),
            "result": arrays.get("results", []),
            "achievement": {"resultDescription": arrays.get("described", [])},
        },
        "evidence": arrays.get("evidence", []),
        "endorsementJwt": arrays.get("endorsed", []),
    }


def held(whole: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(part.name, list(part.pointers)) for part in parts(whole)]


PEOPLE = [
    ("a name", {"identityType": "name", "identityHash": "Zoë"}, "name", "Name: Zoë"),
    ("a hashed address", {"identityType": "emailAddress", "identityHash": "sha256$x"}, "email",
     "The e-mail address, as a hash"),
    ("another kind", {"identityType": "nationalIdentityNumber", "identityHash": "1"}, "identifier",
     "Identifier: nationalIdentityNumber"),
    ("no kind", {"identityHash": "1"}, "identifier", "Identifier: identifier"),
    ("a kind that is no text", {"identityType": ["name"], "identityHash": "1"}, "identifier", "Identifier: identifier"),
    ("a name that is no text", {"identityType": "name", "identityHash": 7}, "name", "Name: "),
    ("no object", "Zoë", "identifier", "Identifier: identifier"),
]  # fmt: skip


@pytest.mark.parametrize(("identity", "name", "words"), [row[1:] for row in PEOPLE], ids=[row[0] for row in PEOPLE])
def test_a_person_is_called_by_what_is_said_of_them(identity: Any, name: str, words: str) -> None:
    (part,) = parts(document(people=[identity]))
    assert (part.name, part.words, part.pointers) == (name, words, (f"{IDENTIFIERS}/0",))


RESULT_WORDS = [
    ("pay", {"name": "Compensation"}, "pay", "Compensation: 5"),
    ("pay of another spelling is a result", {"name": "compensation"}, "compensation", "compensation: 5"),
    ("several words", {"name": "Fast, clean SQL!"}, "fast-clean-sql", "Fast, clean SQL!: 5"),
    ("no letter in it", {"name": "!!!"}, "result", "!!!: 5"),
    ("letters of another script", {"name": "速度"}, "速度", "速度: 5"),
    ("no name", {}, "result", "Result: 5"),
    ("a name that is no text", {"name": {"@value": "x"}}, "result", "Result: 5"),
]


@pytest.mark.parametrize(("described", "name", "words"), [row[1:] for row in RESULT_WORDS],
                         ids=[row[0] for row in RESULT_WORDS])  # fmt: skip
def test_a_result_is_called_by_its_description(described: dict[str, Any], name: str, words: str) -> None:
    whole = document(results=[{"resultDescription": "#1", "value": "5"}], described=[{"id": "#1"} | described])
    (part,) = parts(whole)
    assert (part.name, part.words) == (name, words)
    assert part.pointers == (f"{RESULTS}/0", f"{DESCRIPTIONS}/0")


PAIRS: list[tuple[str, list[Any], list[Any], list[tuple[str, list[str]]]]] = [
    ("in another order", [{"resultDescription": "#2"}, {"resultDescription": "#1"}], [{"id": "#1"}, {"id": "#2"}],
     [("result", [f"{RESULTS}/0", f"{DESCRIPTIONS}/1"]), ("result-2", [f"{RESULTS}/1", f"{DESCRIPTIONS}/0"])]),
    ("a result without its description", [{"resultDescription": "#9"}], [], [("result", [f"{RESULTS}/0"])]),
    ("a description without a result", [], [{"id": "#1"}], [("description", [f"{DESCRIPTIONS}/0"])]),
    ("two results of one description", [{"resultDescription": "#1"}] * 2, [{"id": "#1"}],
     [("result", [f"{RESULTS}/0", f"{DESCRIPTIONS}/0"]), ("result-2", [f"{RESULTS}/1"])]),
    ("two descriptions of one id", [{"resultDescription": "#1"}], [{"id": "#1"}, {"id": "#1", "name": "Rating"}],
     [("result", [f"{RESULTS}/0", f"{DESCRIPTIONS}/0"]), ("description", [f"{DESCRIPTIONS}/1"])]),
    ("neither names the other", [{"value": "5"}], [{"name": "Compensation"}],
     [("result", [f"{RESULTS}/0"]), ("description", [f"{DESCRIPTIONS}/0"])]),
    ("two that nobody can name", [], [{"name": "Hours"}, {"name": "Pay"}],
     [("description", [f"{DESCRIPTIONS}/0"]), ("description-2", [f"{DESCRIPTIONS}/1"])]),
    ("what was left out before", [None, {"resultDescription": "#1"}], [None, {"id": "#1"}],
     [("result", [f"{RESULTS}/1", f"{DESCRIPTIONS}/1"])]),
    ("its name is no text", [{"resultDescription": ["#1"]}], [{"id": ["#1"]}],
     [("result", [f"{RESULTS}/0"]), ("description", [f"{DESCRIPTIONS}/0"])]),
]  # fmt: skip


@pytest.mark.parametrize(("results", "described", "expected"), [row[1:] for row in PAIRS],
                         ids=[row[0] for row in PAIRS])  # fmt: skip
def test_a_result_goes_with_the_description_that_it_names(
    results: list[Any], described: list[Any], expected: list[tuple[str, list[str]]]
) -> None:
    assert held(document(results=results, described=described)) == expected


WORDS = {"genre": "Supervisor's words"}
EVIDENCES: list[tuple[str, list[Any], list[Any], list[tuple[str, list[str]]]]] = [
    ("an endorsement without words", [], ["e30"], [("endorsement", [f"{ENDORSEMENTS}/0"])]),
    ("several are one part", [], ["a", "b"], [("endorsement", [f"{ENDORSEMENTS}/0", f"{ENDORSEMENTS}/1"])]),
    ("one that was left out before", [], [None, "b"], [("endorsement", [f"{ENDORSEMENTS}/1"])]),
    ("an unknown genre", [{"genre": "Poem"}], [], [("deliverable", [f"{EVIDENCE}/0"])]),
    ("a genre that is no text", [{"genre": ["Deliverable"]}], [], [("deliverable", [f"{EVIDENCE}/0"])]),
    ("no object", ["report"], [], [("deliverable", [f"{EVIDENCE}/0"])]),
    ("a deliverable takes no endorsement along", [{"genre": "Deliverable"}], ["a"],
     [("deliverable", [f"{EVIDENCE}/0"]), ("endorsement", [f"{ENDORSEMENTS}/0"])]),
]  # fmt: skip


@pytest.mark.parametrize(("evidence", "endorsed", "expected"), [row[1:] for row in EVIDENCES],
                         ids=[row[0] for row in EVIDENCES])  # fmt: skip
def test_evidence_and_what_says_it_again(
    evidence: list[Any], endorsed: list[Any], expected: list[tuple[str, list[str]]]
) -> None:
    assert held(document(evidence=evidence, endorsed=endorsed)) == expected


@pytest.mark.parametrize("arrays", [None, {}, "evidence", 7, True, {"0": {}}], ids=repr)
@pytest.mark.parametrize("name", ["people", "results", "described", "evidence", "endorsed"])
def test_what_is_no_array_has_no_parts(name: str, arrays: Any) -> None:
    whole = document(**{name: arrays})
    assert (disclosable(whole), parts(whole)) == ((), ())


@pytest.mark.parametrize("subject", [None, [], [{"result": [1]}], "x", {"achievement": [1]}, {"achievement": None}],
                         ids=repr)  # fmt: skip
def test_a_subject_of_another_shape_has_no_parts(subject: Any) -> None:
    assert parts({"credentialSubject": subject}) == ()


def test_names_that_meet_a_numbered_one_stay_apart() -> None:
    described = [{"id": f"#{number}", "name": name} for number, name in enumerate(["A", "A 2", "A", "A 2"])]
    results = [{"resultDescription": one["id"]} for one in described]
    names = [part.name for part in parts(document(results=results, described=described))]
    assert names == ["a", "a-2", "a-3", "a-2-2"]


def test_many_parts_of_one_name_are_named_in_a_moment() -> None:
    names = [part.name for part in parts(document(evidence=["x"] * 12_000))]
    assert (names[0], names[-1], len(set(names))) == ("deliverable", "deliverable-12000", 12_000)


def elements() -> st.SearchStrategy[Any]:
    texts = st.sampled_from(["", "#1", "#2", "Compensation", "name", "Deliverable", "a-2", "A 2"])
    names = ("id", "name", "genre", "value", "resultDescription", "identityType", "identityHash")
    objects = st.dictionaries(st.sampled_from(names), texts | st.none() | st.integers(0, 2), max_size=4)
    return st.none() | objects | texts


@given(*[st.lists(elements(), max_size=5)] * 5)
def test_every_element_is_in_exactly_one_part(
    people: list[Any], results: list[Any], described: list[Any], evidence: list[Any], endorsed: list[Any]
) -> None:
    whole = document(people=people, results=results, described=described, evidence=evidence, endorsed=endorsed)
    given_ = dict(zip(ARRAYS, (people, results, described, evidence, endorsed), strict=True))
    there = [
        f"{array}/{number}"
        for array, elements in given_.items()
        for number, element in enumerate(elements)
        if element is not None
    ]
    found = parts(whole)
    assert sorted(pointer for part in found for pointer in part.pointers) == sorted(there)
    assert set(there) <= set(disclosable(whole))
    assert len({part.name for part in found}) == len(found)
    assert all(" " not in part.name and part.name == part.name.lower() for part in found)
