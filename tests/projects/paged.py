"""Go through the pages of a list as somebody at a browser does."""

from __future__ import annotations

import html
import re

from tests.web.staff import Browser


def on_pages(browser: Browser, path: str, each: str, first: str, by: str = "before") -> list[list[str]]:
    """What `each` finds on a page and on all that follow it.

    `first`: the words that lead back, on each page but the first; `by`: what an address calls the place in this list.
    """
    found: list[list[str]] = []
    there: str | None = path
    while there is not None:
        page = browser.get(html.unescape(there))
        assert page.status_code == 200
        assert (f">{first}</a>" in page.text) is (there != path)
        found.append(list(dict.fromkeys(re.findall(each, page.text))))
        following = re.search(rf'rel="next" href="([^"]+\?{by}=[^"]+)"', page.text)
        there = following[1] if following else None
        assert len(found) < 9
    return found
