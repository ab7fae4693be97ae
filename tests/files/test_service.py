"""Files over both databases: whole or not at all, once, within their limits, for those whom they concern."""

import hashlib
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import insert

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import trail
from credentials.files.errors import CompanyFull, FileUnknown, UploadEmpty, UploadTooLarge
from credentials.files.service import GRACE
from credentials.store import files as rows
from credentials.store import organisations
from credentials.store.engine import read, write
from credentials.store.files import FileVisibility, StoredFile
from credentials.store.tables import application as application_table
from credentials.store.tables import candidate, credential, engagement, handover, project
from tests.accounts.actors import at_once
from tests.accounts.conftest import NOW
from tests.files.conftest import SUBJECT, FileWorld
from tests.files.drawing import picture, png_claiming
from tests.files.places import Gone, cut_off

CONTENT = b"Interviewed 20 customers.\n" * 1000
CREDENTIAL = "7" + "A" * 25


class Cut:
    """A stream whose sender is gone after the first piece."""

    def __init__(self) -> None:
        self._pieces = cut_off(b"x" * 1000)

    def read(self, size: int = -1) -> bytes:
        return next(self._pieces)


def signed(world: FileWorld, found: StoredFile, visibility: FileVisibility, claimed_by: str | None = None) -> None:
    """A credential lists the file; somebody may have claimed it."""
    with write(world.files.engine) as connection:
        connection.execute(
            insert(candidate),
            {"id": "c", "issuer_id": "id-of-acme", "slug": "ana", "name": "Ana", "created_at": NOW},
        )
        connection.execute(insert(credential), _credential())
        connection.execute(
            insert(handover),
            {
                "credential_id": CREDENTIAL,
                "issuer_id": "id-of-acme",
                "address": "ana@mail.example",
                "claimed_by": claimed_by,
                "claimed_at": NOW if claimed_by else None,
            },
        )
        rows.list_in(connection, "id-of-acme", found.id, CREDENTIAL, visibility)


def _credential() -> dict[str, object]:
    plain: dict[str, object] = {column.name: None for column in credential.c if column.nullable}
    return plain | {
        "id": CREDENTIAL,
        "issuer_id": "id-of-acme",
        "candidate_id": "c",
        "code": "AAAAAAAAAA",
        "idempotency_key": "k",
        "draft_digest": b"d",
        "unsigned": b"{}",
        "title": "Report",
        "visibility": "public",
        "created_at": NOW,
    }


def refused(world: FileWorld, found: StoredFile, visitor: Visitor | None) -> None:
    """To this one there is no such file, exactly as there is no other one."""
    told = []
    for number in (found.id, "0" * 26, "no id", "../x"):
        with pytest.raises(FileUnknown) as caught:
            world.files.find(number, visitor)
        told.append(str(caught.value))
    assert len(set(told)) == 1


def test_what_is_received_is_whole_and_known_by_its_digests(file_world: FileWorld) -> None:
    found = file_world.receive(CONTENT, "../Report\u202e.txt")

    assert file_world.content(found) == CONTENT
    assert (found.sha256, found.sha384) == (hashlib.sha256(CONTENT).digest(), hashlib.sha384(CONTENT).digest())
    assert (found.name, found.media_type, found.size) == ("Report.txt", "text/plain", len(CONTENT))
    assert (found.visibility, found.credential_id, found.preview) == ("confidential", None, False)
    assert file_world.files.url(found) == f"https://credentials.example/files/{found.id}/Report.txt"
    assert file_world.files.find(found.id.lower(), file_world.owner.visitor) == found


def test_no_name_is_on_the_disk_or_in_the_trail(file_world: FileWorld) -> None:
    found = file_world.receive(CONTENT, "canary.txt")

    assert [path.name for path in file_world.on_disk()] == [found.id]
    told = trail(file_world.files.engine, "id-of-acme")[0]
    assert (told.action, told.subject) == ("file.received", SUBJECT)
    assert "canary" not in repr(told)


@pytest.mark.parametrize("size", [1001, 5000, 3_000_000])
def test_more_than_the_limit_is_refused_and_nothing_stays(size: int, file_world: FileWorld) -> None:
    small = file_world.with_limits(1000)
    with pytest.raises(UploadTooLarge):
        small.receive(b"x" * size)

    assert small.on_disk() == []
    assert small.receive(b"x" * 1000).size == 1000


