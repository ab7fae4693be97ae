"""/healthz says that the process lives; /readyz says what is wrong, and with which code."""

import json
import shutil
from pathlib import Path

import pytest

from credentials.core import base64url
from credentials.keyring.files import FileKeyring
from credentials.web import readiness as module
from credentials.web.readiness import readiness
from tests.web.conftest import OpenSite, Site, make_draft


def test_all_is_well(site: Site) -> None:
    answer = site.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["ready"] is True
    assert [check["id"] for check in answer.get_json()["checks"]] == ["database", "keys", "published"]
    assert all(check["ok"] for check in answer.get_json()["checks"])
    assert site.client.get("/healthz").json == {"status": "ok"}


def failed(site: Site) -> dict[str, str]:
    """The codes of the failed checks by their id, as /readyz says them."""
    answer = site.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not-ready"
    assert int(answer.headers["Retry-After"]) > 0
    assert all(check["advice"] for check in answer.get_json()["checks"] if not check["ok"])
    assert str(site.service.settings.data_dir) not in answer.text
    assert '"event":"not-ready"' in site.log.getvalue()
    assert site.client.get("/healthz").status_code == 200
    return {check["id"]: check["code"] for check in answer.get_json()["checks"] if not check["ok"]}


def forget_open_keys(site: Site) -> None:
    """Let the site read its key files anew, as after a start."""
    keyring = site.service.keyring
    assert isinstance(keyring, FileKeyring)
    keyring._unlocked.clear()


def test_a_missing_key_is_said(site: Site) -> None:
    for path in site.service.settings.keys_path.glob("*.key"):
        path.unlink()
    forget_open_keys(site)
    assert failed(site) == {"keys": "key-missing"}


def test_a_missing_table_is_said(site: Site) -> None:
    with site.service.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    assert failed(site) == {"database": "schema-outdated"}


def test_a_missing_database_is_said(site: Site) -> None:
    site.service.engine.dispose()
    (site.service.settings.data_dir / "credentials.sqlite3").unlink()
    assert "database" in failed(site)


def test_a_database_older_than_what_was_published_is_said_and_mended(site_with: OpenSite, tmp_path: Path) -> None:
    site = site_with()
    service = site.service
    database = service.settings.data_dir / "credentials.sqlite3"
    service.engine.dispose()
    shutil.copy(database, tmp_path / "yesterday")
    later = service.issuer.issue("acme", make_draft())
    service.issuer.revoke(site.issued.id, "Issued in error.")
    assert later.id
    service.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday", database)
    assert failed(site) == {"published": "database-behind-published"}
    service.issuer.resume()
    checks = {check.id: check for check in readiness(service)}
    assert all(check.ok for check in checks.values())
    assert "mended" in checks["published"].note
    assert site.client.post("/api/v1/verify", json={"credential": site.token}).get_json()["state"] == "REVOKED"


def test_asking_without_end_costs_one_look_a_second(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.client.get("/readyz")
    monkeypatch.setattr(module, "require_current", lambda _engine: pytest.fail("looked again"))
    for _ in range(20):
        site.client.get("/readyz")


def test_a_missing_key_that_signs_no_more_is_only_a_note(site: Site) -> None:
    retired = site.service.issuer.keys("acme")[0].key_id
    site.service.issuer.rotate_key("acme")
    (site.service.settings.keys_path / f"{retired}.key").unlink()
    forget_open_keys(site)
    answer = site.client.get("/readyz")
    assert answer.status_code == 200
    notes = {check["id"]: check.get("note", "") for check in answer.get_json()["checks"]}
    assert notes["keys"].startswith("1 keys that do not sign")


def test_no_answer_shows_where_things_lie(site: Site) -> None:
    site.service.issuer.revoke(site.issued.id, "Issued in error.")
    payload = json.loads(base64url.decode(site.token.split(".")[1]))
    lists = [entry["statusListCredential"] for entry in payload["credentialStatus"]]
    statuses = [address.removeprefix(site.service.base_url) for address in lists]
    folder = site.service.settings.data_dir
    for path in site.service.settings.keys_path.glob("*.key"):
        path.unlink()
    forget_open_keys(site)
    with site.service.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM published_list")
    told = site.client.post("/api/v1/verify", json={"credential": site.token})
    assert str(folder) not in told.text
    for path in ["/readyz", *statuses, f"/c/{site.issued.id}/status", f"/c/{site.issued.id}"]:
        for accept in ("application/json", "text/html", "*/*"):
            answer = site.client.get(path, headers={"Accept": accept})
            assert str(folder) not in answer.text
            assert ".key" not in answer.text
    answer = site.client.get(statuses[0])
    assert (answer.status_code, answer.get_json()["code"]) == (503, "key-missing")
    assert answer.get_json()["detail"] == answer.get_json()["title"]
    assert answer.get_json()["advice"]
    assert "where" not in answer.get_json()
    logged = [json.loads(line) for line in site.log.getvalue().splitlines()]
    assert any(line["event"] == "unavailable" and str(folder) in line["detail"] for line in logged)
