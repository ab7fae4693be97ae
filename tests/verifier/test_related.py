"""Check 15, related-resources: from really signed credentials and what is handed in with them."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from credentials.verifier.checks import Outcome
from credentials.verifier.report import Report
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.world import World

ADDRESS = "https://files.example/picture.png"
BYTES = b"\x89PNG and so on"


def sri(data: bytes) -> str:
    return "sha384-" + b64encode(hashlib.sha384(data).digest()).decode()


def report(document: Mapping[str, Any], at_hand: Mapping[str, bytes]) -> Report:
    world = World()
    token = world.sign_document({**world.document(), **document})
    return verify(token, resolver=world.resolver(), policy=world.policy, now=world.now, resources=at_hand)


RELATED = {"relatedResource": {"id": ADDRESS, "digestSRI": sri(BYTES)}}


def test_what_is_at_hand_and_fits_passes() -> None:
    told = report(RELATED, {ADDRESS: BYTES})
    assert (told.check("related-resources").outcome, told.state) == (Outcome.PASSED, State.GENUINE)


def test_what_is_at_hand_and_differs_is_refused_and_nothing_shown() -> None:
    told = report(RELATED, {ADDRESS: BYTES + b"!"})
    assert told.check("related-resources").code == "related-resource-differs"
    assert (told.state, told.credential) == (State.UNREADABLE, None)


def test_what_is_not_at_hand_is_named_not_fetched_and_takes_no_green_away() -> None:
    told = report(RELATED, {})
    check = told.check("related-resources")
    assert (check.outcome, told.state) == (Outcome.NOT_CHECKED, State.GENUINE)
    assert ADDRESS in check.detail


def test_a_long_list_is_told_in_short() -> None:
    many = {"relatedResource": [{"id": f"{ADDRESS}?{n}", "digestSRI": sri(BYTES)} for n in range(9)]}
    assert report(many, {}).check("related-resources").detail.endswith("?2 and 6 more.")


@pytest.mark.parametrize("entry", [{"id": ADDRESS}, {"digestSRI": sri(BYTES)}, 7, "x", []])
def test_a_malformed_entry_is_refused(entry: Any) -> None:
    told = report({"relatedResource": entry}, {ADDRESS: BYTES})
    assert told.check("related-resources").code == "malformed-related-resource"
    assert told.state is State.UNREADABLE


def test_a_digest_on_evidence_counts_too() -> None:
    evidence = {"evidence": [{"id": ADDRESS, "type": ["Evidence"], "name": "Report", "digestSRI": sri(BYTES)}]}
    assert report(evidence, {ADDRESS: BYTES}).check("related-resources").outcome is Outcome.PASSED
    assert report(evidence, {ADDRESS: b""}).check("related-resources").outcome is Outcome.FAILED


def test_none_stated_does_not_apply() -> None:
    check = report({}, {ADDRESS: BYTES}).check("related-resources")
    assert (check.number, check.outcome) == (15, Outcome.NOT_APPLICABLE)


def test_holder_binding_does_not_apply_to_a_credential_alone() -> None:
    check = report({}, {}).check("holder-binding")
    assert (check.number, check.outcome) == (17, Outcome.NOT_APPLICABLE)
