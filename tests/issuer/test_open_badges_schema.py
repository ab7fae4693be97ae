"""Everything that is issued keeps to the Open Badges 3.0 JSON schema, in every secured form.

Issuers that suspend are the exception: two status entries are an array, which the schema does not know and VC Data
Model 2.0 section 4.10 allows. That is all that is wrong with them.
"""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from credentials.core import base64url, strict_json
from credentials.issuer.bulk.events import RowReady
from credentials.issuer.bulk.plan import plan, read
from credentials.issuer.draft import Deliverable, Draft
from credentials.issuer.lookup import released
from credentials.issuer.offered import offer
from credentials.store.credentials import SecuredForm
from credentials.web.composition import Service, open_service
from credentials.web.settings import load_settings
from tests.drafts import numbered_draft

TESTS = Path(__file__).parents[1]
SCHEMA = json.loads(
    (TESTS / "vectors" / "open_badges_v3p0_achievementcredential_schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)

WHOLE = ("application/vc", "application/vc+jwt")

FULL = numbered_draft(1)
BARE = Draft(
    recipient_name="Ana Souza",
    recipient_email=None,
    project_title="Customer survey report",
    summary="Interviewed 20 customers.",
    deliverables=(Deliverable("Report"),),
    skills=(),
    started_on=date(2026, 2, 2),
    ended_on=date(2026, 3, 6),
    hours=None,
    supervisor_name="Kim Larsen",
    supervisor_words=None,
    evidence_url=None,
)
VARIANTS = {
    "bare": BARE,
    "full": FULL,
    "one day": replace(BARE, ended_on=BARE.started_on),
    "half an hour": replace(BARE, hours=Decimal("0.5")),
    "expires": replace(BARE, valid_until=datetime(2099, 1, 1, 12, 30, 15, 999, tzinfo=UTC)),
    "role": replace(BARE, role="Analyst"),
    "e-mail": replace(BARE, recipient_email="ana@mail.example"),
    "words": replace(BARE, supervisor_words="Careful,\nand quick."),
    "endorsed words": replace(BARE, supervisor_words="Careful,\nand quick.", endorse=True),
    "evidence": replace(BARE, evidence_url="https://files.example/work"),
    "every visibility": replace(
        BARE,
        deliverables=(
            Deliverable("Open", "public", "https://files.example/1"),
            Deliverable("Open again", "public", "https://files.example/1"),
            Deliverable("By link", "link", "https://files.example/2"),
            Deliverable("Secret", "confidential"),
        ),
    ),
    "files": replace(
        BARE,
        deliverables=(
            Deliverable("Open", "public", "https://files.example/1", "sha384-" + "A" * 64, "application/pdf", 1),
            Deliverable("By link", "link", "https://files.example/2", "sha384-" + "B" * 64, "text/plain", 12),
            Deliverable("Secret", "confidential", None, "sha384-" + "C" * 64, "image/png", 123),
        ),
    ),
    "other scripts": replace(BARE, recipient_name="李小龍", project_title="Отчёт", summary="नमस्ते दुनिया"),
    "many skills": replace(BARE, skills=tuple(f"Skill {number}" for number in range(20))),
}


def opened(folder: Path, *, suspends: bool = False, algorithm: Any = "Ed25519") -> Service:
    service = open_service(load_settings(data_dir=folder, base_url="https://credentials.example"))
    service.issuer.create_issuer("acme", "Acme Ltd", "https://acme.example", suspends=suspends, algorithm=algorithm)
    return service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return opened(tmp_path_factory.mktemp("schema") / "data")


def documents(service: Service, credential_id: str) -> list[dict[str, Any]]:
    """What each secured form says as JSON that has the whole credential in it as the data model spells it."""
    forms = released(service.issuer.means, credential_id)
    return [_document(form) for form in forms if form.media_type in WHOLE]


def _document(form: SecuredForm) -> dict[str, Any]:
    body = form.body if form.body.startswith(b"{") else base64url.decode(form.body.split(b".")[1])
    return strict_json.parse_object(body, max_bytes=1 << 20)


def faults(document: Any) -> list[str]:
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def check(service: Service, draft: Any) -> None:
    found = documents(service, service.issuer.issue("acme", draft).id)
    assert len(found) >= 2
    for document in found:
        assert faults(document) == []
        assert isinstance(document["credentialStatus"], dict)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_kind_of_draft(service: Service, name: str) -> None:
    check(service, VARIANTS[name])


@pytest.mark.parametrize("name", ["finished.csv", "finished-spreadsheet.csv"])
def test_every_row_of_the_sample_files(service: Service, name: str) -> None:
    drafts = [verdict.draft for verdict in read(plan(TESTS / "data" / name)) if isinstance(verdict, RowReady)]
    assert drafts
    for draft in drafts:
        check(service, draft)


@pytest.mark.parametrize("algorithm", ["P-256"])
def test_under_another_key(tmp_path: Path, algorithm: str) -> None:
    check(opened(tmp_path / "data", algorithm=algorithm), FULL)


def test_what_a_program_offers(service: Service) -> None:
    issuer = service.issuer.issuer("acme")
    offered = {
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": "Ana Souza"}
            ],
            "achievement": {
                "type": ["Achievement"],
                "name": "Survey",
                "description": "Twenty interviews.",
                "criteria": {"narrative": "Accepted."},
            },
        },
    }
    check(service, offer(offered, issuer))


