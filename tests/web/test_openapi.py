"""The API's document is true: valid, complete, and what real calls answer."""

import re
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from credentials.accounts.api_keys import SCOPES
from credentials.core.errors import registry
from credentials.web.operations import operation_of
from tests.web.conftest import ISSUE_BODY, Site

KEYED = tuple(
    f"/api/v1/{name}"
    for name in (
        "credentials",
        "webhooks",
        "projects",
        "applications",
        "work",
        "references",
        "lists",
        "brand",
        "disputes",
    )
)


@pytest.fixture(scope="module")
def document(shared: Site) -> dict[str, Any]:
    answer = shared.client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_of_the_api_is_documented(shared: Site, document: dict[str, Any]) -> None:
    for rule in shared.app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert method.lower() in document["paths"].get(path, {}), (method, path)


def test_every_documented_route_exists(shared: Site, document: dict[str, Any]) -> None:
    known = {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in shared.app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    documented = {(path, method) for path, item in document["paths"].items() for method in item}
    assert documented
    assert documented <= known


def test_path_parameters_and_ids_fit(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))
    for path, item in document["paths"].items():
        for operation in item.values():
            named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), path


def test_what_needs_a_key_says_so(shared: Site, document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            keyed = path.startswith((*KEYED, "/credentials/issue", "/credentials/status"))
            assert (operation["security"] == [{"apiKey": []}]) is keyed, path
            assert ("401" in operation["responses"]) is keyed, path


def test_it_says_which_scope_a_key_needs(document: dict[str, Any]) -> None:
    keyed = [one for item in document["paths"].values() for one in item.values() if one["security"] == [{"apiKey": []}]]
    told = [re.findall(r"with the scope `([a-z:]+)`", one.get("description", "")) for one in keyed]

    assert {scope for found in told for scope in found} == set(SCOPES)
    assert {len(found) for found in told} == {1}


def test_the_codes_it_names_exist(document: dict[str, Any]) -> None:
    text = " ".join(
        answer["description"]
        for item in document["paths"].values()
        for operation in item.values()
        for answer in operation["responses"].values()
    )
    codes = set(re.findall(r"`([a-z-]+)`:", text))
    assert len(codes) > 10
    assert codes <= set(registry())


def test_examples_are_what_the_schemas_say(document: dict[str, Any]) -> None:
    seen = 0
    for item in document["paths"].values():
        for operation in item.values():
            media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if "example" in media:
                check(document, media["schema"], media["example"])
                seen += 1
    assert seen >= 5


def check(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Validate a value against a schema of the document."""
    jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def check_answer(document: dict[str, Any], path: str, method: str, answer: Any) -> None:
    """Validate a real answer against what the document says of it."""
    responses = document["paths"][path][method]["responses"]
    said = responses.get(str(answer.status_code), responses["default"])
    media = answer.mimetype
    assert media in said["content"], (path, answer.status_code, media)
    if media.endswith("json"):
        check(document, said["content"][media]["schema"], answer.json)


def test_real_answers_are_what_the_document_says(site: Site) -> None:
    document = site.client.get("/openapi.json").get_json()
    client, auth = site.client, site.auth
    issued = client.post("/api/v1/credentials", json=ISSUE_BODY, headers=auth | {"Idempotency-Key": "one"})
    again = client.post("/api/v1/credentials", json=ISSUE_BODY, headers=auth | {"Idempotency-Key": "one"})
    other = client.post(
        "/api/v1/credentials", json=ISSUE_BODY | {"hours": 41}, headers=auth | {"Idempotency-Key": "one"}
    )
    refused = client.post("/api/v1/credentials", json=ISSUE_BODY | {"recipientName": ""}, headers=auth)
    wrong = client.post("/api/v1/credentials", json={"recipientName": 3}, headers=auth)
    keyless = client.post("/api/v1/credentials", json=ISSUE_BODY)
    answers = [issued, again, other, refused, wrong, keyless]
    assert [answer.status_code for answer in answers] == [201, 200, 409, 422, 422, 401]
    for answer in answers:
        check_answer(document, "/api/v1/credentials", "post", answer)
    path, template = f"/api/v1/credentials/{issued.get_json()['id']}", "/api/v1/credentials/{credential_id}"
    for action, status in (("suspend", 200), ("lift", 200), ("lift", 409), ("revoke", 200), ("revoke", 409)):
        answer = client.post(f"{path}/{action}", json={"reason": "Because."}, headers=auth)
        assert answer.status_code == status, (action, answer.json)
        check_answer(document, f"{template}/{action}", "post", answer)
    check_answer(document, template, "get", client.get(path, headers=auth))
    check_answer(document, template, "get", client.get(f"{path[:-1]}~", headers=auth))


def test_real_reports_and_published_files_are_what_the_document_says(site: Site) -> None:
    document, client = site.client.get("/openapi.json").get_json(), site.client
    site.service.issuer.revoke(site.issued.id, "Issued in error.")
    cases: list[Any] = [site.token, "garbage", {}, {"type": []}, site.token[:-8] + "AAAAAAAA", ""]
    for credential in cases:
        answer = client.post("/api/v1/verify", json={"credential": credential})
        assert answer.status_code == 200
        check_answer(document, "/api/v1/verify", "post", answer)
    check_answer(document, "/api/v1/verify", "post", client.post("/api/v1/verify", json={}))
    check_answer(document, "/issuers/{slug}/did.json", "get", client.get("/issuers/acme/did.json"))
    check_answer(document, "/issuers/{slug}/did.json", "get", client.get("/issuers/none/did.json"))
    listed = client.post("/api/v1/verify", json={"credential": site.token}).get_json()["credential"]["credentialStatus"]
    entry = listed[0] if isinstance(listed, list) else listed
    path = entry["statusListCredential"].removeprefix(site.service.base_url)
    check_answer(document, "/status/{list_id}", "get", client.get(path))


def test_the_documentation_is_attached_to_the_view_itself(shared: Site) -> None:
    view = shared.app.view_functions["verifier.verify_call"]
    found = operation_of(view)
    assert found is not None
    assert found.id == "verify"
