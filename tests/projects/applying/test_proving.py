"""What an applicant has proven: only what they took, show, and what is genuine when the page is opened."""

from __future__ import annotations

import pytest

from credentials.issuer.service import Issued
from credentials.projects.applying.proving import Match, Prover, match
from credentials.projects.terms import Terms
from tests.web.conftest import Site, make_draft

WANTED = Terms(skills=("Survey design", "SQL"), skill_links=("", ""))


def matched(site: Site, *issued: Issued, terms: Terms = WANTED) -> Match:
    service = site.service
    return match(Prover(service.portfolio.signed, service.verify), terms, [one.id for one in issued])


def test_a_skill_is_proven_by_each_credential_that_names_it(site: Site) -> None:
    second = site.service.issuer.issue("acme", make_draft(skills=("SURVEY design", "Interviewing")))
    found = matched(site, site.issued, second)

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


@pytest.mark.parametrize("what", ["revoked", "suspended", "private", "unconfirmed", "expired", "missing"])
def test_what_proves_nothing(site: Site, what: str) -> None:
    issuer, issued = site.service.issuer, site.issued
    if what == "revoked":
        issuer.revoke(issued.id, "Issued in error")
    elif what == "suspended":
        issuer.suspend(issued.id, "A question about it")
    elif what == "private":
        issuer.set_visibility(issued.id, "private")
    elif what == "unconfirmed":
        issuer.create_issuer("anyone", "Anyone", "https://anyone.example")
        issued = issuer.issue("anyone", make_draft())
    elif what == "expired":
        from_past = site.service.clock().replace(year=2026, month=4, day=1)
        issued = issuer.issue("acme", make_draft(valid_until=from_past, skills=("Survey design",)))
    else:
        issued = Issued(**{**vars_of(issued), "id": "0" * 26})
    found = matched(site, issued)

    assert (found.count, found.further) == (0, ())


def vars_of(issued: Issued) -> dict[str, object]:
    return {name: getattr(issued, name) for name in Issued.__annotations__}


def test_twelve_of_many_credentials_are_looked_at(site: Site) -> None:
    asked: list[str] = []

    def signed(number: str) -> object:
        asked.append(number)
        return site.service.portfolio.signed(number)

    match(Prover(signed, site.service.verify), WANTED, [site.issued.id] * 40)  # type: ignore[arg-type]
    assert len(asked) == 12
