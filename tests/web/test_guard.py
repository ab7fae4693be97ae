"""An unsafe call that is neither keyed nor stateless needs a CSRF token, by default and without being asked for."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf

from credentials.accounts.api_keys import KeyHolder
from credentials.accounts.errors import KeyRefused
from credentials.web import problems
from credentials.web.access import Caller, declares
from credentials.web.envelope import Envelope
from credentials.web.guard import Guard, install
from credentials.web.logs import make_log
from credentials.web.metrics import Metrics
from credentials.web.proxies import Proxies
from credentials.web.rates import Rates
from credentials.web.runtime import Runtime, attach
from credentials.web.sessions import FormSessions
from credentials.web.settings import load_settings

TOKEN = "operator-token-123"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application with one route of each kind."""
    app = Flask("guarded", static_folder=None, template_folder=str(tmp_path))
    app.config["SECRET_KEY"] = b"k" * 32
    app.session_interface = FormSessions()
    settings = load_settings(operator_token=TOKEN)
    log = make_log("info", "json", io.StringIO())
    attach(app, Runtime("https://credentials.example", log, Metrics()))
    callers = {"public": Caller.PUBLIC, "stateless": Caller.STATELESS_FORM, "operator": Caller.OPERATOR}
    for name, caller in callers.items():
        view = declares(caller, max_body=100)(_named(name))
        app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])
    app.add_url_rule("/keyed", "keyed", declares(Caller.api_key("read"))(_named("keyed")), methods=["POST"])
    app.add_url_rule("/token", "token", declares(Caller.PUBLIC)(_token))
    install(app, Guard(settings, Rates(settings, log), _refuse))
    problems.install(app)
    envelope = Envelope(app.wsgi_app, proxies=Proxies([]), metrics=Metrics(), log=log, https=False)
    app.wsgi_app = envelope  # type: ignore[method-assign]
    return app


def _named(name: str) -> Callable[[], str]:
    def view() -> str:
        return "done"

    view.__name__ = name
    return view


def _token() -> str:
    return str(generate_csrf())


def _refuse(secret: str) -> KeyHolder:
    if secret == "good":
        return KeyHolder("k", "i", "acme", frozenset({"issue"}))
    raise KeyRefused


def test_a_form_without_a_token_is_refused(app: Flask) -> None:
    for headers in ({}, {"X-CSRFToken": "forged"}, {"X-CSRFToken": ""}):
        answer = app.test_client().post("/public", headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "form-expired")


def test_a_form_with_its_own_token_passes(app: Flask) -> None:
    client = app.test_client()
    token = client.get("/token").text
    assert client.post("/public", data={"csrf_token": token}).status_code == 200
    assert app.test_client().post("/public", data={"csrf_token": token}).status_code == 403


def test_a_stateless_form_needs_none(app: Flask) -> None:
    assert app.test_client().post("/stateless").status_code == 200


def test_a_keyed_call_needs_its_key_and_scope(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/keyed").get_json()["code"] == "api-key-wanted"
    assert client.post("/keyed", headers={"Authorization": "Bearer bad"}).get_json()["code"] == "api-key-refused"
    assert client.post("/keyed", headers={"Authorization": "Bearer good"}).get_json()["code"] == "scope-missing"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff"])
def test_the_operators_token_opens_and_nothing_else(header: str, app: Flask) -> None:
    client = app.test_client()
    assert client.get("/operator", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    answer = client.get("/operator", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "operator-only")


def test_a_body_larger_than_declared_is_refused(app: Flask) -> None:
    assert app.test_client().post("/stateless", data=b"x" * 20_000).status_code == 413


def test_who_sends_no_cookie_gets_none(app: Flask) -> None:
    client = app.test_client()
    assert "Set-Cookie" not in client.get("/public").headers
    cookie = client.get("/token").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
