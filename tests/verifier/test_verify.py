"""What verification refuses, step by step, and that nothing a stranger can make gets an exception out of it."""

import gc
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.core import base64url, strict_json
from credentials.core.jws import compact
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State, Verdict
from credentials.verifier.verify import verify
from tests.verifier.world import BASE, DAY, ISSUED, NOW, Issuer, World

SKEW = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def outcome(report: Report, kind: CheckKind) -> tuple[Outcome, str]:
    check = report.check(kind.public_id)
    return check.outcome, check.code


def claims_of(world: World) -> dict[str, Any]:
    token = world.token()
    payload = strict_json.parse_object(base64url.decode(token.split(b".")[1]), max_bytes=1 << 20)
    return {name: payload[name] for name in ("iss", "jti", "nbf", "sub")}


# (1) form, (2) algorithm --------------------------------------------------------------------------------------------

GARBAGE: list[bytes | str | dict[str, Any]] = [
    b"",
    "",
    b"\x00",
    b"\xff\xfe{\x00}\x00",
    "\ud800",
    "é.é.é",
    "hello",
    b"..",
    b"e.y.a",
    b"eyJ.eyJ.eyJ",
    b"{",
    b"{}",
    b"[]",
    b"null",
    b'{"type":1}',
    b'{"type":"EnvelopedVerifiableCredential"}',
    b'{"type":"EnvelopedVerifiableCredential","type":"x"}',
    b'{"type":"EnvelopedVerifiableCredential","id":7}',
    b'{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt;base64,eyJ"}',
    b'{"type":"EnvelopedVerifiableCredential","id":"data:text/html,eyJ"}',
    b'{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,"}',
    b'{"a":' * 50_000,
    b"[" * 100_000,
    b"a" * 2_000_000,
    "a" * 2_000_000,
    b"." * 10_000,
    {},
    {"type": []},
    {"type": ["EnvelopedVerifiableCredential"], "id": None},
    {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,\ud800"},
]


@pytest.mark.parametrize("data", GARBAGE, ids=[repr(data)[:40] for data in GARBAGE])
def test_garbage_is_unreadable(data: bytes | str | dict[str, Any]) -> None:
    report = World().verify(data)
    assert (report.state, report.verdict) == (State.UNREADABLE, Verdict.INDETERMINATE)
    assert outcome(report, CheckKind.FORM)[0] is Outcome.FAILED
    assert outcome(report, CheckKind.SIGNATURE)[0] is Outcome.NOT_CHECKED


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_noise_never_raises(data: bytes | str) -> None:
    assert World().verify(data).state is State.UNREADABLE


def test_every_truncation_is_refused_without_an_exception(world: World) -> None:
    token = world.token()
    for end in range(0, len(token), 7):
        assert world.verify(token[:end]).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ({"alg": "none"}, "algorithm-refused"),
        ({"alg": "HS256"}, "algorithm-refused"),
        ({"alg": "ES384"}, "algorithm-refused"),
        ({"alg": "eddsa"}, "algorithm-refused"),
        ({"jwk": {"kty": "OKP"}}, "header-member-refused"),
        ({"jku": "https://evil.example/keys"}, "header-member-refused"),
        ({"x5u": "https://evil.example/x"}, "header-member-refused"),
        ({"x5c": ["MII"]}, "header-member-refused"),
        ({"crit": ["b64"]}, "header-member-refused"),
        ({"b64": False}, "header-member-refused"),
        ({"typ": "at+jwt"}, "wrong-token-type"),
        ({"typ": "status-story+jwt"}, "wrong-token-type"),
        ({"cty": "vp"}, "wrong-token-type"),
        ({"kid": ""}, "kid-missing"),
        ({"kid": "https://acme.example/key"}, "kid-not-did-url"),
    ],
)
def test_headers_off_the_list_are_refused_however_well_signed(world: World, member: dict[str, Any], code: str) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": world.issuer.method(), **member}
    body = world.token().split(b".")[1]
    data = base64url.encode(strict_json.dump(header)).encode() + b"." + body
    report = world.verify(compact(data, world.issuer.keys["k1"].sign(data)))
    assert report.state is State.UNREADABLE
    assert outcome(report, CheckKind.ALGORITHM) == (Outcome.FAILED, code)
    assert outcome(report, CheckKind.SIGNATURE)[0] is Outcome.NOT_CHECKED


