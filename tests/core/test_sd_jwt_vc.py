"""SD-JWT VC alone: what its claims may say, who its key belongs to, and what nobody may leave out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.credential import Credential
from credentials.core.errors import (
    BadDid,
    CredentialError,
    DisclosureUnreferenced,
    ImpossiblePeriod,
    KidMissing,
    KidNotDidUrl,
    MalformedCredential,
    MustNotBeHidden,
    SignatureMismatch,
)
from credentials.core.mechanism import Presented
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.serialised import join_sd_jwt
from credentials.core.securing import SD_JWT_VC
from tests.core.parties import Party, ed25519_party

ENTROPY = bytes(range(32))
SITE = "https://a.example/x"
LIST = "https://lists.example/1"
LATEST = 253402300799
DECIDES = (
    *("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"),
    *("aud", "jti", "statusReference", "@context"),
)


def claims(**more: Any) -> dict[str, Any]:
    return {"iss": SITE, "vct": "urn:type"} | more


def parsed(**more: Any) -> Credential:
    document = claims(**more)
    return SD_JWT_VC.parse(Presented("dc+sd-jwt", SITE, document, {}, b"", ()))


def token(party: Party, payload: dict[str, Any], **header: Any) -> bytes:
    stated = {"alg": party.alg, "typ": "dc+sd-jwt", "kid": "k1"} | header
    return party.token(json.dumps(stated).encode(), json.dumps(payload).encode()).encode()


# When --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "at"),
    [
        (0, "1970-01-01T00:00:00+00:00"),
        (0.25, "1970-01-01T00:00:00.250000+00:00"),
        (-0.0, "1970-01-01T00:00:00+00:00"),
        (1773619200, "2026-03-16T00:00:00+00:00"),
        (LATEST, "9999-12-31T23:59:59+00:00"),
        (float(LATEST), "9999-12-31T23:59:59+00:00"),
    ],
)
@pytest.mark.parametrize("name", ["nbf", "exp"])
def test_a_moment_is_read_as_utc(name: str, seconds: float, at: str) -> None:
    credential = parsed(**{name: seconds})
    moments = {"nbf": credential.valid_from, "exp": credential.valid_until}
    found = moments.pop(name)
    assert found is not None
    assert (found.isoformat(), found.utcoffset()) == (at, timedelta(0))
    assert list(moments.values()) == [None]


@pytest.mark.parametrize(
    "seconds",
    [
        None,
        True,
        False,
        "0",
        "",
        [],
        {},
        [0],
        -1,
        -0.001,
        LATEST + 1,
        LATEST + 0.5,
        1e300,
        10**30,
        float("inf"),
        float("nan"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["nbf", "exp"])
def test_what_is_no_moment(name: str, seconds: Any) -> None:
    with pytest.raises(MalformedCredential) as caught:
        parsed(**{name: seconds})
    assert caught.value.where == f"/{name}"


@pytest.mark.parametrize(("first", "last"), [(0, 0), (5, 5.5), (0, LATEST)])
def test_it_may_end_as_soon_as_it_starts(first: float, last: float) -> None:
    credential = parsed(nbf=first, exp=last)
    assert credential.valid_from is not None
    assert credential.valid_until is not None
    assert credential.valid_from <= credential.valid_until


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0.5, 0), (LATEST, LATEST - 1)])
def test_it_does_not_end_before_it_starts(first: float, last: float) -> None:
    with pytest.raises(ImpossiblePeriod):
        parsed(nbf=first, exp=last)


# What it is and of whom --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["jti", "sub", "vct", "iss"])
@pytest.mark.parametrize("value", [None, "", 7, True, [], {}, ["urn:x"]], ids=repr)
def test_a_name_is_a_text(name: str, value: Any) -> None:
    with pytest.raises(MalformedCredential) as caught:
        parsed(**{name: value})
    assert caught.value.where == f"/{name}"


@pytest.mark.parametrize("issuer", ["nobody", "a.example", f"{SITE}#k1", "did:web:a.example#k1", "#", ":#"])
def test_an_issuer_is_an_address_without_a_fragment(issuer: str) -> None:
    with pytest.raises(MalformedCredential, match="iss"):
        parsed(iss=issuer)


@pytest.mark.parametrize(
    ("stated", "name"),
    [({"name": "Acme"}, "Acme"), ({"name": 7}, None), ({"name": None}, None), ({}, None), ("Acme", None), ([], None)],
    ids=repr,
)
def test_the_issuers_own_name_is_taken_only_where_it_is_one(stated: Any, name: str | None) -> None:
    assert parsed(issuer=stated).issuer_name == name


def test_the_fewest_claims() -> None:
    credential = parsed()
    assert (credential.types, credential.contexts, credential.statuses) == (("urn:type",), (), ())
    assert (credential.id, credential.subject_id, credential.issuer_name) == (None, None, None)


# Its status --------------------------------------------------------------------------------------------------------

WRONG_ENTRIES: list[object] = [
    None, [], "x", 7, {}, {"idx": 5}, {"uri": LIST}, {"idx": None, "uri": LIST}, {"idx": 5.0, "uri": LIST},
    {"idx": "5", "uri": LIST}, {"idx": True, "uri": LIST}, {"idx": -1, "uri": LIST}, {"idx": 10**12, "uri": LIST},
    {"idx": 5, "uri": None}, {"idx": 5, "uri": ""}, {"idx": 5, "uri": [LIST]}, {"IDX": 5, "uri": LIST},
]  # fmt: skip


@pytest.mark.parametrize("entry", WRONG_ENTRIES, ids=repr)
def test_what_is_no_status_entry(entry: Any) -> None:
    with pytest.raises(MalformedCredential) as caught:
        parsed(status={"another": {}, "status_list": entry})
    assert caught.value.where == "/status/status_list"


@pytest.mark.parametrize("status", [None, False, "", "x", [], [{}], {}, {str(n): {} for n in range(9)}], ids=repr)
def test_what_is_no_status(status: Any) -> None:
    with pytest.raises(MalformedCredential) as caught:
        parsed(status=status)
    assert caught.value.where == "/status"


@pytest.mark.parametrize("reference", [None, "", 7, [], {}], ids=repr)
def test_where_a_status_is_told_of_is_a_text(reference: Any) -> None:
    with pytest.raises(MalformedCredential):
        parsed(status={"status_list": {"idx": 5, "uri": LIST}}, statusReference=reference)


@pytest.mark.parametrize("index", [0, 5, 10**12 - 1])
def test_a_status_of_another_mechanism_is_kept_beside_ours(index: int) -> None:
    both = parsed(status={"other": {"x": 1}, "status_list": {"idx": index, "uri": LIST}}).statuses
    assert [(one.type, one.status_list_index) for one in both] == [("other", None), (both[1].type, str(index))]
    assert both[1].status_list_credential == LIST
    assert len(parsed(status={str(number): {} for number in range(8)}).statuses) == 8


# The key -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kid", "method"),
    [
        ("k1", f"{SITE}#k1"),
        (f"{SITE}#k1", f"{SITE}#k1"),
        ("https://evil.example#k1", f"{SITE}#https://evil.example#k1"),
        (f"{SITE}x#k1", f"{SITE}#{SITE}x#k1"),
        ("did:web:evil.example#k1", f"{SITE}#did:web:evil.example#k1"),
        ("k" * 512, f"{SITE}#{'k' * 512}"),
    ],
    ids=["bare", "whole", "another site", "a longer site", "a did", "long"],
)
def test_a_kid_never_leads_to_somebody_elses_key(issuer: Party, kid: str, method: str) -> None:
    assert SD_JWT_VC.read(token(issuer, claims(), kid=kid) + b"~").proofs[0].verification_method == method


@pytest.mark.parametrize(
    ("iss", "kid", "error"),
    [
        (SITE, "", KidMissing),
        (SITE, "k" * 513, KidMissing),
        ("did:web:a.example", "", KidMissing),
        ("did:web:a.example", "k1", KidNotDidUrl),
        ("did:web:a.example", "https://a.example#k1", KidNotDidUrl),
    ],
)
def test_a_kid_that_names_no_key(issuer: Party, iss: str, kid: str, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        SD_JWT_VC.read(token(issuer, claims(iss=iss), kid=kid) + b"~")


@pytest.mark.parametrize(
    ("iss", "method", "error"),
    [
        (SITE, SITE, MalformedCredential),
        (SITE, f"{SITE}#", MalformedCredential),
        (SITE, f"{SITE}/#k1", MalformedCredential),
        (SITE, "#k1", MalformedCredential),
        (SITE, "https://evil.example/x#k1", MalformedCredential),
        ("did:web:a.example", "did:web:b.example#k1", MalformedCredential),
        ("did:", "did:#k1", BadDid),
    ],
)
def test_only_the_issuers_own_key_signs(iss: str, method: str, error: type[CredentialError]) -> None:
    unsigned = SD_JWT_VC.unsigned(json.dumps(claims(iss=iss, name="x")).encode())
    created = datetime(2026, 3, 16, tzinfo=UTC)
    with pytest.raises(error):
        SD_JWT_VC.prepare(unsigned, verification_method=method, algorithm="Ed25519", created=created, entropy=ENTROPY)


# What may be left out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DECIDES)
def test_what_decides_must_be_open(issuer: Party, name: str) -> None:
    hidden = conceal(claims() | {name: "x"}, [f"/{name}"], entropy=ENTROPY)
    whole = join_sd_jwt(token(issuer, hidden.payload), hidden.disclosures)
    with pytest.raises(MustNotBeHidden):
        SD_JWT_VC.read(whole)


@pytest.mark.parametrize("pointer", ["/status/status_list", "/status/status_list/idx", "/cnf/jwk"])
def test_a_part_of_what_decides_must_be_open_too(issuer: Party, pointer: str) -> None:
    document = claims(status={"status_list": {"idx": 5, "uri": LIST}}, cnf={"jwk": {}})
    hidden = conceal(document, [pointer], entropy=ENTROPY)
    with pytest.raises(MustNotBeHidden):
        SD_JWT_VC.read(join_sd_jwt(token(issuer, hidden.payload), hidden.disclosures))


def test_what_is_left_out_leaves_the_rest_verified_and_the_stamped_bytes_the_same(issuer: Party) -> None:
    hidden = conceal(claims(name="Zoë", hours=40), ["/name", "/hours"], entropy=ENTROPY)
    signed = token(issuer, hidden.payload)
    stamped = set()
    for kept in (hidden.disclosures, hidden.disclosures[:1], ()):
        presented = SD_JWT_VC.read(join_sd_jwt(signed, kept))
        SD_JWT_VC.verify(presented, issuer.key)
        assert len(presented.document.keys() & {"name", "hours"}) == len(kept)
        stamped.add(SD_JWT_VC.stamped(presented.proofs[0], issuer.key))
    assert stamped == {signed}


def test_a_disclosure_of_another_credential_is_refused(issuer: Party) -> None:
    mine = conceal(claims(name="Zoë"), ["/name"], entropy=ENTROPY)
    theirs = conceal(claims(name="Kim"), ["/name"], entropy=bytes(32))
    for disclosures in (theirs.disclosures, (*mine.disclosures, *theirs.disclosures)):
        presented = SD_JWT_VC.read(join_sd_jwt(token(issuer, mine.payload), disclosures))
        with pytest.raises(DisclosureUnreferenced):
            SD_JWT_VC.verify(presented, issuer.key)


def test_the_signature_is_asked_before_what_is_said(issuer: Party, stranger: Party) -> None:
    for payload in (claims(), claims(aud="x"), claims(exp="never"), claims(sub=7)):
        with pytest.raises(SignatureMismatch):
            SD_JWT_VC.verify(SD_JWT_VC.read(token(issuer, payload) + b"~"), stranger.key)


# Whatever is sent --------------------------------------------------------------------------------------------------

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["iss", "vct", "nbf", "exp", "jti", "sub", "status", "statusReference", "issuer", "iat"])


@given(st.dictionaries(NAMES, ANY))
def test_claims_are_a_credential_or_refused(said: dict[str, Any]) -> None:
    try:
        credential = parsed(**said)
    except CredentialError:
        return
    assert credential.version == "SD-JWT VC"


@given(st.binary(max_size=40), st.sampled_from([b"", b"eyJ0eXAiOiJ2YytzZC1qd3QifQ.", b"eyJ0eXAiOiJkYytzZC1qd3QifQ."]))
def test_whether_it_is_one_is_always_answered(rest: bytes, head: bytes) -> None:
    for data in (head + rest, head + rest + b"~", head + rest + b".x~", b"e" + rest):
        assert SD_JWT_VC.recognises(data) in (True, False)


@given(st.binary(max_size=60))
def test_it_is_read_or_refused(payload: bytes) -> None:
    party = ed25519_party()
    whole = party.token(b'{"alg":"EdDSA","typ":"dc+sd-jwt","kid":"k1"}', payload).encode() + b"~"
    try:
        SD_JWT_VC.read(whole)
    except CredentialError:
        return
    assert json.loads(payload)["iss"]
