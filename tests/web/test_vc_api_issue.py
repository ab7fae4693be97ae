"""`/credentials/issue` and `/credentials/status` of a real service: what an issuer can stand behind, nothing else."""

from copy import deepcopy
from typing import Any

import pytest

from credentials.accounts.api_keys import make_key
from tests.web.conftest import Site

ISSUE = "/credentials/issue"
STATUS = "/credentials/status"


def offered(**changes: Any) -> dict[str, Any]:
    """An achievement of Ana's that passes."""
    document = {
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Customer survey report",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": "Ana Souza"}
            ],
            "achievement": {
                "type": ["Achievement"],
                "name": "Customer survey report",
                "description": "Interviewed 20 customers and wrote a report.",
                "criteria": {"narrative": "Accepted by the company."},
            },
        },
    }
    return document | changes


def changed(path: str, value: Any) -> dict[str, Any]:
    """An offer with one member, given as a path between dots, set or (for None) removed."""
    document = deepcopy(offered())
    *steps, last = path.split(".")
    node: Any = document
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return document


def issue(site: Site, credential: Any, headers: dict[str, str] | None = None, **members: Any) -> Any:
    return site.client.post(ISSUE, json={"credential": credential, **members}, headers=site.auth | (headers or {}))


def test_what_is_offered_is_completed_signed_and_verifies(site: Site) -> None:
    answer = issue(site, offered())
    assert answer.status_code == 201, answer.text
    credential = answer.json["verifiableCredential"]
    issuer = site.service.issuer.issuer("acme")
    assert credential["issuer"] == {
        "id": issuer.did, "type": ["Profile"], "name": "Acme Ltd", "url": "https://acme.example",
    }  # fmt: skip
    assert credential["id"].startswith(f"{site.service.base_url}/c/")
    assert [one["statusPurpose"] for one in credential["credentialStatus"]] == ["revocation", "suspension"]
    assert {"validFrom", "awardedDate", "proof"} <= credential.keys()
    report = site.service.verify(credential)
    assert report.state == "GENUINE"
    page = site.client.get(credential["id"].removeprefix(site.service.base_url), headers={"Accept": "text/html"})
    assert "Customer survey report" in page.text


def test_ids_that_the_caller_gives_stay(site: Site) -> None:
    subject = offered()["credentialSubject"] | {"id": "did:example:ana"}
    credential = issue(site, offered(credentialSubject=subject)).json["verifiableCredential"]
    assert credential["credentialSubject"]["id"] == "did:example:ana"
    assert issue(site, offered(issuer=site.service.issuer.issuer("acme").did)).status_code == 201


def test_once_for_one_idempotency_key(site: Site) -> None:
    key = {"Idempotency-Key": "one"}
    first, again = issue(site, offered(), key), issue(site, offered(), key)
    assert first.json == again.json
    assert (first.status_code, again.status_code) == (201, 201)
    other = issue(site, changed("name", "Another"), key)
    assert (other.status_code, other.json["code"]) == (400, "idempotency-conflict")