def test_no_bytes_are_no_file(file_world: FileWorld) -> None:
    with pytest.raises(UploadEmpty):
        file_world.receive(b"")
    assert file_world.on_disk() == []


def test_what_is_cut_off_leaves_neither_bytes_nor_row(file_world: FileWorld) -> None:
    with pytest.raises(Gone):
        file_world.files.receive(Cut(), "report.txt", SUBJECT, "id-of-acme", file_world.owner.visitor)

    assert file_world.on_disk() == []
    with read(file_world.files.engine) as connection:
        assert rows.of_subject(connection, "id-of-acme", SUBJECT) == []


def test_a_company_has_only_so_much_room(file_world: FileWorld) -> None:
    tight = file_world.with_limits(1000, 1500)
    tight.receive(b"x" * 1000)
    with pytest.raises(CompanyFull):
        tight.receive(b"y" * 501)

    assert len(tight.on_disk()) == 1
    assert tight.receive(b"z" * 500).size == 500


def test_the_same_again_is_the_same_file(file_world: FileWorld) -> None:
    first = file_world.receive(CONTENT)

    assert file_world.receive(CONTENT) == first
    assert file_world.receive(CONTENT, "other.txt") != first
    assert file_world.receive(CONTENT, subject="award:another") != first
    assert file_world.receive(CONTENT + b".") != first
    assert len(file_world.on_disk()) == 4


def test_two_at_once_are_whole(file_world: FileWorld) -> None:
    found = at_once(*[lambda: file_world.receive(CONTENT)] * 3)

    assert all(isinstance(one, StoredFile) and file_world.content(one) == CONTENT for one in found)
    assert len(file_world.on_disk()) == len({one.id for one in found if isinstance(one, StoredFile)})


def test_a_picture_has_a_preview_and_stays_what_it_is(file_world: FileWorld) -> None:
    data = picture("JPEG", (300, 200), comment=b"as delivered")
    found = file_world.receive(data, "photo.jpg")

    assert file_world.content(found) == data
    assert file_world.files.preview(found).startswith(b"\x89PNG")
    assert b"as delivered" not in file_world.files.preview(found)


@pytest.mark.parametrize("data", [png_claiming(60_000, 60_000), b"<svg onload=alert(1)>", b"%PDF-1.7", b"words"])
def test_nothing_else_is_shown(data: bytes, file_world: FileWorld) -> None:
    found = file_world.receive(data, "photo.png")

    with pytest.raises(FileUnknown):
        file_world.files.preview(found)
    assert file_world.content(found) == data


# Who may have it -----------------------------------------------------------------------------------------------------


def test_a_draft_is_for_the_company_alone(file_world: FileWorld) -> None:
    found = file_world.receive(CONTENT)
    colleague = file_world.people.invited(file_world.owner, "rita@acme.example", "reviewer")
    foreign = file_world.people.owner("olaf@other.example", "other")

    assert file_world.files.find(found.id, colleague.visitor) == found
    for nobody in (None, foreign.visitor, file_world.people.person("eve@mail.example")):
        refused(file_world, found, nobody)


def test_whoever_left_the_company_left_its_files(file_world: FileWorld) -> None:
    found = file_world.receive(CONTENT)
    gone = file_world.people.invited(file_world.owner, "rita@acme.example", "reviewer").visitor
    with write(file_world.files.engine) as connection:
        organisations.remove_member(connection, "id-of-acme", gone.person_id)

    refused(file_world, found, gone)


@pytest.mark.parametrize("visibility", ["public", "link"])
def test_what_a_shown_credential_lists_is_for_everybody(visibility: FileVisibility, file_world: FileWorld) -> None:
    found = file_world.receive(CONTENT)
    signed(file_world, found, visibility)
    refused(file_world, found, None)

    file_world.shown.add(CREDENTIAL)
    assert file_world.files.find(found.id, None).id == found.id
    file_world.shown.clear()
    refused(file_world, found, None)


def test_a_confidential_file_reaches_the_two_parties_and_nobody_else(file_world: FileWorld) -> None:
    found = file_world.receive(CONTENT)
    ana, eve = (file_world.people.person(f"{name}@mail.example") for name in ("ana", "eve"))
    foreign = file_world.people.owner("olaf@other.example", "other")
    signed(file_world, found, "confidential", ana.person_id)
    file_world.shown.add(CREDENTIAL)

    assert file_world.files.find(found.id, ana).id == found.id
    assert file_world.files.find(found.id, file_world.owner.visitor).id == found.id
    for nobody in (None, eve, foreign.visitor):
        refused(file_world, found, nobody)


