"""The pages of proofs, of uploaded lists and of the operator: looked at in every face, and pictured."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from credentials.accounts.organisations import make_operator
from tests.browser.conftest import Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk, with_authenticator
from tests.browser.test_accounts import look
from tests.browser.test_newcomer import OWNER, looked_at, sign_up

pytestmark = pytest.mark.browser
OPERATOR = "kim@northwind.example"
HOME = "/console/acme-bakeries"
LIST = (
    "name,e-mail,project,summary,start,end,supervisor\n"
    "Ana Souza,ana@mail.example,Customer survey report,Interviewed 20 customers.,2026-02-02,2026-03-06,Kim Larsen\n"
    "Ben Okoro,ben@mail.example,Price list,Made the spring price list.,2026-02-09,2026-02-20,Kim Larsen\n"
    "Cleo Martin,cleo@mail.example,Opening hours,Wrote to all shops.,2026-03-09,2026-02-20,Kim Larsen\n"
    "Dana Novak,dana,Shop window,,2026-02-02,2026-02-06,Kim Larsen\n"
)


def seen(page: Page, name: str, screenshots: Path | None) -> None:
    """Look at a page in every face; keep the picture where pictures are asked for."""
    look(page, name)
    looked_at(page, name, screenshots)


def enter_operator(page: Page, site: Desk) -> None:
    """From the link of the command to the first page of whoever runs the service."""
    url = make_operator(site.service.accounts, OPERATOR)
    assert url is not None
    page.goto(url)
    page.fill("#name", "Kim Larsen")
    press(page, "button:has-text('Continue')")
    press(page, "button:has-text('Make a passkey')")
    press(page, "text=I have kept them")
    page.goto(f"{site.address}/operator")


def test_a_company_shows_who_it_is(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit().page
        with_authenticator(page)
        sign_up(page, site, lambda _: None)
        page.goto(f"{site.address}{HOME}/proof")
        press(page, "button:has-text('Use it')")
        seen(page, "proofs", screenshots)
        for method in ("did", "file", "dns"):
            page.goto(f"{site.address}{HOME}/proof")
            page.fill("#domain", "acme.example")
            page.check(f"#method-{method}")
            press(page, "button:has-text('Show me how')")
            look(page, f"proof by {method}")
        seen(page, "proof", screenshots)
        press(page, "summary")
        look(page, "letter to send on")


def test_a_list_is_uploaded(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit().page
        with_authenticator(page)
        sign_up(page, site, lambda _: None)
        page.goto(f"{site.address}{HOME}/upload")
        look(page, "upload")
        page.set_input_files("#file", {"name": "finished.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
        press(page, "button:has-text('Check it')")
        site.service.uploads.run(page.url.rpartition("/")[2])
        page.goto(page.url)
        assert "2 of 4 rows can be issued" in page.content()
        seen(page, "upload", screenshots)
        press(page, "button:has-text('Sign and send 2')")
        seen(page, "list-progress", screenshots)
        site.service.uploads.run(page.url.rpartition("/")[2])
        page.goto(page.url)
        seen(page, "list-done", screenshots)
        page.goto(f"{site.address}{HOME}/upload")
        look(page, "uploads")


def test_the_service_is_run(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        owner, page = visitor.visit().page, visitor.visit().page
        with_authenticator(owner)
        with_authenticator(page)
        sign_up(owner, site, lambda _: None)
        owner.goto(f"{site.address}/report/issuers/acme-bakeries")
        owner.check("input[name=reason] >> nth=0") if owner.query_selector("input[name=reason]") else None
        owner.fill("textarea", "They are not the Acme Bakeries of Northwind.")
        press(owner, "main button")
        enter_operator(page, site)
        seen(page, "operator", screenshots)
        for name in ("reports", "people", "mail", "look-alikes", "trail"):
            page.goto(f"{site.address}/operator/{name}")
            look(page, f"operator {name}")
        page.goto(f"{site.address}/operator/reports")
        looked_at(page, "operator-reports", screenshots)
        page.goto(f"{site.address}/operator/issuers/acme-bakeries")
        seen(page, "operator-issuer", screenshots)
        page.goto(f"{site.address}/operator/people")
        page.fill("#address", OWNER)
        press(page, "button:has-text('Find them')")
        seen(page, "operator-person", screenshots)
