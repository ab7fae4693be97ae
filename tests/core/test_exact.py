"""What is read in one decode is what the strict readers find; whatever they object to is left to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.achievement import AchievementCredential, Image, Profile, read_achievement, to_bytes
from credentials.core.credential import CONTEXT_V1, Credential, parse_credential
from credentials.core.exact import exact_credential, exact_payload
from credentials.core.mechanism import Unsigned
from credentials.core.securing import FORMS
from credentials.core.vc_jwt import REGISTERED, REQUIRED_CLAIMS, check_registered_claims
from tests.core.parties import Party, ed25519_party
from tests.verifier.world import World, entry

JsonObject = dict[str, Any]


def payload_of(unsigned: bytes) -> bytes:
    """As in a token that this project writes."""
    party = ed25519_party()
    prepared = FORMS["vc+jwt"].prepare(
        Unsigned.parse(unsigned),
        verification_method=party.method,
        algorithm=party.key.algorithm,
        created=World().now,
    )
    return FORMS["vc+jwt"].read(FORMS["vc+jwt"].assemble(prepared, party.sign(prepared.signing_input))).payload


def judged(payload: bytes) -> tuple[Credential, JsonObject]:
    """By the strict readers, one after the other. Raises what they do."""
    document = strict_json.parse_object(payload, max_bytes=1 << 20)
    claims: JsonObject = {name: document.pop(name) for name in REGISTERED if name in document}
    credential = parse_credential(document, payload)
    check_registered_claims(claims, {}, credential)
    read_achievement(credential.document)
    assert set(REQUIRED_CLAIMS) <= set(claims)
    return credential, claims


def told(credential: Credential) -> list[Any]:
    """All that it says, its document in the order in which it stands."""
    said = [getattr(credential, name) for name in Credential.__struct_fields__ if name != "said"]
    return [*said, strict_json.dump(credential.document)]


@pytest.fixture
def unsigned(internship: AchievementCredential) -> bytes:
    return to_bytes(internship)


@pytest.fixture
def payload(unsigned: bytes) -> bytes:
    return payload_of(unsigned)


def test_everything_that_we_write_is_read_so(unsigned: bytes, payload: bytes) -> None:
    plain, exact = exact_credential(unsigned), exact_payload(payload)
    assert plain is not None
    assert exact is not None
    credential, claims = judged(payload)
    assert told(exact.credential) == told(credential) == told(plain.credential)
    assert (exact.claims, plain.claims) == (claims, {})
    assert not exact.bare
    assert strict_json.dump(strict_json.json_of(exact.credential.said)) == unsigned


def test_only_what_carries_neither_digest_nor_endorsement_is_bare(unsigned: bytes) -> None:
    document = json.loads(unsigned)
    for one in document["evidence"]:
        one.pop("digestSRI", None)
    assert bare(document)
    assert not bare(with_member(document, "endorsementJwt", ["a.b.c"]))
    document["evidence"][-1]["digestSRI"] = "sha384-AAAA"
    assert not bare(document)


def bare(document: JsonObject) -> bool:
    exact = exact_credential(written(document))
    assert exact is not None
    return exact.bare


def with_member(document: JsonObject, name: str, value: Any) -> JsonObject:
    """With another member where this project would write it, before the status."""
    status = {"credentialStatus": document["credentialStatus"]}
    return {key: one for key, one in document.items() if key not in status} | {name: value} | status


def written(document: JsonObject) -> bytes:
    return strict_json.dump(document)


def test_a_person_without_an_address_has_no_subject_to_claim(internship: AchievementCredential) -> None:
    document = json.loads(to_bytes(internship))
    del document["credentialSubject"]["id"]
    exact = exact_credential(written(document))
    assert exact is not None
    assert exact.credential.subject_id is None


# Left to those who say what is the matter ----------------------------------------------------------------------------

SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "a space": lambda data: data.replace(b'"type":', b'"type": ', 1),
    "a line at the end": lambda data: data + b"\n",
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "an escaped letter": lambda data: data.replace(b'"name":"Survey', b'"name":"\\u0053urvey', 1),
    "an escaped name": lambda data: data.replace(b'"name":', b'"\\u006eame":', 1),
    "an escaped slash": lambda data: data.replace(b"https://", b"https:\\/\\/", 1),
    "half a surrogate": lambda data: data.replace(b"Survey", b"\\ud800", 1),
    "another encoding": lambda data: data.replace("ë".encode(), b"\xeb"),
    "a member twice": lambda data: data.replace(b'"validFrom":', b'"validFrom":"2026-03-16T00:00:00Z","validFrom":', 1),
    "a member of no type": lambda data: data.replace(b'"validFrom":', b'"level":"3","validFrom":', 1),
    "a member of no type further down": lambda data: data.replace(b'"narrative":', b'"x":1,"narrative":', 1),
    "another order": lambda data: data.replace(b'{"@context"', b'{"id":"urn:x","@context"', 1),
    "null": lambda data: data.replace(b'"validFrom":', b'"description":null,"validFrom":', 1),
    "a zone": lambda data: data.replace(b"2026-03-16T00:00:00Z", b"2026-03-16T02:00:00+02:00", 1),
    "a zone that is none": lambda data: data.replace(b"2026-03-16T00:00:00Z", b"2026-03-16T00:00:00+00:00", 1),
    "no seconds": lambda data: data.replace(b"2026-03-16T00:00:00Z", b"2026-03-16T00:00Z", 1),
    "nothing after it": lambda data: data[:-1],
    "nothing": lambda _: b"",
    "an array": lambda data: b"[" + data + b"]",
    "far too deep": lambda _: b'{"a":' * 100_000,
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_another_spelling_is_not_exact(unsigned: bytes, payload: bytes, spelled: Callable[[bytes], bytes]) -> None:
    assert spelled(unsigned) != unsigned
    assert exact_credential(spelled(unsigned)) is None
    assert exact_payload(spelled(payload)) is None


def change(path: str, value: Any) -> Callable[[JsonObject], None]:
    *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def changed(document: JsonObject) -> None:
        node: Any = document
        for step in above:
            node = node[step]
        if value is None:
            del node[last]
        else:
            node[last] = value

    return changed


BITS = "BitstringStatusListEntry"
UNSOUND: dict[str, Callable[[JsonObject], None]] = {
    "the context of VC 1.1": change("@context", [CONTEXT_V1]),
    "a context more": change("@context.1", "https://other.example/context"),
    "no type of ours": change("type", ["VerifiableCredential", "OpenBadgeCredential"]),
    "a type more": change("type", ["VerifiableCredential", "AchievementCredential", "Other"]),
    "an issuer that is an address": change("issuer", "did:web:a.example"),
    "an issuer that has none": change("issuer.id", "acme"),
    "over before it begins": change("validUntil", "2026-03-15T23:59:59Z"),
    "a start beyond the calendar": change("validFrom", "0000-01-01T00:00:00Z"),
    "a first day without a form in UTC": change("credentialSubject.activityStartDate", "0001-01-01T00:00:00+01:00"),
    "an impossible day": change("credentialSubject.activityStartDate", "2026-02-30T00:00:00Z"),
    "a subject of another type": change("credentialSubject.type", ["Person"]),
    "an achievement of another type": change("credentialSubject.achievement.type", ["Work"]),
    "an achievement without a name": change("credentialSubject.achievement.name", ""),
    "no status entry": change("credentialStatus", []),
    "too many status entries": change("credentialStatus", [{"type": "Other"}] * 17),
    "an index that is no number": change("credentialStatus", {"type": BITS, "statusListIndex": "x"}),
    "an index without digits of ours": change("credentialStatus", {"type": BITS, "statusListIndex": "४"}),
    "a status without a list": change(
        "credentialStatus", {"type": BITS, "statusPurpose": "revocation", "statusListIndex": "1"}
    ),
    "a status without a purpose": change(
        "credentialStatus", {"type": BITS, "statusListIndex": "1", "statusListCredential": "https://a.example/l"}
    ),
    "one id in two places": change("evidence.0.id", "urn:uuid:person"),
    "one id in places that few have": change("credentialSubject.achievement.creator", {"id": "urn:uuid:person"}),
    "an end with a zone": change("validUntil", "2031-03-16T02:00:00+02:00"),
}


@pytest.mark.parametrize("unsound", UNSOUND.values(), ids=UNSOUND.keys())
def test_what_is_not_sound_or_not_ordinary_is_not_exact(
    internship: AchievementCredential, unsound: Callable[[JsonObject], None]
) -> None:
    document = json.loads(to_bytes(internship))
    claims = {"iss": "x", "jti": "x", "nbf": 1, "sub": "x"}
    unsound(document)
    data = written(document)
    assert exact_credential(data) is None
    assert exact_payload(written(document | claims)) is None


def test_neither_identifier_nor_address(internship: AchievementCredential) -> None:
    document = json.loads(to_bytes(internship))
    del document["credentialSubject"]["id"]
    assert exact_credential(written(document)) is not None
    del document["credentialSubject"]["identifier"]
    assert exact_credential(written(document)) is None


@pytest.mark.parametrize("stated", [[[["a.b.c"]]], [{}], [7], "a.b.c", {"a": {}}, None, [None]])
def test_endorsements_that_are_no_tokens_are_not_exact(internship: AchievementCredential, stated: Any) -> None:
    document = json.loads(to_bytes(internship))
    assert exact_credential(written(with_member(document, "endorsementJwt", ["a.b.c"]))) is not None
    assert exact_credential(written(with_member(document, "endorsementJwt", stated))) is None


CLAIMS = [
    change("iss", "did:web:b.example"), change("jti", "urn:b"), change("nbf", 1773619201), change("sub", "urn:b"),
    change("exp", 1773619201), change("exp", None), change("nbf", 1773619200.0), change("nbf", True),
    change("sub", None), change("iss", None), change("iat", 1773619200), change("aud", "me"), change("vc", {}),
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims_that_are_not_all_its_own_are_not_exact(payload: bytes, claim: Callable[[JsonObject], None]) -> None:
    document = json.loads(payload)
    assert exact_payload(written(document)) is not None
    claim(document)
    assert exact_payload(written(document)) is None


def test_claims_in_front_are_not_exact(payload: bytes) -> None:
    document = json.loads(payload)
    assert exact_payload(written({"iss": document.pop("iss")} | document)) is None


def test_claims_where_none_belong(unsigned: bytes, payload: bytes) -> None:
    assert exact_credential(payload) is None
    assert exact_payload(unsigned) is None


def test_a_claim_inside_a_text_is_no_claim(internship: AchievementCredential) -> None:
    document = json.loads(to_bytes(internship))
    document["name"] = 'A report,"iss":"did:web:b.example"'
    exact = exact_payload(payload_of(written(document)))
    assert exact is not None
    assert exact.credential.document == document


def test_the_issuer_in_the_header_is_compared(issuer: Party, payload: bytes) -> None:
    for name, exactly in (("did:web:b.example", False), (None, True)):
        header = {"alg": issuer.alg, "kid": issuer.method} | ({} if name is None else {"iss": name})
        presented = FORMS["vc+jwt"].read(issuer.token(strict_json.dump(header), payload).encode())
        assert (presented.exact is not None) is exactly


# Anything at all -----------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
URLS = st.sampled_from(["urn:uuid:a", "urn:uuid:b", "did:web:a.example", "https://a.example/c/1"])
PROFILES = st.builds(Profile, id=URLS, name=st.none() | TEXTS, image=st.none() | TEXTS | st.builds(Image, id=URLS))
VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers(-2, 2**53) | TEXTS | URLS | st.just([]) | st.just({}) | PROFILES
)
WORLD = World()
BASE = [
    WORLD.token(), WORLD.token(statuses=(entry("revocation"), entry("suspension"))),
    WORLD.token(statuses=(), valid_until=WORLD.now),
]  # fmt: skip
PAYLOADS = [FORMS["vc+jwt"].read(token).payload for token in BASE]


def edited(data: st.DataObject, value: Any) -> Any:
    """The same with one thing changed somewhere."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.integers(0, 4)) == 0:
            return {key: one for key, one in value.items() if key != name}
        return value | {name: edited(data, value[name])}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], edited(data, value[place]), *value[place + data.draw(st.integers(0, 1)) :]]
    return data.draw(VALUES)


