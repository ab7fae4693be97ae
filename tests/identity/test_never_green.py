"""Every look-alike of the list, having proved its domain, through the real verifier and the real pages: none green."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from credentials.identity.name_server import NameServers, Server
from credentials.identity.service import IdentityService
from credentials.issuer.draft import Deliverable, Draft
from credentials.issuer.service import Issued
from credentials.store.issuers import Issuer
from credentials.verifier.states import State
from credentials.web.app import create_app
from credentials.web.composition import Service, open_service
from credentials.web.settings import load_settings
from tests.identity.lists import rows
from tests.identity.world import BASE, Zone, name_server

DRAFT = Draft(
    recipient_name="Ana Souza",
    recipient_email="ana@mail.example",
    project_title="Customer survey report",
    summary="Interviewed 20 customers and wrote a report with three proposals.",
    deliverables=(Deliverable("Report", "public", "https://files.example/report"),),
    skills=("Survey design",),
    started_on=date(2026, 2, 2),
    ended_on=date(2026, 3, 6),
    hours=Decimal(40),
    supervisor_name="Kim Larsen",
    supervisor_words="Careful and quick.",
    evidence_url=None,
)
CONFIRMED_WORDS = (
    "confirmed issuer",
    "The operator of this service checked",
    "It put a record into the name service of",
)


class NoWeb:
    """Nothing is fetched in these tests."""

    def get(self, url: str, *, accept: str, max_bytes: int | None = None) -> object:
        raise AssertionError(url, accept, max_bytes)


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    """A whole service."""
    opened = open_service(load_settings(data_dir=tmp_path / "data", base_url=BASE, database_url=database_url))
    yield opened
    opened.close()


def prove(service: Service, zone: Zone, port: int, slug: str, name: str, domain: str) -> Issuer:
    """Register a company and let it prove its domain in the name service."""
    names = NameServers([Server("127.0.0.1", port)], seconds=2)
    identity = IdentityService(service.issuer.means, NoWeb(), names)  # type: ignore[arg-type]
    made = service.issuer.create_issuer(slug, name)
    proof = identity.start(made.id, domain, "dns")
    told = identity.instructions(proof)
    zone.put(told.place, told.content)
    assert identity.check(proof.id).state == "holds"
    found = service.issuer.issuer(slug)
    assert (found.confirmed_domain, found.confirmed_level) == (domain, "dns")
    return found


def state_and_pages(service: Service, slug: str, issued: Issued) -> tuple[State, str, str]:
    """What the verifier, the credential's page and the issuer's page say."""
    service.policy.forget()  # type: ignore[attr-defined]
    report = service.verify(service.portfolio.signed(issued.id).body.decode())
    client = create_app(service).test_client()
    return report.state, client.get(f"/c/{issued.id}").text, client.get(f"/issuers/{slug}").text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_look_alike_is_ever_green(service: Service) -> None:
    # Hundreds of companies, and nothing of it hangs on the database.
    zone = Zone()
    with name_server(zone) as port:
        made = [
            (prove(service, zone, port, f"company-{number}", name, domain), domain)
            for number, (name, domain, _) in enumerate(rows("look_alikes.tsv"))
        ]
    assert len(made) >= 200
    assert {issuer.id for issuer, _ in made} == service.resemblances.flagged()
    service.policy.forget()  # type: ignore[attr-defined]
    assert service.policy().confirmed == {}
    app = create_app(service).test_client()
    for issuer, domain in made:
        issued = service.issuer.issue(issuer.slug, DRAFT)
        report = service.verify(service.portfolio.signed(issued.id).body.decode())
        assert (report.state, report.verdict) == (State.UNCONFIRMED_ISSUER, "indeterminate"), domain
        assert report.issuer is not None
        assert not report.issuer.confirmed
        page = app.get(f"/issuers/{issuer.slug}").text
        assert "unconfirmed issuer" in page
        assert domain not in page
        assert not any(words in page.replace("unconfirmed issuer", "") for words in CONFIRMED_WORDS)


def test_honest_ones_are_green_at_the_level_that_they_proved(service: Service) -> None:
    zone, few = Zone(), rows("honest.tsv")[::11]
    with name_server(zone) as port:
        for number, (name, domain) in enumerate(few):
            slug = f"company-{number}"
            prove(service, zone, port, slug, name, domain)
            state, page, issuer_page = state_and_pages(service, slug, service.issuer.issue(slug, DRAFT))
            assert state == State.GENUINE
            assert domain in page
            assert "It put a record into the name service of" in issuer_page
            assert domain in issuer_page


def test_the_report_says_the_level(service: Service) -> None:
    zone = Zone()
    with name_server(zone) as port:
        proved = prove(service, zone, port, "acme", "Acme Analytics", "acme.example")
    service.policy.forget()  # type: ignore[attr-defined]
    issued = service.issuer.issue("acme", DRAFT)
    told = service.verify(service.portfolio.signed(issued.id).body.decode()).issuer
    assert told is not None
    assert (told.domain, told.level, told.since) == ("acme.example", "dns", proved.confirmed_at)


def test_the_operators_word_is_not_enough_until_the_likeness_is_cleared(service: Service) -> None:
    made = service.issuer.create_issuer("pp", "PayPa1 Careers")
    service.issuer.confirm("pp", "brightpath.example", note="rang them")
    issued = service.issuer.issue("pp", DRAFT)
    assert state_and_pages(service, "pp", issued)[0] == State.UNCONFIRMED_ISSUER
    for one in service.resemblances.of_issuer(made.id):
        service.resemblances.clear(one, by="operator", note="Rang them.", now=service.clock() + timedelta(seconds=1))
    state, _, page = state_and_pages(service, "pp", issued)
    assert state == State.GENUINE
    assert "The operator of this service checked that it speaks for" in page


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("e-mail", "Somebody with a mailbox at"),
        ("file", "It put a file on the web site of"),
        ("dns", "It put a record into the name service of"),
        ("did:web", "Its keys are published by"),
    ],
)
def test_each_level_has_its_words(service: Service, level: str, words: str) -> None:
    service.issuer.create_issuer("acme", "Acme Analytics")
    service.issuer.confirm("acme", "acme.example", level)
    page = create_app(service).test_client().get("/issuers/acme").text
    assert words in page
    assert ", since" in page
