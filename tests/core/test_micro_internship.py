"""A finished micro-internship read back from a credential, ours or another issuer's."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from credentials.core.achievement import (
    HOURS,
    RAW_SCORE,
    AchievementCredential,
    Alignment,
    Evidence,
    Profile,
    Result,
    ResultDescription,
    named,
)
from credentials.core.micro_internship import (
    AUDIENCES,
    DELIVERABLE,
    EVIDENCE_LINK,
    SUPERVISOR_WORDS,
    Delivered,
    Skill,
    completed_work,
    web_link,
)


def with_subject(credential: AchievementCredential, **changes: Any) -> AchievementCredential:
    subject = msgspec.structs.replace(credential.credential_subject, **changes)
    return msgspec.structs.replace(credential, credential_subject=subject)


def with_work(credential: AchievementCredential, **changes: Any) -> AchievementCredential:
    work = msgspec.structs.replace(credential.credential_subject.achievement, **changes)
    return with_subject(credential, achievement=work)


def test_everything_in_its_place(internship: AchievementCredential) -> None:
    work = completed_work(internship)
    assert (work.person, work.title, work.summary) == ("Zoë Okonkwo", "Survey of shops", "Twenty interviews.")
    assert (work.started, work.ended) == (date(2026, 2, 2), date(2026, 3, 13))
    assert (work.hours, work.role, work.supervisor) == ("37.5", "Research intern", "Marit Dahl")
    assert work.skills == (Skill("retail"), Skill("Statistics", "https://skills.example/s"))
    assert work.deliverables == (Delivered("Report", "public", "https://credentials.example/e/1"),)
    assert (work.issuer_name, work.issuer_url) == ("Nordlys", "https://nordlys.example")
    assert work.issuer_id == internship.issuer_profile.id
    assert work.issued == datetime(2026, 3, 16, tzinfo=UTC)
    assert (work.words, work.evidence_url) == (None, None)


def test_the_least_there_can_be(internship: AchievementCredential) -> None:
    bare = with_subject(
        msgspec.structs.replace(internship, evidence=(), issuer="did:web:a.example", valid_until=None),
        identifier=(),
        result=(),
        source=None,
        role=None,
        activity_start_date=None,
        activity_end_date=None,
    )
    work = completed_work(with_work(bare, alignment=(), tag=()))
    assert (work.person, work.started, work.ended, work.hours, work.role) == (None, None, None, None, None)
    assert (work.supervisor, work.skills, work.deliverables, work.valid_until) == (None, (), (), None)
    assert (work.issuer_id, work.issuer_name, work.issuer_url) == ("did:web:a.example", None, None)


def test_the_supervisors_words_are_no_deliverable(internship: AchievementCredential) -> None:
    spoken = Evidence(name="Marit Dahl", genre=SUPERVISOR_WORDS, narrative="Careful work.")
    link = Evidence(id="https://a.example/all", genre=EVIDENCE_LINK)
    work = completed_work(msgspec.structs.replace(internship, evidence=(spoken, link)))
    assert (work.words, work.evidence_url, work.deliverables) == ("Careful work.", "https://a.example/all", ())


def test_who_spoke_stands_in_for_a_missing_source(internship: AchievementCredential) -> None:
    spoken = Evidence(name="Marit Dahl", genre=SUPERVISOR_WORDS, narrative="Careful work.")
    for source in (None, Profile(id="urn:uuid:s")):
        credential = with_subject(msgspec.structs.replace(internship, evidence=(spoken,)), source=source)
        assert completed_work(credential).supervisor == "Marit Dahl"


@pytest.mark.parametrize("shown", sorted(AUDIENCES))
def test_who_may_see_a_deliverable(shown: Any, internship: AchievementCredential) -> None:
    item = Evidence(name="Data", genre=DELIVERABLE, audience=AUDIENCES[shown])
    (delivered,) = completed_work(msgspec.structs.replace(internship, evidence=(item,))).deliverables
    assert delivered.shown == shown


def test_a_day_is_that_of_its_author(internship: AchievementCredential) -> None:
    east = datetime(2026, 2, 2, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    assert completed_work(with_subject(internship, activity_start_date=east)).started == date(2026, 2, 2)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a",
        "//a.example",
        "urn:uuid:x",
        " https://a",
        "did:web:a",
    ],
)
def test_only_web_links_are_followed(address: str | None, internship: AchievementCredential) -> None:
    assert web_link(address) is None
    evil = Alignment(target_name="Evil", target_url=address or "x")
    item = Evidence(id=address, name="Evil", genre=DELIVERABLE)
    link = Evidence(id=address, genre=EVIDENCE_LINK)
    credential = msgspec.structs.replace(
        with_work(internship, alignment=(evil,), tag=()),
        evidence=(item, link),
        issuer=Profile(id="did:web:a.example", url=address),
    )
    work = completed_work(credential)
    assert (work.skills[0].url, work.deliverables[0].url, work.evidence_url, work.issuer_url) == (None,) * 4


def test_a_link_is_kept_as_it_was_written() -> None:
    assert web_link("HTTPS://A.example/X") == "HTTPS://A.example/X"
    assert web_link("http://a.example") == "http://a.example"


def test_evidence_of_others_is_shown_by_whatever_names_it(internship: AchievementCredential) -> None:
    evidence = (
        Evidence(id="https://a.example/1"),
        Evidence(genre="Portfolio"),
        Evidence(narrative="nameless"),
        Evidence(name="Talk", audience="Everyone", description="Half an hour"),
    )
    work = completed_work(msgspec.structs.replace(internship, evidence=evidence))
    assert [item.name for item in work.deliverables] == ["https://a.example/1", "Portfolio", "Talk"]
    assert work.deliverables[2] == Delivered("Talk", "public", None, "Half an hour")


def test_no_order_is_shown_and_nothing_twice(internship: AchievementCredential) -> None:
    """An array has neither order nor copies that a signature over its meaning would cover."""
    one, two = Evidence(id="https://a.example/1", name="Slides"), Evidence(id="https://a.example/2", name="report")
    expected = completed_work(msgspec.structs.replace(with_work(internship, tag=("b", "A")), evidence=(one, two)))
    assert [item.name for item in expected.deliverables] == ["report", "Slides"]
    assert [skill.name for skill in expected.skills] == ["A", "b", "Statistics"]
    for tags, evidence in (((("A", "b")), (two, one)), (("b", "A", "b"), (one, two, one))):
        changed = msgspec.structs.replace(with_work(internship, tag=tags), evidence=evidence)
        assert completed_work(changed) == expected


def test_a_skill_in_a_framework_and_as_a_tag_is_one(internship: AchievementCredential) -> None:
    assert [skill.name for skill in completed_work(with_work(internship, tag=("Statistics", "x"))).skills] == [
        "Statistics",
        "x",
    ]


def named_twice(credential: AchievementCredential, *names: str) -> AchievementCredential:
    return with_subject(credential, identifier=tuple(named(name) for name in names))


@pytest.mark.parametrize(
    ("names", "shown"),
    [(("Bob", "Alice"), "Alice / Bob"), (("Alice", "Bob"), "Alice / Bob"), (("Ana", "Ana"), "Ana"), ((), None)],
)
def test_no_name_hides_another(names: tuple[str, ...], shown: str | None, internship: AchievementCredential) -> None:
    assert completed_work(named_twice(internship, *names)).person == shown


def several(internship: AchievementCredential) -> AchievementCredential:
    """Two of everything that there should be one of."""
    twice = (
        Evidence(name="Marit Dahl", genre=SUPERVISOR_WORDS, narrative="Careful work."),
        Evidence(name="Ole Dahl", genre=SUPERVISOR_WORDS, narrative="Late, and wrong."),
        Evidence(id="https://a.example/all", genre=EVIDENCE_LINK),
        Evidence(id="https://b.example/all", genre=EVIDENCE_LINK),
    )
    hours = tuple(ResultDescription(id=f"urn:uuid:{number}", name=HOURS, result_type=RAW_SCORE) for number in range(2))
    results = tuple(Result(result_description=f"urn:uuid:{number}", value=f"{60 + number}") for number in range(2))
    described = with_work(internship, result_description=hours)
    return msgspec.structs.replace(
        with_subject(named_twice(described, "Alice", "Bob"), result=results, source=None), evidence=twice
    )


def turned(credential: AchievementCredential) -> AchievementCredential:
    """The same statements in the other order."""
    subject = credential.credential_subject
    turned_about = with_subject(credential, result=subject.result[::-1], identifier=subject.identifier[::-1])
    return msgspec.structs.replace(turned_about, evidence=credential.evidence[::-1])


def test_of_several_all_are_told(internship: AchievementCredential) -> None:
    work = completed_work(several(internship))
    assert work.words == "Careful work.\n\nLate, and wrong."
    assert (work.supervisor, work.hours) == ("Marit Dahl / Ole Dahl", "60 / 61")
    assert work.evidence_url is None
    assert {item.url for item in work.deliverables} == {"https://a.example/all", "https://b.example/all"}


@pytest.mark.parametrize("told", ["person", "hours", "words", "supervisor", "evidence_url"])
def test_what_is_told_does_not_depend_on_what_stands_first(told: str, internship: AchievementCredential) -> None:
    credential = several(internship)
    assert getattr(completed_work(credential), told) == getattr(completed_work(turned(credential)), told)


def test_one_link_given_twice_is_one(internship: AchievementCredential) -> None:
    link = Evidence(id="https://a.example/all", genre=EVIDENCE_LINK)
    work = completed_work(msgspec.structs.replace(internship, evidence=(link, link)))
    assert (work.evidence_url, work.deliverables) == ("https://a.example/all", ())
