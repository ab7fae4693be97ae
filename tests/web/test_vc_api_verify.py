"""`/credentials/verify` and `/presentations/verify` as clients of the W3C VC API call them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.core.instants import format_instant
from tests.verifier.holders import Holder
from tests.web.conftest import OpenSite, Site

CREDENTIAL = "/credentials/verify"
PRESENTATION = "/presentations/verify"


def verify(site: Site, credential: Any, **options: Any) -> Any:
    answer = site.client.post(CREDENTIAL, json={"verifiableCredential": credential, "options": options})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def embedded(site: Site) -> dict[str, Any]:
    """The issued credential with its embedded proof."""
    form = next(form for form in site.service.portfolio.forms(site.issued.id) if form.media_type == "application/vc")
    return strict_json.parse_object(form.body, max_bytes=1 << 20)


def enveloped(site: Site) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{site.token}",
        "type": "EnvelopedVerifiableCredential",
    }


def test_every_form_of_a_good_credential_is_verified(shared: Site) -> None:
    for credential in (shared.token, enveloped(shared), embedded(shared)):
        told = verify(shared, credential)
        assert told == {"verified": True, "problemDetails": [], "errors": [], "warnings": []}


def test_the_answer_has_what_was_asked_for(shared: Site) -> None:
    credential = embedded(shared)
    told = verify(shared, credential, returnCredential=True, returnResults=True, returnProblemDetails=False)
    assert set(told) == {"verified", "credential", "results"}
    assert told["credential"] == credential
    assert told["results"]["proof"][0]["verified"] is True


def test_what_older_clients_send_is_taken(shared: Site) -> None:
    assert verify(shared, shared.token, checks=["proof"])["verified"] is True
    assert shared.client.post(CREDENTIAL, json={"verifiableCredential": shared.token}).get_json()["verified"] is True


def test_a_changed_credential_is_not_verified_and_says_why(shared: Site) -> None:
    credential = embedded(shared)
    credential["credentialSubject"]["achievement"]["name"] = "Something grander"
    told = verify(shared, credential)
    assert told["verified"] is False
    assert told["problemDetails"] == told["errors"]
    assert told["errors"][0]["type"] == "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
    assert told["errors"][0]["level"] == "error"


def test_a_withdrawn_credential_is_verified_with_a_warning_as_the_text_has_it(site: Site) -> None:
    site.service.issuer.revoke(site.issued.id, "Issued in error.")
    told = verify(site, site.token)
    assert (told["verified"], told["errors"]) == (True, [])
    assert told["warnings"][0]["type"] == f"{site.service.base_url}/errors/credential-withdrawn"
    assert told["warnings"][0]["level"] == "warning"
    ours = site.client.post("/api/v1/verify", json={"credential": site.token}).get_json()
    assert ours["verdict"] == "invalid"


@pytest.mark.parametrize("missing", ["@context", "type", "issuer", "credentialSubject", "proof"])
def test_a_document_that_is_no_credential_is_invalid_input(shared: Site, missing: str) -> None:
    credential = embedded(shared)
    del credential[missing]
    answer = shared.client.post(CREDENTIAL, json={"verifiableCredential": credential, "options": {}})
    assert answer.status_code == 400, missing
    assert answer.get_json()["type"].startswith("https://www.w3.org/TR/vc-data-model#")


@pytest.mark.parametrize("member", ["@context", "type", "issuer", "credentialSubject", "proof"])
@pytest.mark.parametrize("value", [None, 10, True, [], {}, "string", [None], [10], [[]]], ids=str)
def test_members_of_the_wrong_kind_are_never_verified(shared: Site, member: str, value: Any) -> None:
    credential = embedded(shared) | {member: value}
    answer = shared.client.post(CREDENTIAL, json={"verifiableCredential": credential, "options": {}})
    assert answer.status_code == 400 or answer.get_json()["verified"] is False, answer.text


@pytest.mark.parametrize("missing", ["type", "cryptosuite", "verificationMethod", "proofValue", "proofPurpose"])
def test_a_proof_without_its_members_is_never_verified(shared: Site, missing: str) -> None:
    credential = embedded(shared)
    proof = credential["proof"][0] if isinstance(credential["proof"], list) else credential["proof"]
    del proof[missing]
    answer = shared.client.post(CREDENTIAL, json={"verifiableCredential": credential, "options": {}})
    assert answer.status_code == 400 or answer.get_json()["verified"] is False, answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "members-invalid"),
        ({"verifiableCredential": None}, "members-invalid"),
        ({"verifiableCredential": 7}, "members-invalid"),
        ({"verifiableCredential": "a", "extra": 1}, "members-invalid"),
        ({"verifiableCredential": "a", "options": 7}, "members-invalid"),
        ({"verifiableCredential": "a", "options": {"returnResults": "yes"}}, "members-invalid"),
        ({"verifiableCredential": "a", "options": {"mood": "good"}}, "option-unknown"),
        ({"verifiableCredential": "a", "options": {"challenge": "x"}}, "option-unknown"),
        ({"verifiableCredential": "a"}, "unknown-form"),
        ({"verifiableCredential": {}}, "unknown-form"),
    ],
)
@pytest.mark.parametrize("path", [CREDENTIAL])
def test_calls_that_cannot_be_taken_are_400(shared: Site, path: str, body: Any, code: str) -> None:
    answer = shared.client.post(path, json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (400, code), answer.get_json()


def test_an_unknown_option_has_the_type_that_the_text_names(shared: Site) -> None:
    answer = shared.client.post(CREDENTIAL, json={"verifiableCredential": "a", "options": {"mood": 1}})
    assert answer.get_json()["type"] == "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"
    assert answer.get_json()["status"] == 400


def test_other_media_types_are_refused(shared: Site) -> None:
    assert shared.client.post(CREDENTIAL, data="{}", content_type="text/plain").status_code == 400


def test_what_is_too_large_is_413(site_with: OpenSite) -> None:
    site = site_with(max_credential_bytes=2_000)
    assert site.client.post(CREDENTIAL, json={"verifiableCredential": "a" * 3_000}).status_code == 413


def test_the_rate_is_limited_as_verification_is(site_with: OpenSite) -> None:
    site = site_with(rate_verify_api="2 per minute")
    statuses = [site.client.post(CREDENTIAL, json={"verifiableCredential": site.token}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_nothing_of_a_session_is_set_and_any_origin_may_ask(shared: Site) -> None:
    answer = shared.client.post(CREDENTIAL, json={"verifiableCredential": shared.token})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


# Presentations -------------------------------------------------------------------------------------------------------

GIVEN = {"challenge": "d436f0c8-fbd9-4e48-bbb2-55fc5d0920a8", "domain": "shop.example"}


@pytest.fixture
def holder() -> Holder:
    return Holder()


def proven(holder: Holder, site: Site, **options: Any) -> dict[str, Any]:
    said = {"created": format_instant(datetime.now(UTC).replace(microsecond=0)), **options}
    return holder.proven(holder.unsigned(embedded(site)), **said)


def show(site: Site, shown: Any, **options: Any) -> Any:
    answer = site.client.post(PRESENTATION, json={"verifiablePresentation": shown, "options": options})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_presentation_made_for_this_occasion_is_verified(shared: Site, holder: Holder) -> None:
    told = show(shared, proven(holder, shared, **GIVEN), **GIVEN, returnResults=True, returnPresentation=True)
    assert (told["verified"], told["problemDetails"]) == (True, [])
    assert told["verifiablePresentation"]["holder"] == holder.did
    own = told["results"]["presentation"]
    assert own["challenge"] == {"verified": True, "input": GIVEN["challenge"]}
    assert own["holder"] == {"verified": True, "input": holder.did}
    assert [one["verified"] for one in told["results"]["credentials"]] == [True]


@pytest.mark.parametrize(
    ("made_for", "expected"),
    [
        (GIVEN, GIVEN | {"challenge": "another"}),
        (GIVEN, GIVEN | {"domain": "elsewhere.example"}),
        (GIVEN, {"challenge": GIVEN["challenge"]}),
        (GIVEN, {}),
        ({}, GIVEN),
    ],
)
def test_one_made_for_another_occasion_is_not(
    shared: Site, holder: Holder, made_for: dict[str, str], expected: dict[str, str]
) -> None:
    told = show(shared, proven(holder, shared, **made_for), **expected)
    assert (told["verified"], len(told["errors"])) == (False, 1)


def test_a_changed_credential_inside_spoils_the_whole(shared: Site, holder: Holder) -> None:
    credential = embedded(shared)
    credential["name"] = "Something grander"
    made = {"created": format_instant(datetime.now(UTC).replace(microsecond=0)), **GIVEN}
    told = show(shared, holder.proven(holder.unsigned(credential), **made), **GIVEN, returnResults=True)
    assert told["verified"] is False
    assert [one["verified"] for one in told["results"]["credentials"]] == [False]
    assert told["results"]["presentation"]["proof"][0]["verified"] is True


def test_without_a_proof_only_its_credentials_are_verified(shared: Site, holder: Holder) -> None:
    unsigned = holder.unsigned(embedded(shared))
    answer = shared.client.post(PRESENTATION, json={"presentation": unsigned})
    assert answer.get_json()["verified"] is True
    assert show(shared, unsigned, **GIVEN)["verified"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "not-json"),
        ({"verifiablePresentation": {}, "presentation": {}}, "not-json"),
        ({"verifiablePresentation": 7}, "members-invalid"),
        ({"presentation": "text"}, "members-invalid"),
        ({"verifiablePresentation": {}, "options": {"mood": 1}}, "option-unknown"),
        ({"verifiablePresentation": {}, "options": {"challenge": 7}}, "members-invalid"),
    ],
)
def test_presentation_calls_that_cannot_be_taken_are_400(shared: Site, body: Any, code: str) -> None:
    answer = shared.client.post(PRESENTATION, json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (400, code)


@pytest.mark.parametrize("missing", ["@context", "type", "verifiableCredential"])
def test_a_document_that_is_no_presentation_is_invalid_input(shared: Site, holder: Holder, missing: str) -> None:
    document = holder.unsigned(embedded(shared))
    del document[missing]
    answer = shared.client.post(PRESENTATION, json={"verifiablePresentation": document})
    assert answer.status_code == 400 or missing == "verifiableCredential", answer.get_json()
