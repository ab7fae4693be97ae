"""The whole data folder put back from an old copy, while the record of what was published lies outside it."""

import shutil
import stat
from pathlib import Path

from credentials.core.securing import MECHANISMS, Presented
from credentials.web.composition import Service, open_service
from credentials.web.settings import load_settings
from tests.web.conftest import BASE_URL, make_draft


def opened(folder: Path, record: Path) -> Service:
    settings = load_settings(
        data_dir=folder, keys_dir=folder / "keys", published_dir=record, base_url=BASE_URL, log_level="error"
    )
    return open_service(settings)


def presented(service: Service, credential_id: str) -> Presented:
    return MECHANISMS["vc+jwt"].read(service.portfolio.signed(credential_id).body)


def places(service: Service, credential_id: str) -> set[tuple[str, str]]:
    """The list and the index of each status entry."""
    entries = presented(service, credential_id).document["credentialStatus"]
    return {(entry["statusListCredential"], entry["statusListIndex"]) for entry in entries}


def test_a_whole_folder_put_back_takes_nothing_back(tmp_path: Path) -> None:
    folder, record = tmp_path / "data", tmp_path / "data.published"
    service = opened(folder, record)
    service.issuer.create_issuer("acme", "Acme")
    first = service.issuer.issue("acme", make_draft()).id
    service.close()
    shutil.copytree(folder, tmp_path / "copy")
    service = opened(folder, record)
    service.issuer.revoke(first, "Fraud")
    lost = places(service, service.issuer.issue("acme", make_draft(project_title="Lost")).id)
    token = presented(service, first).payload
    service.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    service = opened(folder, record)
    assert service.issuer.status().behind
    service.issuer.resume()
    assert service.verify(service.portfolio.signed(first).body).state in ("REVOKED", "UNCONFIRMED_ISSUER")
    assert presented(service, first).payload == token
    assert [event.kind for event in service.issuer.story(first)] == ["revoked"]
    after = service.issuer.issue("acme", make_draft(project_title="After")).id
    assert not places(service, after) & lost
    assert not (folder / "published").exists()
    service.close()


def test_what_is_made_is_the_owners_alone(tmp_path: Path) -> None:
    folder, record = tmp_path / "deep" / "data", tmp_path / "apart"
    service = opened(folder, record)
    service.issuer.create_issuer("acme", "Acme")
    service.issuer.issue("acme", make_draft())
    made = [folder, record, *folder.glob("credentials.sqlite3*"), *folder.glob("keys/*.key")]
    assert {path.name for path in made} >= {"credentials.sqlite3", "credentials.sqlite3-wal", "credentials.sqlite3-shm"}
    assert {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made} == dict.fromkeys(
        (path.name for path in made), 0
    )
    service.close()


def test_a_folder_that_was_there_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    opened(folder, tmp_path / "apart").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
