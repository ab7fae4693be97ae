"""Routes of the service itself: static files, what an error code means, figures, and what asking without end costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credentials.core.errors import registry
from credentials.web import system
from tests.web.conftest import Site


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "%252e%252e/app.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "./style.css",
        "style.css/",
        "style.css%00",
        "STYLE.CSS",
        "style.css%20",
        "..%5capp.py",
        "../templates/error.html",
    ],
)
def test_nothing_but_a_file_of_the_folder_is_served(path: str, shared: Site) -> None:
    answer = shared.client.get(f"/static/{path}")
    assert answer.status_code == 404
    assert "blueprint" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/static/style.css", "/healthz", "/readyz", "/openapi.json", "/errors/not-found"])
def test_what_is_only_read_takes_nothing(method: str, path: str, shared: Site) -> None:
    assert shared.client.open(path, method=method).status_code == 405


def test_a_static_file_is_sent_once_while_it_is_the_same(shared: Site) -> None:
    first = shared.client.get("/static/style.css")
    assert first.mimetype == "text/css"
    assert first.cache_control.max_age == system.STATIC_SECONDS
    again = shared.client.get("/static/style.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = shared.client.get("/static/style.css", headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)


@pytest.mark.parametrize(
    "code", ["Not-Found", "not-found%20", "not_found", "NOT-FOUND", "%3Cscript%3E", "__doc__", "x" * 2000, "-"]
)
def test_a_code_that_is_none_has_no_meaning(code: str, shared: Site) -> None:
    for accept in ("text/html", "application/json"):
        answer = shared.client.get(f"/errors/{code}", headers={"Accept": accept})
        assert answer.status_code == 404
        assert "<script>" not in answer.text


@pytest.mark.parametrize("code", sorted(registry()))
def test_each_code_says_what_it_means_to_a_program(code: str, shared: Site) -> None:
    told = shared.client.get(f"/errors/{code}").get_json()
    assert told["type"] == f"{shared.service.base_url}/errors/{code}"
    assert told["code"] == code
    assert 400 <= told["status"] < 600
    assert all(told[name].strip() for name in ("title", "meaning", "advice"))


def test_a_person_reads_the_same_on_a_page(shared: Site) -> None:
    kind = registry()["error-code-unknown"]
    answer = shared.client.get("/errors/error-code-unknown", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert kind.title in answer.text


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer nothing"}, {"Authorization": "Basic YTpi"}],
)
def test_figures_are_for_whoever_runs_the_service(headers: dict[str, str], shared: Site) -> None:
    answer = shared.client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code in (401, 403, 404)
    assert "# TYPE" not in answer.text


@pytest.mark.parametrize(("seconds", "asked"), [(3600.0, 1), (0.0, 3)])
def test_who_asks_without_end_gets_the_answer_of_before(seconds: float, asked: int) -> None:
    calls: list[int] = []

    def ask() -> int:
        calls.append(1)
        return len(calls)

    answer = system._remembered(ask, seconds)
    assert [answer() for _ in range(3)] == ([1, 1, 1] if asked == 1 else [1, 2, 3])
    assert len(calls) == asked


def test_a_look_that_fails_is_not_remembered() -> None:
    outcomes: Iterator[OSError | str] = iter([OSError("gone"), "well"])

    def ask() -> str:
        found = next(outcomes)
        if isinstance(found, OSError):
            raise found
        return found

    answer = system._remembered(ask, 3600.0)
    with pytest.raises(OSError, match="gone"):
        answer()
    assert answer() == "well"
    assert answer() == "well"
