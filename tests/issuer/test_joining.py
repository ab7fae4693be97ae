"""One portfolio out of several: only when the operator says so, and then at every address."""

from collections.abc import Iterator

import pytest
import structlog

from credentials.issuer.errors import PortfolioUnknown
from credentials.issuer.service import IssuerService
from credentials.store import candidates, credentials
from credentials.store.engine import read
from tests.issuer.conftest import MakeDraft

COMPANIES = ("acme", "beta", "gamma")


@pytest.fixture
def slugs(service: IssuerService, draft: MakeDraft) -> list[str]:
    """The portfolios of one address at three companies."""
    for slug in COMPANIES[1:]:
        service.create_issuer(slug, slug)
    return [service.issue(slug, draft(project_title=f"For {slug}")).portfolio_slug for slug in COMPANIES]


def shown(service: IssuerService, slug: str) -> set[str]:
    """The titles in the portfolio at a slug."""
    with read(service.means.engine) as connection:
        person = candidates.by_slug(connection, slug)
        return {one.title for one in credentials.of_candidate(connection, person.id)} if person else set()


def test_each_company_has_a_portfolio_of_its_own(service: IssuerService, slugs: list[str]) -> None:
    assert [shown(service, slug) for slug in slugs] == [{f"For {slug}"} for slug in COMPANIES]


def test_joined_portfolios_are_one_at_each_address(service: IssuerService, slugs: list[str], draft: MakeDraft) -> None:
    first, second, third = slugs
    assert service.join_portfolios(second, first).slug == first
    assert service.join_portfolios(first, third).slug == third  # takes along what was joined into it
    every = {f"For {slug}" for slug in COMPANIES}
    assert [shown(service, slug) for slug in slugs] == [every] * 3
    later = service.issue("beta", draft(project_title="Later"))
    assert later.portfolio_slug == third
    assert shown(service, first) == {*every, "Later"}


@pytest.fixture
def every_level() -> Iterator[None]:
    """Whatever level an application in this process has set for its own log."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("debug"))
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("every_level")
def test_again_and_with_itself_nothing_happens(service: IssuerService, slugs: list[str]) -> None:
    first, second, third = slugs
    service.join_portfolios(second, first)
    with structlog.testing.capture_logs() as logs:
        for one, into in ((second, first), (first, second), (third, third)):
            service.join_portfolios(one, into)
    assert logs == []
    assert shown(service, third) == {"For gamma"}


def test_a_repetition_under_its_key_tells_the_joined_portfolio(service: IssuerService, draft: MakeDraft) -> None:
    service.create_issuer("beta", "Beta")
    mine = service.issue("acme", draft(), idempotency_key="1").portfolio_slug
    other = service.issue("beta", draft()).portfolio_slug
    service.join_portfolios(mine, other)
    assert service.issue("acme", draft(), idempotency_key="1").portfolio_slug == other


@pytest.mark.usefixtures("every_level")
def test_the_log_keeps_who_was_joined_and_no_name(service: IssuerService, slugs: list[str]) -> None:
    with structlog.testing.capture_logs() as logs:
        service.join_portfolios(slugs[1], slugs[0])
    (entry,) = logs
    assert entry["event"] == "portfolios-joined"
    assert {"candidate", "into"} < entry.keys()
    assert "ana" not in repr(entry).lower()


def test_unknown_portfolios(service: IssuerService, slugs: list[str]) -> None:
    for one, into in (("nobody-0000000000", slugs[0]), (slugs[0], "nobody-0000000000"), ("", "")):
        with pytest.raises(PortfolioUnknown):
            service.join_portfolios(one, into)
    assert shown(service, slugs[0]) == {"For acme"}