def test_an_envelope_carries_a_token(world: World) -> None:
    address = f"data:application/vc+jwt,{world.token().decode()}"
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": address,
        "type": "EnvelopedVerifiableCredential",
    }
    assert world.verify(envelope).state is State.GENUINE
    assert world.verify(strict_json.dump(envelope)).state is State.GENUINE
    assert world.verify(strict_json.dump({**envelope, "type": [envelope["type"]]}).decode()).state is State.GENUINE


def test_what_stands_beside_the_token_in_an_envelope_is_not_shown(world: World) -> None:
    address = f"data:application/vc+jwt,{world.token().decode()}"
    envelope = {
        "id": address,
        "type": "EnvelopedVerifiableCredential",
        "name": "Nobel prize",
        "issuer": "did:web:x.example",
    }
    assert "Nobel" not in strict_json.dump(world.verify(envelope).to_json()).decode()


def test_white_space_around_a_token_is_nothing(world: World) -> None:
    assert world.verify(b"\n " + world.token() + b"\r\n").state is State.GENUINE


# (6) data model, (7) claims, (8) Open Badges ------------------------------------------------------------------------

SPOILED: list[tuple[dict[str, Any], CheckKind, str]] = [
    ({"@context": ["https://evil.example/v2"]}, CheckKind.DATA_MODEL, "wrong-context"),
    ({"@context": ["https://www.w3.org/ns/credentials/v2", {"name": "urn:x"}]}, CheckKind.DATA_MODEL, "inline-context"),
    ({"type": ["AchievementCredential"]}, CheckKind.DATA_MODEL, "malformed-credential"),
    ({"credentialSubject": []}, CheckKind.DATA_MODEL, "malformed-credential"),
    ({"validFrom": "yesterday"}, CheckKind.DATA_MODEL, "bad-instant"),
    ({"validUntil": "2020-01-01T00:00:00Z"}, CheckKind.DATA_MODEL, "impossible-period"),
    ({"https://www.w3.org/2018/credentials#validUntil": "x"}, CheckKind.DATA_MODEL, "not-a-term"),
    ({"credentialStatus": {"type": "BitstringStatusListEntry"}}, CheckKind.DATA_MODEL, "malformed-credential"),
    ({"expirationDate": "2026-01-01T00:00:00Z"}, CheckKind.DATA_MODEL, "malformed-credential"),
    ({"iss": "did:web:other.example"}, CheckKind.REGISTERED_CLAIMS, "claim-mismatch"),
    ({"jti": f"{BASE}/c/other"}, CheckKind.REGISTERED_CLAIMS, "claim-mismatch"),
    ({"nbf": 1}, CheckKind.REGISTERED_CLAIMS, "claim-mismatch"),
    ({"nbf": True}, CheckKind.REGISTERED_CLAIMS, "claim-mismatch"),
    ({"sub": "urn:uuid:0"}, CheckKind.REGISTERED_CLAIMS, "claim-mismatch"),
    ({"exp": 4_000_000_000}, CheckKind.REGISTERED_CLAIMS, "claim-mismatch"),
    ({"aud": "somebody"}, CheckKind.REGISTERED_CLAIMS, "audience-restricted"),
    ({"credentialSubject": {"id": "urn:uuid:6f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11"}}, CheckKind.OPEN_BADGES, ""),
    ({"name": 7}, CheckKind.OPEN_BADGES, "not-an-achievement"),
]


@pytest.mark.parametrize(("changed", "kind", "code"), SPOILED, ids=[repr(case[0])[:50] for case in SPOILED])
def test_a_good_signature_does_not_make_a_bad_credential_good(
    world: World, changed: dict[str, Any], kind: CheckKind, code: str
) -> None:
    report = world.verify(world.sign_document({**world.document(), **claims_of(world), **changed}))
    assert report.state is State.UNREADABLE
    assert outcome(report, CheckKind.SIGNATURE)[0] is Outcome.PASSED
    assert outcome(report, kind) == (Outcome.FAILED, code or "not-an-achievement")
    assert report.credential is None


def test_a_credential_that_is_no_badge_is_checked_without_that_profile(world: World) -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": world.issuer.did,
        "credentialSubject": {"alumniOf": "Example University"},
    }
    report = world.verify(world.sign_document(document))
    assert report.state is State.GENUINE
    assert outcome(report, CheckKind.OPEN_BADGES)[0] is Outcome.NOT_APPLICABLE
    assert outcome(report, CheckKind.REVOCATION)[0] is Outcome.NOT_APPLICABLE


