"""References at rest: shown only when agreed, wanted and given by somebody who is there; found by who was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, insert, update
from sqlalchemy.exc import IntegrityError

from credentials.store import awards, references
from credentials.store.awards import Award
from credentials.store.engine import write
from credentials.store.references import Reference, ShownReference, first_name
from credentials.store.tables import engagement, person, submission
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_credential, add_person, engage

ODD = ("", "R-1", "r-1 ", "%", "r__", "r'--")


def refer(own: str, **more: object) -> Reference:
    """A reference that Sue was asked for, for the work of this id."""
    values: dict[str, object] = {"issuer_id": ACME, "person_id": "worker", "supervisor_id": "sue", "state": "agreed"}
    values |= {"shown": True, "asked": 0, "answered": 0, "created_at": NOW, "changed_at": NOW}
    return Reference(engagement_id=own, id=f"r-{own}", **(values | more))  # type: ignore[arg-type]


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two companies, and works 1 to 4 of acme's; the first two became the credentials A and B."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    with write(engine) as connection:
        for own in ("author", "worker", "sue", "tom"):
            add_person(connection, own, f"{own.title()} Berg")
        for own in ("1", "2", "3", "4"):
            engage(connection, own)
        become(connection, "1", "A")
        become(connection, "2", "B")
    return engine


def become(connection: Connection, own: str, credential_id: str) -> None:
    add_credential(connection, credential_id)
    made = Award(
        id=own, issuer_id=ACME, author_id="author", state="signed", form="{}", version=1, created_at=NOW,
        changed_at=NOW, credential_id=credential_id,
    )  # fmt: skip
    awards.add_once(connection, made)
    connection.execute(update(engagement).where(engagement.c.id == own).values(award_id=own))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Sue Berg", "Sue"),
        ("  Sue\tBerg ", "Sue"),
        ("Sue", "Sue"),
        ("", ""),
        ("   ", ""),
        ("\N{NO-BREAK SPACE}Sue\N{NO-BREAK SPACE}Berg", "Sue"),
        ("山田 太郎", "山田"),
        ("S" * 41, "S" * 40),
        ("<b>Sue</b> Berg", "<b>Sue</b>"),
    ],
    ids=repr,
)
def test_the_first_of_a_persons_names(name: str, first: str) -> None:
    assert first_name(name) == first
    assert ShownReference("1", name).first_name == first


def test_work_has_one_reference(kept: Engine) -> None:
    def ask(own: str) -> None:
        with write(kept) as connection:
            references.add(connection, replace(refer("1"), id=own))

    answers = at_once(lambda: ask("x"), lambda: ask("y"))
    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "NoneType"]
    with pytest.raises(IntegrityError), write(kept) as connection:
        references.add(connection, refer("unknown"))


def test_only_who_was_asked_finds_it(kept: Engine) -> None:
    with write(kept) as connection:
        references.add(connection, refer("1"))
        assert references.of_supervisor(connection, "sue", "r-1", lock=True) == refer("1")
        assert references.of_engagement(connection, "1", lock=True) == refer("1")
        assert [references.of_supervisor(connection, who, "r-1") for who in ("tom", "worker", "", "%")] == [None] * 4
        assert [references.of_supervisor(connection, "sue", own) for own in ODD] == [None] * 6
        assert [references.of_engagement(connection, own) for own in ("2", "", "%", "r-1")] == [None] * 4


HIDDEN: dict[str, dict[str, object]] = {
    "asked": {"state": "asked"},
    "declined": {"state": "declined"},
    "revoked": {"state": "revoked"},
    "not shown": {"shown": False},
    "neither": {"state": "revoked", "shown": False},
}


@pytest.mark.parametrize("why", HIDDEN)
def test_a_reference_that_does_not_stand_is_not_shown(kept: Engine, why: str) -> None:
    with write(kept) as connection:
        references.add(connection, refer("1"))
        references.add(connection, refer("2"))
        references.change(connection, refer("1", **HIDDEN[why]))
        assert references.shown_for(connection, "A") is None
        assert references.shown_among(connection, ["A", "B"]) == {"B": ShownReference("2", "Sue Berg")}


def test_somebody_who_is_gone_stands_for_nothing(kept: Engine) -> None:
    with write(kept) as connection:
        references.add(connection, refer("1"))
        references.add(connection, refer("2", supervisor_id="tom"))
        references.add(connection, refer("3"))  # became no credential
        connection.execute(update(person).where(person.c.id == "sue").values(closed_at=NOW))
        found = references.shown_among(connection, ["A", "B", "A", "unknown", "", "%"])
        assert found == {"B": ShownReference("2", "Tom Berg")}
        assert references.shown_among(connection, []) == {}


def test_questions_are_counted_for_one_work_alone(kept: Engine) -> None:
    with write(kept) as connection:
        for own in ("1", "2"):
            references.add(connection, refer(own))
        for _ in range(2):
            references.count(connection, "1", asked=1)
        references.count(connection, "1", answered=1)
        references.count(connection, "unknown", asked=1)
        references.count(connection, "2")
        found = [references.of_engagement(connection, own) for own in ("1", "2")]
        assert found == [refer("1", asked=2, answered=1), refer("2")]


def test_questions_counted_at_once_are_all_counted(kept: Engine) -> None:
    with write(kept) as connection:
        references.add(connection, refer("1"))

    def count() -> None:
        with write(kept) as connection:
            references.count(connection, "1", asked=1)

    assert at_once(*[count] * 4) == [None] * 4
    with write(kept) as connection:
        assert references.of_engagement(connection, "1") == refer("1", asked=4)


def test_what_somebody_was_asked_comes_newest_first(kept: Engine) -> None:
    with write(kept) as connection:
        for own, more in (("3", 0), ("1", 0), ("2", 5)):
            references.add(connection, refer(own, created_at=NOW + more * SECOND))
        references.add(connection, refer("4", supervisor_id="tom"))
        mine = {limit: references.all_of_supervisor(connection, "sue", limit=limit) for limit in (0, 2, 9)}
        assert {limit: [one.engagement_id for one in found] for limit, found in mine.items()} == {
            0: [],
            2: ["2", "1"],
            9: ["2", "1", "3"],
        }
        last = mine[9][1:]
        behind = [
            references.all_of_supervisor(connection, "sue", (NOW, one)) for one in ("", *(row.id for row in last))
        ]
        assert behind == [last, last[1:], []]
        assert [references.all_of_supervisor(connection, own) for own in ("", "worker", "%")] == [[]] * 3


def page(
    connection: Connection, state: str | None = None, before: tuple[datetime, str] | None = None, limit: int = 9
) -> list[str]:
    found = references.page_of_company(connection, ACME, state, before, limit)
    return [one.reference.id for one in found]


def test_pages_of_a_company_leave_nothing_out_and_repeat_nothing(kept: Engine) -> None:
    with write(kept) as connection:
        for own, state, seconds in (("3", "asked", 0), ("1", "agreed", 0), ("2", "asked", 5)):
            references.add(connection, refer(own, state=state, created_at=NOW + seconds * SECOND))
        references.add(connection, refer("4", issuer_id=OTHER, supervisor_id="tom"))
        assert page(connection) == ["r-2", "r-1", "r-3"]
        assert page(connection, "asked") == ["r-2", "r-3"]
        assert [page(connection, state) for state in ("", "ASKED", "unheard of", "%")] == [[]] * 4
        assert page(connection, before=(NOW + 5 * SECOND, "r-2")) == ["r-1", "r-3"]
        assert page(connection, before=(NOW, "r-1")) == ["r-3"]
        assert page(connection, before=(NOW, "r-3")) == page(connection, before=(NOW - DAY, "")) == []
        assert (page(connection, limit=1), page(connection, limit=0)) == (["r-2"], [])
        (theirs,) = references.page_of_company(connection, OTHER, None, None, 9)
        assert (theirs.reference.id, theirs.supervisor) == ("r-4", "Tom Berg")


def submit(connection: Connection, own: str, number: int, who: str | None) -> None:
    values = {"engagement_id": own, "number": number, "issuer_id": ACME, "note": "", "late": False, "created_at": NOW}
    connection.execute(insert(submission).values(**values, agreement_number=1, reviewed_by=who))


@pytest.mark.parametrize(
    ("reviewed", "last"),
    [((), None), ((None,), None), (("sue",), "sue"), (("sue", "tom"), "tom"), (("tom", "sue", None), "sue")],
    ids=repr,
)
def test_the_supervisor_is_whoever_reviewed_last(
    kept: Engine, reviewed: tuple[str | None, ...], last: str | None
) -> None:
    with write(kept) as connection:
        for number, who in reversed(list(enumerate(reviewed, 1))):
            submit(connection, "1", number, who)
        submit(connection, "2", 9, "author")
        assert references.supervisor_of(connection, "1") == last
        assert [references.supervisor_of(connection, own) for own in ("", "3", "%")] == [None] * 3


def test_the_credential_that_work_became(kept: Engine) -> None:
    with write(kept) as connection:
        expected = {"1": "A", "2": "B", "3": None, "": None, "%": None, "unknown": None}
        assert {own: references.credential_of(connection, own) for own in expected} == expected
