"""What one issuer writes down tells it nothing of, and adds nothing to, what another issuer says of a person."""

from credentials.accounts.api_keys import make_key
from tests.web.conftest import ISSUE_BODY, Site, make_draft

CALLS = "/api/v1/credentials"


def portfolio_of(site: Site, body: dict[str, object], issuer: str) -> str:
    """The path of the portfolio that an issuer's own call is told about."""
    key = make_key(site.service.engine, issuer, ["issue"], label="t", now=site.service.clock()).secret
    answer = site.client.post(CALLS, json=body, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 201
    return str(answer.get_json()["portfolio"]).removeprefix(site.service.base_url)


def test_an_address_opens_nobody_elses_portfolio(site: Site) -> None:
    mine = site.service.issuer.issue("acme", make_draft(project_title="Secret project")).portfolio_slug
    site.service.issuer.create_issuer("evil", "Evil")
    body = ISSUE_BODY | {"recipientName": "Mr Clown", "recipientEmail": "ANA@mail.example", "projectTitle": "Junk"}
    path = portfolio_of(site, body, "evil")
    theirs = site.client.get(path).get_data(as_text=True)
    assert "Junk" in theirs
    assert "Secret project" not in theirs
    assert mine not in path
    ours = site.client.get(f"/p/{mine}").get_data(as_text=True)
    assert "Secret project" in ours
    assert "Junk" not in ours
    assert "Clown" not in ours


def test_a_portfolio_is_titled_by_what_is_signed_on_most_of_it(site: Site) -> None:
    issue = site.service.issuer.issue
    mine, again = (issue("acme", make_draft(project_title=title)).portfolio_slug for title in ("One", "Two"))
    assert mine == again
    site.service.issuer.create_issuer("beta", "Beta")
    other = issue("beta", make_draft(recipient_name="A. Souza", project_title="Three")).portfolio_slug
    site.service.issuer.join_portfolios(mine, other)
    for slug in (mine, other):
        page = site.client.get(f"/p/{slug}").get_data(as_text=True)
        assert "<title>Ana Souza: " in page
        assert "A. Souza: " not in page
