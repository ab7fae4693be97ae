"""The issuing API over real HTTP calls: idempotent, scoped, blind to other issuers."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from credentials.accounts.api_keys import make_key, revoke_key
from credentials.core.securing import recognise
from credentials.core.strict_json import parse_object
from credentials.store import credentials
from credentials.store.engine import write
from credentials.store.tables import secured_form
from tests.web.conftest import ISSUE_BODY, Site, make_draft

CALLS = "/api/v1/credentials"


def post(site: Site, path: str, body: Any, key: str | None = None, idempotency: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {key or site.key}"}
    if idempotency is not None:
        headers["Idempotency-Key"] = idempotency
    return site.client.post(path, json=body, headers=headers)


def key_for(site: Site, *scopes: str, slug: str = "acme") -> str:
    return make_key(site.service.engine, slug, scopes, label="t", now=site.service.clock()).secret


def test_an_issued_credential_verifies_and_has_its_page(site: Site) -> None:
    answer = post(site, CALLS, ISSUE_BODY)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{site.service.base_url}{CALLS}/{answer.json['id']}"
    assert site.client.get(f"/c/{answer.json['id']}").status_code == 200
    assert site.client.get(answer.json["portfolio"].removeprefix(site.service.base_url)).status_code == 200
    record = site.client.get(f"{CALLS}/{answer.json['id'].lower()}", headers=site.auth).get_json()
    report = site.client.post("/api/v1/verify", json={"credential": record["token"]}).get_json()
    assert report["state"] == "GENUINE"
    subject = report["credential"]["credentialSubject"]
    assert "Customer survey report" in str(subject)
    assert "Ana Souza" in str(subject)
    assert "ana@mail.example" not in str(report)


def test_hours_are_the_number_that_was_sent(site: Site) -> None:
    for hours, said in ((30.1, "30.1"), (40, "40"), (7.25, "7.25")):
        issued = post(site, CALLS, ISSUE_BODY | {"hours": hours}).json["id"]
        token = site.service.portfolio.signed(issued).body.decode()
        report = site.client.post("/api/v1/verify", json={"credential": token}).get_json()
        (result,) = report["credential"]["credentialSubject"]["result"]
        assert result["value"] == said


def test_the_same_key_and_draft_issue_once(site: Site) -> None:
    first = post(site, CALLS, ISSUE_BODY, idempotency="order-1")
    again = [post(site, CALLS, ISSUE_BODY, idempotency="order-1") for _ in range(3)]
    assert (first.status_code, first.json["repeated"]) == (201, False)
    for answer in again:
        assert (answer.status_code, answer.json) == (200, first.json | {"repeated": True})
    assert post(site, CALLS, ISSUE_BODY, idempotency="order-2").json["id"] != first.json["id"]
    assert post(site, CALLS, ISSUE_BODY).json["id"] != first.json["id"]


def test_the_same_key_for_another_draft_is_a_conflict(site: Site) -> None:
    post(site, CALLS, ISSUE_BODY, idempotency="order-1")
    answer = post(site, CALLS, ISSUE_BODY | {"hours": 41}, idempotency="order-1")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency-conflict")


def test_two_issuers_may_use_the_same_idempotency_key(site: Site) -> None:
    site.service.issuer.create_issuer("other", "Other Ltd")
    one = post(site, CALLS, ISSUE_BODY, idempotency="order-1")
    two = post(site, CALLS, ISSUE_BODY, key=key_for(site, "issue", slug="other"), idempotency="order-1")
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json["id"] != two.json["id"]


def test_a_repeated_change_is_answered_as_the_first_time(site: Site) -> None:
    path = f"{CALLS}/{site.issued.id}/revoke"
    first = post(site, path, {"reason": "Issued in error.", "note": "n"}, idempotency="r-1")
    again = post(site, path, {"reason": "Issued in error.", "note": "n"}, idempotency="r-1")
    assert (first.status_code, first.json["repeated"]) == (200, False)
    assert (again.status_code, again.json) == (200, first.json | {"repeated": True})
    assert len(site.service.issuer.story(site.issued.id)) == 1


@pytest.mark.parametrize(
    ("body", "idempotency"),
    [
        ({"reason": "Other."}, "r-1"),
        ({"reason": "Issued in error.", "note": "m"}, "r-1"),
        ({"reason": "Issued in error."}, None),
    ],
)
def test_another_change_after_a_revocation_is_a_conflict(body: Any, idempotency: str | None, site: Site) -> None:
    path = f"{CALLS}/{site.issued.id}/revoke"
    post(site, path, {"reason": "Issued in error."}, idempotency="r-1")
    answer = post(site, path, body, idempotency=idempotency)
    code = "idempotency-conflict" if idempotency else "status-conflict"
    assert (answer.status_code, answer.json["code"]) == (409, code)


@pytest.mark.parametrize("action", ["revoke", "suspend", "lift"])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 5000, "a\u0000b", "a\u202eb"])
def test_a_change_needs_a_public_reason(action: str, reason: str, shared: Site) -> None:
    answer = post(shared, f"{CALLS}/{shared.issued.id}/{action}", {"reason": reason})
    assert answer.status_code == 422
    assert shared.service.issuer.story(shared.issued.id) == []


def test_a_private_note_is_in_no_answer(site: Site) -> None:
    path = f"{CALLS}/{site.issued.id}"
    answers = [
        post(site, f"{path}/suspend", {"reason": "Looking into it.", "note": "about the invoice"}),
        site.client.get(path, headers=site.auth),
        site.client.get(f"/c/{site.issued.id}"),
        site.client.get(f"/c/{site.issued.id}/status"),
        site.client.get(f"/c/{site.issued.id}/status", headers={"Accept": "text/html"}),
        site.client.post("/api/v1/verify", json={"credential": site.token}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "invoice" not in answer.text


@pytest.mark.parametrize(
    ("accept", "served"),
    [
        (None, "application/vc+jwt"),
        ("*/*", "application/vc+jwt"),
        ("text/html,application/xhtml+xml", "application/vc+jwt"),
        ("not a media type", "application/vc+jwt"),
        ("application/jwt", "application/jwt"),
        ("application/vc+jwt, application/vc, application/json", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("application/ld+json, application/json", "application/ld+json"),
        ("application/json, text/plain, */*", "application/json"),
        ("application/vc+jwt;q=0.1, application/vc;q=0.2", "application/vc"),
        ("application/vc;q=0, */*", "application/vc+jwt"),
    ],
)
def test_a_status_list_comes_in_the_form_that_is_taken(accept: str | None, served: str, site: Site) -> None:
    entry = json.loads(site.client.get(f"/c/{site.issued.id}.json").data)["credentialStatus"][0]
    path = entry["statusListCredential"].removeprefix(site.service.base_url)
    answer = site.client.get(path, headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, served)
    assert "Accept" in answer.vary
    presented = recognise(answer.data).read(answer.data)
    assert presented.form == ("vc+jwt" if "jwt" in served else "data-integrity")
    assert presented.document["id"] == entry["statusListCredential"]
    kept = site.client.get(path, headers={"Accept": accept or "*/*", "If-None-Match": answer.headers["ETag"]})
    assert kept.status_code == 304


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("issue", "POST", "", 201),
        ("issue", "GET", "/{id}", 403),
        ("issue", "POST", "/{id}/revoke", 403),
        ("read", "POST", "", 403),
        ("read", "GET", "/{id}", 200),
        ("read", "POST", "/{id}/suspend", 403),
        ("revoke", "POST", "", 403),
        ("revoke", "GET", "/{id}", 403),
        ("revoke", "POST", "/{id}/suspend", 200),
    ],
)
def test_a_key_does_what_its_scope_says_and_no_more(
    scope: str, method: str, path: str, status: int, site: Site
) -> None:
    body = ISSUE_BODY if not path else {"reason": "Because."}
    answer = site.client.open(
        CALLS + path.replace("{id}", site.issued.id),
        method=method,
        json=body if method == "POST" else None,
        headers={"Authorization": f"Bearer {key_for(site, scope)}"},
    )
    assert answer.status_code == status
    assert status != 403 or answer.get_json()["code"] == "scope-missing"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", "/revoke"), ("POST", "/suspend"), ("POST", "/lift")]
)
def test_anothers_credential_is_as_good_as_unknown(method: str, path: str, site: Site) -> None:
    site.service.issuer.create_issuer("other", "Other Ltd")
    foreign = site.service.issuer.issue("other", make_draft()).id
    body = {"reason": "Because."} if method == "POST" else None
    answers = [
        site.client.open(f"{CALLS}/{one}{path}", method=method, json=body, headers=site.auth)
        for one in (foreign, "0" * 26)
    ]
    plain = [answer.get_json() | {"requestId": ""} for answer in answers]
    assert plain[0] == plain[1]
    assert plain[0]["status"] == 404
    assert site.service.issuer.story(foreign) == []


def test_an_expired_or_revoked_key_ends_at_once(site: Site) -> None:
    now = site.service.clock()
    made = make_key(site.service.engine, "acme", ["issue"], label="t", now=now, expires_at=now + timedelta(hours=1))
    assert post(site, CALLS, ISSUE_BODY, key=made.secret).status_code == 201
    publish = site.service.issuer.means.high_water.add_revoked_api_keys
    revoke_key(site.service.engine, "acme", made.key.id, now, publish=publish)
    assert post(site, CALLS, ISSUE_BODY, key=made.secret).status_code == 401


def test_a_suspended_issuer_issues_nothing(site: Site) -> None:
    site.service.issuer.suspend_issuer("acme", "Under investigation.")
    answer = post(site, CALLS, ISSUE_BODY)
    assert answer.status_code == 403


def test_keys_and_lists_are_published(site: Site) -> None:
    answer = site.client.get("/issuers/acme/did.json")
    document = parse_object(answer.data, max_bytes=10**5)
    assert answer.mimetype == "application/did+json"
    assert document["id"] == "did:web:credentials.example:issuers:acme"
    assert {method["type"] for method in document["verificationMethod"]} == {"JsonWebKey", "Multikey"}
    assert answer.headers["Cache-Control"] == "no-cache"
    report = site.client.post("/api/v1/verify", json={"credential": site.token}).get_json()
    for entry in report["credential"]["credentialStatus"]:
        listed = site.client.get(entry["statusListCredential"].removeprefix(site.service.base_url))
        assert (listed.status_code, listed.mimetype) == (200, "application/vc+jwt")


@pytest.mark.parametrize("what", ["did", "list"])
def test_what_is_published_is_asked_for_each_time_and_sent_once(what: str, site: Site) -> None:
    """A cache's age on top of a list's own would show a withdrawal twice as late."""
    document = site.client.post("/api/v1/verify", json={"credential": site.token}).get_json()["credential"]
    listed = document["credentialStatus"][0]["statusListCredential"].removeprefix(site.service.base_url)
    path = "/issuers/acme/did.json" if what == "did" else listed
    first = site.client.get(path)
    tag = first.headers["ETag"]
    assert tag == f'"{sha256(first.data).hexdigest()}"'
    assert first.headers["Cache-Control"] == "no-cache"
    again = site.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    site.service.issuer.rotate_key("acme")
    site.service.issuer.revoke(site.issued.id, "Withdrawn")
    changed = site.client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_the_end_of_the_calendar_is_refused_in_words(site: Site) -> None:
    for moment in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"):
        answer = post(site, CALLS, ISSUE_BODY | {"validUntil": moment})
        assert (answer.status_code, answer.json["findings"][0]["code"]) == (422, "date-out-of-range")


def test_one_key_for_two_changes_is_a_conflict(site: Site) -> None:
    path = f"{CALLS}/{site.issued.id}"
    held = post(site, f"{path}/suspend", {"reason": "A complaint."}, idempotency="k1")
    lifted = post(site, f"{path}/lift", {"reason": "Cleared."}, idempotency="k2")
    assert (held.status_code, lifted.status_code) == (200, 200)
    again = post(site, f"{path}/suspend", {"reason": "A complaint."}, idempotency="k1")
    assert (again.status_code, again.json) == (200, held.json | {"repeated": True})
    for what, reason in (("lift", "Cleared."), ("revoke", "Fraud."), ("suspend", "Another complaint.")):
        other = post(site, f"{path}/{what}", {"reason": reason}, idempotency="k1")
        assert (other.status_code, other.json["code"]) == (409, "idempotency-conflict")
    assert [event.kind for event in site.service.issuer.story(site.issued.id)] == ["suspended", "lifted"]


def test_signatures_made_are_intents_released(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading, checking and refusing sign no credential: only an accepted draft does."""
    before = count_forms(site)
    for path in ("/", f"/c/{site.issued.id}", f"/c/{site.issued.id}/status", "/issuers/acme/did.json", "/verify"):
        site.client.get(path)
    post(site, CALLS, ISSUE_BODY | {"recipientName": ""})
    site.client.post(CALLS, json=ISSUE_BODY)
    site.client.post("/api/v1/verify", json={"credential": site.token})
    assert count_forms(site) == before
    post(site, CALLS, ISSUE_BODY)
    assert count_forms(site) == before + 2  # a token and an embedded proof


