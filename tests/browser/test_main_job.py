"""The main job in a real browser: from the first page to a genuine credential, and what forgeries look like."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from credentials.cli.demo_drafts import FORECAST, LEAFLET
from tests.browser.conftest import DESK, PHONE, Site, Visitor
from tests.browser.pressing import press
from tests.portfolio.samples import signed_bytes

pytestmark = pytest.mark.browser

SCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])


def codes_seen(page: Page) -> list[str]:
    """What the QR codes in a screenshot of the page say, its pictures loaded."""
    page.wait_for_load_state("load")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    return [code.text for code in zxingcpp.read_barcodes(picture.convert("RGB"))]


def state_of(page: Page) -> str | None:
    return page.locator(".band").get_attribute("data-state")


@SCRIPT
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_first_page_over_paper_to_genuine(
    site: Site, visitor: Visitor, javascript: bool, size: dict[str, int], scheme: str
) -> None:
    visit = visitor.visit(site.address, java_script_enabled=javascript, viewport=size, color_scheme=scheme)
    page = visit.page
    press(page, page.get_by_role("link", name="Genuine", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Genuine and current")

    (seen,) = codes_seen(page)
    other = visitor.visit(seen, java_script_enabled=javascript).page

    assert state_of(other) == "GENUINE"
    assert other.title().startswith("Genuine and current: ")
    expect(other.locator(".person")).to_have_text(FORECAST.recipient_name)
    expect(other.locator("blockquote")).to_have_text(str(FORECAST.supervisor_words))
    assert visit.foreign(site.address) == []
    assert visit.context.cookies() == []


@SCRIPT
def test_tampered_says_so_and_shows_none_of_its_fields(site: Site, visitor: Visitor, javascript: bool) -> None:
    page = visitor.visit(site.address, java_script_enabled=javascript).page
    press(page, page.get_by_role("link", name="Tampered", exact=True))

    assert state_of(page) == "TAMPERED"
    expect(page.locator(".say")).to_have_text("It doesn’t match its signature. Details hidden.")
    source = page.content()
    fields = (LEAFLET.recipient_name, LEAFLET.project_title, LEAFLET.summary, LEAFLET.supervisor_name, "Northwind")
    assert not [field for field in fields if field in source]
    assert "northwind.example" not in source
    assert page.locator(".qr").count() == 0


@SCRIPT
def test_revoked_says_who_when_and_why(site: Site, visitor: Visitor, javascript: bool) -> None:
    page = visitor.visit(site.address, java_script_enabled=javascript).page
    press(page, page.get_by_role("link", name="Revoked", exact=True))
    said = page.locator(".say").inner_text()

    assert state_of(page) == "REVOKED"
    assert said.startswith("Withdrawn by northwind.example on ")
    assert "Issued in error: the work was never handed over." in said
    expect(page.get_by_role("heading", name="What should I do?")).to_be_visible()
    press(page, page.get_by_role("link", name="Status story"))
    expect(page.locator(".story li")).to_have_count(2)
    expect(page.locator(".story")).to_contain_text("Issued in error: the work was never handed over.")


@SCRIPT
def test_expired_still_shows_the_work(site: Site, visitor: Visitor, javascript: bool) -> None:
    page = visitor.visit(site.address, java_script_enabled=javascript).page
    press(page, page.get_by_role("link", name="Expired", exact=True))

    assert state_of(page) == "EXPIRED"
    expect(page.locator(".title")).to_be_visible()
    expect(page.locator("blockquote")).to_be_visible()


@SCRIPT
def test_a_portfolio_filters_by_skill_and_leads_to_the_evidence(site: Site, visitor: Visitor, javascript: bool) -> None:
    page = visitor.visit(site.links.portfolio, java_script_enabled=javascript).page
    everything = page.locator(".card").count()
    press(page, page.get_by_role("link", name="Market research 1"))
    expect(page.locator(".card")).to_have_count(1)
    assert everything > 1
    press(page, page.locator(".card h2 a"))

    assert state_of(page) == "GENUINE"


@SCRIPT
def test_a_photo_of_the_code_is_read(site: Site, visitor: Visitor, javascript: bool, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    visitor.visit(site.links.genuine).page.screenshot(path=photo)
    page = visitor.visit(f"{site.address}/verify", java_script_enabled=javascript).page
    page.get_by_label("Or a file").set_input_files(photo)
    press(page, page.get_by_role("button", name="Check it"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Genuine and current")
    expect(page.locator(".person")).to_have_text(FORECAST.recipient_name)


def test_a_browser_that_reads_codes_itself_sends_only_what_it_read(
    site: Site, visitor: Visitor, tmp_path: Path
) -> None:
    """This Chromium has no BarcodeDetector: one that has is stood in for, so that the module's path is walked."""
    photo = tmp_path / "photo.png"
    visit = visitor.visit(site.links.genuine)
    visit.page.screenshot(path=photo)
    visit.page.add_init_script(
        f"""window.BarcodeDetector = class {{
          static async getSupportedFormats() {{ return ["qr_code"]; }}
          async detect() {{ return [{{ rawValue: "{site.links.genuine.upper()}" }}]; }}
        }}"""
    )
    visit.page.goto(f"{site.address}/verify")
    expect(visit.page.get_by_role("button", name="Use the camera")).to_be_visible()
    with visit.page.expect_request("**/verify") as sent:
        visit.page.get_by_label("Or a file").set_input_files(photo)

    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Genuine and current")
    assert b"PNG" not in (sent.value.post_data_buffer or b"")