def test_a_candidate_has_what_belongs_to_their_engagement(file_world: FileWorld) -> None:
    ana, eve = (file_world.people.person(f"{name}@mail.example") for name in ("ana", "eve"))
    _engage(file_world, ana.person_id)
    by_company = file_world.receive(CONTENT, subject="engagement:e")
    by_ana = file_world.files.receive(BytesIO(b"mine"), "m.txt", "engagement:e", "id-of-acme", ana)
    elsewhere = file_world.receive(CONTENT, subject="engagement:f")

    for found in (by_company, by_ana):
        assert file_world.files.find(found.id, ana) == found
        assert file_world.files.find(found.id, file_world.owner.visitor) == found
        refused(file_world, found, eve)
    refused(file_world, elsewhere, ana)


def _engage(world: FileWorld, person_id: str) -> None:
    owner = world.owner.visitor.person_id
    common = {"issuer_id": "id-of-acme", "created_at": NOW, "changed_at": NOW}
    with write(world.files.engine) as connection:
        made = {"id": "p", "author_id": owner, "state": "open", "form": "{}", "title": "T", "words": "", "remote": True}
        connection.execute(insert(project), common | made | {"version": 1})
        asked = {"id": "a", "project_id": "p", "person_id": person_id, "state": "taken", "note": ""}
        connection.execute(insert(application_table), common | asked)
        begun = {"id": "e", "project_id": "p", "application_id": "a", "person_id": person_id, "state": "working"}
        connection.execute(insert(engagement), common | begun | {"version": 1, "ends_on": date(2026, 4, 1)})


# Forgetting ----------------------------------------------------------------------------------------------------------


def test_what_is_named_no_more_goes_after_a_day(file_world: FileWorld) -> None:
    kept, gone = file_world.receive(b"one"), file_world.receive(b"two")
    with write(file_world.files.engine) as connection:
        rows.keep(connection, "id-of-acme", SUBJECT, [kept.id], NOW)

    assert file_world.files.due(NOW, 9) == []
    file_world.files.run(gone.id)
    assert len(file_world.on_disk()) == 2

    file_world.people.clock.now = NOW + GRACE
    assert file_world.files.due(NOW + GRACE, 9) == [gone.id]
    file_world.files.run(gone.id)
    assert [path.name for path in file_world.on_disk()] == [kept.id]
    assert file_world.files.due(NOW + GRACE, 9) == []
    refused(file_world, gone, file_world.owner.visitor)


def test_what_is_named_again_stays(file_world: FileWorld) -> None:
    found = file_world.receive(b"one")
    with write(file_world.files.engine) as connection:
        rows.keep(connection, "id-of-acme", SUBJECT, [], NOW)
        rows.keep(connection, "id-of-acme", SUBJECT, [found.id], NOW)

    assert file_world.files.due(NOW + GRACE, 9) == []


def test_what_a_credential_lists_is_never_removed(file_world: FileWorld) -> None:
    found = file_world.receive(b"one")
    signed(file_world, found, "confidential")
    with write(file_world.files.engine) as connection:
        rows.keep(connection, "id-of-acme", SUBJECT, [], NOW)
        rows.move(connection, "id-of-acme", [found.id], SUBJECT, "award:another")

    file_world.people.clock.now = NOW + GRACE
    assert file_world.files.due(NOW + GRACE, 9) == []
    file_world.files.run(found.id)
    assert file_world.content(found) == b"one"
    kept = file_world.files.find(found.id, file_world.owner.visitor)
    assert (kept.subject, kept.removed_at) == (SUBJECT, None)


def test_bytes_without_a_row_are_swept(file_world: FileWorld) -> None:
    kept = file_world.receive(picture(), "p.png")
    file_world.files.storage.put("7" * 26, iter((b"stray",)))
    file_world.files.tidy()
    assert len(file_world.on_disk()) == 3

    file_world.people.clock.pass_(days=3650)
    file_world.files.tidy()
    assert {path.name for path in file_world.on_disk()} == {kept.id, f"{kept.id}.preview"}
