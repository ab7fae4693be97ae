"""What the core's tests share: who signs, and what is signed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core import achievement
from credentials.core.credential import CONTEXT_V2, StatusEntry
from tests.core.parties import BASE, Party, ed25519_party, ml_dsa_party, p256_party, rsa_party


@pytest.fixture(scope="session")
def issuer() -> Party:
    return ed25519_party()


@pytest.fixture(scope="session")
def stranger() -> Party:
    return ed25519_party(b"\x02" * 32)


@pytest.fixture(scope="session", params=["Ed25519", "P-256", "RSA", "ML-DSA-44"])
def any_party(request: pytest.FixtureRequest) -> Party:
    parties = {"Ed25519": ed25519_party, "P-256": p256_party, "RSA": rsa_party, "ML-DSA-44": ml_dsa_party}
    return parties[request.param]()


@pytest.fixture
def plain(issuer: Party) -> dict[str, Any]:
    """The smallest credential that vc+jwt can carry whole."""
    return {
        "@context": [CONTEXT_V2],
        "id": f"{BASE}/c/1",
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "validFrom": "2026-03-16T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:person", "name": "Zoë Okonkwo"},
    }


@pytest.fixture
def internship(issuer: Party) -> achievement.AchievementCredential:
    """A finished micro-internship with every part that we write."""
    hours = achievement.ResultDescription(id="urn:uuid:hours", name="Hours", result_type="RawScore")
    levels = (achievement.RubricCriterionLevel(id="urn:uuid:level-3", name="Independent", level="3"),)
    rated = achievement.ResultDescription(
        id="urn:uuid:writing", name="Writing", result_type="RubricCriterionLevel", rubric_criterion_level=levels
    )
    skill = achievement.Alignment(
        target_name="Statistics", target_url="https://skills.example/s", target_type="ceasn:Competency"
    )
    work = achievement.Achievement(
        id="urn:uuid:work",
        name="Survey of shops",
        description="Twenty interviews.",
        criteria=achievement.Criteria(narrative="Report and data accepted."),
        achievement_type=achievement.FIELDWORK,
        alignment=(skill,),
        result_description=(hours, rated),
        tag=("retail",),
    )
    subject = achievement.AchievementSubject(
        id="urn:uuid:person",
        identifier=(achievement.named("Zoë Okonkwo"), achievement.hashed_email("zoe@mail.example", "pepper")),
        activity_start_date=datetime(2026, 2, 2, tzinfo=UTC),
        activity_end_date=datetime(2026, 3, 13, tzinfo=UTC),
        role="Research intern",
        narrative="Planned and held the interviews.",
        result=(
            achievement.Result(result_description="urn:uuid:hours", value="37.5"),
            achievement.Result(result_description="urn:uuid:writing", achieved_level="urn:uuid:level-3"),
        ),
        source=achievement.Profile(id="urn:uuid:supervisor", name="Marit Dahl"),
        achievement=work,
    )
    return achievement.AchievementCredential(
        id=f"{BASE}/c/1",
        name="Survey of shops",
        issuer=achievement.Profile(id=issuer.did, name="Nordlys", url="https://nordlys.example"),
        valid_from=datetime(2026, 3, 16, tzinfo=UTC),
        valid_until=datetime(2031, 3, 16, tzinfo=UTC),
        credential_subject=subject,
        evidence=(
            achievement.Evidence(
                id=f"{BASE}/e/1", name="Report", genre="Deliverable", audience="public", digest_sri="sha384-AAAA"
            ),
        ),
        credential_status=StatusEntry(
            id=f"{BASE}/status/1#5",
            type="BitstringStatusListEntry",
            status_purpose="revocation",
            status_list_index="5",
            status_list_credential=f"{BASE}/status/1",
            status_reference=f"{BASE}/c/1/status",
        ),
    )
