"""What is said of the credential itself further down in the document counts, and no reference makes it a bomb."""

from itertools import count
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.growth import times_as_long
from tests.verifier.world import CREDENTIAL_ID, World, claims_of, confirming, entry


@pytest.fixture
def world() -> World:
    return World(policy=confirming("did:web:acme.example"))


def further_down(world: World, said: dict[str, Any], **options: Any) -> bytes:
    """A credential in whose evidence something is said of the credential itself."""
    document = world.document(**options)
    document["evidence"].append({"id": CREDENTIAL_ID, "type": ["Evidence"], **said})
    return world.sign_document(document)


def a_status(purpose: str) -> Any:
    return strict_json.parse_object(strict_json.dump(entry(purpose)), max_bytes=10_000)


def test_an_end_further_down_ends_it(world: World) -> None:
    report = world.verify(further_down(world, {"validUntil": "2026-05-01T00:00:00Z"}))
    assert report.state is State.EXPIRED
    assert report.credential is not None
    assert report.credential["validUntil"] == "2026-05-01T00:00:00Z"


@pytest.mark.parametrize(("purpose", "state"), [("revocation", State.REVOKED), ("suspension", State.SUSPENDED)])
def test_a_status_further_down_is_asked(world: World, purpose: str, state: State) -> None:
    world.publish_list(purpose, [4711])
    token = further_down(world, {"credentialStatus": [a_status(purpose)]}, statuses=(entry("suspension"),) * 2)
    assert world.verify(token).state is state


@pytest.mark.parametrize(
    "said",
    [
        {"validFrom": "2020-01-01T00:00:00Z"},
        {"issuer": "did:web:beta.example"},
        {"validUntil": "never"},
        {"validUntil": "2001-01-01T00:00:00Z"},
        {"credentialStatus": 7},
        {"expirationDate": "2030-01-01T00:00:00Z"},
        {"credentialSubject": {"id": "urn:somebody-else"}},
        {"name": "Another title"},
    ],
)
def test_a_contradiction_further_down_is_never_green(world: World, said: dict[str, Any]) -> None:
    report = world.verify(further_down(world, said))
    assert report.state is State.UNREADABLE
    assert report.check("data-model").outcome == "failed"
    assert report.credential is None


def test_what_agrees_further_down_does_no_harm(world: World) -> None:
    assert world.verify(further_down(world, {"validFrom": "2026-03-16T00:00:00Z"})).state is State.GENUINE


@pytest.mark.parametrize(
    "bomb",
    [
        [{"id": "urn:a", "s": "x" * 40_000}, *([{"id": "urn:a"}] * 6_000)],
        [{"id": "urn:a", "l": [1] * 20_000}, *([{"id": "urn:a"}] * 6_000)],
        [{"id": f"urn:{step}", "l": {"id": f"urn:{step + 1}"}, "r": {"id": f"urn:{step + 1}"}} for step in range(90)],
    ],
)
def test_a_document_that_unfolds_is_refused(world: World, bomb: list[Any]) -> None:
    token = world.sign_document(world.document() | {"termsOfUse": bomb})
    assert len(token) < 256 * 1024
    report = world.verify(token)
    answer = strict_json.dump(report.to_json())
    assert report.state is State.UNREADABLE
    assert len(answer) < 4 * len(token)


def test_joining_takes_as_long_as_the_lists_are(world: World) -> None:
    fresh = count()

    def join(length: int) -> Report:
        """Two lists of one object that share nothing; a token that was not seen before."""
        halves = [{"id": "urn:a", "l": list(range(start, start + length))} for start in (10_000, 50_000)]
        token = world.sign_document(world.document() | {"termsOfUse": [*halves, {"id": f"urn:fresh:{next(fresh)}"}]})
        report = world.verify(token)
        assert report.state is State.GENUINE
        assert len(strict_json.dump(report.to_json())) < 4 * len(token)
        return report

    # Four times the length: what compares each with each would take sixteen times as long.
    assert times_as_long(join, 3_750, 15_000) < 9


def test_the_document_is_merged_once(world: World) -> None:
    report = world.verify(further_down(world, {"validUntil": "2027-05-01T00:00:00Z"}))
    assert report.verified is not None
    assert report.credential is report.verified.credential.document
    assert report.to_json()["credential"] is report.credential


@pytest.mark.parametrize("absent", ["iss", "jti", "nbf", "sub"])
def test_an_open_badge_without_a_required_claim_fails_its_profile(world: World, absent: str) -> None:
    document = world.document()
    claims = {name: value for name, value in claims_of(document).items() if name != absent}
    report = world.verify(world.sign_document(document, claims=claims))
    check = report.check("open-badges")
    assert (report.state, check.outcome, check.code) == (State.UNREADABLE, "failed", "claims-missing")
    assert absent in check.detail
    assert report.credential is None


def test_a_subject_without_an_id_fails_the_profile(world: World) -> None:
    document = world.document()
    del document["credentialSubject"]["id"]
    report = world.verify(world.sign_document(document))
    assert (report.state, report.check("open-badges").code) == (State.UNREADABLE, "claims-missing")


def test_a_credential_that_is_no_open_badge_needs_no_claims(world: World) -> None:
    document = world.document() | {"type": ["VerifiableCredential"]}
    report = world.verify(world.sign_document(document, claims={}))
    assert (report.state, report.check("open-badges").outcome) == (State.GENUINE, "not_applicable")
