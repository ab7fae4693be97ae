"""How a test presses something in the browser: what follows reads the page it led to, and all of it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def press(page: Page, what: str | Locator) -> None:
    """Click the first thing of that name, and wait for the whole page it leads to.

    A click alone comes back when the answer begins: a test that read the page then found it empty now and again.
    """
    target = page.locator(what).first if isinstance(what, str) else what
    target.click()
    page.wait_for_load_state()
