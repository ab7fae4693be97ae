"""The page that steps into roles: each button opens what it says as its person; it is nowhere but in the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credentials.cli.demo_story.routes import blueprint
from credentials.cli.demo_story.tour import Role, kept
from credentials.cli.invocation import Invocation
from credentials.web.app import create_app
from credentials.web.composition import Service
from tests.cli.conftest import BASE_URL, Demo

FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')
STOPS = (
    *("0-0", "0-1", "0-2", "0-3", "0-4", "0-5", "1-0", "1-1"),
    *("2-0", "2-1", "2-2", "2-3", "3-0", "3-1", "4-0", "4-1", "4-2"),
)


@pytest.fixture(scope="module")
def service(demo: Demo) -> Iterator[Service]:
    with Invocation(demo.folder, as_json=False).service() as opened:
        yield opened


@pytest.fixture(scope="module")
def app(service: Service) -> Flask:
    return create_app(service, more=blueprint)


def press(browser: FlaskClient, stop: str, **options: Any) -> TestResponse:
    """Press a button of the page."""
    page = browser.get("/demo", base_url=BASE_URL).text
    form = {"csrf_token": FIELD.findall(page)[0], "stop": stop}
    return browser.post("/demo", data=form, base_url=BASE_URL, **options)


def roles(service: Service) -> tuple[Role, ...]:
    return kept(service.settings.data_dir)


def test_every_stop_is_tried(service: Service) -> None:
    every = [f"{number}-{place}" for number, role in enumerate(roles(service)) for place in range(len(role.stops))]

    assert every == list(STOPS)


@pytest.mark.parametrize("stop", STOPS)
def test_a_button_opens_its_page_as_its_person(stop: str, app: Flask, service: Service) -> None:
    role = roles(service)[int(stop[0])]
    path = role.stops[int(stop[2])].path
    browser = app.test_client()
    led = press(browser, stop)

    assert (led.status_code, led.location) == (303, path)
    page = browser.get(path, base_url=BASE_URL, headers={"Accept": "text/html"})
    assert page.status_code == 200
    account = browser.get("/account", base_url=BASE_URL)
    assert (role.name in account.text) is bool(role.address)


def test_stepping_into_another_role_leaves_the_first(app: Flask, service: Service) -> None:
    browser = app.test_client()
    press(browser, "0-0")
    press(browser, "4-0")

    assert browser.get("/account", base_url=BASE_URL).status_code == 401
    press(browser, "2-0")
    assert browser.get("/operator", base_url=BASE_URL).status_code == 404


def test_the_first_page_leads_there(app: Flask) -> None:
    assert 'href="/demo"' in app.test_client().get("/", base_url=BASE_URL).text


def test_no_other_application_has_it(service: Service) -> None:
    plain = create_app(service)
    browser = plain.test_client()

    assert not [rule for rule in plain.url_map.iter_rules() if "demo" in rule.rule or "demo" in rule.endpoint]
    assert browser.get("/demo", base_url=BASE_URL).status_code == 404
    assert browser.post("/demo", data={"stop": "0-0"}, base_url=BASE_URL).status_code == 404
    assert 'href="/demo"' not in browser.get("/", base_url=BASE_URL).text


@pytest.mark.parametrize(
    ("remote", "headers", "base_url"),
    [
        ("192.0.2.7", {}, BASE_URL),
        ("::ffff:192.0.2.7", {}, BASE_URL),
        ("", {}, BASE_URL),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, BASE_URL),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, BASE_URL),
        ("127.0.0.1", {"Via": "1.1 proxy"}, BASE_URL),
        ("127.0.0.1", {}, "http://evil.example:8123"),
        ("127.0.0.1", {}, "http://127.0.0.1.evil.example:8123"),
        ("127.0.0.1", {}, "http://localhost.evil.example"),
    ],
)
def test_it_answers_this_machine_alone(remote: str, headers: dict[str, str], base_url: str, app: Flask) -> None:
    answer = app.test_client().get(
        "/demo", base_url=base_url, headers=headers, environ_overrides={"REMOTE_ADDR": remote}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123"])
def test_by_its_own_names_it_answers(base_url: str, app: Flask) -> None:
    assert app.test_client().get("/demo", base_url=base_url).status_code == 200


@pytest.mark.parametrize("stop", ["", "0", "0-9", "9-0", "-1-0", "0-0-0", "zoe", "0-0\x00", "٠-٠"])
def test_a_button_that_there_is_not_opens_nothing(stop: str, app: Flask) -> None:
    browser = app.test_client()

    assert press(browser, stop).status_code in (400, 404)
    assert browser.get("/account", base_url=BASE_URL).status_code == 401


def test_without_its_token_nothing_is_pressed(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/demo", base_url=BASE_URL)

    assert browser.post("/demo", data={"stop": "0-0"}, base_url=BASE_URL).status_code == 403
    assert browser.get("/account", base_url=BASE_URL).status_code == 401
