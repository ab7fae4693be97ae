"""A sandbox: unsecured calls, any credential, everything a test, and never beside real issuers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from credentials.core.securing import MECHANISMS
from credentials.web.app import create_app
from credentials.web.composition import Service, open_service, read_service
from credentials.web.errors import FolderIsReal, FolderIsSandbox
from credentials.web.settings import load_settings
from tests.web.conftest import BASE_URL, NO_LIMITS

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
SUITES = sorted(name for name in MECHANISMS if MECHANISMS[name].media_type == "application/vc")


def open_sandbox(folder: Path, **settings: object) -> Service:
    given = {"data_dir": folder, "base_url": BASE_URL, "sandbox": True} | NO_LIMITS | settings
    return open_service(load_settings(**given))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    opened = open_sandbox(tmp_path_factory.mktemp("sandbox") / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(service: Service) -> FlaskClient:
    return create_app(service).test_client()


def credential(**changes: Any) -> dict[str, Any]:
    document = {
        "@context": [V2, EXAMPLES],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:subject", "name": "Ana"},
    }
    return {name: value for name, value in (document | changes).items() if value is not None}


def issue(client: FlaskClient, document: Any, **options: Any) -> Any:
    return client.post("/credentials/issue", json={"credential": document, "options": options})


def issued(client: FlaskClient, document: Any, **options: Any) -> Any:
    answer = issue(client, document, **options)
    assert answer.status_code == 201, answer.text
    return answer.json["verifiableCredential"]


def verify(client: FlaskClient, signed: Any) -> Any:
    return client.post("/credentials/verify", json={"verifiableCredential": signed, "options": {}}).get_json()


def is_a_test(client: FlaskClient, signed: Any) -> None:
    """It verifies as the text has it, and every place of ours says what it is."""
    told = verify(client, signed)
    assert (told["verified"], told["errors"]) == (True, [])
    assert f"{BASE_URL}/errors/only-a-test" in [one["type"] for one in told["warnings"]]
    ours = client.post("/api/v1/verify", json={"credential": signed}).get_json()
    assert (ours["verdict"], ours["state"]) == ("indeterminate", "TEST")


@pytest.mark.parametrize("suite", SUITES)
def test_the_cryptosuite_is_the_callers_choice(client: FlaskClient, suite: str) -> None:
    signed = issued(client, credential(), cryptosuite=suite, type="DataIntegrityProof", proofPurpose="assertionMethod")
    (proof,) = signed["proof"] if isinstance(signed["proof"], list) else [signed["proof"]]
    assert proof["cryptosuite"] == suite
    assert signed["issuer"].startswith("did:key:")
    is_a_test(client, signed)


def test_a_token_comes_in_its_envelope(client: FlaskClient) -> None:
    document = credential(validFrom="2026-01-01T00:00:00Z")
    signed = issued(client, document, mediaType="application/vc+jwt")
    assert (signed["@context"], signed["type"]) == (V2, "EnvelopedVerifiableCredential")
    is_a_test(client, signed)


def test_every_issuer_of_the_sandbox_can_be_named(client: FlaskClient, service: Service) -> None:
    for issuer in service.issuer.issuers():
        suite = "ecdsa-rdfc-2019" if issuer.slug.endswith("p256") else "eddsa-rdfc-2022"
        for named in (issuer.did, {"id": issuer.did, "name": "Famous University"}):
            signed = issued(client, credential(issuer=named), cryptosuite=suite)
            assert signed["issuer"] == named
            is_a_test(client, signed)


def test_the_mark_is_signed_into_it_where_there_is_a_place(client: FlaskClient) -> None:
    assert issued(client, credential())["description"] == "Test only. Proves nothing."
    own = issued(client, credential(description="A degree."))
    assert own["description"] == "Test only. Proves nothing. A degree."


def test_a_credential_of_version_1_is_taken(client: FlaskClient) -> None:
    document = credential(
        **{"@context": [V1, "https://w3id.org/security/data-integrity/v2"]},
        credentialSubject={"id": "did:example:subject"},
        issuanceDate="2026-01-01T00:00:00Z",
    )
    signed = issued(client, document)
    assert "description" not in signed
    is_a_test(client, signed)


def test_an_id_that_is_given_stays(client: FlaskClient) -> None:
    assert issued(client, credential(id="urn:uuid:6f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11"))["id"].startswith("urn:")


def test_a_status_is_added_when_it_is_asked_for_and_can_be_set(client: FlaskClient) -> None:
    assert "credentialStatus" not in issued(client, credential())
    document = credential(id="urn:uuid:6f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11")
    signed = issued(client, document, credentialStatus={"type": "BitstringStatusListEntry"})
    first = signed["credentialStatus"][0]
    body = {"credentialId": signed["id"], "credentialStatus": first, "status": True}
    assert client.post("/credentials/status", json=body).status_code == 200
    assert f"{BASE_URL}/errors/credential-withdrawn" in [one["type"] for one in verify(client, signed)["warnings"]]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"mandatoryPointers": ["/issuer"]}, "option-unknown"),
        ({"challenge": "x"}, "option-unknown"),
        ({"created": "2026-01-01T00:00:00Z"}, "option-unknown"),
        ({"verificationMethod": "did:key:z#z"}, "option-unknown"),
        ({"cryptosuite": "ecdsa-sd-2023"}, "offer-refused"),
        ({"cryptosuite": "bbs-2023"}, "offer-refused"),
        ({"cryptosuite": 7}, "offer-refused"),
        ({"cryptosuite": ["eddsa-rdfc-2022"]}, "offer-refused"),
        ({"cryptosuite": "eddsa-rdfc-2022", "mediaType": "application/vc+jwt"}, "offer-refused"),
        ({"mediaType": "text/plain"}, "offer-refused"),
        ({"proofPurpose": "authentication"}, "offer-refused"),
        ({"type": "Ed25519Signature2018"}, "offer-refused"),
        ({"credentialStatus": {"type": "StatusList2021Entry"}}, "offer-refused"),
        ({"credentialStatus": "yes"}, "offer-refused"),
    ],
    ids=str,
)
def test_options_that_cannot_be_met_are_400(client: FlaskClient, options: Any, code: str) -> None:
    answer = issue(client, credential(), **options)
    assert (answer.status_code, answer.json["code"]) == (400, code)


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": None},
        {"@context": 4},
        {"@context": [{"foo": True}, 4, False, None]},
        {"@context": ["https://elsewhere.example/v1", V2]},
        {"@context": [V2, "https://elsewhere.example/unheard-of"]},
        {"type": None},
        {"type": 4},
        {"type": [2, None, {"foo": True}, False]},
        {"type": ["Thing"]},
        {"issuer": 4},
        {"issuer": []},
        {"issuer": {}},
        {"issuer": "did:web:credentials.example"},
        {"issuer": {"id": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}},
        {"credentialSubject": None},
        {"credentialSubject": {}},
        {"credentialSubject": []},
        {"credentialSubject": [None, True, 4]},
        {"credentialSubject": "did:example:subject"},
        {"validFrom": "yesterday"},
        {"validFrom": "2026-02-01T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
        {"credentialStatus": {"id": "urn:x"}},
        {"proof": {"type": "DataIntegrityProof"}},
        {"undefined term": "x"},
        {"id": "student 17"},
    ],
    ids=str,
)
def test_what_is_no_credential_is_400(client: FlaskClient, changes: Any) -> None:
    answer = issue(client, credential(**changes))
    assert answer.status_code == 400, answer.text


def test_no_key_is_wanted_and_no_session_made(client: FlaskClient) -> None:
    answer = issue(client, credential())
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_other_calls_still_want_a_key(client: FlaskClient) -> None:
    assert client.post("/api/v1/credentials", json={}).status_code == 401


# Beside real issuers -------------------------------------------------------------------------------------------------


def test_a_sandbox_keeps_its_issuers_from_one_run_to_the_next(tmp_path: Path) -> None:
    first = open_sandbox(tmp_path / "data")
    dids = [one.did for one in first.issuer.issuers()]
    first.close()
    again = open_sandbox(tmp_path / "data")
    assert [one.did for one in again.issuer.issuers()] == dids
    assert {one.sandbox for one in again.issuer.issuers()} == {True}
    assert set(dids) <= again.policy().sandbox
    again.close()


def test_a_sandbox_refuses_the_folder_of_a_real_service(tmp_path: Path) -> None:
    open_service(load_settings(data_dir=tmp_path / "data", base_url=BASE_URL)).close()
    with pytest.raises(FolderIsReal):
        open_sandbox(tmp_path / "data")


def test_a_real_service_refuses_the_folder_of_a_sandbox(tmp_path: Path) -> None:
    open_sandbox(tmp_path / "data").close()
    with pytest.raises(FolderIsSandbox):
        open_service(load_settings(data_dir=tmp_path / "data", base_url=BASE_URL))


def test_a_sandbox_refuses_a_database_with_a_real_issuer(tmp_path: Path) -> None:
    real = open_service(load_settings(data_dir=tmp_path / "real", base_url=BASE_URL))
    real.issuer.create_issuer("acme", "Acme Ltd")
    address = real.settings.database
    real.close()
    with pytest.raises(FolderIsReal, match="acme"):
        open_sandbox(tmp_path / "sandbox", database_url=address)


def test_whoever_only_reads_a_sandbox_sees_tests(tmp_path: Path) -> None:
    opened = open_sandbox(tmp_path / "data")
    signed = issued(create_app(opened).test_client(), credential())
    opened.close()
    reading = read_service(load_settings(data_dir=tmp_path / "data"))
    assert reading.verify(signed).state == "TEST"
    reading.close()


def test_the_keys_are_in_the_folder_of_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(sandbox=True)
    assert settings.keys_path == settings.data_dir / "keys"
