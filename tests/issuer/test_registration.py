"""Companies: what they may be called, and what an operator confirms."""

from datetime import datetime

import pytest
from sqlalchemy import Connection

from credentials.issuer.errors import (
    ConfirmationUnusable,
    IssuerDetailsUnusable,
    IssuerUnknown,
    ReasonMissing,
    ReinstatementUnexplained,
    SlugTaken,
    SlugUnusable,
)
from credentials.issuer.service import IssuerService
from credentials.store.issuers import Issuer
from tests.issuer.conftest import Clock


def test_a_new_issuer_has_its_own_did_and_active_key(service: IssuerService) -> None:
    issuer = service.create_issuer("nordic-42", "  Nordic Foods ", sandbox=True)
    assert issuer.did == "did:web:localhost%3A8000:issuers:nordic-42"
    assert issuer.name == "Nordic Foods"
    assert service.issuer("nordic-42") == issuer
    assert [key.state for key in service.keys("nordic-42")] == ["active"]
    assert [one.slug for one in service.issuers()] == ["acme", "nordic-42"]


@pytest.mark.parametrize("slug", ["", "Acme", "a b", "-a", "a-", "a--b", "a/b", "a.b", "å", "a" * 64, "a\n", "%61"])
def test_a_slug_must_fit_an_address(service: IssuerService, slug: str) -> None:
    with pytest.raises(SlugUnusable):
        service.create_issuer(slug, "Name")


def test_a_slug_is_taken_once_and_leaves_no_key_behind(service: IssuerService) -> None:
    before = service.means.signer.list()
    with pytest.raises(SlugTaken):
        service.create_issuer("acme", "Another Acme")
    assert service.means.signer.list() == before


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "Acme\u202eemcA", "Acme\nInc"])
def test_a_name_must_be_visible(service: IssuerService, name: str) -> None:
    with pytest.raises(IssuerDetailsUnusable):
        service.create_issuer("new", name)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "acme.example", "https://", "https://a b", "ftp://a.example"])
def test_an_address_must_be_a_web_address(service: IssuerService, url: str) -> None:
    with pytest.raises(IssuerDetailsUnusable):
        service.create_issuer("new", "New", url)


def test_a_confirmation_is_dated(service: IssuerService, clock: Clock) -> None:
    issuer = service.confirm("acme", "Acme.Example.", note="called their switchboard")
    assert (issuer.confirmed_domain, issuer.confirmed_level) == ("acme.example", "operator")
    assert issuer.confirmed_at == clock.now
    assert issuer.confirmed_note == "called their switchboard"


@pytest.mark.parametrize(
    "domain", ["", "acme", "https://acme.example", "acme.example/x", "a..b", "acme .example", "1.2.3.4"]
)
def test_only_a_domain_can_be_confirmed(service: IssuerService, domain: str) -> None:
    with pytest.raises(ConfirmationUnusable):
        service.confirm("acme", domain)


def test_unknown_levels_issuers_and_silent_suspensions(service: IssuerService) -> None:
    with pytest.raises(ConfirmationUnusable):
        service.confirm("acme", "acme.example", level="gold")
    with pytest.raises(IssuerUnknown):
        service.confirm("nobody", "acme.example")
    with pytest.raises(ReasonMissing):
        service.suspend_issuer("acme", " ")


def changed_at(issuer: Issuer) -> datetime:
    """When an issuer was suspended, or, if it is not suspended now, reinstated."""
    moment = issuer.suspended_at if issuer.is_suspended else issuer.reinstated_at
    assert moment is not None
    return moment


def test_suspended_and_reinstated_as_often_as_needed(service: IssuerService) -> None:
    states = []
    for _ in range(3):
        states.append(service.suspend_issuer("acme", "Reported"))
        states.append(service.reinstate_issuer("acme", "Cleared"))
    assert [one.is_suspended for one in states] == [True, False] * 3
    moments = [changed_at(one) for one in states]
    assert moments == sorted(set(moments))
    assert service.issuer("acme").reinstated_note == "Cleared"


def test_who_is_not_suspended_is_not_reinstated(service: IssuerService) -> None:
    told: list[str] = []
    before = service.issuer("acme")
    assert service.reinstate_issuer("acme", "Cleared", lambda _, issuer: told.append(issuer.id)) == before
    service.suspend_issuer("acme", "Reported")
    done = service.reinstate_issuer("acme", "Cleared")
    assert service.reinstate_issuer("acme", "Again", lambda _, issuer: told.append(issuer.id)) == done
    assert told == []


@pytest.mark.parametrize("note", ["", "  ", "x" * 501, "two\nlines", "hidden\u200b\x00"])
def test_a_reinstatement_says_why(service: IssuerService, note: str) -> None:
    service.suspend_issuer("acme", "Reported")
    with pytest.raises(ReinstatementUnexplained):
        service.reinstate_issuer("acme", note)
    with pytest.raises(IssuerUnknown):
        service.reinstate_issuer("nobody", "Cleared")
    assert service.issuer("acme").is_suspended


def test_what_is_done_with_a_suspension_and_fails_undoes_it(service: IssuerService) -> None:
    def fail(_connection: Connection, _issuer: Issuer) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        service.suspend_issuer("acme", "Reported", fail)
    assert service.issuer("acme").suspended_at is None
    service.suspend_issuer("acme", "Reported")
    with pytest.raises(ZeroDivisionError):
        service.reinstate_issuer("acme", "Cleared", fail)
    assert service.issuer("acme").is_suspended
