"""What an issuer does is told, in its own transaction, with nothing of the person in it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService, KeyedDraft
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.store.engine import read
from credentials.store.tables import webhook_message
from credentials.verifier.outbound import OutboundClient
from credentials.webhooks.kinds import KINDS
from credentials.webhooks.messages import announce
from credentials.webhooks.service import WebhookService
from tests.drafts import numbered_draft
from tests.webhooks.conftest import SECRET, Clock

BASE = "https://credentials.example"


class Company:
    """An issuer to which webhooks listen."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.clock = engine, Clock()
        self.webhooks = WebhookService(engine, SECRET, OutboundClient(), self.clock)
        keys = FileKeyring(folder / "keys", load_or_create_master_secret(folder / "keys", None))
        mark = HighWaterMark(folder / "published")
        self.issuer = IssuerService(engine, keys, BASE, mark, self.clock, announce)
        self.id = self.issuer.create_issuer("acme", "Acme Analytics").id

    def listen(self) -> None:
        """Want to know everything."""
        self.webhooks.add(self.id, "https://hooks.example/", KINDS)

    def told(self) -> list[dict[str, object]]:
        """What was recorded, in the order of its names."""
        query = select(webhook_message.c.body, webhook_message.c.event).order_by(webhook_message.c.event)
        with read(self.engine) as connection:
            return [json.loads(bytes(row.body)) for row in connection.execute(query)]


@pytest.fixture
def company(engine: Engine, tmp_path: Path) -> Company:
    """A company that issued nothing yet."""
    return Company(engine, tmp_path)


def test_issuing_is_told_with_links_only(company: Company) -> None:
    company.listen()
    issued = company.issuer.issue("acme", numbered_draft(1))
    [told] = company.told()
    assert told["type"] == "credential.issued"
    assert told["data"] == {"issuer": "acme", "credential": issued.id, "url": issued.url}


def test_an_issuer_without_webhooks_records_nothing(company: Company) -> None:
    issued = company.issuer.issue("acme", numbered_draft(1))
    company.issuer.revoke(issued.id, "Issued in error.")
    company.issuer.rotate_key("acme")
    assert company.told() == []


def test_each_credential_of_a_bulk_is_told_once_however_often_it_is_asked_for(company: Company) -> None:
    company.listen()
    drafts = [KeyedDraft(str(number), numbered_draft(number)) for number in range(12)]
    ids = {one.id for one in company.issuer.issue_many("acme", drafts[:7], batch=5)}
    ids |= {one.id for one in company.issuer.issue_many("acme", drafts, batch=5)}
    company.issuer.resume()
    assert sorted(told["data"]["credential"] for told in company.told()) == sorted(ids)  # type: ignore[index]
    assert len(ids) == 12


def test_what_a_crash_left_unsigned_is_told_when_it_is_released(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.listen()
    with monkeypatch.context() as crash:
        crash.setattr("credentials.issuer.release.sign_all", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            company.issuer.issue("acme", numbered_draft(1))
    assert company.told() == []
    assert company.issuer.resume() > 0
    assert [told["type"] for told in company.told()] == ["credential.issued"]


def test_a_release_that_fails_tells_nothing(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.listen()
    with monkeypatch.context() as crash:
        crash.setattr("credentials.store.webhooks.add_deliveries", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            company.issuer.issue("acme", numbered_draft(1))
    assert company.told() == []
    company.issuer.resume()
    assert len(company.told()) == 1


def test_changes_of_status_are_told_without_their_reasons(company: Company) -> None:
    issued = company.issuer.issue("acme", numbered_draft(1))
    company.listen()
    company.issuer.suspend(issued.id, "Canary reason", "canary note")
    company.issuer.lift(issued.id, "Canary reason")
    company.issuer.revoke(issued.id, "Canary reason")
    told = company.told()
    assert {one["type"] for one in told} == {"credential.suspended", "credential.lifted", "credential.revoked"}
    assert len(told) == 3
    assert all(one["data"]["status"] == f"{issued.url}/status" for one in told)  # type: ignore[index]
    assert "anary" not in json.dumps(told)


def test_a_refused_change_is_not_told(company: Company) -> None:
    issued = company.issuer.issue("acme", numbered_draft(1))
    company.issuer.revoke(issued.id, "Issued in error.")
    company.listen()
    with pytest.raises(Exception, match="revoked"):
        company.issuer.revoke(issued.id, "Again.")
    assert company.told() == []


def test_a_rotation_is_told_once(company: Company) -> None:
    company.listen()
    key = company.issuer.rotate_key("acme")
    [told] = company.told()
    assert told["type"] == "key.rotated"
    assert told["data"]["key"] == key.name  # type: ignore[index]
    assert told["data"]["url"] == f"{BASE}/issuers/acme/did.json"  # type: ignore[index]


def test_a_stolen_key_in_use_is_replaced_and_that_is_told(company: Company) -> None:
    company.listen()
    [key] = company.issuer.keys("acme")
    company.issuer.report_compromise("acme", key.name, company.clock())
    assert [told["type"] for told in company.told()] == ["key.rotated"]