def count_forms(site: Site) -> int:
    """How many signed forms were released; each has an intent of its own."""
    with site.service.engine.begin() as connection:
        forms = connection.exec_driver_sql("SELECT count(*) FROM secured_form").scalar_one()
        intents = connection.exec_driver_sql("SELECT count(*) FROM signing_intent").scalar_one()
    assert forms == intents
    return int(forms)


# The second token ----------------------------------------------------------------------------------------------------


def test_a_post_quantum_token_is_served_and_verified_where_there_is_one(site: Site) -> None:
    before = site.issued.id
    site.service.issuer.rotate_key("acme", "ML-DSA-44")
    made = site.client.post("/api/v1/credentials", json=ISSUE_BODY, headers=site.auth).get_json()
    record = site.client.get(f"/api/v1/credentials/{made['id']}", headers=site.auth).get_json()
    answer = site.client.get(f"/c/{made['id'].lower()}.pq.jwt")
    assert (answer.status_code, answer.mimetype) == (200, "application/vc+jwt")
    assert answer.text == record["postQuantumToken"] != record["token"]
    assert site.client.post("/api/v1/verify", json={"credential": answer.text}).get_json()["state"] == "GENUINE"
    assert site.client.get(f"/C/{made['id']}.pq.jwt").data == answer.data
    assert site.client.get(f"/c/{made['id']}.jwt").text == record["token"]

    assert site.client.get(f"/api/v1/credentials/{before}", headers=site.auth).get_json()["postQuantumToken"] is None
    assert site.client.get(f"/c/{before}.pq.jwt").status_code == 404


