"""Files at rest: somebody else's are never touched, what a credential lists stays, and lists have one order."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import files
from credentials.store.engine import read, write
from credentials.store.files import StoredFile
from credentials.store.tables import submission, submitted_item
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_credential, add_person, engage

WORK, AWARD = "engagement:1", "award:1"
LATER = NOW + DAY


def file(own: str, **more: object) -> StoredFile:
    """A file of acme's work, ten bytes long."""
    values: dict[str, object] = {
        "issuer_id": ACME,
        "person_id": "author",
        "subject": WORK,
        "name": f"{own}.png",
        "media_type": "image/png",
        "size": 10,
        "sha256": b"2" * 32,
        "sha384": b"3" * 48,
        "preview": True,
        "created_at": NOW,
    }
    return StoredFile(id=own, **(values | more))  # type: ignore[arg-type]


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two companies, two people, and two credentials of acme's that list no files."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    with write(engine) as connection:
        for own in ("author", "worker"):
            add_person(connection, own)
        for own in ("signed", "another"):
            add_credential(connection, own)
    return engine


def put(engine: Engine, *made: StoredFile) -> None:
    with write(engine) as connection:
        for one in made:
            files.add(connection, one)


def removals(connection: Connection, subject: str = WORK, issuer_id: str = ACME) -> dict[str, datetime | None]:
    return {one.id: one.removed_at for one in files.of_subject(connection, issuer_id, subject)}


def test_a_file_comes_back_as_it_was_and_only_by_its_own_id(kept: Engine) -> None:
    odd = file("a", name="résumé\t<b>'\"; --.png", size=2**40, visibility="link", removed_at=LATER)
    put(kept, odd)
    with read(kept) as connection:
        assert files.by_id(connection, "a") == odd
        for other in ("", "A", "a ", "%", "_", "a'--"):
            assert files.by_id(connection, other) is None


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "a"},
        {"issuer_id": "id-of-nobody"},
        {"person_id": "nobody"},
        {"credential_id": "unknown"},
        {"subject": None},
        {"sha384": None},
    ],
    ids=lambda bad: next(iter(bad)),
)
def test_what_is_no_file_is_not_kept(kept: Engine, bad: dict[str, object]) -> None:
    put(kept, file("a"))
    with pytest.raises(IntegrityError):
        put(kept, file(str(bad.get("id", "b")), **{k: v for k, v in bad.items() if k != "id"}))
    with read(kept) as connection:
        assert list(removals(connection)) == ["a"]


def test_each_thing_of_each_company_has_its_own_files_in_the_order_they_came(kept: Engine) -> None:
    put(kept, file("c"), file("b", created_at=NOW - SECOND), file("a", removed_at=NOW), file("d", created_at=LATER))
    put(kept, file("x", issuer_id=OTHER, size=1), file("y", subject="engagement:10"), file("z", subject=AWARD))
    expected = {
        (ACME, WORK): ["b", "a", "c", "d"],
        (OTHER, WORK): ["x"],
        (ACME, "engagement:10"): ["y"],
        (ACME, AWARD): ["z"],
        (OTHER, AWARD): [],
        (ACME, "engagement:%"): [],
        (ACME, "engagement:_"): [],
        (ACME, "Engagement:1"): [],
        (ACME, ""): [],
        ("", WORK): [],
    }
    with read(kept) as connection:
        found = {which: [one.id for one in files.of_subject(connection, *which)] for which in expected}
        assert found == expected
        sizes = {who: files.total_size(connection, who) for who in (ACME, OTHER, "id-of-nobody")}
    assert sizes == {ACME: 60, OTHER: 1, "id-of-nobody": 0}  # what is removed still takes room


def test_of_one_things_files_those_that_are_named_stay(kept: Engine) -> None:
    put(kept, file("a"), file("b"), file("c", removed_at=NOW), file("signed-for", credential_id="signed"))
    put(kept, file("theirs", issuer_id=OTHER), file("elsewhere", subject=AWARD, removed_at=NOW))
    with write(kept) as connection:
        files.keep(connection, ACME, WORK, ["a", "c", "theirs", "elsewhere", "unknown"], LATER)
        assert removals(connection) == {"a": None, "b": LATER, "c": None, "signed-for": None}
        assert removals(connection, AWARD) == {"elsewhere": NOW}
        assert removals(connection, WORK, OTHER) == {"theirs": None}


