"""Opening the service: what a first run makes, what a later one finds, what is said when it cannot be opened."""

import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from credentials.core.error_kinds import CredentialError
from credentials.store.issuers import Issuer
from credentials.web.app import build_app
from credentials.web.composition import open_service
from credentials.web.errors import BaseUrlFixed
from credentials.web.readiness import readiness
from credentials.web.settings import Settings, load_settings
from credentials.web.trust import TrustSource, policy_of
from tests.web.conftest import BASE_URL, OpenSite, Site, make_draft

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ISSUER = Issuer(
    id="i",
    slug="acme",
    name="Acme",
    url=None,
    did="did:web:x:issuers:acme",
    suspends=True,
    sandbox=False,
    created_at=NOW,
)


def settings_of(folder: Path, **given: object) -> Settings:
    return load_settings(data_dir=folder, base_url=BASE_URL, **given)


def test_the_first_run_makes_everything_and_keeps_it_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    service = open_service(settings_of(folder))
    service.issuer.create_issuer("acme", "Acme Ltd")
    assert service.base_url == BASE_URL
    assert service.master_secret.created
    assert service.master_secret.path == folder / "keys" / "master.secret"
    for secret in (*folder.glob("keys/*.key"), folder / "keys" / "master.secret", folder / "web.secret"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    service.close()


def test_a_later_run_finds_what_was_made(tmp_path: Path) -> None:
    first = open_service(settings_of(tmp_path))
    first.issuer.create_issuer("acme", "Acme Ltd")
    issued = first.issuer.issue("acme", make_draft())
    first.close()
    second = open_service(load_settings(data_dir=tmp_path))
    assert second.base_url == BASE_URL
    assert not second.master_secret.created
    assert second.form_secret == first.form_secret
    assert second.find_code(issued.code) == issued.id
    second.close()


def test_another_address_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    open_service(settings_of(tmp_path)).close()
    with pytest.raises(BaseUrlFixed):
        open_service(load_settings(data_dir=tmp_path, base_url="https://other.example"))


def test_a_wrong_passphrase_is_one_error(tmp_path: Path) -> None:
    service = open_service(settings_of(tmp_path, passphrase="correct horse battery"))
    service.issuer.create_issuer("acme", "Acme Ltd")
    service.close()
    other = open_service(settings_of(tmp_path, passphrase="wrong horse battery"))
    with pytest.raises(CredentialError) as caught:
        other.issuer.issue("acme", make_draft())
    assert caught.value.code == "wrong-passphrase"
    assert "horse" not in str(caught.value)
    other.close()


@pytest.mark.parametrize("content", [b"no database at all", b"\x00" * 4096])
def test_a_damaged_database_is_one_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "credentials.sqlite3").write_bytes(content)
    with pytest.raises(CredentialError) as caught:
        open_service(settings_of(tmp_path))
    assert caught.value.code.startswith("database-")


def test_a_database_address_that_is_none_is_one_error_without_its_password(tmp_path: Path) -> None:
    for address in ("nonsense", "mysql://u:hunter2@h/d", "sqlite://"):
        with pytest.raises(CredentialError) as caught:
            open_service(settings_of(tmp_path, database_url=address))
        assert "hunter2" not in str(caught.value)


def test_a_crash_between_intent_and_release_is_finished_at_the_next_start(tmp_path: Path) -> None:
    service = open_service(settings_of(tmp_path))
    service.issuer.create_issuer("acme", "Acme Ltd")
    issued = service.issuer.issue("acme", make_draft())
    service.close()
    with sqlite3.connect(tmp_path / "credentials.sqlite3") as database:
        database.execute("DELETE FROM secured_form")
    database.close()
    app = build_app(settings_of(tmp_path))
    assert app.test_client().get(f"/c/{issued.id}.jwt").status_code == 200