@pytest.mark.parametrize("given", ["token", "link", "code", "upper-case link"])
def test_whatever_is_pasted_is_checked(site: Site, visitor: Visitor, given: str) -> None:
    number = site.links.genuine.rsplit("/", 1)[1]
    code = site.service.portfolio.credential(number).links.code
    texts = {
        "token": signed_bytes(site.service, number).decode(),
        "link": site.links.genuine,
        "code": f" {str(code).lower()} ",
        "upper-case link": site.links.genuine.upper(),
    }
    page = visitor.visit(f"{site.address}/verify", java_script_enabled=False).page
    page.get_by_label("Link, code or credential").fill(texts[given])
    press(page, page.get_by_role("button", name="Check it"))

    assert state_of(page) == "GENUINE"


def test_nothing_typed_is_lost(site: Site, visitor: Visitor) -> None:
    page = visitor.visit(f"{site.address}/verify", java_script_enabled=False).page
    typed = f"{site.address}/c/{'0' * 26}"
    page.get_by_label("Link, code or credential").fill(typed)
    press(page, page.get_by_role("button", name="Check it"))

    expect(page.get_by_label("Link, code or credential")).to_have_value(typed)
    expect(page.get_by_role("alert")).to_contain_text("Nothing here, or it's private")
    press(page, page.get_by_role("alert").get_by_role("link"))
    expect(page.get_by_label("Link, code or credential")).to_be_in_viewport()
    assert "Traceback" not in page.content()


def test_the_link_can_be_copied(site: Site, visitor: Visitor) -> None:
    visit = visitor.visit(permissions=["clipboard-read", "clipboard-write"])
    visit.page.goto(site.links.genuine)
    press(visit.page, visit.page.get_by_role("button", name="Copy the link"))

    expect(visit.page.get_by_role("status")).to_have_text("Copied")
    assert visit.page.evaluate("navigator.clipboard.readText()") == site.links.genuine


def test_without_scripts_nothing_dead_is_offered(site: Site, visitor: Visitor) -> None:
    page = visitor.visit(site.links.genuine, java_script_enabled=False).page

    assert page.get_by_role("button").count() == 0
    page.goto(f"{site.address}/verify")
    expect(page.get_by_role("button")).to_have_count(2)  # the file's own and the form's


def test_keyboard_only(site: Site, visitor: Visitor) -> None:
    """From the first page by Tab and Enter alone: the skip link first, then to the check page and a verdict."""
    page = visitor.visit(site.address).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Check a credential":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/verify")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type(site.links.genuine)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Check it":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Genuine and current")
    page.goto(site.links.genuine)
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".checks li").first).to_be_visible()
