"""Every route × every role × own, foreign and missing ids answers as the route declares.

Made from the URL map: a route that is added later is in it. One whose address has a parameter that `tests.web.ids`
has no ids for fails by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from credentials.accounts.acting import ROLES
from credentials.accounts.tokens import new_id
from credentials.store.tables import session
from credentials.web.access import Declaration, declaration_of
from tests.web.cast import Cast, assemble, program
from tests.web.conftest import open_site
from tests.web.ids import (
    COMPANY_IDS,
    FIXED,
    OPEN_IDS,
    PERSON_IDS,
    SERVICE_IDS,
    Whose,
    company_id,
    open_id,
    person_id_of,
    service_id,
)

PEOPLE = ("nobody", "stranger", "outsider", "operator", *ROLES)
PROGRAMS = ("acme's key", "other's key")
# What is said to somebody who may not call a route at all, whatever they ask of it.
NO_ENTRY = frozenset(
    {"sign-in-wanted", "proof-wanted", "role-missing", "api-key-wanted", "api-key-refused", "scope-missing"}
    | {"operator-only", "not-found", "form-expired", "method-not-allowed"}
)
# What must be filled in before a form's ids are looked at.
FORMS: dict[str, dict[str, Any]] = {
    "team.change_roles": {"roles": "author"},
    "operator.handle": {"outcome": "Looked at"},
    "issuer.revoke": {"reason": "Issued in error"},
    "issuer.suspend": {"reason": "A question about it"},
    "issuer.lift": {"reason": "The question was settled"},
    "projects_api.change": {"version": 1, "project": {}},
    "applications_api.decline": {"message": "Not this time."},
    "work_api.proposed": {"seen": 1, "terms": {}},
    "work_api.agree": {"number": 1},
    "work_api.refuse": {"number": 1, "reason": "Too late for us."},
    "disputes_api.answered": {"words": "As both of us signed."},
    "lists_api.sheet": {"sheet": "Finished"},
    "lists_api.columns": {"fields": []},
    "lists_api.cells": {"cells": [{"row": 2, "column": "name", "text": "x"}]},
    "pool_api.invite": {"person": "0"},
    "following_api.job": {"title": "Analyst"},
    "work_api.end": {"reason": "It was cancelled."},
    "reviewing_api.decide": {"version": 1, "verdicts": []},
    "reviewing_api.pay": {"day": "2026-03-31", "reference": "Invoice 17"},
}
# Where the service asks for more than the route says, for it depends on what is asked: anybody may leave a company,
# only owners remove others.
NARROWER = {"team.remove": ("owner",)}
FORM_LIMITS = {"rate_sign_in": "", "operator_token": "operator-token-123"}


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """One website for all of these tests: each call makes the ids it uses up."""
    made = assemble(open_site(tmp_path_factory.mktemp("cast") / "data", **FORM_LIMITS))
    yield made
    made.site.service.close()


def routes(cast: Cast) -> Iterator[tuple[str, Rule, Declaration]]:
    """Every method of every route with its declaration, but for what Werkzeug answers by itself."""
    for rule in sorted(cast.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
        declaration = declaration_of(cast.app.view_functions[rule.endpoint])
        assert declaration is not None, rule
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule, declaration


def path_of(cast: Cast, rule: Rule, whose: Whose, caller: str) -> str:
    """The address of a route with ids that are the caller's or acme's, somebody else's, or nobody's."""
    things = rule.arguments & (COMPANY_IDS | PERSON_IDS | SERVICE_IDS)
    values = {name: value_of(cast, name, whose, caller, alone=not things) for name in in_order(rule)}
    built = cast.app.url_map.bind("credentials.example").build(rule.endpoint, values, force_external=False)
    return str(built)


def in_order(rule: Rule) -> list[str]:
    """The parameters as they come in the address."""
    return sorted(rule.arguments, key=lambda name: rule.rule.index(f"{name}>"))


def value_of(cast: Cast, name: str, whose: Whose, caller: str, *, alone: bool) -> str:
    """A parameter's value. Beside other ids the company stays acme: theirs are the foreign ones."""
    if name == "slug":
        return {"own": "acme", "foreign": "other", "missing": "nowhere"}[whose] if alone else "acme"
    if name in FIXED:
        return FIXED[name]
    if whose == "missing":
        return new_id()
    if name in OPEN_IDS:
        return open_id(cast, "acme" if whose == "own" else "other")
    if name in COMPANY_IDS:
        return company_id(cast, name, "acme" if whose == "own" else "other")
    if name in PERSON_IDS:
        return person_id_of(cast, name, caller if whose == "own" else "founder")
    return service_id(cast, name)


