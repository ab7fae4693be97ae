"""Dates at both ends of the calendar, wherever a stranger may write one: always a report, never an exception."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core.did import did_web_to_url
from credentials.core.instants import parse_instant
from credentials.core.jws import parse_compact
from credentials.core.status_story import STORY_TYPE
from credentials.verifier.report import Report
from credentials.verifier.states import SHOWN_STATES, State
from tests.verifier.world import CREDENTIAL_ID, INDEX, NOW, World, confirming, list_url

DAYS = st.sampled_from(["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31", "1970-01-01", "2026-06-01"])
TIMES = st.sampled_from(["00:00:00", "00:00:59", "00:01:01", "23:58:59", "23:59:59", "23:59:59.999999999", "12:00:00"])
ZONES = st.sampled_from(["Z", "+14:00", "-14:00", "+23:59", "-23:59", "+00:01", "-00:01"])
DATES = st.builds("{}T{}{}".format, DAYS, TIMES, ZONES)
IMPOSSIBLE = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]


def a_world() -> World:
    return World(policy=confirming("did:web:acme.example"))


def told(world: World, at: str) -> Report:
    """Verify a withdrawn credential whose story says `at`."""
    event = {"kind": "revoked", "at": at, "reason": "x"}
    payload = {"iss": world.issuer.did, "sub": CREDENTIAL_ID, "iat": int(NOW.timestamp()), "events": [event]}
    header = {"alg": "EdDSA", "typ": STORY_TYPE, "kid": world.issuer.method()}
    world.publish_list("revocation", [INDEX])
    world.published[f"{CREDENTIAL_ID}/status"] = world.issuer.sign_raw(header, json.dumps(payload).encode())
    return world.verify(world.token())


def a_list(world: World, **dates: str) -> bytes:
    published = world.issuer.status_list("revocation")
    payload = json.loads(parse_compact(published).payload)
    for name in ("iss", "jti", "nbf", "sub", "exp"):
        payload.pop(name, None)
    return world.sign_document(payload | dates)


@pytest.mark.parametrize("at", IMPOSSIBLE)
def test_a_story_of_no_day_is_not_believed(at: str) -> None:
    report = told(a_world(), at)
    assert (report.state, report.status) == (State.REVOKED, None)
    assert report.words == "Withdrawn by the issuer."


@settings(max_examples=60, deadline=None)
@given(DATES)
def test_a_story_of_any_day(at: str) -> None:
    report = told(a_world(), at)
    assert report.state is State.REVOKED
    assert json.dumps(report.to_json())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["validFrom", "validUntil", "awardedDate"]), DATES)
def test_a_credential_of_any_day(name: str, date: str) -> None:
    world = a_world()
    report = world.verify(world.sign_document(world.document() | {name: date}))
    assert report.state in {State.GENUINE, State.EXPIRED, State.NOT_YET, State.UNREADABLE}
    assert json.dumps(report.to_json())


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional={"validFrom": DATES, "validUntil": DATES}))
def test_a_list_of_any_day(dates: dict[str, str]) -> None:
    world = a_world()
    world.published[list_url("revocation")] = a_list(world, **dates)
    assert world.verify(world.token()).state in {State.GENUINE, State.CANT_CHECK}


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional={"revoked": DATES, "expires": DATES}))
def test_a_key_of_any_day(dates: dict[str, str]) -> None:
    world = a_world()
    url = did_web_to_url(world.issuer.did)
    document = json.loads(world.published[url])
    for method in document["verificationMethod"]:
        method |= dates
    world.published[url] = json.dumps(document).encode()
    report = world.verify(world.token())
    assert report.state not in SHOWN_STATES - {State.GENUINE}
    assert report.words


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "0001-12-31T23:59:59Z", "9999-01-01T00:00:00Z"])
def test_a_verifier_whose_clock_is_beyond_reason_is_told(now: str) -> None:
    world = a_world()
    token = world.token()
    world.now = parse_instant(now)
    with pytest.raises(ValueError, match="calendar"):
        world.verify(token)
