"""Errors become problems in one place, with one shape."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from credentials.core.error_kinds import CredentialError
from credentials.core.errors import registry
from credentials.web.problems import MEDIA_TYPE, status_of
from tests.web.conftest import ISSUE_BODY, OpenSite, Site

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


def test_every_error_has_a_status() -> None:
    kinds = registry()
    assert len(kinds) > 50
    for code, kind in kinds.items():
        assert 400 <= status_of(kind) < 600, code
        assert code == "internal-error" or status_of(kind) != 500, f"{code} belongs to no kind"


def test_a_kind_nobody_mapped_is_500() -> None:
    assert status_of(CredentialError) == 500


def check_shape(problem: dict[str, Any], site: Site, status: int, code: str) -> None:
    """The one shape of every problem."""
    assert set(problem) - {"where", "findings"} == {
        "type", "title", "status", "detail", "code", "advice", "requestId",
    }  # fmt: skip
    assert problem["type"] == f"{site.service.base_url}/errors/{code}"
    assert (problem["status"], problem["code"]) == (status, code)
    assert site.client.get(f"/errors/{code}").status_code == 200


CASES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/nothing", {}, 404, "not-found"),
    ("GET", "/c/" + "0" * 26, {}, 404, "nothing-here"),
    ("GET", "/c/short", {}, 404, "nothing-here"),
    ("GET", "/v/0000000000", {}, 404, "nothing-here"),
    ("GET", "/p/nobody", {}, 404, "nothing-here"),
    ("GET", "/issuers/nobody/did.json", {}, 404, "issuer-unknown"),
    ("GET", "/status/nothing", {}, 404, "status-list-unknown"),
    ("GET", "/errors/nonsense", {}, 404, "error-code-unknown"),
    ("PUT", "/verify", {}, 405, "method-not-allowed"),
    ("GET", "/api/v1/verify", {}, 405, "method-not-allowed"),
    ("POST", "/api/v1/verify", {"data": b"{}"}, 415, "media-type-refused"),
    ("POST", "/api/v1/verify", {"data": b"{", "content_type": "application/json"}, 400, "not-json"),
    ("POST", "/api/v1/verify", {"json": {}}, 422, "members-invalid"),
    ("POST", "/api/v1/verify", {"json": {"credential": 3}}, 422, "members-invalid"),
    ("POST", "/api/v1/verify", {"json": {"credential": "x", "extra": 1}}, 422, "members-invalid"),
    ("POST", "/api/v1/credentials", {"json": ISSUE_BODY}, 401, "api-key-wanted"),
    ("POST", "/", {}, 405, "method-not-allowed"),
]


@pytest.mark.parametrize(("method", "path", "options", "status", "code"), CASES)
def test_problems_have_one_shape(
    method: str, path: str, options: dict[str, Any], status: int, code: str, shared: Site
) -> None:
    answer = shared.client.open(path, method=method, **options)
    assert (answer.status_code, answer.mimetype) == (status, MEDIA_TYPE)
    check_shape(answer.get_json(), shared, status, code)
    assert answer.get_json()["requestId"] == answer.headers["X-Request-ID"]
    assert status != 405 or answer.headers["Allow"]


def test_a_browser_gets_a_page(shared: Site) -> None:
    for path, status in (("/nothing", 404), ("/c/short", 404), ("/errors/nonsense", 404)):
        answer = shared.client.get(path, headers=HTML)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
    page = shared.client.get("/c/" + "0" * 26, headers=HTML).text
    assert "Nothing here, or it" in page
    assert "Ask the holder" in page


def test_the_api_never_answers_with_a_page(shared: Site) -> None:
    assert shared.client.get("/api/v1/nothing", headers=HTML).mimetype == MEDIA_TYPE
    assert shared.client.post("/api/v1/verify", headers=HTML).mimetype == MEDIA_TYPE


def test_members_are_pointed_at(shared: Site) -> None:
    body = ISSUE_BODY | {"deliverables": [{"name": "a"}, {"name": 7}]}
    answer = shared.client.post("/api/v1/credentials", json=body, headers=shared.auth)
    assert (answer.status_code, answer.get_json()["where"]) == (422, "/deliverables/1/name")


def test_a_refused_draft_says_every_finding_and_no_value(shared: Site) -> None:
    body = ISSUE_BODY | {"recipientName": "", "recipientEmail": "not-an-address", "endedOn": "2026-01-01"}
    answer = shared.client.post("/api/v1/credentials", json=body, headers=shared.auth)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "draft-refused")
    assert len([one for one in answer.get_json()["findings"] if one["level"] == "error"]) >= 3
    assert "not-an-address" not in answer.text


def broken(site: Site, error: Exception) -> Flask:
    """The site with a view that fails in a way nobody foresaw."""

    def fail() -> str:
        raise error

    view = site.app.view_functions["system.healthz"]
    fail.__dict__.update(view.__dict__)
    site.app.view_functions["system.healthz"] = fail
    return site.app


@pytest.mark.parametrize("headers", [{}, HTML])
def test_the_unforeseen_is_500_with_a_request_id_and_nothing_else(headers: dict[str, str], site: Site) -> None:
    app = broken(site, RuntimeError("secret of Ana Souza"))
    answer = app.test_client().get("/healthz", headers=headers)
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    for text in ("Traceback", "RuntimeError", "Ana Souza", "File "):
        assert text not in answer.text
    lines = [json.loads(line) for line in site.log.getvalue().splitlines()]
    told = next(line for line in lines if line["event"] == "internal-error")
    assert told["error"] == "builtins.RuntimeError"
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert any("fail" in place for place in told["at"])
    assert "Ana Souza" not in site.log.getvalue()


def test_too_many_requests_say_when_to_come_back(site_with: OpenSite) -> None:
    site = site_with(rate_lookup="2 per minute", rate_verify_api="2 per hour", rate_verify_page="1 per minute")
    client = site.client
    calls: list[Callable[[], TestResponse]] = [
        lambda: client.get(f"/v/{site.issued.code}"),
        lambda: client.post("/api/v1/verify", json={"credential": "x"}),
        lambda: client.post("/verify", data={"credential": "x"}),
    ]
    for send in calls:
        answers = [send() for _ in range(4)]
        assert answers[0].status_code != 429
        assert (answers[-1].status_code, answers[-1].get_json()["code"]) == (429, "too-many-requests")
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 3600
        check_shape(answers[-1].get_json(), site, 429, "too-many-requests")


def test_limits_count_each_address_for_itself(site_with: OpenSite) -> None:
    site = site_with(rate_verify_api="1 per hour")
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8:1::1", "2001:db8:2::1"):
        first, second = (
            site.client.post(
                "/api/v1/verify", json={"credential": "x"}, environ_overrides={"REMOTE_ADDR": address}
            ).status_code
            for _ in range(2)
        )
        assert (first, second) == (200, 429)
    same_network = {"REMOTE_ADDR": "2001:db8:1::2"}
    answer = site.client.post("/api/v1/verify", json={"credential": "x"}, environ_overrides=same_network)
    assert answer.status_code == 429


def test_a_limit_cannot_be_dodged_by_a_forged_header(site_with: OpenSite) -> None:
    site = site_with(rate_verify_api="1 per hour")
    codes = [
        site.client.post(
            "/api/v1/verify", json={"credential": "x"}, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        ).status_code
        for number in range(3)
    ]
    assert codes == [200, 429, 429]


def test_looking_at_the_verify_page_is_not_counted(site_with: OpenSite) -> None:
    site = site_with(rate_verify_page="1 per hour")
    assert {site.client.get("/verify").status_code for _ in range(5)} == {200}


def test_an_unreachable_limits_storage_is_no_outage(site_with: OpenSite) -> None:
    site = site_with(rate_verify_api="2 per hour", limits_storage="redis://127.0.0.1:1/0")
    codes = [site.client.post("/api/v1/verify", json={"credential": "x"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert "limits-storage-unreachable" in site.log.getvalue()
