"""Correcting over HTTP: idempotent, scoped, blind to other issuers; every verifier hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import ISSUE_BODY, Site
from tests.web.test_issuer_routes import CALLS, key_for, post

FIXED = ISSUE_BODY | {"recipientName": "Ana Maria Souza"}
BODY: dict[str, Any] = {"credential": FIXED, "reason": "A name was misspelt.", "note": "she wrote to us"}


def issued(site: Site) -> str:
    return str(post(site, CALLS, ISSUE_BODY).json["id"])


def verified(site: Site, credential_id: str) -> Any:
    token = site.client.get(f"{CALLS}/{credential_id}", headers=site.auth).get_json()["token"]
    return site.client.post("/api/v1/verify", json={"credential": token}).get_json()


def test_every_verifier_is_led_to_the_new_one(site: Site) -> None:
    old = issued(site)
    answer = post(site, f"{CALLS}/{old}/correct", BODY)
    assert answer.status_code == 201
    new = answer.json["id"]

    report = verified(site, old)
    assert report["state"] == "REPLACED"
    assert report["status"]["successor"] == f"{site.service.base_url}/c/{new}"
    assert "she wrote" not in str(report)
    assert verified(site, new)["state"] == "GENUINE"
    assert "Ana Maria Souza" in str(verified(site, new)["credential"])
    record = site.client.get(f"{CALLS}/{old}", headers=site.auth).get_json()
    assert [event["kind"] for event in record["events"]] == ["replaced"]


def test_the_same_call_happens_once(site: Site) -> None:
    old = issued(site)
    first, again = (post(site, f"{CALLS}/{old}/correct", BODY, idempotency="fix-1") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "no reason": ({"reason": ""}, 422),
    "reason of two lines": ({"reason": "a\nb"}, 422),
    "nobody": ({"credential": ISSUE_BODY | {"recipientName": ""}}, 422),
    "somebody else": ({"credential": ISSUE_BODY | {"recipientEmail": "eve@mail.example"}}, 409),
    "no credential": ({"credential": None}, 422),
    "a member more": ({"successor": "https://evil.example/"}, 422),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_changes_nothing(shared: Site, case: str) -> None:
    old, (changes, status) = issued(shared), REFUSED[case]
    answer = post(shared, f"{CALLS}/{old}/correct", BODY | changes)

    assert answer.status_code in (status, 400), answer.text
    assert verified(shared, old)["state"] == "GENUINE"


def test_an_unknown_and_a_foreign_one_look_alike(shared: Site) -> None:
    shared.service.issuer.create_issuer("zeta", "Zeta Ltd")
    old, foreign = issued(shared), key_for(shared, "issue", slug="zeta")
    answers = [
        post(shared, f"{CALLS}/{number}/correct", BODY, key=key) for number, key in ((old, foreign), ("0" * 26, None))
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json["type"] == answers[1].json["type"]
    assert verified(shared, old)["state"] == "GENUINE"


@pytest.mark.parametrize("scope", ["read", "revoke", "webhooks"])
def test_another_scope_corrects_nothing(shared: Site, scope: str) -> None:
    old = issued(shared)

    assert post(shared, f"{CALLS}/{old}/correct", BODY, key=key_for(shared, scope)).status_code == 403
    assert verified(shared, old)["state"] == "GENUINE"


def test_two_corrections_of_one_are_refused(shared: Site) -> None:
    old = issued(shared)
    assert post(shared, f"{CALLS}/{old}/correct", BODY, idempotency="a").status_code == 201
    other = BODY | {"credential": ISSUE_BODY | {"projectTitle": "Another"}}

    assert post(shared, f"{CALLS}/{old}/correct", other, idempotency="b").status_code == 409
    assert post(shared, f"{CALLS}/{old}/revoke", {"reason": "x"}).status_code == 409
