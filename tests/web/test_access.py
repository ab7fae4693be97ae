"""Every route says who may call it, and that is what happens."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from credentials.web.access import (
    Caller,
    Declaration,
    Limit,
    declaration_of,
    declares,
    require_declarations,
    undeclared,
)
from credentials.web.errors import RouteUndeclared
from credentials.web.settings import Settings
from tests.web.conftest import Site

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def rules(site: Site) -> Iterator[tuple[Rule, Declaration]]:
    for rule in site.app.url_map.iter_rules():
        declaration = declaration_of(site.app.view_functions[rule.endpoint])
        assert declaration is not None, rule.rule
        yield rule, declaration


def test_every_route_declares_its_caller(shared: Site) -> None:
    assert undeclared(shared.app) == []
    assert len(list(rules(shared))) > 20


def test_a_route_that_says_nothing_keeps_the_application_from_starting() -> None:
    app = Flask("undeclared", static_folder=None)
    app.add_url_rule("/silent", view_func=lambda: "")
    app.add_url_rule("/said", endpoint="said", view_func=declares(Caller.PUBLIC)(lambda: "x"))
    with pytest.raises(RouteUndeclared, match="<lambda>"):
        require_declarations(app)


def test_a_default_static_route_is_undeclared_too() -> None:
    with pytest.raises(RouteUndeclared, match="static"):
        require_declarations(Flask("with-static"))


def test_whoever_changes_something_is_known_or_counted(shared: Site) -> None:
    """What changes something knows who asks; the forms of signing in, which cannot, are counted."""
    for rule, declaration in rules(shared):
        if UNSAFE & set(rule.methods or ()):
            known = declaration.caller.kind in ("api-key", "stateless") or declaration.caller.signs_in
            assert known or declaration.limit is Limit.SIGN_IN, rule.rule


def test_a_stateless_call_reads_no_key(shared: Site) -> None:
    for rule, declaration in rules(shared):
        if rule.rule.startswith("/api/v1/") and declaration.caller.kind != "api-key":
            assert rule.rule == "/api/v1/verify"


def test_csrf_exemptions_are_exactly_the_keyed_and_stateless_views(shared: Site) -> None:
    """The extension exempts by module and name: two views of one name must have one story."""
    stories: dict[str, set[bool]] = {}
    for view in shared.app.view_functions.values():
        declaration = declaration_of(view)
        assert declaration is not None
        stories.setdefault(f"{view.__module__}.{view.__name__}", set()).add(declaration.caller.needs_csrf_token)
    assert all(len(story) == 1 for story in stories.values())
    exempt = shared.app.extensions["csrf"]._exempt_views
    assert exempt == {name for name, story in stories.items() if story == {False}}


def test_every_limit_is_a_setting() -> None:
    for limit in Limit:
        assert limit is Limit.NONE or limit.value in Settings.model_fields


KEYED = [
    ("POST", "/api/v1/credentials"),
    ("GET", "/api/v1/credentials/{id}"),
    ("POST", "/api/v1/credentials/{id}/revoke"),
    ("POST", "/api/v1/credentials/{id}/suspend"),
    ("POST", "/api/v1/credentials/{id}/lift"),
    ("POST", "/api/v1/credentials/{id}/correct"),
    ("POST", "/credentials/issue"),
    ("POST", "/credentials/status"),
    ("GET", "/api/v1/webhooks"),
    ("POST", "/api/v1/webhooks"),
    ("DELETE", "/api/v1/webhooks/<webhook_id>"),
    ("POST", "/api/v1/webhooks/<webhook_id>/rotate"),
    ("GET", "/api/v1/webhooks/<webhook_id>/deliveries"),
    ("POST", "/api/v1/webhooks/<webhook_id>/deliveries/<message_id>/replay"),
    ("POST", "/api/v1/projects"),
    ("PUT", "/api/v1/projects/<project_id>"),
    ("POST", "/api/v1/projects/<project_id>/open"),
    ("POST", "/api/v1/projects/<project_id>/close"),
    ("POST", "/api/v1/projects/<project_id>/fill"),
    ("GET", "/api/v1/projects/<project_id>/applications"),
    ("GET", "/api/v1/applications/<application_id>"),
    ("POST", "/api/v1/applications/<application_id>/shortlist"),
    ("POST", "/api/v1/applications/<application_id>/decline"),
    ("POST", "/api/v1/applications/<application_id>/offer"),
    ("GET", "/api/v1/work"),
    ("GET", "/api/v1/work/<engagement_id>"),
    ("GET", "/api/v1/work/<engagement_id>/agreements/<int:agreement_number>"),
    ("GET", "/api/v1/work/<engagement_id>/receipts/<int:submission_number>"),
    ("GET", "/api/v1/work/<engagement_id>/files/<handed_file_id>"),
    ("POST", "/api/v1/work/<engagement_id>/terms"),
    ("POST", "/api/v1/work/<engagement_id>/agree"),
    ("POST", "/api/v1/work/<engagement_id>/refuse"),
    ("POST", "/api/v1/work/<engagement_id>/end"),
    ("POST", "/api/v1/work/<engagement_id>/review"),
    ("PUT", "/api/v1/work/<engagement_id>/assessment"),
    ("POST", "/api/v1/work/<engagement_id>/pay"),
    ("GET", "/api/v1/projects/<project_id>/people"),
    ("POST", "/api/v1/projects/<project_id>/invitations"),
    ("GET", "/api/v1/work/<engagement_id>/next-steps"),
    ("POST", "/api/v1/work/<engagement_id>/next-steps/job"),
    ("POST", "/api/v1/work/<engagement_id>/next-steps/project"),
    ("POST", "/api/v1/work/<engagement_id>/next-steps/<int:step_number>/invite"),
    ("GET", "/api/v1/references"),
    ("GET", "/api/v1/disputes"),
    ("GET", "/api/v1/disputes/<dispute_id>"),
    ("POST", "/api/v1/disputes/<dispute_id>/answer"),
    ("GET", "/api/v1/lists"),
    ("GET", "/api/v1/lists/<upload_id>"),
    ("GET", "/api/v1/lists/<upload_id>/errors.csv"),
    ("GET", "/api/v1/lists/<upload_id>/left-out.csv"),
    ("GET", "/api/v1/lists/<upload_id>/report.csv"),
    ("PUT", "/api/v1/lists/<upload_id>/sheet"),
    ("PUT", "/api/v1/lists/<upload_id>/columns"),
    ("POST", "/api/v1/lists/<upload_id>/cells"),
    ("POST", "/api/v1/lists/<upload_id>/start"),
    ("POST", "/api/v1/lists/<upload_id>/cancel"),
    ("GET", "/api/v1/brand"),
    ("PUT", "/api/v1/brand/colour"),
    ("PUT", "/api/v1/brand/logo"),
]


def test_the_list_of_keyed_routes_is_complete(shared: Site) -> None:
    keyed = {rule.rule.replace("<credential_id>", "{id}") for rule, d in rules(shared) if d.caller.kind == "api-key"}
    assert keyed == {path for _, path in KEYED}


@pytest.mark.parametrize(("method", "path"), KEYED)
@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "api-key-wanted"),
        ("", "api-key-wanted"),
        ("Bearer", "api-key-wanted"),
        ("Basic dXNlcjpwYXNz", "api-key-wanted"),
        ("Bearer garbage", "api-key-refused"),
        ("Bearer vck_" + "A" * 43, "api-key-refused"),
        ("Bearer " + "x" * 5000, "api-key-refused"),
        ("Bearer \xff\xfe", "api-key-refused"),
    ],
)
def test_without_a_good_key_nothing_happens(
    method: str, path: str, header: str | None, code: str, shared: Site
) -> None:
    headers = {} if header is None else {"Authorization": header}
    there = re.sub(r"<int:\w+>", "1", path.replace("{id}", shared.issued.id))
    answer = shared.client.open(there, method=method, json={}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Set-Cookie" not in answer.headers


def test_metrics_are_for_the_operator(shared: Site) -> None:
    assert shared.client.get("/metrics").status_code == 200
    for environ in ({"REMOTE_ADDR": "192.0.2.1"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_VIA": "1.1 x"}):
        answer = shared.client.get("/metrics", environ_overrides=environ)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "operator-only")
