"""Over real HTTP calls: the company gets the candidate's forms, nobody else does, and what is presented verifies."""

import json
from typing import Any

import pytest

from credentials.accounts.api_keys import make_key
from credentials.core.disclosable import parts
from credentials.core.sd_jwt.presenting import opened, select
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.core.token_status_list import LIST_MEDIA_TYPE
from tests.web.conftest import ISSUE_BODY, Site

CALLS = "/api/v1/credentials"
PRIVATE = {
    "compensation": "EUR 400",
    "ratings": [{"skill": "Survey design", "level": "4 of 5", "reason": "Found the right people."}],
    "deliverables": [*ISSUE_BODY["deliverables"], {"name": "Raw interviews", "visibility": "confidential"}],  # type: ignore[misc]
}
SECRETS = ("EUR 400", "4 of 5", "Found the right people", "Raw interviews")
FORMS = ("sdJwt", "sdJwtVc")


@pytest.fixture
def record(site: Site) -> dict[str, Any]:
    """A credential with private parts, as its issuer reads it."""
    issued = site.client.post(CALLS, json=ISSUE_BODY | PRIVATE, headers=site.auth).get_json()
    found: dict[str, Any] = site.client.get(f"{CALLS}/{issued['id']}", headers=site.auth).get_json()
    return found


def verify(site: Site, credential: str) -> dict[str, Any]:
    report: dict[str, Any] = site.client.post("/api/v1/verify", json={"credential": credential}).get_json()
    return report


def without(whole: str, *names: str) -> str:
    sd_jwt = parse_sd_jwt(whole.encode())
    kept = [part for part in parts(opened(sd_jwt).payload) if part.name not in names]
    return select(sd_jwt, keep=[pointer for part in kept for pointer in part.pointers]).decode()


@pytest.mark.parametrize("form", FORMS)
def test_the_rest_verifies_when_something_is_left_out(site: Site, record: dict[str, Any], form: str) -> None:
    whole = verify(site, record[form])
    assert whole["state"] == "GENUINE"
    assert whole["issuer"]["domain"] == "acme.example"
    assert all(secret in json.dumps(whole) for secret in SECRETS)
    report = verify(site, without(record[form], "pay", "survey-design", "reason", "deliverable-2"))
    assert report["state"] == "GENUINE"
    assert not any(secret in json.dumps(report) for secret in SECRETS)
    assert "Ana Souza" in json.dumps(report)


@pytest.mark.parametrize("form", FORMS)
def test_withdrawn_and_on_hold_show_at_once(site: Site, record: dict[str, Any], form: str) -> None:
    presented = without(record[form], "pay")
    for call, state in (("suspend", "SUSPENDED"), ("lift", "GENUINE"), ("revoke", "REVOKED")):
        answer = site.client.post(f"{CALLS}/{record['id']}/{call}", json={"reason": "Why."}, headers=site.auth)
        assert answer.status_code == 200
        assert verify(site, presented)["state"] == state


@pytest.mark.parametrize("form", FORMS)
def test_the_page_shows_what_was_disclosed(site: Site, record: dict[str, Any], form: str) -> None:
    page = site.client.post("/verify", data={"credential": record[form]}).text
    assert all(words in page for words in ("EUR 400", "4 of 5", "Raw interviews", "Ana Souza", "acme.example"))
    page = site.client.post("/verify", data={"credential": without(record[form], "pay", "name")}).text
    assert "EUR 400" not in page
    assert "Ana Souza" not in page
    assert "4 of 5" in page


def test_a_token_broken_over_lines_is_recognised(site: Site, record: dict[str, Any]) -> None:
    broken = "\n".join(record["sdJwt"][at : at + 76] for at in range(0, len(record["sdJwt"]), 76))
    assert "EUR 400" in site.client.post("/verify", data={"credential": broken}).text


def test_nothing_private_is_public(site: Site, record: dict[str, Any]) -> None:
    number = record["id"]
    for ending in ("", ".jwt", "/status", ".sd-jwt", ".dc.sd-jwt", ".qr.svg"):
        answer = site.client.get(f"/c/{number}{ending}")
        assert not any(secret in answer.text for secret in SECRETS)
    assert site.client.get(f"/c/{number}.sd-jwt").status_code == 404
    for accept in ("application/vc+sd-jwt", "application/dc+sd-jwt"):
        answer = site.client.get(f"/c/{number}", headers={"Accept": accept})
        assert b"~" not in answer.data.partition(b"<")[0]
    assert "Raw interviews" not in json.dumps(verify(site, record["token"]))
    assert "A confidential deliverable" in json.dumps(verify(site, record["token"]))


def test_another_issuer_gets_nothing(site: Site, record: dict[str, Any]) -> None:
    site.service.issuer.create_issuer("other", "Other Ltd")
    key = make_key(site.service.engine, "other", ["read"], label="t", now=site.service.clock()).secret
    answer = site.client.get(f"{CALLS}/{record['id']}", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 404
    assert site.client.get(f"{CALLS}/{record['id']}").status_code == 401


def test_without_private_parts_there_is_no_such_form_unless_asked_for(site: Site) -> None:
    for body, given in ((ISSUE_BODY, False), (ISSUE_BODY | {"selective": True}, True)):
        issued = site.client.post(CALLS, json=body, headers=site.auth).get_json()["id"]
        found = site.client.get(f"{CALLS}/{issued}", headers=site.auth).get_json()
        assert [found[form] is not None for form in FORMS] == [given, given]


def test_what_verifiers_fetch_is_published(site: Site, record: dict[str, Any]) -> None:
    payload = opened(parse_sd_jwt(record["sdJwtVc"].encode())).payload
    assert payload["iss"] == "https://credentials.example/issuers/acme"
    listed = site.client.get(payload["status"]["status_list"]["uri"].removeprefix(site.service.base_url))
    assert (listed.status_code, listed.mimetype) == (200, LIST_MEDIA_TYPE)
    metadata = site.client.get("/.well-known/jwt-vc-issuer/issuers/acme")
    assert (metadata.status_code, metadata.mimetype) == (200, "application/json")
    assert metadata.get_json()["issuer"] == payload["iss"]
    kind = site.client.get(payload["vct"].removeprefix(site.service.base_url))
    assert (kind.status_code, kind.get_json()["vct"]) == (200, payload["vct"])
    for path in ("/status/nobody/token", "/status/nobody/token/nothing", "/.well-known/jwt-vc-issuer/issuers/nobody"):
        assert site.client.get(path).status_code == 404
