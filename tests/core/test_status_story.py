"""The signed story behind a status bit."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import (
    AlgorithmRefused,
    BadDid,
    BadStatusStory,
    CredentialError,
    KidMissing,
    SignatureMismatch,
    WrongTokenType,
)
from credentials.core.plain_text import is_plain_line
from credentials.core.status_story import (
    EVENT_KINDS,
    StatusEvent,
    StatusStory,
    assemble_story,
    parse_story,
    story_payload,
    story_signing_input,
    verify_story,
)
from tests.core.parties import Party, ed25519_party

NOW = datetime(2026, 5, 1, tzinfo=UTC)
CREDENTIAL = "https://a.example/c/1"
SUSPENDED = StatusEvent("suspended", NOW - timedelta(days=3), "Under review")
LIFTED = StatusEvent("lifted", NOW - timedelta(days=2), "Cleared")
REPLACED = StatusEvent("replaced", NOW - timedelta(days=1), "A wrong date", "https://a.example/c/2")


def tell(party: Party, events: list[StatusEvent]) -> bytes:
    payload = story_payload(party.did, CREDENTIAL, events, NOW)
    to_sign = story_signing_input(payload, verification_method=party.method, algorithm=party.key.algorithm)
    return assemble_story(to_sign, party.sign(to_sign))


def raw(party: Party, payload: Any, **header: Any) -> StatusStory:
    members = {"alg": "EdDSA", "typ": "status-story+jwt", "kid": party.method} | header
    kept = {name: value for name, value in members.items() if value is not None}
    return parse_story(party.token(json.dumps(kept).encode(), json.dumps(payload).encode()))


def test_there_and_back(issuer: Party) -> None:
    story = parse_story(tell(issuer, [REPLACED, SUSPENDED, LIFTED]))
    verify_story(story, issuer.key)
    assert story.events == (SUSPENDED, LIFTED, REPLACED)
    assert (story.issuer, story.credential_id, story.issued_at) == (issuer.did, CREDENTIAL, NOW)
    assert (story.verification_method, story.algorithm) == (issuer.method, "EdDSA")


def test_the_last_of_a_kind(issuer: Party) -> None:
    story = parse_story(tell(issuer, [SUSPENDED, LIFTED, REPLACED]))
    assert story.latest() == REPLACED
    assert story.latest("suspended", "lifted") == LIFTED
    assert story.latest("revoked") is None
    assert parse_story(tell(issuer, [])).latest() is None


def test_a_story_that_someone_else_signed(issuer: Party, stranger: Party) -> None:
    with pytest.raises(SignatureMismatch):
        verify_story(parse_story(tell(issuer, [SUSPENDED])), stranger.key)


def test_every_bit_counts(issuer: Party) -> None:
    token = tell(issuer, [SUSPENDED])
    for place in range(len(token)):
        for bit in range(8):
            flipped = bytearray(token)
            flipped[place] ^= 1 << bit
            with pytest.raises(CredentialError):
                verify_story(parse_story(bytes(flipped)), issuer.key)


GOOD = {"iss": "did:web:a.example", "sub": CREDENTIAL, "iat": 5, "events": []}
EVENT = {"kind": "revoked", "at": "2026-05-01T00:00:00Z", "reason": "x"}


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_each_kind(kind: str, issuer: Party) -> None:
    assert raw(issuer, GOOD | {"events": [EVENT | {"kind": kind}]}).events[0].kind == kind


@pytest.mark.parametrize(
    "change",
    [
        {"iss": None},
        {"iss": 7},
        {"sub": None},
        {"sub": []},
        {"iat": "5"},
        {"iat": -1},
        {"iat": 1.5},
        {"iat": 2**60},
        {"iat": None},
        {"events": None},
        {"events": {}},
        {"events": [None]},
        {"events": [{}]},
        {"events": [EVENT | {"kind": "forgiven"}]},
        {"events": [EVENT | {"kind": None}]},
        {"events": [EVENT | {"at": "2026-05-01"}]},
        {"events": [EVENT | {"at": "2026-05-01T00:00:00"}]},
        {"events": [EVENT | {"at": 5}]},
        {"events": [EVENT | {"reason": None}]},
        {"events": [EVENT | {"at": "0001-01-01T00:00:00+14:00"}]},
        {"events": [EVENT | {"at": "9999-12-31T23:59:59-14:00"}]},
        {"events": [EVENT | {"at": "2016-12-31T23:59:60Z"}]},
        {"events": [EVENT | {"at": "2026-05-01 00:00:00Z"}]},
        {"events": [EVENT | {"at": None}]},
        {"events": [EVENT | {"successor": 7}]},
        {"events": [EVENT, EVENT | {"at": "2026-04-01T00:00:00Z"}]},
        {"events": [EVENT] * 1001},
    ],
)
def test_what_is_no_story(change: dict[str, Any], issuer: Party) -> None:
    with pytest.raises(BadStatusStory):
        raw(issuer, GOOD | change)


UNPLAIN = [
    "\x1b[2J\x1b[HGENUINE",
    "a\u202eb",
    "a\x9b31m",
    "a\nb",
    "a\tb",
    "\u2066x",
    "a\u2028b",
    "\u200e",
    "\x00",
    "x" * 1001,
]


@pytest.mark.parametrize("reason", UNPLAIN)
def test_a_reason_that_could_pass_for_something_else(reason: str, issuer: Party) -> None:
    with pytest.raises(BadStatusStory):
        raw(issuer, GOOD | {"events": [EVENT | {"reason": reason}]})
    with pytest.raises(BadStatusStory):
        story_payload(issuer.did, CREDENTIAL, [StatusEvent("revoked", NOW, reason)], NOW)


@pytest.mark.parametrize(
    "reason", ["", "R&D moved: 5 €", "révoqué\u00a0: erreur", "نمی\u200cخواهم", "取消", "x" * 1000]
)
def test_a_reason_in_any_language(reason: str, issuer: Party) -> None:
    assert parse_story(tell(issuer, [StatusEvent("revoked", NOW, reason)])).events[0].reason == reason


def test_a_date_is_kept_in_utc(issuer: Party) -> None:
    told = raw(issuer, GOOD | {"events": [EVENT | {"at": "2026-05-01T01:00:00+02:00"}]}).events[0]
    assert told.at.isoformat() == "2026-04-30T23:00:00+00:00"


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_what_a_story_needs(missing: str, issuer: Party) -> None:
    with pytest.raises(BadStatusStory):
        raw(issuer, {name: value for name, value in GOOD.items() if name != missing})


@pytest.mark.parametrize("typ", [None, "JWT", "vc+jwt", "Status-Story+jwt", "application/status-story+jwt"])
def test_another_kind_of_token(typ: str | None, issuer: Party) -> None:
    with pytest.raises(WrongTokenType):
        raw(issuer, GOOD, typ=typ)


def test_a_story_names_its_key(issuer: Party) -> None:
    with pytest.raises(KidMissing):
        raw(issuer, GOOD, kid=None)
    with pytest.raises(BadDid):
        raw(issuer, GOOD, kid="key-1")


def test_only_keys_that_sign() -> None:
    with pytest.raises(AlgorithmRefused):
        story_signing_input(b"{}", verification_method="did:web:a.example#k", algorithm="RSA")
    with pytest.raises(BadDid):
        story_signing_input(b"{}", verification_method="k", algorithm="Ed25519")


@given(
    st.lists(
        st.builds(
            StatusEvent,
            st.sampled_from(EVENT_KINDS),
            st.datetimes(timezones=st.just(UTC)),
            st.text().filter(is_plain_line),
            st.none() | st.text(),
        ),
        max_size=5,
    )
)
def test_any_story_comes_back(events: list[StatusEvent]) -> None:
    party = ed25519_party()
    assert sorted(events, key=lambda event: event.at) == list(parse_story(tell(party, events)).events)


@given(st.text(max_size=60))
def test_garbage_gives_only_our_error(text: str) -> None:
    with pytest.raises(CredentialError):
        parse_story(text)
