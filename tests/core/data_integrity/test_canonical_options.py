"""What a proof says of itself is canonical whether or not it was remembered."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.achievement import CONTEXTS
from credentials.core.data_integrity import canonical_options as remembered
from credentials.core.data_integrity.canonical_options import canonical_options
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES, Cryptosuite
from credentials.core.errors import CredentialError
from credentials.core.linked_data import canonical_nquads

RDFC = CRYPTOSUITES["eddsa-rdfc-2022"]
JCS = CRYPTOSUITES["eddsa-jcs-2022"]
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
ANY = "2000-01-01T00:00:00Z"
DOCUMENT = {"@context": list(CONTEXTS)}
OPTIONS: dict[str, Any] = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-03-16T00:00:00Z",
    "verificationMethod": "did:web:acme.example#k1",
    "proofPurpose": "assertionMethod",
}
DATES = ("2026-03-16T00:00:00Z", "1999-12-31T23:59:59+01:00", "2026-03-16T00:00:00.5Z", ANY)


def in_full(suite: Cryptosuite, options: dict[str, Any]) -> bytes:
    return suite.canonicalise(options if suite.keeps_context else {**DOCUMENT, **options}, b"")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    remembered._around_date.cache_clear()


def is_remembered() -> bool:
    return remembered._around_date.cache_info().hits > 0


@pytest.mark.parametrize("suite", [RDFC, JCS, CRYPTOSUITES["ecdsa-rdfc-2019"]], ids=lambda suite: suite.name)
def test_every_date_has_its_own_line(suite: Cryptosuite) -> None:
    options = {**OPTIONS, "cryptosuite": suite.name}
    for date in DATES * 2:
        dated = {**options, "created": date}
        assert canonical_options(suite, dated, DOCUMENT) == in_full(suite, dated)
    assert is_remembered() is not suite.keeps_context


@pytest.mark.parametrize(
    "odd",
    [
        {"expires": ANY},
        {"domain": [ANY, "a.example"]},
        {"challenge": f"a {ANY} b"},
        {"nonce": ANY},
        {"id": "urn:uuid:6f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11"},
        {"challenge": "_:c14n1"},
        {"challenge": "x" * 5000},
    ],
    ids=lambda odd: str(odd)[:30],
)
def test_a_date_that_may_have_a_say_elsewhere(odd: dict[str, Any]) -> None:
    for date in DATES * 2:
        dated = {**OPTIONS, **odd, "created": date}
        assert canonical_options(RDFC, dated, DOCUMENT) == in_full(RDFC, dated)


def test_true_is_not_one() -> None:
    """A memory that takes Python's word for what is equal would give one for the other."""
    forms = [canonical_options(RDFC, {**OPTIONS, "nonce": value}, DOCUMENT) for value in (1, True, 1.0, "1")]

    assert forms == [in_full(RDFC, {**OPTIONS, "nonce": value}) for value in (1, True, 1.0, "1")]
    assert len(set(forms)) == 3  # JSON does not tell 1 from 1.0.


def test_objects_beside_it_are_named_by_the_date() -> None:
    """With two blank nodes, which one comes first may hang on the date."""
    document = {"@context": [*CONTEXTS, EXAMPLES]}
    names = set()
    for second in range(60):
        dated = {**OPTIONS, "seen": {"by": "nobody"}, "created": f"2026-03-16T00:00:{second:02}Z"}
        made = canonical_options(RDFC, dated, document)
        assert made == canonical_nquads({**document, **dated})
        names.add(made.partition(b" ")[0] + made.partition(b"nobody")[0][-80:])
    assert len(names) > 1


def test_the_same_date_in_a_line_before_it_is_left_alone() -> None:
    document = {"@context": [*CONTEXTS, EXAMPLES]}
    for date in DATES * 2:
        dated = {**OPTIONS, "id": "urn:own:1", "seen": {"id": "urn:earlier:1", "by": ANY}, "created": date}
        assert canonical_options(RDFC, dated, document) == canonical_nquads({**document, **dated})


def test_two_dates_of_one_proof_are_put_in_order() -> None:
    document = {"@context": [*CONTEXTS, EXAMPLES]}
    again = {"id": "urn:own:1", "type": "DataIntegrityProof", "created": "2010-01-01T00:00:00Z"}
    for date in DATES * 2:
        dated = {**OPTIONS, "id": "urn:own:1", "seen": again, "created": date}
        assert canonical_options(RDFC, dated, document) == canonical_nquads({**document, **dated})


def test_the_context_counts() -> None:
    options = {**OPTIONS, "own": "x"}

    assert canonical_options(RDFC, options, {"@context": [*CONTEXTS, EXAMPLES]})
    with pytest.raises(CredentialError, match="own"):
        canonical_options(RDFC, options, DOCUMENT)


@pytest.mark.parametrize("created", ["", "yesterday", "2026\n", '"', "\\", "\ud800", "２０２６", None, 5, ["2026"], {}])
def test_what_is_no_date_is_made_canonical_in_full(created: object) -> None:
    dated = {**OPTIONS, "created": created}
    outcomes = []
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: canonical_options(RDFC, dated, DOCUMENT),
        lambda: in_full(RDFC, dated),
    )
    for make in ways:
        try:
            outcomes.append((make(), ""))
        except CredentialError as err:
            outcomes.append((b"", f"{err.code} {err.where}"))
    assert outcomes[0] == outcomes[1]
    assert not remembered._around_date.cache_info().currsize


TEXTS = st.one_of(st.text(max_size=12), st.sampled_from([ANY, *DATES, "_:c14n1", '" .\n', "did:web:a.example"]))
MEMBERS = st.dictionaries(st.sampled_from(["challenge", "nonce", "domain", "expires", "id"]), TEXTS, max_size=4)


@given(MEMBERS, st.sampled_from(DATES), st.sampled_from(DATES))
def test_random_options(members: dict[str, str], first: str, second: str) -> None:
    for date in (first, second, first):
        dated = {**OPTIONS, **members, "created": date}
        try:
            expected = in_full(RDFC, dated)
        except CredentialError as err:
            with pytest.raises(type(err)):
                canonical_options(RDFC, dated, DOCUMENT)
        else:
            assert canonical_options(RDFC, dated, DOCUMENT) == expected
