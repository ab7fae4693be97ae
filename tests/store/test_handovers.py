"""What a company issued, found by how far it has come and by what it is called, on both databases."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import update

from credentials.issuer.service import IssuerService
from credentials.issuer.status import Change
from credentials.mail.message import Letter
from credentials.mail.outbox import Outbox
from credentials.store import handovers
from credentials.store import mail as letters
from credentials.store.engine import read, write
from credentials.store.handovers import Handover, Reached, Sought
from credentials.store.tables import candidate, credential, handover
from tests.drafts import numbered_draft
from tests.issuer.conftest import Clock, clock, keyring, published, service

__all__ = ["clock", "keyring", "published", "service"]

STATES = get_args(Reached)


@pytest.fixture
def issued(service: IssuerService, clock: Clock) -> dict[str, str]:
    """The id of a credential that has come as far as each word says."""
    made = {state: service.issue("acme", numbered_draft(number)).id for number, state in enumerate(STATES)}
    issuer, now = service.issuer("acme"), clock()
    outbox = Outbox(service.means.engine, b"s" * 32, "https://service.example", None, clock)
    with write(service.means.engine) as connection:
        for state, own in made.items():
            if state == "not sent":
                continue
            mail_id = outbox.put(connection, Letter(kind="claim", subject="Yours", paragraphs=("Hi.",)), "a@b.example")
            assert mail_id is not None
            handovers.put(
                connection,
                Handover(credential_id=own, issuer_id=issuer.id, address="a@b.example", mail_id=mail_id, sent_at=now),
            )
            if state != "on its way":
                letters.sent(connection, mail_id, now)
            if state in ("bounced", "not delivered"):
                letters.ended(connection, mail_id, "bounced" if state == "bounced" else "failed", "550", now)
            if state in ("opened", "claimed", "disputed", "withdrawn"):
                handovers.opened(connection, own, now)
        handovers.disputed(connection, made["disputed"], "Not me.", now)
        handovers.disputed(connection, made["withdrawn"], "Not me.", now)
    service.suspend(made["on hold"], "Under review")
    service.revoke(made["withdrawn"], "Issued in error")
    service.change(
        Change(credential_id=made["corrected"], kind="replaced", reason="A wrong date", successor=made["sent"])
    )
    claim(service, made["claimed"], clock)
    service.suspend(made["sent"], "Under review")
    service.lift(made["sent"], "Cleared")
    return made


def claim(service: IssuerService, own: str, clock: Clock) -> None:
    with write(service.means.engine) as connection:
        which = handover.c.credential_id == own
        connection.execute(update(handover).where(which).values(claimed_at=clock()))


def found(service: IssuerService, slug: str = "acme", **sought: Any) -> list[str]:
    with read(service.means.engine) as connection:
        wanted = Sought(**sought)
        return [one.id for one in handovers.issued(connection, service.issuer(slug).id, sought=wanted)]


def test_each_word_finds_its_own_and_no_other(service: IssuerService, issued: dict[str, str]) -> None:
    assert {state: found(service, reached=state) for state in STATES} == {state: [issued[state]] for state in STATES}
    assert sorted(found(service)) == sorted(issued.values())
    assert found(service, reached="lost") == []


def test_each_line_says_the_word_that_finds_it(service: IssuerService, issued: dict[str, str]) -> None:
    with read(service.means.engine) as connection:
        lines = handovers.issued(connection, service.issuer("acme").id)
    assert {one.reached: one.id for one in lines} == issued


def test_another_company_finds_nothing(service: IssuerService, issued: dict[str, str]) -> None:
    service.create_issuer("other", "Other")
    assert [found(service, "other", reached=state) for state in STATES] == [[]] * len(STATES)
    assert found(service, "other", text="a") == []


@pytest.fixture
def named(service: IssuerService) -> dict[str, str]:
    """Three credentials of persons and titles of their own; the ids by the person's name."""
    pairs = {"Ana Souza": "100% of a survey", "Émile O_Brien": "Budget for 2026", "Zoë": "A\\B test"}
    made = {name: service.issue("acme", numbered_draft(number)).id for number, name in enumerate(pairs)}
    with write(service.means.engine) as connection:
        for name, own in made.items():
            row = connection.execute(credential.select().where(credential.c.id == own)).one()
            connection.execute(update(candidate).where(candidate.c.id == row.candidate_id).values(name=name))
            connection.execute(update(credential).where(credential.c.id == own).values(title=pairs[name]))
    return made


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("souza", ["Ana Souza"]),
        ("SOUZA", ["Ana Souza"]),
        ("Zoë", ["Zoë"]),
        ("budget", ["Émile O_Brien"]),
        ("e", ["Ana Souza", "Zoë", "Émile O_Brien"]),
        ("%", ["Ana Souza"]),
        ("_", ["Émile O_Brien"]),
        ("\\", ["Zoë"]),
        ("0% o", ["Ana Souza"]),
    ],
)
def test_a_text_is_looked_for_in_names_and_titles(
    service: IssuerService, named: dict[str, str], text: str, names: list[str]
) -> None:
    assert sorted(found(service, text=text)) == sorted(named[name] for name in names)


@pytest.mark.parametrize("text", ["nobody", "a%a", "S_uza", "' OR 1=1 --", "Ana  Souza", "100\\%", "*", "[a-z]"])
def test_a_text_that_is_nowhere(service: IssuerService, named: dict[str, str], text: str) -> None:
    assert found(service, text=text) == []


def test_both_at_once_and_page_by_page(service: IssuerService, clock: Clock) -> None:
    made = []
    for number in range(7):
        made.append(service.issue("acme", numbered_draft(number)).id)
        clock.advance(seconds=number % 2)
    for own in made[:5]:
        service.revoke(own, "Issued in error")
    wanted, seen, before = Sought(reached="withdrawn", text=" "), [], None
    with read(service.means.engine) as connection:
        issuer_id = service.issuer("acme").id
        while page := handovers.issued(connection, issuer_id, sought=wanted, before=before, limit=2):
            seen += [one.id for one in page]
            before = (page[-1].created_at, page[-1].id)
        first = handovers.issued(connection, issuer_id, before=(clock() - timedelta(days=1), ""), limit=2)
    assert len(seen) == 5
    assert sorted(seen) == sorted(made[:5])
    assert first == []