def test_objects_of_one_id_are_shown_merged(world: World) -> None:
    document = world.document()
    document["evidence"].append({"id": document["evidence"][0]["id"], "type": ["Evidence"], "genre": "report"})
    shown = world.verify(world.sign_document({**document, **claims_of(world)})).credential
    assert shown is not None
    assert [(item["name"], item["genre"]) for item in shown["evidence"]] == [("Report", "report")] * 2


def test_a_document_that_contradicts_itself_is_not_read(world: World) -> None:
    document = world.document()
    document["evidence"].append({**document["evidence"][0], "name": "Something else"})
    assert world.verify(world.sign_document({**document, **claims_of(world)})).state is State.UNREADABLE


@pytest.mark.parametrize("kinds", [["VerifiableCredential"], ["VerifiableCredential", "AchievementCredential"]])
def test_references_that_nest_without_end_are_not_followed(world: World, kinds: list[str]) -> None:
    chain = [{"id": f"urn:x:{n}", "next": {"id": f"urn:x:{n + 1}", "more": n}} for n in range(3000)]
    document = {**world.document(), "type": kinds, "related": chain}
    assert world.verify(world.sign_document(document)).verdict is not Verdict.VALID


# (9) validFrom, (10) validUntil -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (ISSUED - SKEW - SECOND, State.NOT_YET),
        (ISSUED - SKEW, State.GENUINE),
        (ISSUED + DAY + SKEW, State.GENUINE),
        (ISSUED + DAY + SKEW + SECOND, State.EXPIRED),
    ],
)
def test_clocks_may_differ_by_sixty_seconds_and_no_more(now: datetime, state: State) -> None:
    world = World(now=now)
    world.publish_list("revocation", built=now)
    world.publish_list("suspension", built=now)
    assert world.verify(world.token(valid_until=ISSUED + DAY)).state is state


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
def test_dates_at_the_end_of_time_raise_nothing(world: World, member: str, moment: str) -> None:
    document = {**world.document(), member: moment}
    assert world.verify(world.sign_document(document)).state in set(State)


def test_now_needs_a_zone(world: World) -> None:
    with pytest.raises(ValueError, match="zone"):
        verify(world.token(), resolver=world.resolver(), policy=world.policy, now=NOW.replace(tzinfo=None))


# (13) issuer-confirmed, (14) not-a-test; the report -----------------------------------------------------------------


def test_a_look_alike_name_gains_nothing() -> None:
    for did in ("did:web:hosting.example:acme.example", "did:web:acme.example%3A8443", "did:web:acme.example:x"):
        world = World(Issuer(did))
        assert world.verify(world.token()).state is State.UNCONFIRMED_ISSUER


def test_one_verification_leaves_nothing_behind_for_the_next(world: World) -> None:
    genuine = world.token()
    assert world.verify(b"garbage").state is State.UNREADABLE
    assert world.verify(genuine).state is State.GENUINE
    nobody = verify(genuine, resolver=StaticResolver({}), policy=TrustPolicy(), now=NOW)
    assert nobody.state is State.NO_KEY


def test_the_json_form_is_as_promised(world: World) -> None:
    said = world.verify(world.token()).to_json()
    assert list(said) == ["verdict", "state", "words", "checks", "proofs", "checkedAt", "issuer", "credential"]
    assert (said["verdict"], said["state"], said["checkedAt"]) == ("valid", "GENUINE", "2026-06-01T12:00:00Z")
    assert set(said["checks"][0]) == {"id", "number", "outcome", "detail", "spec"}
    assert said["issuer"] == {
        "id": "did:web:acme.example",
        "name": "Acme Cargo GmbH",
        "confirmed": True,
        "domain": "acme.example",
        "level": "did:web",
        "since": None,
    }
    assert said["credential"]["credentialSubject"]["identifier"][0]["identityHash"] == "Ana Souza"
    assert "iss" not in said["credential"]
    strict_json.dump(said)


@pytest.mark.parametrize("mechanism", ["vc+jwt", "eddsa-rdfc-2022"])
def test_a_verification_leaves_nothing_to_the_collector(world: World, mechanism: str) -> None:
    """What refers to itself waits for a collection, which then looks at everything: many do so at once in a server."""
    secured = world.secured(mechanism)
    assert world.verify(secured).state is State.GENUINE
    gc.collect()
    gc.disable()
    try:
        world.verify(secured)
        assert gc.collect() == 0
    finally:
        gc.enable()
