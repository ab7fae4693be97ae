"""Open Badges 3.0: exact serialisation, strict parsing."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.achievement import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Criteria,
    Evidence,
    Image,
    Profile,
    hashed_email,
    is_email_of,
    located,
    named,
    parse_achievement,
    to_bytes,
)
from credentials.core.credential import CONTEXT_V1, StatusEntry, parse_credential
from credentials.core.errors import ConflictingObjects, CredentialError, NotAnAchievement


@pytest.fixture
def document(internship: AchievementCredential) -> dict[str, Any]:
    return strict_json.parse_object(to_bytes(internship), max_bytes=100_000)


def test_there_and_back(internship: AchievementCredential, document: dict[str, Any]) -> None:
    assert parse_achievement(document) == internship
    assert to_bytes(parse_achievement(document)) == to_bytes(internship)
    assert parse_credential(document).subject_id == "urn:uuid:person"


def test_the_members_and_their_order(document: dict[str, Any]) -> None:
    assert list(document) == [
        "@context",
        "id",
        "type",
        "name",
        "issuer",
        "validFrom",
        "validUntil",
        "credentialSubject",
        "evidence",
        "credentialStatus",
    ]
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["@context"][1] == "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    assert document["validFrom"] == "2026-03-16T00:00:00Z"
    subject = document["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert subject["activityStartDate"] == "2026-02-02T00:00:00Z"
    assert subject["achievement"]["type"] == ["Achievement"]
    assert subject["achievement"]["achievementType"] == "Fieldwork"
    assert document["evidence"][0]["digestSRI"] == "sha384-AAAA"


def test_an_identity_has_exactly_these_members(document: dict[str, Any]) -> None:
    name, email = document["credentialSubject"]["identifier"]
    assert name == {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": "Zoë Okonkwo"}
    assert email == {
        "type": "IdentityObject",
        "identityType": "emailAddress",
        "hashed": True,
        "identityHash": "sha256$" + hashlib.sha256(b"zoe@mail.examplepepper").hexdigest(),
        "salt": "pepper",
    }


def test_nothing_absent_is_written(internship: AchievementCredential) -> None:
    assert b"null" not in to_bytes(internship)
    bare = msgspec.structs.replace(internship, evidence=(), credential_status=None, valid_until=None, name=None)
    assert set(json.loads(to_bytes(bare))) == {"@context", "id", "type", "issuer", "validFrom", "credentialSubject"}


def test_one_status_is_an_object_and_two_are_an_array(internship: AchievementCredential) -> None:
    assert isinstance(json.loads(to_bytes(internship))["credentialStatus"], dict)
    entry = internship.credential_status
    assert isinstance(entry, StatusEntry)
    suspension = msgspec.structs.replace(entry, id="https://a.example/2#9", status_purpose="suspension")
    two = msgspec.structs.replace(internship, credential_status=(entry, suspension))
    written = json.loads(to_bytes(two))
    assert [status["statusPurpose"] for status in written["credentialStatus"]] == ["revocation", "suspension"]
    assert parse_achievement(written) == two


def test_what_a_reader_asks_for(internship: AchievementCredential) -> None:
    subject = internship.credential_subject
    assert (subject.name, subject.hours) == ("Zoë Okonkwo", "37.5")
    assert internship.issuer_profile.name == "Nordlys"


def test_what_is_not_there_is_none(internship: AchievementCredential) -> None:
    subject = internship.credential_subject
    hashed = msgspec.structs.replace(named("x"), hashed=True)
    bare = msgspec.structs.replace(subject, identifier=(hashed,), result=())
    assert (bare.name, bare.hours) == (None, None)
    by_id = msgspec.structs.replace(internship, issuer="did:web:a.example")
    assert by_id.issuer_profile == Profile(id="did:web:a.example")


def test_a_salted_hash_knows_its_address_only() -> None:
    identity = hashed_email("zoe@mail.example", "pepper")
    assert is_email_of(identity, "zoe@mail.example")
    assert not is_email_of(identity, "Zoe@mail.example")
    assert not is_email_of(identity, "zoe@mail.examplepepper")
    assert not is_email_of(named("zoe@mail.example"), "zoe@mail.example")
    assert identity != hashed_email("zoe@mail.example", "salt")
    assert "zoe" not in identity.identity_hash


def test_members_we_do_not_know_are_passed_over(internship: AchievementCredential, document: dict[str, Any]) -> None:
    document |= {"endorsement": [{"id": "urn:e"}], "termsOfUse": [{"type": "X"}], "unknown": 7}
    document["credentialSubject"]["achievement"]["otherIdentifier"] = [{"type": "x"}]
    assert parse_achievement(document) == internship


def test_other_spellings_of_others(document: dict[str, Any]) -> None:
    document["type"] = ["VerifiableCredential", "OpenBadgeCredential"]
    document["issuer"] = "did:web:a.example"
    document["image"] = "https://a.example/i.png"
    document["credentialSubject"]["achievement"]["image"] = {"id": "https://a.example/i.png", "type": "Image"}
    document["validFrom"] = "2026-03-16T01:00:00+01:00"
    credential = parse_achievement(document)
    assert credential.valid_from == datetime(2026, 3, 16, tzinfo=UTC)
    assert credential.credential_subject.achievement.image == Image(id="https://a.example/i.png")


def at(path: str) -> tuple[list[str], str]:
    *parents, last = path.strip("/").split("/")
    return parents, last


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/type", "AchievementCredential"),
        ("/type", ["VerifiableCredential"]),
        ("/type", [7]),
        ("/id", None),
        ("/id", ""),
        ("/issuer", None),
        ("/issuer", {}),
        ("/issuer", []),
        ("/issuer/id", 7),
        ("/issuer/name", ["x"]),
        ("/issuer/type", "Profile"),
        ("/validFrom", None),
        ("/validFrom", "2026-03-16"),
        ("/validFrom", "2026-03-16T00:00:00"),
        ("/validUntil", 5),
        ("/name", 7),
        ("/credentialSubject", None),
        ("/credentialSubject", []),
        ("/credentialSubject/type", []),
        ("/credentialSubject/type", ["Person"]),
        ("/credentialSubject/id", 7),
        ("/credentialSubject/identifier", {}),
        ("/credentialSubject/identifier", [{}]),
        ("/credentialSubject/identifier", [{"identityType": "name", "identityHash": "x"}]),
        ("/credentialSubject/identifier", [{"identityType": "name", "identityHash": "x", "hashed": "no"}]),
        ("/credentialSubject/identifier", [{"identityType": "name", "identityHash": "", "hashed": False}]),
        ("/credentialSubject/activityStartDate", "2026-02-02"),
        ("/credentialSubject/activityEndDate", "soon"),
        ("/credentialSubject/role", 1),
        ("/credentialSubject/result", [{"value": 60}]),
        ("/credentialSubject/source", "Marit Dahl"),
        ("/credentialSubject/source", {"name": "Marit Dahl"}),
        ("/credentialSubject/achievement", None),
        ("/credentialSubject/achievement", "urn:uuid:work"),
        ("/credentialSubject/achievement/id", None),
        ("/credentialSubject/achievement/type", ["Other"]),
        ("/credentialSubject/achievement/name", ""),
        ("/credentialSubject/achievement/description", None),
        ("/credentialSubject/achievement/criteria", "done"),
        ("/credentialSubject/achievement/alignment", [{"targetName": "x"}]),
        ("/credentialSubject/achievement/alignment", [{"targetUrl": "x:y"}]),
        ("/credentialSubject/achievement/alignment", {"targetName": "x", "targetUrl": "x:y"}),
        ("/credentialSubject/achievement/resultDescription", [{"id": "urn:x", "name": "x"}]),
        ("/credentialSubject/achievement/tag", "retail"),
        ("/evidence", {}),
        ("/evidence", ["https://a.example"]),
        ("/evidence", [{"name": 7}]),
        ("/credentialStatus", "x"),
        ("/credentialStatus", {"id": "x:y"}),
        ("/@context", "https://www.w3.org/ns/credentials/v2"),
    ],
)
def test_what_is_no_achievement_is_refused_by_name(path: str, value: Any, document: dict[str, Any]) -> None:
    parents, last = at(path)
    target = document
    for name in parents:
        target = target[name]
    target[last] = value
    with pytest.raises(NotAnAchievement) as caught:
        parse_achievement(document)
    assert caught.value.where.startswith(path.rsplit("/", 1)[0] or "/")


@pytest.mark.parametrize(
    "path",
    [
        "/id",
        "/issuer",
        "/validFrom",
        "/credentialSubject",
        "/type",
        "/credentialSubject/achievement",
        "/credentialSubject/achievement/id",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/criteria",
        "/credentialSubject/achievement/description",
    ],
)
def test_what_is_required(path: str, document: dict[str, Any]) -> None:
    parents, last = at(path)
    target = document
    for name in parents:
        target = target[name]
    del target[last]
    with pytest.raises(NotAnAchievement):
        parse_achievement(document)


def test_an_open_badge_on_version_1_1_holds_by_the_names_of_that_version(document: dict[str, Any]) -> None:
    older = {name: value for name, value in document.items() if name not in ("validFrom", "validUntil")}
    older |= {"@context": [CONTEXT_V1, document["@context"][1]], "issuanceDate": "2026-03-16T00:00:00Z"}
    read = parse_achievement(older | {"expirationDate": "2027-03-16T00:00:00Z"})
    assert (read.valid_from, read.valid_until) == (
        datetime(2026, 3, 16, tzinfo=UTC),
        datetime(2027, 3, 16, tzinfo=UTC),
    )
    with pytest.raises(NotAnAchievement, match="validFrom"):
        parse_achievement(older | {"@context": document["@context"]})


def test_a_subject_nobody_can_recognise(document: dict[str, Any]) -> None:
    del document["credentialSubject"]["id"]
    assert parse_achievement(document).credential_subject.name == "Zoë Okonkwo"
    del document["credentialSubject"]["identifier"]
    with pytest.raises(NotAnAchievement, match="neither"):
        parse_achievement(document)


def test_what_is_said_twice_is_merged_before_it_is_shown(document: dict[str, Any]) -> None:
    document["credentialSubject"]["achievement"]["creator"] = {
        "id": document["issuer"]["id"],
        "type": ["Profile"],
        "email": "x@a.example",
    }
    assert parse_achievement(document).issuer_profile.email == "x@a.example"


def test_a_second_name_for_the_issuer_is_refused(document: dict[str, Any]) -> None:
    document["credentialSubject"]["source"] = {"id": document["issuer"]["id"], "name": "Someone famous"}
    with pytest.raises(ConflictingObjects):
        parse_achievement(document)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Expected `str`, got `int` - at `$.a.b`", ("Expected `str`, got `int`", "/a/b")),
        ("x - at `$.a[0].b[12]`", ("x", "/a/0/b/12")),
        ("x - at `$`", ("x", "")),
        ("no place", ("no place", "")),
    ],
)
def test_where_a_fault_is(message: str, expected: tuple[str, str]) -> None:
    assert located(message) == expected


TEXT = st.text(min_size=1, max_size=20)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    name=TEXT,
    narrative=st.text(max_size=50),
    when=INSTANTS,
    tags=st.lists(TEXT, max_size=3),
    evidence=st.lists(TEXT, max_size=3),
)
def test_any_words_come_back_as_they_were(
    name: str, narrative: str, when: datetime, tags: list[str], evidence: list[str]
) -> None:
    credential = AchievementCredential(
        id="urn:uuid:c",
        issuer=Profile(id="did:web:a.example", name=name),
        valid_from=when,
        credential_subject=AchievementSubject(
            identifier=(named(name),),
            narrative=narrative,
            achievement=Achievement(
                id="urn:uuid:a", name=name, description=narrative, criteria=Criteria(), tag=tuple(tags)
            ),
        ),
        evidence=tuple(Evidence(name=item) for item in evidence),
    )
    data = to_bytes(credential)
    assert parse_achievement(strict_json.parse_object(data, max_bytes=100_000)) == credential
    assert strict_json.dump(json.loads(data)) == data


def test_another_zone_is_another_spelling_of_the_same_instant(internship: AchievementCredential) -> None:
    east = internship.valid_from.astimezone(timezone(timedelta(hours=1)))
    moved = msgspec.structs.replace(internship, valid_from=east)
    assert parse_achievement(json.loads(to_bytes(moved))) == internship


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("AchievementCredential"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "name", "achievement", "criteria"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["id", "type", "issuer", "validFrom", "credentialSubject", "evidence"]), PARTS))
def test_any_document_gives_an_achievement_or_our_error(document: dict[str, Any]) -> None:
    with pytest.raises(CredentialError):
        parse_achievement(document)


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("name", ["activityStartDate", "activityEndDate"])
def test_a_date_beyond_the_calendar(internship: AchievementCredential, name: str, date: str) -> None:
    document = json.loads(to_bytes(internship))
    document["credentialSubject"][name] = date
    with pytest.raises(NotAnAchievement):
        parse_achievement(document)
    document["credentialSubject"][name] = date.replace("1-01T", "2-01T").replace("31T", "30T")
    document["awardedDate"] = date
    with pytest.raises(NotAnAchievement):
        parse_achievement(document)