def test_naming_nothing_removes_all_and_when_it_went_first_counts(kept: Engine) -> None:
    put(kept, file("a"), file("b", removed_at=NOW), file("signed-for", credential_id="signed"))
    with write(kept) as connection:
        files.keep(connection, ACME, WORK, [], LATER)
        assert removals(connection) == {"a": LATER, "b": NOW, "signed-for": None}
        files.keep(connection, ACME, WORK, [], LATER + DAY)
        assert removals(connection) == {"a": LATER, "b": NOW, "signed-for": None}


@pytest.mark.parametrize(
    ("company", "own", "before"),
    [
        (OTHER, "a", WORK),
        (ACME, "a", AWARD),
        (ACME, "a", "engagement:%"),
        (ACME, "signed-for", WORK),
        (ACME, "theirs", WORK),
        (ACME, "unknown", WORK),
    ],
)
def test_what_is_not_there_to_move_stays(kept: Engine, company: str, own: str, before: str) -> None:
    put(kept, file("a"), file("signed-for", credential_id="signed"), file("theirs", issuer_id=OTHER))
    with write(kept) as connection:
        files.move(connection, company, [own], before, "award:2")
        assert {one: removals(connection, WORK, one).keys() for one in (ACME, OTHER)} == {
            ACME: {"a", "signed-for"},
            OTHER: {"theirs"},
        }
        files.move(connection, ACME, [], WORK, "award:2")
        assert len(removals(connection)) == 2


def test_files_move_with_their_work(kept: Engine) -> None:
    put(kept, file("a", removed_at=NOW), file("b"))
    with write(kept) as connection:
        files.move(connection, ACME, ["a"], WORK, AWARD)
        assert (removals(connection), removals(connection, AWARD)) == ({"b": None}, {"a": NOW})


def test_a_credential_lists_no_other_companys_file(kept: Engine) -> None:
    put(kept, file("a", removed_at=NOW), file("theirs", issuer_id=OTHER))
    with write(kept) as connection:
        files.list_in(connection, ACME, "theirs", "signed", "public")
        files.list_in(connection, ACME, "unknown", "signed", "public")
        assert files.by_id(connection, "theirs") == file("theirs", issuer_id=OTHER)
        files.list_in(connection, ACME, "a", "signed", "link")
        assert files.by_id(connection, "a") == file("a", credential_id="signed", visibility="link")


@pytest.mark.parametrize("instead_of", ["", "another", "later", "%"])
def test_a_credential_takes_no_file_that_another_one_lists(kept: Engine, instead_of: str) -> None:
    listed = file("a", credential_id="signed", visibility="confidential")
    put(kept, listed)
    with write(kept) as connection:
        files.list_in(connection, ACME, "a", "another", "public", instead_of=instead_of)
        assert files.by_id(connection, "a") == listed


def test_a_file_goes_with_the_credential_that_takes_its_ones_place(kept: Engine) -> None:
    put(kept, file("a"), file("b"), file("theirs", issuer_id=OTHER, credential_id="signed"))
    with write(kept) as connection:
        files.list_in(connection, ACME, "a", "signed", "public")
        for own in ("a", "b", "theirs"):
            files.list_in(connection, ACME, own, "another", "link", instead_of="signed")
        assert files.by_id(connection, "a") == file("a", credential_id="another", visibility="link")
        assert files.by_id(connection, "b") == file("b", credential_id="another", visibility="link")
        assert files.by_id(connection, "theirs") == file("theirs", issuer_id=OTHER, credential_id="signed")