def test_no_more_is_signed_than_was_released(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[bytes] = []
    keyring, sign = site.service.keyring, site.service.keyring.sign

    def counting(key_id: str, data: bytes) -> bytes:
        signed.append(data)
        return sign(key_id, data)

    monkeypatch.setattr(type(keyring), "sign", lambda _self, key_id, data: counting(key_id, data))
    for body in (offered(), changed("credentialSubject.identifier", None), offered(id="urn:mine"), {}):
        issue(site, body)
    assert len(signed) == 2  # the token and the embedded proof of the one that was good


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (offered(id="https://elsewhere.example/c/1"), "offer-refused"),
        (offered(validFrom="2020-01-01T00:00:00Z"), "offer-refused"),
        (offered(credentialStatus={"type": "X"}), "offer-refused"),
        (offered(proof={}), "offer-refused"),
        (offered(termsOfUse={}), "offer-refused"),
        (offered(relatedResource=[]), "offer-refused"),
        (offered(issuer="did:web:famous.example"), "offer-refused"),
        (offered(issuer={"id": "did:web:famous.example", "name": "Acme Ltd"}), "offer-refused"),
        (offered(issuer={}), "offer-refused"),
        (offered(issuer=7), "offer-refused"),
        (offered(type="VerifiableCredential"), "offer-refused"),
        (offered(type=["AchievementCredential"]), "offer-refused"),
        (offered(type=["VerifiableCredential", "AchievementCredential", "Passport"]), "offer-refused"),
        (offered(type=["VerifiableCredential"]), "not-an-achievement"),
        (offered(**{"@context": ["https://www.w3.org/2018/credentials/v1"]}), "offer-refused"),
        (offered(**{"@context": {"@vocab": "https://evil.example/"}}), "offer-refused"),
        (changed("type", None), "offer-refused"),
        (changed("credentialSubject", None), "not-an-achievement"),
        (changed("credentialSubject.type", None), "undefined-term"),
        (changed("credentialSubject.identifier", None), "offer-refused"),
        (changed("credentialSubject.identifier.0.hashed", True), "offer-refused"),
        (changed("credentialSubject.achievement", None), "not-an-achievement"),
        (changed("credentialSubject.achievement.name", None), "not-an-achievement"),
        (changed("credentialSubject.achievement.criteria", None), "not-an-achievement"),
        (changed("credentialSubject.achievement.name", "Report\u202etxt.exe"), "offer-refused"),
        (changed("credentialSubject.identifier.0.identityHash", "Ana\u200bSouza\u2066"), "offer-refused"),
        (changed("name", "x" * 10_001), "offer-refused"),
        (changed("name", 7), "not-an-achievement"),
        (offered(validUntil="2020-01-01T00:00:00Z"), "draft-refused"),
        (offered(validUntil="tomorrow"), "not-an-achievement"),
        (offered(evidence=[{"type": ["Evidence"], "id": "urn:x", "grade level": "A"}]), None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_an_issuer_cannot_stand_behind_is_400(site: Site, document: Any, code: str | None) -> None:
    answer = issue(site, document)
    assert answer.status_code == 400, answer.text
    assert code is None or answer.json["code"] == code, answer.json
    assert answer.json["advice"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "members-invalid"),
        ({"credential": None}, "members-invalid"),
        ({"credential": "text"}, "members-invalid"),
        ({"verifiableCredential": {}}, "members-invalid"),
        ({"credential": {}, "options": {"cryptosuite": "eddsa-rdfc-2022"}}, "option-unknown"),
        ({"credential": {}, "options": {"mandatoryPointers": ["/issuer"]}}, "option-unknown"),
        ({"credential": {}, "options": {"credentialId": "x"}}, "option-unknown"),
        ({"credential": {}, "options": []}, "offer-refused"),
    ],
)
def test_calls_that_cannot_be_taken_are_400(site: Site, body: Any, code: str) -> None:
    answer = site.client.post(ISSUE, json=body, headers=site.auth)
    assert (answer.status_code, answer.get_json()["code"]) == (400, code)


@pytest.mark.parametrize("path", [ISSUE, STATUS])
def test_a_key_with_the_scope_is_wanted(site: Site, path: str) -> None:
    assert site.client.post(path, json={}).status_code == 401
    reading = make_key(site.service.engine, "acme", ["read"], label="r", now=site.service.clock()).secret
    answer = site.client.post(path, json={}, headers={"Authorization": f"Bearer {reading}"})
    assert answer.status_code == 403


# Status --------------------------------------------------------------------------------------------------------------


def entry(purpose: str = "revocation", **members: Any) -> dict[str, Any]:
    return {"type": "BitstringStatusListEntry", "statusPurpose": purpose, **members}


def set_status(site: Site, entries: Any, credential_id: str = "", headers: Any = None, **members: Any) -> Any:
    body = {"credentialId": credential_id or site.issued.url, "credentialStatus": entries, **members}
    return site.client.post(STATUS, json=body, headers=site.auth if headers is None else headers)


def state(site: Site) -> str:
    return str(site.service.verify(site.token).state)


