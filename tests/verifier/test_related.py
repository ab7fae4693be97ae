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


V2 = "https://www.w3.org/ns/credentials/v2"
V2_SHA256 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"  # VC Data Model 2.0 appendix B.1


def test_a_bundled_context_is_at_hand() -> None:
    digest = "sha256-" + b64encode(bytes.fromhex(V2_SHA256)).decode()
    stated = {"relatedResource": [{"id": V2, "mediaType": "application/ld+json", "digestSRI": digest}]}
    assert report(stated, {}).check("related-resources").outcome is Outcome.PASSED


def test_another_digest_of_a_bundled_context_is_refused() -> None:
    stated = {"relatedResource": [{"id": V2, "digestSRI": sri(b"another")}]}
    assert report(stated, {}).check("related-resources").code == "related-resource-differs"


def test_a_bundled_context_by_an_algorithm_nobody_published_is_not_checked() -> None:
    digest = "sha512-" + b64encode(hashlib.sha512(b"").digest()).decode()
    told = report({"relatedResource": [{"id": V2, "digestSRI": digest}]}, {})
    assert (told.check("related-resources").outcome, told.state) == (Outcome.NOT_CHECKED, State.GENUINE)


def test_what_is_handed_in_comes_before_what_is_bundled() -> None:
    stated = {"relatedResource": [{"id": V2, "digestSRI": sri(BYTES)}]}
    assert report(stated, {V2: BYTES}).check("related-resources").outcome is Outcome.PASSED


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