def test_pictures_are_those_that_all_may_see_in_the_order_they_came(kept: Engine) -> None:
    listed = {"credential_id": "signed", "visibility": "public"}
    put(kept, file("z", **listed), file("b", **listed), file("y", **listed, created_at=NOW - SECOND))
    put(kept, file("a", **listed), file("n", **listed, preview=False), file("o", credential_id="another"))
    for hidden in ("link", "confidential"):
        put(kept, file(hidden, credential_id="signed", visibility=hidden))
    put(kept, file("loose", visibility="public"))
    with read(kept) as connection:
        found = {
            which: [one.id for one in files.pictures_of(connection, which)] for which in ("signed", "another", "", "%")
        }
    assert found == {"signed": ["y", "a", "b", "z"], "another": [], "": [], "%": []}


def test_only_what_was_removed_long_enough_ago_goes(kept: Engine) -> None:
    put(kept, file("c", removed_at=NOW), file("b", removed_at=NOW - DAY), file("a", removed_at=NOW + SECOND), file("d"))
    put(kept, file("signed-for", removed_at=NOW - DAY, credential_id="signed"))
    with write(kept) as connection:
        limits = {limit: files.removed(connection, NOW, limit) for limit in (0, 1, 10)}
        assert limits == {0: [], 1: ["b"], 10: ["b", "c"]}
        gone = {own: files.forget(connection, own, NOW) for own in ("a", "b", "d", "signed-for", "unknown", "%")}
        assert [own for own, went in gone.items() if went] == ["b"]
        assert not files.forget(connection, "b", NOW)
        everything = files.known(connection, ["a", "b", "c", "d", "signed-for", "unknown", "%"])
        assert everything == {"a", "c", "d", "signed-for"}
        assert files.known(connection, []) == set()


def test_wanted_again_between_the_list_and_the_end_is_not_forgotten(kept: Engine) -> None:
    put(kept, file("a", removed_at=NOW), file("b", removed_at=NOW))
    with write(kept) as connection:
        assert sorted(files.removed(connection, NOW, 10)) == ["a", "b"]
        files.keep(connection, ACME, WORK, ["a"], LATER)
        files.list_in(connection, ACME, "b", "signed", "confidential")
        assert [files.forget(connection, own, LATER) for own in ("a", "b")] == [False, False]


def test_forgotten_by_several_at_once_is_forgotten_once(kept: Engine) -> None:
    put(kept, file("a", removed_at=NOW))

    def forget() -> bool:
        with write(kept) as connection:
            return files.forget(connection, "a", NOW)

    assert sorted(map(str, at_once(*[forget] * 3))) == ["False", "False", "True"]


def submit(connection: Connection, own: str, file_id: str | None) -> None:
    """Work of this id with one submission that names a file or a link."""
    engage(connection, own)
    values = {"engagement_id": own, "number": 1, "issuer_id": ACME}
    connection.execute(submission.insert().values(**values, note="", late=False, created_at=NOW, agreement_number=1))
    address = None if file_id else "https://acme.example/"
    connection.execute(submitted_item.insert().values(**values, deliverable=0, place=0, file_id=file_id, url=address))


def test_what_nothing_names_goes_and_all_else_stays(kept: Engine) -> None:
    put(kept, file("b"), file("a", created_at=NOW - SECOND), file("named"), file("young", created_at=NOW + SECOND))
    put(kept, file("signed-for", credential_id="signed"), file("award", subject=AWARD))
    put(kept, file("odd", subject="engagements:1"), file("theirs", issuer_id=OTHER, created_at=NOW - DAY))
    with write(kept) as connection:
        submit(connection, "1", "named")
        submit(connection, "2", None)  # a link: its file_id is NULL and must not hide the others
        limits = {limit: files.unnamed(connection, NOW, limit) for limit in (0, 2, 10)}
        assert limits == {0: [], 2: ["theirs", "a"], 10: ["theirs", "a", "b"]}
        asked = ("a", "named", "young", "signed-for", "award", "odd", "unknown")
        gone = [own for own in asked if files.forget_unnamed(connection, own, NOW)]
        assert gone == ["a"]
        assert not files.forget_unnamed(connection, "a", NOW)
        assert files.unnamed(connection, NOW, 10) == ["theirs", "b"]
