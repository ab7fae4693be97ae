"""Verification over HTTP: the call and the page, with real tokens."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.portfolio.qr import qr_address, qr_png
from credentials.web.app import create_app
from credentials.web.composition import open_service
from credentials.web.fast_verify import FastVerify
from credentials.web.published import Published
from tests.web.conftest import OpenSite, Site, make_draft


def state(site: Site, credential: Any) -> str:
    """The state that the call reports."""
    answer = site.client.post("/api/v1/verify", json={"credential": credential})
    assert answer.status_code == 200
    found: str = answer.get_json()["state"]
    return found


def page_state(site: Site, **data: Any) -> str:
    """The state that the page shows, or the status when it shows none."""
    answer = site.client.post("/verify", data=data)
    _, mark, rest = answer.text.partition('data-state="')
    return rest.partition('"')[0] if mark else str(answer.status_code)


def test_our_own_credential_is_genuine(shared: Site) -> None:
    assert state(shared, shared.token) == "GENUINE"
    answer = shared.client.post("/api/v1/verify", json={"credential": shared.token}).get_json()
    assert answer["verdict"] == "valid"
    assert answer["issuer"]["domain"] == "acme.example"
    assert [check["number"] for check in answer["checks"]] == list(range(1, 20))
    assert answer["credential"]["credentialSubject"]["achievement"]["name"] == "Customer survey report"


def test_an_enveloped_credential_is_read_too(shared: Site) -> None:
    enveloped = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{shared.token}",
        "type": "EnvelopedVerifiableCredential",
    }
    assert state(shared, enveloped) == "GENUINE"


@pytest.mark.parametrize("place", [10, 200, 1000, -100, -20])
def test_a_changed_character_is_never_genuine_and_shows_nothing(place: int, shared: Site) -> None:
    token = shared.token
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    answer = shared.client.post("/api/v1/verify", json={"credential": changed}).get_json()
    assert answer["verdict"] != "valid"
    assert "credential" not in answer
    assert "issuer" not in answer
    page = shared.client.post("/verify", data={"credential": changed})
    assert "Ana Souza" not in page.text
    assert "Customer survey" not in page.text.replace(changed, "")


def test_a_revocation_shows_in_the_very_next_verification(site: Site) -> None:
    assert state(site, site.token) == "GENUINE"
    site.service.issuer.suspend(site.issued.id, "Looking into it.")
    assert state(site, site.token) == "SUSPENDED"
    site.service.issuer.lift(site.issued.id, "All is well.")
    assert state(site, site.token) == "GENUINE"
    site.service.issuer.revoke(site.issued.id, "Issued in error.")
    assert state(site, site.token) == "REVOKED"


def test_a_revocation_by_another_process_shows_too(site: Site) -> None:
    assert state(site, site.token) == "GENUINE"
    other = open_service(site.service.settings)
    other.issuer.revoke(site.issued.id, "Issued in error.")
    other.close()
    assert state(site, site.token) == "REVOKED"


def test_a_verification_asks_the_folder_once_whether_anything_changed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    real = Published._mark

    def mark(published: Published) -> tuple[int, int]:
        asked.append(published._journal)
        return real(published)

    monkeypatch.setattr(Published, "_mark", mark)
    assert state(site, site.token) == "GENUINE"
    assert len(asked) == 1


def test_what_people_hand_in_leads_to_the_credential(shared: Site) -> None:
    issued, base = shared.issued, shared.service.base_url
    for text in (
        shared.token,
        "\n  ".join(shared.token[start : start + 76] for start in range(0, len(shared.token), 76)),
        f"{base}/c/{issued.id}",
        f"{base}/C/{issued.id}".upper(),
        f"{base}/c/{issued.id.lower()}.jwt",
        f"{base}/v/{issued.code}",
        issued.code,
        f"{issued.code[:4]}-{issued.code[4:8]}-{issued.code[8:]}".lower(),
        issued.id,
    ):
        assert page_state(shared, credential=text) == "GENUINE", text[:60]


def test_a_photo_of_the_qr_code_leads_there(shared: Site) -> None:
    picture = qr_png(qr_address(shared.service.base_url, shared.issued.id))
    assert page_state(shared, file=(io.BytesIO(picture), "photo.png")) == "GENUINE"
    assert page_state(shared, file=(io.BytesIO(shared.token.encode()), "credential.jwt")) == "GENUINE"
    assert page_state(shared, file=(io.BytesIO(b""), ""), credential=shared.issued.code) == "GENUINE"


def test_what_leads_nowhere_is_said_and_what_was_typed_is_kept(shared: Site) -> None:
    answer = shared.client.post("/verify", data={"credential": "my <b>credential</b>"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "my &lt;b&gt;credential&lt;/b&gt;" in answer.text
    assert shared.client.post("/verify", data={"credential": "0000000000"}).status_code == 404
    assert shared.client.post("/verify", data={}).status_code == 400


def test_a_private_credential_is_found_by_nobody(site: Site) -> None:
    stored = site.issued
    assert page_state(site, credential=stored.code) == "GENUINE"
    with site.service.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE credential SET visibility = 'private'")
    assert site.service.find_code(stored.code) is None
    for text in (stored.code, stored.id, f"{site.service.base_url}/c/{stored.id}"):
        assert page_state(site, credential=text) not in ("GENUINE", "200"), text
    assert state(site, site_token(site, stored.id)) == "GENUINE"  # whoever has the token itself can check it


def site_token(site: Site, credential_id: str) -> str:
    """The signed form, whoever may see it."""
    with site.service.engine.begin() as connection:
        body = connection.exec_driver_sql(
            "SELECT body FROM secured_form WHERE credential_id = ? AND format = 'vc+jwt'", (credential_id,)
        ).scalar_one()
    return bytes(body).decode()


def test_an_issuer_that_is_no_longer_vouched_for_is_not_green(site: Site) -> None:
    token = site.token
    site.service.issuer.suspend_issuer("acme", "Under investigation.")
    site.service.policy.forget()  # type: ignore[attr-defined]
    assert state(site, token) == "ISSUER_SUSPENDED"


def test_the_policy_follows_the_issuers_within_seconds(site: Site) -> None:
    service = site.service
    service.issuer.create_issuer("new", "New Works")
    token = service.portfolio.signed(service.issuer.issue("new", make_draft()).id).body.decode()
    assert state(site, token) == "UNCONFIRMED_ISSUER"
    service.issuer.confirm("new", "new.example")
    service.policy.forget()  # type: ignore[attr-defined]
    assert state(site, token) == "GENUINE"


def test_the_fast_path_and_flask_say_the_same(site: Site) -> None:
    """With the layer ahead of Flask taken out, every answer is the same, headers included."""
    outer = site.app.wsgi_app
    fast: FastVerify = outer._app  # type: ignore[attr-defined]
    calls: list[dict[str, Any]] = [
        {"json": {"credential": site.token}},
        {"json": {"credential": site.token[:-3]}},
        {"json": {"credential": {}}},
        {"json": {"credential": 1}},
        {"json": {"credential": "x", "y": 1}},
        {"json": {}},
        {"data": b"[]", "content_type": "application/json"},
        {"data": b"{", "content_type": "application/json"},
        {"data": b'{"credential":"x"}', "content_type": "text/plain"},
        {"data": b'{"credential":"x"}', "content_type": "application/json; charset=utf-8"},
        {"data": b'{"credential":"a","credential":"b"}', "content_type": "application/json"},
        {"data": b"", "content_type": "application/json"},
    ]
    now = site.service.clock()
    for call in calls:
        one = _plain(site.client.post("/api/v1/verify", **call), now)
        outer._app = fast._app  # type: ignore[attr-defined]
        two = _plain(site.client.post("/api/v1/verify", **call), now)
        outer._app = fast  # type: ignore[attr-defined]
        assert one == two, call


def _plain(answer: Any, now: datetime) -> tuple[int, dict[str, str], Any]:
    """An answer without what differs from call to call."""
    body = strict_json.parse_object(answer.data, max_bytes=10**6)
    body.pop("requestId", None)
    if "checkedAt" in body:
        assert abs(datetime.fromisoformat(body.pop("checkedAt")) - now) < timedelta(minutes=1)
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    return answer.status_code, headers, json.loads(json.dumps(body))


def test_both_paths_count_reports_and_requests(site: Site) -> None:
    for _ in range(3):
        site.client.post("/api/v1/verify", json={"credential": site.token})
    site.client.post("/verify", data={"credential": site.token})
    figures = site.client.get("/metrics").text
    assert 'verifications_total{state="GENUINE"} 4.0' in figures
    assert 'http_requests_total{method="POST",route="/api/v1/verify",status="200"} 3.0' in figures
    assert 'http_request_seconds_count{route="/verify"} 1.0' in figures


def test_two_applications_keep_their_figures_apart(site: Site) -> None:
    other = create_app(site.service, log_stream=io.StringIO())
    site.client.get("/healthz")
    assert 'route="/healthz"' not in other.test_client().get("/metrics").text


def test_a_service_on_plain_http_verifies_its_own(site_with: OpenSite) -> None:
    site = site_with(base_url="http://127.0.0.1:8123")
    assert state(site, site.token) == "GENUINE"
    assert page_state(site, credential=f"http://127.0.0.1:8123/c/{site.issued.id}") == "GENUINE"


MOST = 4096
LARGE: list[Any] = [
    "a" * (MOST + 1),
    "é" * (MOST // 2 + 1),
    {"a": "b" * MOST},
    {"type": ["x"] * MOST},
]


@pytest.mark.parametrize("credential", LARGE, ids=["ascii", "two bytes each", "text in JSON", "list in JSON"])
@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"], ids=["fast", "flask"])
def test_a_credential_over_the_limit_is_refused(credential: Any, content_type: str, site_with: OpenSite) -> None:
    site = site_with(max_credential_bytes=MOST)
    body = json.dumps({"credential": credential})
    answer = site.client.post("/api/v1/verify", data=body, content_type=content_type)
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert answer.get_json()["code"] == "too-large"


def test_a_credential_at_the_limit_is_read_and_the_spelling_of_json_does_not_count(site_with: OpenSite) -> None:
    site = site_with(max_credential_bytes=MOST)
    assert len(site.token) < MOST
    escaped = "".join(f"\\u{ord(character):04x}" for character in site.token)
    for content_type in ("application/json", "application/json; charset=utf-8"):
        for body in (json.dumps({"credential": "a" * MOST}), f'{{"credential":"{escaped}"}}'):
            assert site.client.post("/api/v1/verify", data=body, content_type=content_type).status_code == 200


def test_a_pasted_or_uploaded_credential_over_the_limit_is_refused(site_with: OpenSite) -> None:
    site = site_with(max_credential_bytes=MOST)
    large = "eyJ9." + "e" * MOST + ".AAAA"
    for data in (
        {"credential": large},
        {"file": (io.BytesIO(large.encode()), "token.jwt")},
        {"file": (io.BytesIO(json.dumps({"a": "b" * MOST}).encode()), "token.json")},
    ):
        assert site.client.post("/verify", data=data).status_code == 413
    picture = qr_png(qr_address(site.service.base_url, site.issued.id)) + b"\0" * MOST
    assert page_state(site, file=(io.BytesIO(picture), "photo.png")) == "GENUINE"


# The DID resolver ----------------------------------------------------------------------------------------------------

RESULT = "application/did-resolution"
DID_KEY = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
OUR_DID = "did:web:credentials.example:issuers:acme"


def resolved(site: Site, did: str, **headers: str) -> Any:
    return site.client.get(f"/1.0/identifiers/{did}", headers=headers)


@pytest.mark.parametrize("headers", [{}, {"Accept": RESULT}, {"Accept": "*/*"}, {"Accept": "text/html, */*;q=0.8"}])
def test_a_did_is_resolved(headers: dict[str, str], shared: Site) -> None:
    answer = resolved(shared, DID_KEY, **headers)
    assert (answer.status_code, answer.mimetype) == (200, RESULT)
    told = json.loads(answer.data)
    assert told["didDocument"]["id"] == DID_KEY
    assert told["didResolutionMetadata"] == {"contentType": "application/did"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "kind", ["application/did", "application/did+json", "application/did+ld+json", "application/json"]
)
def test_the_document_alone_in_the_type_asked_for(kind: str, shared: Site) -> None:
    answer = resolved(shared, DID_KEY, Accept=kind)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert json.loads(answer.data)["id"] == DID_KEY


def test_our_own_issuers_come_from_what_is_published(shared: Site) -> None:
    answer = resolved(shared, OUR_DID, Accept="application/did")
    assert json.loads(answer.data) == json.loads(shared.client.get("/issuers/acme/did.json").data)
    assert resolved(shared, OUR_DID + "x").status_code == 404


def test_an_encoded_did_is_the_same(shared: Site) -> None:
    assert resolved(shared, DID_KEY.replace(":", "%3A")).data == resolved(shared, DID_KEY).data
    told = resolved(shared, "did:web:credentials.example%253A8443:x").get_json()
    assert told is None or "8443" in json.dumps(told)


@pytest.mark.parametrize(
    ("did", "headers", "status", "kind"),
    [
        ("nonsense", {}, 400, "INVALID_DID"),
        ("did:web:a..b", {"Accept": "application/did"}, 400, "INVALID_DID"),
        (f"{DID_KEY}%23key-1", {}, 400, "INVALID_DID"),
        (f"{DID_KEY}/path", {}, 400, "INVALID_DID"),
        ("did:web:127.0.0.1", {}, 501, "FEATURE_NOT_SUPPORTED"),
        ("did:web:localhost%253A22", {}, 501, "FEATURE_NOT_SUPPORTED"),
        ("did:example:123", {}, 501, "METHOD_NOT_SUPPORTED"),
        (f"{DID_KEY}?noCache=true", {}, 501, "FEATURE_NOT_SUPPORTED"),
        (f"{DID_KEY}?versionId=2", {}, 501, "FEATURE_NOT_SUPPORTED"),
        (f"{DID_KEY}?service=files", {}, 501, "FEATURE_NOT_SUPPORTED"),
        (DID_KEY, {"Accept": "application/did-url-dereferencing"}, 406, "REPRESENTATION_NOT_SUPPORTED"),
        (DID_KEY, {"Accept": "image/png"}, 406, "REPRESENTATION_NOT_SUPPORTED"),
        (f"{OUR_DID}-not", {"Accept": "application/did"}, 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_resolved_says_why(did: str, headers: dict[str, str], status: int, kind: str, shared: Site) -> None:
    answer = resolved(shared, did, **headers)
    assert (answer.status_code, answer.mimetype) == (status, RESULT)
    told = json.loads(answer.data)
    assert told["didDocument"] is None
    assert told["didResolutionMetadata"]["error"]["type"] == f"https://www.w3.org/ns/did#{kind}"


def test_caching_may_be_allowed_in_so_many_words(shared: Site) -> None:
    assert resolved(shared, f"{DID_KEY}?noCache=false").status_code == 200


def test_resolving_is_limited_like_verifying(site_with: OpenSite) -> None:
    limited = site_with(rate_verify_api="2/minute")
    assert [resolved(limited, DID_KEY).status_code for _ in range(3)] == [200, 200, 429]
