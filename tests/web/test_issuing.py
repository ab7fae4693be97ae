"""Only what issuing takes, opened from a folder: it issues as the whole service does, and tells whoever listens."""

from pathlib import Path

import pytest

from credentials.core.error_kinds import CredentialError
from credentials.store.errors import DatabaseReadOnly, SchemaOutdated
from credentials.verifier.states import State
from credentials.web.composition import open_service
from credentials.web.errors import BaseUrlFixed, NoDataFolder
from credentials.web.issuing import open_issuing, read_issuing
from credentials.web.settings import DATABASE_FILE, load_settings
from tests.web.conftest import BASE_URL, make_draft


def contents(folder: Path) -> dict[str, bytes]:
    """All files but those that SQLite keeps beside a database that is open."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_it_issues_is_the_whole_services_too(tmp_path: Path) -> None:
    opened = open_issuing(load_settings(data_dir=tmp_path, base_url=BASE_URL))
    opened.issuer.create_issuer("acme", "Acme Ltd")
    opened.issuer.confirm("acme", "acme.example")
    issued = opened.issuer.issue("acme", make_draft())
    assert opened.master_secret.created
    opened.close()
    service = open_service(load_settings(data_dir=tmp_path))
    assert not service.master_secret.created
    assert service.form_secret == opened.form_secret
    assert service.find_code(issued.code) == issued.id
    assert service.verify(service.portfolio.signed_bytes(issued.id, False)).state is State.GENUINE
    service.close()


def test_webhooks_hear_of_what_it_issues(tmp_path: Path) -> None:
    service = open_service(load_settings(data_dir=tmp_path, base_url=BASE_URL))
    company = service.issuer.create_issuer("acme", "Acme Ltd")
    made = service.webhooks.add(company.id, "https://hooks.acme.example/", ["credential.issued", "credential.revoked"])
    opened = open_issuing(load_settings(data_dir=tmp_path))
    issued = opened.issuer.issue("acme", make_draft())
    opened.issuer.revoke(issued.id, "A mistake.")
    opened.close()
    told = service.webhooks.history(company.id, made.webhook.id).deliveries
    assert {one.kind for one in told} == {"credential.issued", "credential.revoked"}
    service.close()


def test_whom_a_new_issuer_looks_like_is_kept(tmp_path: Path) -> None:
    opened = open_issuing(load_settings(data_dir=tmp_path, base_url=BASE_URL))
    opened.issuer.create_issuer("microsoft", "Microsoft")
    found = opened.issuer.issuer("microsoft")
    assert opened.resemblances.of_issuer(found.id)
    opened.close()


def test_another_address_is_refused(tmp_path: Path) -> None:
    open_issuing(load_settings(data_dir=tmp_path, base_url=BASE_URL)).close()
    for reopen in (open_issuing, read_issuing):
        with pytest.raises(BaseUrlFixed):
            reopen(load_settings(data_dir=tmp_path, base_url="https://other.example"))


def test_reading_makes_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with pytest.raises(NoDataFolder):
        read_issuing(load_settings(data_dir=folder))
    assert not folder.exists()
    opened = open_issuing(load_settings(data_dir=folder, base_url=BASE_URL))
    opened.issuer.create_issuer("acme", "Acme Ltd")
    opened.close()
    before = contents(folder)
    reading = read_issuing(load_settings(data_dir=folder))
    assert [one.slug for one in reading.issuer.issuers()] == ["acme"]
    assert reading.form_secret == b""
    for change in (
        lambda: reading.issuer.issue("acme", make_draft()),
        lambda: reading.issuer.create_issuer("other", "Other Ltd"),
        lambda: reading.issuer.rotate_key("acme"),
        lambda: reading.keyring.destroy(reading.keyring.list()[0]),
    ):
        with pytest.raises(DatabaseReadOnly):
            change()
    reading.close()
    assert contents(folder) == before


@pytest.mark.parametrize("content", [b"no database at all", b"\x00" * 4096, b""])
def test_a_folder_with_a_broken_database_is_one_error(tmp_path: Path, content: bytes) -> None:
    opened = open_issuing(load_settings(data_dir=tmp_path, base_url=BASE_URL))
    opened.close()
    (tmp_path / DATABASE_FILE).write_bytes(content)
    with pytest.raises(CredentialError) as caught:
        read_issuing(load_settings(data_dir=tmp_path))
    assert content or isinstance(caught.value, SchemaOutdated)