def ask(cast: Cast, method: str, rule: Rule, whose: Whose, caller: str) -> tuple[str, TestResponse]:
    """Call a route as somebody: its address, and the answer."""
    key = ""
    if caller in PROGRAMS:
        key = program(cast, "acme" if caller == "acme's key" else "other")
    person = caller if caller in cast.ids else "stranger"
    path = path_of(cast, rule, whose, person)
    cookie = cast.cookie(caller) if caller in cast.ids else ""
    return path, cast.ask(method, path, cookie, key, form=FORMS.get(rule.endpoint))


def code_of(answer: TestResponse) -> str:
    """The code of a problem, or nothing."""
    found = answer.get_json(silent=True) if answer.status_code >= 400 else None
    return str(found.get("code", "")) if isinstance(found, dict) else ""


def expected(rule: Rule, declaration: Declaration, whose: Whose, caller: str) -> str:
    """What the declaration says: `in`, or the status of an answer that says no."""
    kind, roles = declaration.caller.kind, declaration.caller.roles
    things = rule.arguments & (COMPANY_IDS | PERSON_IDS | SERVICE_IDS)
    if kind == "api-key":
        if caller not in PROGRAMS:
            return "401"
        mine = whose == ("own" if caller == "acme's key" else "foreign")
        return "in" if mine or not things else "404"
    if kind == "operator":
        return "403"
    if not declaration.caller.signs_in:
        return "any"
    if caller not in PEOPLE or caller == "nobody":
        return "401"
    if kind == "person" and rule.arguments & OPEN_IDS:
        return "404" if whose == "missing" else "in"
    if kind == "person":
        return "404" if things and whose != "own" else "in"
    if kind == "operator-person":
        here = caller == "operator" and (whose != "missing" or not rule.arguments)
        return "in" if here else "404"
    return expected_of_member(NARROWER.get(rule.endpoint, roles), caller, whose, alone=not things)


def expected_of_member(roles: tuple[str, ...], caller: str, whose: Whose, *, alone: bool) -> str:
    """In a company: strangers find nothing, members without the role may not, foreign ids are not there."""
    if caller == "outsider" and alone and whose == "foreign":
        return "in"
    if caller not in ROLES or (alone and whose != "own"):
        return "404"
    if caller not in roles:
        return "403"
    return "in" if whose == "own" else "404"


def deviation(answer: TestResponse, wanted: str) -> str:
    """How an answer differs from what was wanted; empty when it does not."""
    status, code = answer.status_code, code_of(answer)
    if status >= 500 and code != "not-ready":
        return f"{status} {code}"
    if wanted == "any":
        refused = code in NO_ENTRY - {"not-found"}
        return f"{status} {code}" if refused else ""
    if wanted == "in":
        refused = code in NO_ENTRY or status in (401, 404)
        return f"{status} {code}" if refused else ""
    return "" if str(status) == wanted else f"{status} {code}"