def test_two_status_entries_are_all_that_is_wrong_with_an_issuer_that_suspends(tmp_path: Path) -> None:
    service = opened(tmp_path / "data", suspends=True)
    for document in documents(service, service.issuer.issue("acme", FULL).id):
        assert {fault.partition(":")[0] for fault in faults(document)} == {"credentialStatus"}
        assert faults(document | {"credentialStatus": document["credentialStatus"][0]}) == []


# The schema itself, so that its silence means something ---------------------------------------------------------------

BREAKS: list[tuple[str, Any]] = [
    ("@context", ["https://www.w3.org/ns/credentials/v2"]),
    ("@context", ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://www.w3.org/ns/credentials/v2"]),
    ("id", None),
    ("id", 7),
    ("type", "AchievementCredential"),
    ("type", ["AchievementCredential"]),
    ("type", ["VerifiableCredential"]),
    ("name", ["a"]),
    ("issuer", None),
    ("issuer.type", ["Organization"]),
    ("issuer.id", None),
    ("validFrom", None),
    ("validFrom", "2026-01-01"),
    ("validUntil", "soon"),
    ("awardedDate", 1_700_000_000),
    ("credentialSubject", None),
    ("credentialSubject", []),
    ("credentialSubject.type", ["Person"]),
    ("credentialSubject.achievement", None),
    ("credentialSubject.activityStartDate", "2026-01-01"),
    ("credentialSubject.identifier", {}),
    ("credentialSubject.identifier.0.note", "x"),
    ("credentialSubject.identifier.0.identityType", "nickname"),
    ("credentialSubject.identifier.0.hashed", "no"),
    ("credentialSubject.identifier.0.identityHash", None),
    ("credentialSubject.source.id", None),
    ("credentialSubject.result.0.type", None),
    ("credentialSubject.result.0.value", 30),
    ("credentialSubject.achievement.criteria", None),
    ("credentialSubject.achievement.criteria", "Accepted."),
    ("credentialSubject.achievement.achievementType", "Internship"),
    ("credentialSubject.achievement.id", None),
    ("credentialSubject.achievement.description", None),
    ("credentialSubject.achievement.tag", "SQL"),
    ("credentialSubject.achievement.resultDescription.0.resultType", "Hours"),
    ("credentialSubject.achievement.resultDescription.0.name", None),
    ("evidence", {}),
    ("evidence.0.type", ["File"]),
    ("credentialStatus", []),
    ("credentialStatus.id", None),
    ("proof", {}),
    ("proof.0.type", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def good(service: Service) -> dict[str, Any]:
    found = documents(service, service.issuer.issue("acme", FULL).id)
    return next(document for document in found if "proof" in document)


@pytest.mark.parametrize(("path", "value"), BREAKS, ids=lambda value: str(value)[:50])
def test_the_schema_sees_what_breaks_it(good: dict[str, Any], path: str, value: Any) -> None:
    document = deepcopy(good)
    *steps, last = path.split(".")
    node: Any = document
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    assert faults(document) != []
