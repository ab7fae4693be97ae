"""A list that needs a hand, and a credential that needs a correction: looked at in every face, and pictured."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.browser.conftest import Visitor
from tests.browser.pressing import press
from tests.browser.staff import desk, with_authenticator
from tests.browser.test_accounts import look
from tests.browser.test_desk_pictures import HOME, LIST, seen
from tests.browser.test_newcomer import HOLDER, award, sign_up

pytestmark = pytest.mark.browser
STRANGE = (
    "Wer,Was,Worum ging es,Von,Bis,Chef\n"
    "Ana Souza,Customer survey report,Interviewed 20 customers.,02/03/2026,06/03/2026,Kim Larsen\n"
    "Ben Okoro,Price list,Made the spring price list.,04/03/2026,05/03/2026,Kim Larsen\n"
)
FIELDS = ("recipient_name", "project_title", "summary", "started_on", "ended_on", "supervisor_name")


def covered() -> bytes:
    """A workbook whose first sheet is a cover."""
    made, out = Workbook(), BytesIO()
    made.active.title = "Read me first"
    made.active.append(["One row for each finished project, please."])
    made.create_sheet("Finished projects in 2026")
    made.create_sheet("Telephone numbers").append(["Kim", "1234"])
    for line in LIST.splitlines():
        made["Finished projects in 2026"].append(line.split(","))
    made.save(out)
    return out.getvalue()


def test_a_workbook_with_a_cover(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit().page
        with_authenticator(page)
        sign_up(page, site, lambda _: None)
        page.goto(f"{site.address}{HOME}/upload")
        page.set_input_files("#file", {"name": "finished.xlsx", "mimeType": "", "buffer": covered()})
        press(page, "button:has-text('Check it')")
        look(page, "sheet that is no list")
        page.select_option("#sheet", "Finished projects in 2026")
        press(page, "button:has-text('Read this sheet')")
        site.service.uploads.run(page.url.rpartition("/")[2])
        page.goto(page.url)
        assert "2 of 4 rows can be issued" in page.content()
        seen(page, "sheet", screenshots)


def test_a_list_that_needs_a_hand(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit().page
        with_authenticator(page)
        sign_up(page, site, lambda _: None)
        page.goto(f"{site.address}{HOME}/upload")
        page.set_input_files("#file", {"name": "fertig.csv", "mimeType": "text/csv", "buffer": STRANGE.encode()})
        press(page, "button:has-text('Check it')")
        for number, field in enumerate(FIELDS, 1):
            page.select_option(f"#field-{number}", field)
        page.check("#order-2")
        seen(page, "columns", screenshots)
        press(page, "button:has-text('Check the list')")
        site.service.uploads.run(page.url.rpartition("/")[2])
        page.goto(page.url)
        assert "2 of 2 rows can be issued" in page.content()
        press(page, "text=How they will look")
        seen(page, "samples", screenshots)

        page.goto(f"{site.address}{HOME}/upload")
        page.set_input_files("#file", {"name": "finished.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
        press(page, "button:has-text('Check it')")
        site.service.uploads.run(page.url.rpartition("/")[2])
        page.goto(page.url)
        page.fill("#fix-5-1", "dana@mail.example")
        page.fill("#fix-5-3", "Dressed the window for spring.")
        press(page, "button:has-text('Check again')")
        site.service.uploads.run(page.url.rpartition("/")[2])
        page.goto(page.url)
        assert "3 of 4 rows can be issued" in page.content()


def test_a_holder_asks_and_the_company_corrects(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        page, ana = visitor.visit().page, visitor.visit().page
        with_authenticator(page)
        sign_up(page, site, lambda _: None)
        award(page, site, lambda _: None)
        site.open_mail(ana, HOLDER)
        look(ana, "claim")
        press(ana, "button:has-text('Yes, it’s mine')")
        ana.goto(f"{site.address}/account")
        press(ana, "text=Something’s wrong")
        ana.fill("#words", "It took more hours, and my name is longer.")
        ana.fill("#recipient_name", "Ana Maria Souza")
        ana.fill("#hours", "45")
        seen(ana, "wrong", screenshots)
        press(ana, "button:has-text('Tell the company')")
        look(ana, "told")

        page.goto(f"{site.address}{HOME}/issued")
        look(page, "issued with a dispute")
        page.goto(f"{site.address}{HOME}/issued/said")
        look(page, "said and open")
        page.goto(f"{site.address}{HOME}/issued")
        press(page, "a:text-is('Correct')")
        page.check("#reason-1")
        seen(page, "correct", screenshots)
        press(page, "button:has-text('Go on')")
        look(page, "correction")
        press(page, "button:has-text('Sign and send')")
        press(page, "text=See its page")
        assert "Ana Maria Souza" in page.content()
        page.goto(f"{site.address}{HOME}/issued")
        look(page, "corrected")
        press(page, ".rows.issued li:last-child a >> nth=0")
        assert page.locator(".band").get_attribute("data-state") == "REPLACED"
        seen(page, "replaced", screenshots)
        press(page, "text=Open the corrected version")
        assert page.locator(".band").get_attribute("data-state") != "REPLACED"
        site.service.tasks.drain()
        page.goto(f"{site.address}{HOME}/issued/said")
        assert "corrected" in page.content()
        seen(page, "said", screenshots)
