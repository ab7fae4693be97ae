"""Any credential of the data model, 1.1 or 2.0. What must be refused stands in tests/vectors/jws_hostile.json too."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.credential import CONTEXT_V1, CONTEXT_V2, issuer_of, parse_credential
from credentials.core.errors import (
    BadInstant,
    ConflictingObjects,
    CredentialError,
    ImpossiblePeriod,
    MalformedCredential,
    NotATerm,
    UnsupportedStatus,
)
from tests.core.parties import Party

ENTRY: dict[str, Any] = {
    "id": "https://a.example/status/1#5",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "5",
    "statusListCredential": "https://a.example/status/1",
}


def test_what_it_says(plain: dict[str, Any], issuer: Party) -> None:
    plain |= {"validUntil": "2027-03-16T01:00:00+01:00", "issuer": {"id": issuer.did, "name": "Nordlys"}}
    credential = parse_credential(plain)
    assert credential.id == plain["id"]
    assert credential.version == "2.0"
    assert credential.types == ("VerifiableCredential",)
    assert credential.contexts == (CONTEXT_V2,)
    assert (credential.issuer_id, credential.issuer_name) == (issuer.did, "Nordlys")
    assert credential.valid_from == datetime(2026, 3, 16, tzinfo=UTC)
    assert credential.valid_until == datetime(2027, 3, 16, tzinfo=UTC)
    assert credential.subject_id == "urn:uuid:person"
    assert credential.statuses == ()
    assert credential.document is plain
    assert issuer_of(plain) == issuer.did


def test_it_cannot_be_changed(plain: dict[str, Any]) -> None:
    with pytest.raises(AttributeError):
        parse_credential(plain).issuer_id = "x"  # type: ignore[misc]


def test_the_least_that_version_two_needs(plain: dict[str, Any]) -> None:
    for name in ("id", "validFrom"):
        del plain[name]
    plain |= {"@context": CONTEXT_V2, "type": "VerifiableCredential", "credentialSubject": {"name": "x"}}
    credential = parse_credential(plain)
    assert (credential.id, credential.valid_from, credential.subject_id) == (None, None, None)


def test_version_one(plain: dict[str, Any]) -> None:
    del plain["validFrom"]
    plain |= {
        "@context": [CONTEXT_V1],
        "issuanceDate": "2026-03-16T00:00:00Z",
        "expirationDate": "2027-03-16T00:00:00Z",
    }
    credential = parse_credential(plain)
    assert credential.version == "1.1"
    assert credential.valid_from == datetime(2026, 3, 16, tzinfo=UTC)
    assert credential.valid_until == datetime(2027, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize("name", ["validFrom", "validUntil"])
def test_version_one_has_other_names(name: str, plain: dict[str, Any]) -> None:
    del plain["validFrom"]
    plain |= {"@context": [CONTEXT_V1], "issuanceDate": "2026-03-16T00:00:00Z", name: "2027-03-16T00:00:00Z"}
    with pytest.raises(MalformedCredential):
        parse_credential(plain)


def test_version_one_needs_a_start(plain: dict[str, Any]) -> None:
    del plain["validFrom"]
    with pytest.raises(MalformedCredential, match="issuanceDate"):
        parse_credential(plain | {"@context": [CONTEXT_V1]})


def test_several_subjects_have_no_one_id(plain: dict[str, Any]) -> None:
    plain["credentialSubject"] = [{"id": "urn:a"}, {"id": "urn:b"}]
    assert parse_credential(plain).subject_id is None


def test_one_status_or_several(plain: dict[str, Any]) -> None:
    suspension = ENTRY | {"id": "urn:on-hold", "statusPurpose": "suspension", "statusListIndex": "131071"}
    one = parse_credential(plain | {"credentialStatus": ENTRY}).statuses
    two = parse_credential(plain | {"credentialStatus": [ENTRY, suspension]}).statuses
    assert [(entry.purpose, entry.index, entry.list_url) for entry in two] == [
        ("revocation", 5, "https://a.example/status/1"),
        ("suspension", 131071, "https://a.example/status/1"),
    ]
    assert one == two[:1]


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "1EdTechRevocationList", "id": "https://a.example/revoked"},
        {"type": "StatusList2021Entry", "statusPurpose": "revocation", "statusListIndex": 5},
        {"type": ["RevocationList2020Status", "Other"], "revocationListIndex": "1"},
        ENTRY | {"type": "Bitstringstatuslistentry"},
        ENTRY | {"statusSize": 2},
    ],
)
def test_a_status_we_do_not_know_is_kept_and_says_nothing(entry: dict[str, Any], plain: dict[str, Any]) -> None:
    (status,) = parse_credential(plain | {"credentialStatus": entry}).statuses
    assert not status.supported
    for name in ("index", "list_url"):
        with pytest.raises(UnsupportedStatus):
            getattr(status, name)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        "x",
        5,
        {},
        [ENTRY, None],
        [ENTRY, {}],
        [[ENTRY]],
        {"type": None},
        {"type": []},
        {"type": 7},
        [ENTRY] * 17,
    ]
    + [
        ENTRY | {"statusListIndex": index}
        for index in (5, "", "-1", "+1", " 1", "1 ", "1.0", "0x5", "٥", "²", "1" * 13, None)
    ]
    + [ENTRY | {name: ""} for name in ("statusPurpose", "statusListCredential")]
    + [ENTRY | {name: 7} for name in ("id", "statusPurpose", "statusListCredential", "statusReference")]
    + [ENTRY | {"type": ["BitstringStatusListEntry", "X"]}, ENTRY | {"statusSize": "1"}],
)
def test_a_broken_status_is_refused(entry: Any, plain: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredential):
        parse_credential(plain | {"credentialStatus": entry})


@pytest.mark.parametrize(
    "name",
    [
        "@id",
        "@type",
        "@graph",
        "@context ",
        "a:b",
        ":",
        "https://www.w3.org/2018/credentials#validUntil",
        "_:b0",
        "x\n:y",
    ],
)
def test_a_member_by_another_name_is_refused(name: str, plain: dict[str, Any]) -> None:
    with pytest.raises(NotATerm):
        parse_credential(plain | {name: "x"})


@pytest.mark.parametrize(
    "stated",
    [None, "", "nordlys", 7, [], {}, {"id": None}, {"id": 7}, {"id": "x"}, {"name": "x"}, ["did:web:a.example"]],
)
def test_an_issuer_without_an_address(stated: Any, plain: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredential):
        parse_credential(plain | {"issuer": stated})
    with pytest.raises(MalformedCredential):
        issuer_of({"issuer": stated})


@pytest.mark.parametrize(
    "subject", [None, "", "x", 7, [], {}, [{}], [{"id": "urn:a"}, {}], [None], {"id": 7}, {"id": {}}, [[]]]
)
def test_a_subject_of_another_shape(subject: Any, plain: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredential):
        parse_credential(plain | {"credentialSubject": subject})


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.just(CONTEXT_V2)
    | st.just("VerifiableCredential"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "name"]), inner, max_size=3)
    ),
    max_leaves=10,
)
NAMES = ["@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus"]


@given(st.dictionaries(st.sampled_from(NAMES), ANY))
def test_any_document_is_read_or_gives_our_error(document: dict[str, Any]) -> None:
    with contextlib.suppress(CredentialError):
        assert parse_credential(document).document is document


@given(st.dictionaries(st.sampled_from(NAMES[1:]), ANY, max_size=2))
def test_a_good_document_with_some_members_changed(change: dict[str, Any]) -> None:
    base = {
        "@context": [CONTEXT_V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:a.example",
        "credentialSubject": {"id": "urn:a"},
    }
    try:
        credential = parse_credential(base | change)
    except CredentialError:
        return
    assert ":" in credential.issuer_id
    assert "VerifiableCredential" in credential.types


SAID_OF_ITSELF = [
    ({"validUntil": "2026-03-17T00:00:00Z"}, "valid_until"),
    ({"credentialStatus": ENTRY}, "statuses"),
    ({"type": ["AchievementCredential"]}, "types"),
]


@pytest.mark.parametrize(("said", "read"), SAID_OF_ITSELF)
def test_what_is_said_of_the_credential_further_down_counts(
    plain: dict[str, Any], said: dict[str, Any], read: str
) -> None:
    elsewhere = parse_credential(plain | {"evidence": [{"id": plain["id"], **said}]})
    types = {"type": [*plain["type"], *said["type"]]} if "type" in said else said
    assert getattr(elsewhere, read) == getattr(parse_credential(plain | types), read)
    assert getattr(elsewhere, read) != getattr(parse_credential(plain), read)


@pytest.mark.parametrize(
    "said",
    [
        {"validFrom": "2020-01-01T00:00:00Z"},
        {"issuer": "did:web:b.example"},
        {"credentialSubject": {"id": "urn:other"}},
        {"@context": "https://www.w3.org/2018/credentials/v1"},
    ],
)
def test_a_credential_that_contradicts_itself_further_down_is_refused(
    plain: dict[str, Any], said: dict[str, Any]
) -> None:
    with pytest.raises(ConflictingObjects):
        parse_credential(plain | {"evidence": [{"id": plain["id"], **said}]})


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"validUntil": "soon"}, BadInstant),
        ({"validUntil": "2000-01-01T00:00:00Z"}, ImpossiblePeriod),
        ({"expirationDate": "2026-03-17T00:00:00Z"}, MalformedCredential),
        ({"credentialStatus": {}}, MalformedCredential),
        ({"https://www.w3.org/2018/credentials#credentialStatus": ENTRY}, NotATerm),
        ({"type": ["AchievementCredential", 7]}, MalformedCredential),
    ],
)
def test_what_is_said_further_down_passes_the_same_gates(
    plain: dict[str, Any], said: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        parse_credential(plain | {"evidence": [{"id": plain["id"], **said}]})


def test_the_issuers_own_name_may_stand_anywhere(plain: dict[str, Any]) -> None:
    named = plain | {"issuer": {"id": "did:web:a.example"}, "x": {"id": "did:web:a.example", "name": "Acme"}}
    assert parse_credential(named).issuer_name == "Acme"