def test_a_revocation_is_an_event_of_ours(site: Site) -> None:
    assert set_status(site, entry(), status=True).status_code == 200
    assert state(site) == "REVOKED"
    assert [event.kind for event in site.service.issuer.story(site.issued.id)] == ["revoked"]


def test_a_hold_is_set_and_lifted(site: Site) -> None:
    for value, expected in ((True, "SUSPENDED"), (True, "SUSPENDED"), (False, "GENUINE"), (False, "GENUINE")):
        assert set_status(site, entry("suspension"), status=value).status_code == 200
        assert state(site) == expected
    assert [event.kind for event in site.service.issuer.story(site.issued.id)] == ["suspended", "lifted"]


@pytest.mark.parametrize("value", [True, "1", "true", 1])
def test_the_older_form_is_a_list_of_entries_with_a_value_each(site: Site, value: Any) -> None:
    assert set_status(site, [entry("suspension", status=value)]).status_code == 200
    assert state(site) == "SUSPENDED"


def test_a_credential_is_found_by_its_place_in_a_list_too(site: Site) -> None:
    report = site.service.verify(site.token)
    (first, _) = report.credential["credentialStatus"]  # type: ignore[index]
    assert set_status(site, first, "urn:uuid:whatever", status=True).status_code == 200
    assert state(site) == "REVOKED"


def test_a_revocation_is_never_taken_back(site: Site) -> None:
    set_status(site, entry(), status=True)
    answer = set_status(site, entry(), status=False)
    assert (answer.status_code, answer.json["code"]) == (400, "status-update-refused")
    assert set_status(site, entry(), status=True).status_code == 200
    assert state(site) == "REVOKED"


def test_clearing_what_was_never_set_is_no_event(site: Site) -> None:
    assert set_status(site, entry(), status=False).status_code == 200
    assert site.service.issuer.story(site.issued.id) == []


@pytest.mark.parametrize("name", ["urn:uuid:7", "", "0" * 26, "https://credentials.example/c/" + "0" * 26])
def test_an_unknown_credential_is_404(site: Site, name: str) -> None:
    body = {"credentialId": name, "credentialStatus": entry(), "status": True}
    answer = site.client.post(STATUS, json=body, headers=site.auth)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "credential-unknown")


def test_another_issuers_credential_is_404_and_unchanged(site: Site) -> None:
    site.service.issuer.create_issuer("other", "Other Ltd")
    made = make_key(site.service.engine, "other", ["revoke", "issue"], label="o", now=site.service.clock())
    theirs = {"Authorization": f"Bearer {made.secret}"}
    report = site.service.verify(site.token)
    (first, _) = report.credential["credentialStatus"]  # type: ignore[index]
    asked = [(status, name, value) for status, name in ((entry(), ""), (first, "urn:x")) for value in (True, False)]
    for status, name, value in asked:
        answer = set_status(site, status, name, theirs, status=value)
        assert (answer.status_code, answer.json["code"]) == (404, "credential-unknown")
    assert state(site) == "GENUINE"


@pytest.mark.parametrize(
    ("entries", "members"),
    [
        (None, {"status": True}),
        ([], {"status": True}),
        ([entry()] * 3, {"status": True}),
        ([7], {"status": True}),
        ("text", {"status": True}),
        ({"type": "StatusList2021Entry", "statusPurpose": "revocation"}, {"status": True}),
        ({"statusPurpose": "revocation"}, {"status": True}),
        (entry("message"), {"status": True}),
        (entry(7), {"status": True}),  # type: ignore[arg-type]
        (entry(), {}),
        (entry(), {"status": "perhaps"}),
        (entry(), {"status": 2}),
        (entry(), {"status": None}),
        (entry(), {"status": [True]}),
        (entry(), {"status": True, "mood": "good"}),
        (entry(), {"status": True, "options": {"mood": "good"}}),
    ],
    ids=str,
)
def test_updates_that_mean_nothing_are_400_and_change_nothing(site: Site, entries: Any, members: Any) -> None:
    answer = set_status(site, entries, **members)
    assert answer.status_code == 400, answer.text
    assert site.service.issuer.story(site.issued.id) == []