def test_the_site_comes_up_without_its_keys_and_says_so(tmp_path: Path) -> None:
    service = open_service(settings_of(tmp_path))
    service.issuer.create_issuer("acme", "Acme Ltd")
    issued = service.issuer.issue("acme", make_draft())
    token = service.portfolio.signed(issued.id).body.decode()
    report = service.verify(token)
    assert report.verified
    assert all(check.ok for check in readiness(service))
    service.close()
    for key in (tmp_path / "keys").glob("*.key"):
        key.unlink()
    app = build_app(settings_of(tmp_path))
    assert app.test_client().get("/readyz").status_code == 503
    answer = app.test_client().post("/api/v1/verify", json={"credential": token})
    assert answer.get_json()["verdict"] != "invalid"
    assert app.test_client().get(f"/c/{issued.id}.jwt").data.decode() == token


def test_whom_the_service_vouches_for() -> None:
    confirmed = replace(ISSUER, confirmed_domain="acme.example", confirmed_level="operator", confirmed_at=NOW)
    suspended = replace(ISSUER, did="did:web:x:issuers:b", suspended_at=NOW, suspended_reason="Under investigation.")
    sandbox = replace(ISSUER, did="did:web:x:issuers:c", sandbox=True)
    policy = policy_of([confirmed, suspended, sandbox])
    found = policy.confirmation(confirmed.did)
    assert found is not None
    assert (found.domain, found.level, found.since) == ("acme.example", "operator", NOW)
    assert policy.confirmation(suspended.did) is None
    held = policy.suspension(suspended.did)
    assert held is not None
    assert held.reason == "Under investigation."
    assert policy.suspension(confirmed.did) is None
    assert policy.is_sandbox(sandbox.did)
    assert not policy.is_sandbox(confirmed.did)


def test_the_policy_is_read_once_for_two_seconds() -> None:
    reads, now = [], [0.0]

    def issuers() -> list[Issuer]:
        reads.append(now[0])
        return [ISSUER]

    source = TrustSource(issuers, lambda: now[0])
    for moment in (0.0, 1.0, 1.9, 2.0, 3.0, 4.1):
        now[0] = moment
        source()
    assert reads == [0.0, 2.0, 4.1]
    source.forget()
    source()
    assert len(reads) == 4


def test_verification_costs_no_query(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the keys, the lists and the issuers were read, a verification asks the database nothing."""
    token = site.token
    for _ in range(2):  # building a list for the first time notes it in the journal
        site.service.verify(token)
    asked: list[int] = []
    connect = Engine.connect

    def counting(engine: Engine) -> Connection:
        asked.append(1)
        return connect(engine)

    monkeypatch.setattr(Engine, "connect", counting)
    assert str(site.service.verify(token).state) == "GENUINE"
    assert asked == []
    site.service.issuer.issuer("acme")
    assert asked == [1]


@pytest.mark.parametrize("contact", ["help@credentials.example", "https://help.example/form?a=1&b=2"])
def test_pages_lead_to_a_form_that_names_the_contact(contact: str, site_with: OpenSite) -> None:
    told = site_with(contact=contact)
    for page in (f"/c/{told.issued.id}", "/issuers/acme"):
        link, _, _ = told.client.get(page).text.partition(">Report a problem")
        form = told.client.get(link.rpartition('href="')[2].removesuffix('"'))
        assert form.status_code == 200
        assert contact.replace("&", "&amp;") in form.text


def test_other_servers_are_asked_where_the_settings_allow(tmp_path: Path) -> None:
    def refusal(folder: str, **given: object) -> str:
        service = open_service(settings_of(tmp_path / folder, outbound_timeout=2, **given))
        with pytest.raises(CredentialError) as caught:
            service.resolver.fetch("https://localhost:9/did.json", accept="*/*", max_bytes=100)
        service.close()
        return caught.value.code

    assert refusal("neither") == "location-refused"
    assert refusal("port", outbound_ports="443,9") == "address-refused"
    assert refusal("both", outbound_ports="443,9", outbound_private_hosts="localhost") == "host-unreachable"