@pytest.mark.parametrize("whose", ["own", "foreign", "missing"])
@pytest.mark.parametrize("caller", [*PEOPLE, *PROGRAMS])
def test_every_route_answers_as_it_declares(cast: Cast, caller: str, whose: Whose) -> None:
    wrong = []
    for method, rule, declaration in routes(cast):
        wanted = expected(rule, declaration, whose, caller)
        path, answer = ask(cast, method, rule, whose, caller)
        if said := deviation(answer, wanted):
            wrong.append(f"{method} {rule.rule} as {caller} ({path}): {said}, not {wanted}")

    assert wrong == []


def test_every_parameter_of_an_address_has_ids(cast: Cast) -> None:
    known = COMPANY_IDS | OPEN_IDS | PERSON_IDS | SERVICE_IDS | set(FIXED) | {"slug"}
    unknown = {f"{rule.rule}: {name}" for _m, rule, _d in routes(cast) for name in rule.arguments - known}

    assert not unknown, f"tell tests/web/ids.py how to make ids for {sorted(unknown)}"


def test_the_map_has_what_it_should(cast: Cast) -> None:
    kinds = {declaration.caller.kind for _method, _rule, declaration in routes(cast)}

    assert kinds >= {"public", "stateless", "operator", "api-key", "person", "member", "operator-person"}
    assert len(list(routes(cast))) > 80


def test_nobody_who_opens_a_page_is_led_to_the_sign_in_page(cast: Cast) -> None:
    wrong = []
    for method, rule, declaration in routes(cast):
        if method == "GET" and declaration.caller.signs_in:
            answer = cast.ask(method, path_of(cast, rule, "own", "stranger"), accept="text/html")
            if answer.status_code != 303 or not answer.headers["Location"].startswith("/sign-in?next=/"):
                wrong.append(f"{rule.rule}: {answer.status_code}")

    assert wrong == []


def test_a_sensitive_route_wants_a_proof_of_just_now(cast: Cast) -> None:
    engine, wrong = cast.site.service.engine, []
    for method, rule, declaration in routes(cast):
        if not declaration.recent:
            continue
        who = who_may(declaration)
        path, cookie = path_of(cast, rule, "own", who), cast.cookie(who)
        with engine.begin() as connection:
            connection.execute(update(session).values(proved_at=cast.site.service.clock() - timedelta(minutes=15)))
        answer = cast.ask(method, path, cookie)
        if code_of(answer) != "proof-wanted":
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {code_of(answer)}")

    assert wrong == []


def test_no_unsafe_route_works_without_a_csrf_token(cast: Cast) -> None:
    wrong = []
    for method, rule, declaration in routes(cast):
        if method == "GET" or not declaration.caller.needs_csrf_token:
            continue
        caller = who_may(declaration)
        path, cookie = path_of(cast, rule, "own", caller), cast.cookie(caller)
        for csrf in (("", ""), (cast.csrf[0], ""), (cast.csrf[0], "forged"), ("", cast.csrf[1])):
            answer = Cast(cast.site, cast.app, csrf, cast.ids).ask(method, path, cookie)
            if code_of(answer) != "form-expired":
                wrong.append(f"{method} {rule.rule}: {answer.status_code} {code_of(answer)}")

    assert wrong == []


def who_may(declaration: Declaration) -> str:
    """Somebody whom a declaration lets in."""
    if declaration.caller.kind == "member":
        return declaration.caller.roles[0]
    return "operator" if declaration.caller.kind == "operator-person" else "stranger"


def test_every_page_of_somebody_who_signed_in_has_the_way_out(cast: Cast) -> None:
    looked, wrong = 0, []
    for method, rule, declaration in routes(cast):
        if method != "GET" or not declaration.caller.signs_in:
            continue
        who = who_may(declaration)
        answer = cast.ask(method, path_of(cast, rule, "own", who), cast.cookie(who), accept="text/html")
        if answer.status_code == 200 and answer.mimetype == "text/html":
            looked += 1
            page = answer.text
            if 'action="/sign-out"' not in page.partition("<main")[0]:
                wrong.append(rule.rule)

    assert wrong == []
    assert looked > 25
