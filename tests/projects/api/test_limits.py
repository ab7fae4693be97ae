"""The API of projects counts against the limit of issuing, before a key is looked at."""

from __future__ import annotations

import pytest

from tests.projects.api.conftest import PROJECTS, WORK
from tests.web.conftest import OpenSite, site_with

__all__ = ["site_with"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PROJECTS), ("POST", PROJECTS), ("GET", WORK), ("POST", f"{WORK}/x/review")]
)
def test_too_many_calls_are_told_when_to_come_back(site_with: OpenSite, method: str, path: str) -> None:
    site = site_with(rate_issue="2/minute")
    answers = [site.client.open(path, method=method, base_url=site.service.base_url) for _ in range(3)]

    assert [one.status_code for one in answers] == [401, 401, 429]
    assert answers[2].get_json()["code"] == "too-many-requests"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
