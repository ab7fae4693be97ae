"""What an applicant has proven: only what they took, show, and what is genuine when the page is opened."""

from __future__ import annotations

import pytest

from credentials.projects.applying.proving import Match, Prover, match
from credentials.projects.terms import Terms
from credentials.store.credentials import SecuredForm
from tests.web.conftest import Site, make_draft

WANTED = Terms(skills=("Survey design", "SQL"), skill_links=("", ""))


def matched(site: Site, *numbers: str, terms: Terms = WANTED) -> Match:
    service = site.service
    return match(Prover(service.portfolio.signed, service.verify), terms, numbers)


def test_a_skill_is_proven_by_each_credential_that_names_it(site: Site) -> None:
    second = site.service.issuer.issue("acme", make_draft(skills=("SURVEY design", "Interviewing")))
    found = matched(site, site.issued.id, second.id)

    assert [(one.name, one.credentials) for one in found.wanted] == [
        ("Survey design", (site.issued.id, second.id)),
        ("SQL", ()),
    ]
    assert [(one.name, one.credentials) for one in found.further] == [("Interviewing", (second.id,))]
    assert found.count == 1


def test_an_applicant_without_credentials_has_proven_nothing(site: Site) -> None:
    found = matched(site)

    assert (found.count, found.further) == (0, ())
    assert [one.name for one in found.wanted] == ["Survey design", "SQL"]


@pytest.mark.parametrize("what", ["revoked", "suspended", "private", "unconfirmed", "missing"])
def test_what_proves_nothing(site: Site, what: str) -> None:
    issuer, number = site.service.issuer, site.issued.id
    if what == "revoked":
        issuer.revoke(number, "Issued in error")
    elif what == "suspended":
        issuer.suspend(number, "A question about it")
    elif what == "private":
        issuer.set_visibility(number, "private")
    elif what == "unconfirmed":
        issuer.create_issuer("anyone", "Anyone", "https://anyone.example")
        number = issuer.issue("anyone", make_draft()).id
    else:
        number = "0" * 26
    found = matched(site, number)

    assert (found.count, found.further) == (0, ())


def test_what_was_changed_after_signing_proves_nothing(site: Site) -> None:
    def changed(number: str) -> SecuredForm:
        form = site.service.portfolio.signed(number)
        return form._replace(body=form.body[:-8] + b"AAAAAAAA")

    found = match(Prover(changed, site.service.verify), WANTED, [site.issued.id])
    assert (found.count, found.further) == (0, ())


def test_twelve_of_many_credentials_are_looked_at(site: Site) -> None:
    asked: list[str] = []

    def signed(number: str) -> SecuredForm:
        asked.append(number)
        return site.service.portfolio.signed(number)

    match(Prover(signed, site.service.verify), WANTED, [site.issued.id] * 40)
    assert len(asked) == 12
