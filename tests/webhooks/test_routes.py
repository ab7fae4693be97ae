"""Webhooks over real HTTP calls: scoped, blind to other issuers, secrets shown once and kept out of logs."""

from typing import Any

import pytest

from credentials.accounts.api_keys import make_key
from credentials.store.engine import write
from credentials.webhooks.messages import emit
from tests.web.conftest import Site, make_draft, site
from tests.web.test_openapi import check_answer

__all__ = ["site"]

PATH = "/api/v1/webhooks"
BODY = {"address": "https://hooks.example/hook?canary=1", "kinds": ["credential.issued"]}


def headers_for(site: Site, *scopes: str, slug: str = "acme") -> dict[str, str]:
    """The header of a key with these scopes."""
    made = make_key(site.service.engine, slug, scopes, label="t", now=site.service.clock())
    return {"Authorization": f"Bearer {made.secret}"}


@pytest.fixture
def auth(site: Site) -> dict[str, str]:
    """The header of a key for webhooks."""
    return headers_for(site, "webhooks")


def added(site: Site, auth: dict[str, str]) -> Any:
    """A webhook as it was answered."""
    answer = site.client.post(PATH, json=BODY, headers=auth)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def test_the_life_of_a_webhook_is_as_documented(site: Site, auth: dict[str, str]) -> None:
    document, client = site.client.get("/openapi.json").get_json(), site.client
    answer = client.post(PATH, json=BODY, headers=auth)
    check_answer(document, PATH, "post", answer)
    assert answer.headers["Cache-Control"] == "no-store"
    webhook, secret = answer.get_json()["webhook"], answer.get_json()["secret"]
    listed = client.get(PATH, headers=auth)
    check_answer(document, PATH, "get", listed)
    assert listed.json == {"webhooks": [webhook]}
    rotated = client.post(f"{PATH}/{webhook['id']}/rotate", headers=auth)
    check_answer(document, f"{PATH}/{{webhook_id}}/rotate", "post", rotated)
    assert rotated.get_json()["secret"] != secret
    site.service.issuer.issue("acme", make_draft(project_title="Another"))
    history = client.get(f"{PATH}/{webhook['id']}/deliveries", headers=auth)
    check_answer(document, f"{PATH}/{{webhook_id}}/deliveries", "get", history)
    [told] = history.get_json()["deliveries"]
    assert (told["state"], told["kind"], told["attempts"]) == ("waiting", "credential.issued", 0)
    again = client.post(f"{PATH}/{webhook['id']}/deliveries/{told['message']}/replay", headers=auth)
    assert again.status_code == 202
    assert client.delete(f"{PATH}/{webhook['id']}", headers=auth).status_code == 204
    assert client.get(PATH, headers=auth).json == {"webhooks": []}
    for one in (secret, rotated.get_json()["secret"], "canary"):
        assert one not in site.log.getvalue()


@pytest.mark.parametrize("scope", ["issue", "revoke", "read", None])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", PATH),
        ("post", PATH),
        ("delete", f"{PATH}/x"),
        ("post", f"{PATH}/x/rotate"),
        ("get", f"{PATH}/x/deliveries"),
        ("post", f"{PATH}/x/deliveries/y/replay"),
    ],
)
def test_no_other_scope_and_nobody_without_a_key(site: Site, scope: str | None, method: str, path: str) -> None:
    headers = headers_for(site, scope) if scope else {}
    answer = getattr(site.client, method)(path, headers=headers)
    assert (answer.status_code, answer.json["code"]) == ((403, "scope-missing") if scope else (401, "api-key-wanted"))


def test_another_issuers_webhook_is_as_good_as_unknown(site: Site, auth: dict[str, str]) -> None:
    site.service.issuer.create_issuer("beta", "Beta")
    mine = added(site, auth)["webhook"]["id"]
    with write(site.service.engine) as connection:
        issuer = site.service.webhooks.issuer_id("acme")
        data = {"credential": "1"}
        message = emit(connection, issuer, "credential.issued", "credential.issued:1", data, site.service.clock())
    theirs = headers_for(site, "webhooks", slug="beta")
    assert site.client.get(PATH, headers=theirs).json == {"webhooks": []}
    for method, rest in (
        ("delete", ""),
        ("post", "/rotate"),
        ("get", "/deliveries"),
        ("post", f"/deliveries/{message}/replay"),
    ):
        answers = [getattr(site.client, method)(f"{PATH}/{one}{rest}", headers=theirs) for one in (mine, "missing")]
        told = [{k: v for k, v in one.json.items() if k != "requestId"} for one in answers]
        assert [one.status_code for one in answers] == [404, 404]
        assert told[0] == told[1]
    assert len(site.client.get(PATH, headers=auth).get_json()["webhooks"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"address": "http://hooks.example/"}, "webhook-address-refused"),
        ({"address": "https://169.254.169.254/latest"}, "webhook-address-refused"),
        ({"address": "https://hooks.example:22/"}, "webhook-address-refused"),
        ({"address": ""}, "webhook-address-refused"),
        ({"address": 1}, "members-invalid"),
        ({"address": None}, "members-invalid"),
        ({"kinds": []}, "members-invalid"),
        ({"kinds": ["all"]}, "webhook-kind-unknown"),
        ({"kinds": "credential.issued"}, "members-invalid"),
        ({"secret": "whsec_mine"}, "members-invalid"),
        ({"issuer": "beta"}, "members-invalid"),
    ],
)
def test_a_bad_body_is_refused(site: Site, auth: dict[str, str], change: dict[str, object], code: str) -> None:
    answer = site.client.post(PATH, json=BODY | change, headers=auth)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert site.client.get(PATH, headers=auth).json == {"webhooks": []}


def test_a_bad_cursor_is_refused(site: Site, auth: dict[str, str]) -> None:
    mine = added(site, auth)["webhook"]["id"]
    answer = site.client.get(f"{PATH}/{mine}/deliveries?cursor=x", headers=auth)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor-unusable")