@pytest.mark.parametrize("path", ["/c/nonsense.pq.jwt", "/c/00000000000000000000000000.pq.jwt", "/c/.pq.jwt"])
def test_a_second_token_of_nothing(path: str, site: Site) -> None:
    assert site.client.get(path).status_code == 404


def test_a_private_credential_has_no_second_token_for_others(site: Site) -> None:
    site.service.issuer.rotate_key("acme", "ML-DSA-44")
    issued = site.service.issuer.issue("acme", make_draft()).id
    with write(site.service.engine) as connection:
        credentials.set_visibility(connection, issued, "private")
    assert site.client.get(f"/c/{issued}.pq.jwt").status_code == 404


def test_a_link_and_a_code_bring_both_tokens_to_the_page(site: Site) -> None:
    site.service.issuer.rotate_key("acme", "ML-DSA-44")
    issued = site.service.issuer.issue("acme", make_draft())
    for given in (issued.url, issued.code, issued.id):
        page = site.client.post("/verify", data={"credential": given}).text
        assert 'data-state="GENUINE"' in page
        assert "ML-DSA-44, vc+jwt" in page
        assert "EdDSA, vc+jwt" in page
    shown = site.client.get(f"/c/{issued.id}", headers={"Accept": "text/html"}).text
    assert "ML-DSA-44, vc+jwt" in shown
    assert f"/c/{issued.id}.pq.jwt" in shown


def test_a_second_token_that_was_changed_makes_the_page_red(site: Site) -> None:
    site.service.issuer.rotate_key("acme", "ML-DSA-44")
    issued = site.service.issuer.issue("acme", make_draft())
    with write(site.service.engine) as connection:
        chosen = (secured_form.c.credential_id == issued.id) & (secured_form.c.format == "vc+jwt;pq")
        body = connection.execute(select(secured_form.c.body).where(chosen)).scalar_one()
        forged = body[:-40] + (b"A" if body[-40:-39] != b"A" else b"B") + body[-39:]
        connection.execute(secured_form.update().where(chosen).values(body=forged))
    for page in (
        site.client.get(f"/c/{issued.id}", headers={"Accept": "text/html"}).text,
        site.client.post("/verify", data={"credential": issued.url}).text,
    ):
        assert 'data-state="TAMPERED"' in page
        assert "Ana Souza" not in page
