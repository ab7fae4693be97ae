"""A backup is whole, private and of one moment; putting it back loses nothing and brings nothing back."""

import stat
import threading
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from credentials.accounts.acting import Visitor
from credentials.accounts.tokens import new_id
from credentials.portfolio.errors import NothingHere
from credentials.store import people
from credentials.store.backup import last_backup
from credentials.store.engine import open_engine, write
from credentials.store.errors import CopyElsewhere
from credentials.store.files import StoredFile
from credentials.store.people import Person
from credentials.web.backups import back_up, restore
from credentials.web.composition import open_service
from credentials.web.errors import BackupIncomplete, BackupTaken, FolderInUse
from tests.web.conftest import Site, make_draft


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_backup_is_whole_and_its_owners_alone(site: Site, tmp_path: Path) -> None:
    assert last_backup(site.service.engine) is None
    back_up(site.service, tmp_path / "copy", site.service.clock())

    names = {path.name for path in (tmp_path / "copy").iterdir()}
    assert names == {"credentials.sqlite3", "service.json", "web.secret", "keys"}
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700
    secret = [path for path in files(tmp_path / "copy") if path.suffix in (".sqlite3", ".secret", ".key")]
    assert len(secret) >= 3
    assert [path for path in secret if path.stat().st_mode & 0o077] == []
    assert last_backup(site.service.engine) is not None


def test_what_was_published_is_no_part_of_it(site: Site, tmp_path: Path) -> None:
    back_up(site.service, tmp_path / "copy", site.service.clock())

    assert [path for path in files(tmp_path / "copy") if "journal" in path.name] == []


def test_a_folder_with_something_in_it_is_left_alone(site: Site, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter.txt").write_text("mine")
    with pytest.raises(BackupTaken):
        back_up(site.service, tmp_path / "copy", site.service.clock())

    assert [path.name for path in files(tmp_path / "copy")] == ["letter.txt"]
    assert last_backup(site.service.engine) is None


def test_a_copy_that_is_made_while_credentials_are_issued_is_of_one_moment(site: Site, tmp_path: Path) -> None:
    stop = threading.Event()

    def issue() -> None:
        while not stop.is_set():
            site.service.issuer.issue("acme", make_draft())

    worker = threading.Thread(target=issue)
    worker.start()
    try:
        back_up(site.service, tmp_path / "copy", site.service.clock())
    finally:
        stop.set()
        worker.join()
    site.service.close()
    restore(site.service.settings, tmp_path / "copy")
    again = open_service(site.service.settings)

    assert again.verify(again.portfolio.signed(site.issued.id).body).verified
    again.issuer.resume()
    assert again.issuer.issue("acme", make_draft()).id
    again.close()


def test_a_restore_brings_nothing_back_that_was_withdrawn(site: Site, tmp_path: Path) -> None:
    back_up(site.service, tmp_path / "copy", site.service.clock())
    site.service.issuer.revoke(site.issued.id, "Issued in error.")
    lost = site.service.issuer.issue("acme", make_draft()).id
    site.service.close()

    restore(site.service.settings, tmp_path / "copy")
    again = open_service(site.service.settings)
    again.issuer.reconcile()

    assert str(again.verify(again.portfolio.signed(site.issued.id).body).state) == "REVOKED"
    with pytest.raises(NothingHere):
        again.portfolio.signed(lost)
    again.close()


def test_what_lay_there_stays_beside_it(site: Site, tmp_path: Path) -> None:
    data = site.service.settings.data_dir
    back_up(site.service, tmp_path / "copy", site.service.clock())
    before = (data / "service.json").read_bytes()
    site.service.close()
    restore(site.service.settings, tmp_path / "copy")

    assert (data / "service.json.before-restore").read_bytes() == before
    assert (data / "credentials.sqlite3.before-restore").exists()
    restore(site.service.settings, tmp_path / "copy")


def test_a_running_service_is_not_restored_under_its_feet(site: Site, tmp_path: Path) -> None:
    back_up(site.service, tmp_path / "copy", site.service.clock())
    assert site.service.issuer.issuers()  # it does nothing more, but it is open
    with pytest.raises(FolderInUse):
        restore(site.service.settings, tmp_path / "copy")

    assert not list(site.service.settings.data_dir.glob("*.before-restore"))


@pytest.mark.parametrize("gone", ["credentials.sqlite3", "service.json", "web.secret", "keys"])
def test_a_backup_that_is_not_whole_is_not_put_back(gone: str, site: Site, tmp_path: Path) -> None:
    back_up(site.service, tmp_path / "copy", site.service.clock())
    (tmp_path / "copy" / gone).rename(tmp_path / "aside")
    site.service.close()
    with pytest.raises(BackupIncomplete, match=gone):
        restore(site.service.settings, tmp_path / "copy")

    assert not list(site.service.settings.data_dir.glob("*.before-restore"))


def test_postgresql_is_copied_by_its_own_command(site: Site, tmp_path: Path) -> None:
    elsewhere = open_engine("postgresql://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(CopyElsewhere):
        back_up(replace(site.service, engine=elsewhere), tmp_path / "copy", site.service.clock())


def upload(site: Site, content: bytes) -> StoredFile:
    """Somebody of acme uploads a file."""
    service = site.service
    made = Person(id=new_id(), name="Kim", handle=new_id().encode(), created_at=service.clock())
    with write(service.engine) as connection:
        people.add(connection, made)
    visitor = Visitor(
        person_id=made.id,
        name="Kim",
        session_id="",
        proved_at=service.clock(),
        strong=False,
        guarded=False,
        operator=False,
        origin="",
    )
    issuer = service.issuer.issuer("acme")
    return service.files.receive(BytesIO(content), "report.txt", "award:x", issuer.id, visitor)


def test_uploaded_files_come_along_and_come_back(site: Site, tmp_path: Path) -> None:
    found = upload(site, b"as delivered")
    half = site.service.settings.files_path / "incoming" / "half"
    half.write_bytes(b"half")
    back_up(site.service, tmp_path / "copy", site.service.clock())
    site.service.close()
    lost = [path for path in files(site.service.settings.files_path) if path.name == found.id]
    lost[0].write_bytes(b"spoilt")
    restore(site.service.settings, tmp_path / "copy")

    again = open_service(site.service.settings)
    assert b"".join(again.files.open(found)) == b"as delivered"
    assert [path for path in files(again.settings.files_path) if path.name == "half"] == []
    assert lost[0].read_bytes() == b"as delivered"
    assert lost[0].stat().st_mode & 0o077 == 0
    again.close()


def test_a_backup_without_files_takes_none_away(site: Site, tmp_path: Path) -> None:
    back_up(site.service, tmp_path / "copy", site.service.clock())
    found = upload(site, b"since")
    site.service.close()
    restore(site.service.settings, tmp_path / "copy")

    again = open_service(site.service.settings)
    assert b"".join(again.files.open(found)) == b"since"
    again.close()
