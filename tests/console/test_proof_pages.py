"""How a company shows who it is, on its own pages and on the operator's."""

import re
from datetime import timedelta

import pytest

from credentials.accounts.audit import trail
from credentials.console.alerts import WORDS, DomainAlerts
from tests.console.conftest import Desk

BASE = "/console/acme/proof"


def begun(desk: Desk, method: str = "dns") -> str:
    answer = desk.owner.post(BASE, BASE, domain="acme-bakeries.example", method=method)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.mark.parametrize(
    ("method", "place"), [("dns", "_credentials"), ("file", ".well-known"), ("did:web", "did.json")]
)
def test_each_way_says_what_to_do_and_what_to_send_on(method: str, place: str, desk: Desk) -> None:
    page = desk.owner.get(begun(desk, method)).text

    assert place in page
    assert "Send this to whoever runs your website" in page
    assert desk.owner.get(BASE).text.count("acme-bakeries.example") >= 1


def test_the_file_for_ones_own_did(desk: Desk) -> None:
    answer = desk.owner.get(f"{begun(desk, 'did:web')}/did.json")

    assert answer.get_json()["id"] == "did:web:acme-bakeries.example"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("domain", "method"),
    [("gmail.com", "dns"), ("co.uk", "dns"), ("not a domain", "dns"), ("", "file"), ("acme.example", "telephone")],
)
def test_a_domain_that_proves_nothing(domain: str, method: str, desk: Desk) -> None:
    assert desk.owner.post(BASE, BASE, domain=domain, method=method).status_code == 422


def test_a_work_address_is_the_first_step(desk: Desk) -> None:
    eve = desk.person("eve@northpole-bakeries.example")
    home = eve.post("/companies/new", "/companies/new", name="North Pole Bakeries", website="").headers["Location"]
    page = f"{home}/proof"

    answer = eve.post(f"{page}/address", page, address="eve@northpole-bakeries.example")

    assert answer.status_code == 303
    issuer = desk.service.issuer.issuer(home.rpartition("/")[2])
    assert (issuer.confirmed_domain, issuer.confirmed_level) == ("northpole-bakeries.example", "e-mail")


def test_somebody_elses_address_is_no_proof(desk: Desk) -> None:
    desk.person("ann@northpole-bakeries.example")

    assert desk.owner.post(f"{BASE}/address", BASE, address="ann@northpole-bakeries.example").status_code == 422


def test_a_free_address_is_no_proof(desk: Desk) -> None:
    eve = desk.person("eve@gmail.com")
    home = eve.post("/companies/new", "/companies/new", name="Eve and Sons", website="").headers["Location"]

    assert eve.post(f"{home}/proof/address", f"{home}/proof", address="eve@gmail.com").status_code == 422


def test_a_foreign_proof_is_not_there(desk: Desk) -> None:
    number = begun(desk).rpartition("/")[2]
    eve = desk.person("eve@other.example")
    home = eve.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"]

    assert eve.get(f"{home}/proof/{number}").status_code == 404
    assert eve.get(f"{home}/proof/{number}/did.json").status_code == 404
    for action in ("check", "withdraw"):
        assert eve.post(f"{home}/proof/{number}/{action}").status_code == 404
    assert desk.owner.get(f"{BASE}/{number}").status_code == 200


def test_an_author_begins_no_proof(desk: Desk) -> None:
    ann = desk.invited("ann@acme.example", "author")

    assert ann.get(BASE).status_code == 200
    assert ann.post(BASE, domain="acme-bakeries.example", method="dns").status_code == 403


def test_giving_a_proof_up(desk: Desk) -> None:
    path = begun(desk)
    assert desk.owner.post(f"{path}/withdraw").status_code == 303

    assert desk.owner.get(path).status_code == 404


def test_a_look_alike_waits_for_an_operator_and_is_amber_until_then(desk: Desk) -> None:
    eve = desk.person("eve@rnicrosoft.com")
    home = eve.post("/companies/new", "/companies/new", name="Micr0soft", website="").headers["Location"]
    assert eve.post(f"{home}/proof/address", f"{home}/proof", address="eve@rnicrosoft.com").status_code == 303
    assert "could be taken for somebody else" in eve.get(f"{home}/proof").text

    operator = desk.operator()
    page = operator.get("/operator/look-alikes").text
    assert "microsoft.com" in page
    fields = [dict(re.findall(r'name="(issuer|what|resembles)" value="([^"]*)"', part)) for part in page.split("<form")]
    known = next(one for one in fields if one)
    assert operator.post("/operator/look-alikes", note="", **known).status_code == 422
    assert operator.post("/operator/look-alikes", note="x", **(known | {"what": "?"})).status_code == 422
    for one in filter(None, fields):
        assert operator.post("/operator/look-alikes", note="They are the same company.", **one).status_code == 303
    assert "None stands" in operator.get("/operator/look-alikes").text


@pytest.mark.parametrize("event", sorted(WORDS))
def test_owners_are_told_of_their_domain(event: str, desk: Desk) -> None:
    issuer = desk.service.issuer.issuer("acme")
    service = desk.service
    DomainAlerts(service.engine, service.outbox, service.clock)(issuer.id, event)

    to, letter = desk.sent()[-1]
    assert (to, letter.paragraphs) == ("owner@acme.example", (WORDS[event],))
    assert trail(service.engine, issuer.id)[0].actor == "service"


def test_a_lost_domain_is_told_to_programs(desk: Desk) -> None:
    issuer, service = desk.service.issuer.issuer("acme"), desk.service
    webhook = service.webhooks.add(issuer.id, "https://hooks.acme.example/", ["domain.lost"])
    alerts = DomainAlerts(service.engine, service.outbox, service.clock)
    alerts(issuer.id, "domain-recovered")
    alerts(issuer.id, "domain-lost")

    history = service.webhooks.history(issuer.id, webhook.webhook.id)
    assert [one.kind for one in history.deliveries] == ["domain.lost"]
    assert service.clock() - history.deliveries[0].created_at < timedelta(minutes=1)