def agrees(payload: bytes) -> None:
    exact = exact_payload(payload)
    if exact is not None:
        credential, claims = judged(payload)
        assert told(exact.credential) == told(credential)
        assert exact.claims == claims


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(PAYLOADS))
def test_after_any_change_the_strict_readers_find_the_same(data: st.DataObject, payload: bytes) -> None:
    agrees(strict_json.dump(edited(data, json.loads(payload))))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PAYLOADS), st.integers(0), st.integers(0, 255))
def test_after_any_byte_was_changed(payload: bytes, place: int, byte: int) -> None:
    place %= len(payload)
    agrees(payload[:place] + bytes([byte]) + payload[place + 1 :])


@given(TEXTS, TEXTS, PROFILES)
def test_any_text_anywhere(name: str, narrative: str, source: Profile) -> None:
    document = json.loads(PAYLOADS[0])
    document["name"], document["issuer"]["name"] = name, narrative
    document["credentialSubject"]["source"] = json.loads(strict_json.dump(source))
    agrees(strict_json.dump(document))


def test_every_sample_is_exact() -> None:
    assert all(exact_payload(payload) is not None for payload in PAYLOADS)


@given(st.binary(max_size=60))
def test_rubbish_is_nothing(data: bytes) -> None:
    assert exact_payload(data) is None
    assert exact_credential(data) is None
