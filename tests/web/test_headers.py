"""What every answer carries, whoever made it, and what none carries."""

import re
from collections.abc import Iterator

import pytest

from credentials.web.headers import CONTENT_SECURITY_POLICY
from tests.web.conftest import OpenSite, Site

PAGES = [
    "/",
    "/verify",
    "/c/{id}",
    "/c/{id}.jwt",
    "/c/{id}.qr.svg",
    "/c/{id}.qr.png",
    "/c/{id}/status",
    "/v/{code}",
    "/p/{portfolio}",
    "/issuers/acme",
    "/issuers/acme/did.json",
    "/static/style.css",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/errors/not-found",
    "/nothing-here",
    "/c/none",
    "/api/v1/credentials/{id}",
]
OPEN = ["/issuers/acme/did.json", "/c/{id}.jwt", "/openapi.json", "/api/v1/verify"]


def fill(path: str, site: Site) -> str:
    issued = site.issued
    return path.replace("{id}", issued.id).replace("{code}", issued.code).replace("{portfolio}", issued.portfolio_slug)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "PROPFIND"])
def test_every_answer_has_the_headers_and_no_cookie(path: str, method: str, shared: Site) -> None:
    answer = shared.client.open(fill(path, shared), method=method)
    assert answer.status_code < 500
    headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "max-age=" in headers["Strict-Transport-Security"]
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])
    assert "Cache-Control" in headers
    assert "Set-Cookie" not in headers
    for name in ("Content-Security-Policy", "Cache-Control", "X-Request-ID"):
        assert len(headers.getlist(name)) == 1
    assert "Server" not in headers


def test_the_policy_lets_a_page_load_its_own_and_nothing_else() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert {rules[name] for name in ("style-src", "img-src", "script-src", "form-action", "connect-src")} == {"'self'"}


@pytest.mark.parametrize("path", OPEN)
def test_other_origins_may_read_what_is_public_and_for_machines(path: str, shared: Site) -> None:
    client, address = shared.client, fill(path, shared)
    method = "POST" if path.startswith("/api") else "GET"
    answer = client.open(address, method=method, json={"credential": "x"} if method == "POST" else None)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = client.options(
        address, headers={"Origin": "https://x.example", "Access-Control-Request-Method": method}
    )
    assert preflight.status_code == 204
    assert method in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/verify", "/api/v1/credentials", "/p/{portfolio}", "/readyz", "/nothing-here"])
def test_other_origins_may_not_read_the_rest(path: str, shared: Site) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = shared.client.open(fill(path, shared), method=method, headers={"Origin": "https://x.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_hsts_without_https(site_with: OpenSite) -> None:
    site = site_with(base_url="http://127.0.0.1:8000")
    assert "Strict-Transport-Security" not in site.client.get("/").headers
    assert "Strict-Transport-Security" in site.client.get("/", base_url="https://127.0.0.1:8000").headers


def ids(site: Site, **environ: str) -> Iterator[str]:
    while True:
        headers = {"X-Request-ID": "mine-0123456789abcdef"}
        yield site.client.get("/healthz", headers=headers, environ_overrides=environ).headers["X-Request-ID"]


def test_a_request_id_of_a_strangers_is_not_taken_over(shared: Site) -> None:
    given = ids(shared, REMOTE_ADDR="127.0.0.1")
    first, second = next(given), next(given)
    assert first != second
    assert "mine" not in first


def test_a_trusted_proxy_gives_the_request_id(site_with: OpenSite) -> None:
    site = site_with(trusted_proxies="10.0.0.0/8")
    assert next(ids(site, REMOTE_ADDR="10.1.2.3")) == "mine-0123456789abcdef"
    assert next(ids(site, REMOTE_ADDR="192.0.2.1")) != "mine-0123456789abcdef"


@pytest.mark.parametrize("path", ["/C/{id}", "/c/{low}", "/C/{low}", "/V/{code}", "/C/{id}.jwt", "/C/{id}.qr.svg"])
def test_paths_of_qr_codes_are_case_blind(path: str, shared: Site) -> None:
    address = fill(path.replace("{low}", shared.issued.id.lower()), shared)
    assert shared.client.get(address, follow_redirects=True).status_code == 200


def test_the_host_header_decides_nothing(shared: Site) -> None:
    answer = shared.client.get(f"/v/{shared.issued.code}", headers={"Host": "evil.example"})
    assert "evil" not in answer.headers["Location"]
    page = shared.client.get("/nothing//here/", headers={"Host": "evil.example"})
    assert page.status_code == 404
    assert "evil" not in page.text
