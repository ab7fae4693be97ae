"""The page of the reference that says who may do what says what the routes declare: each of them, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from credentials.accounts.acting import ROLES
from credentials.web.access import Declaration, declaration_of
from tests.web.conftest import Site

PAGE = Path(__file__).parents[2] / "site" / "docs" / "reference" / "access.md"
ROW = re.compile(r"^\| `(?P<method>GET|POST) (?P<path>/[^`]*)` \| (?P<who>[^|]+) \| (?P<proof>[^|]*) \|$", re.MULTILINE)


def who(declaration: Declaration) -> str:
    """Whom a declaration lets in, as the page says it."""
    if declaration.caller.kind == "person":
        return "anybody who signed in"
    if declaration.caller.kind == "operator-person":
        return "operator"
    return "any role" if declaration.caller.roles == ROLES else ", ".join(declaration.caller.roles)


def proof(declaration: Declaration) -> str:
    """What it wants of the session, as the page says it."""
    parts = ["one step is enough"] if declaration.first_step else []
    return ", ".join([*parts, "of the last 15 minutes"] if declaration.recent else parts)


def declared(site: Site) -> set[tuple[str, str, str, str]]:
    """Method, path, who and proof of each route for people who signed in."""
    found = set()
    for rule in site.app.url_map.iter_rules():
        declaration = declaration_of(site.app.view_functions[rule.endpoint])
        assert declaration is not None
        if declaration.caller.signs_in:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                found.add((method, rule.rule, who(declaration), proof(declaration)))
    return found


def test_the_page_says_of_each_route_what_it_declares(shared: Site) -> None:
    rows = ROW.finditer(PAGE.read_text("utf-8"))
    said = [(one["method"], one["path"], one["who"], one["proof"].strip()) for one in rows]
    missing = sorted(declared(shared) - set(said))

    assert not missing, "add to the page:\n" + "\n".join(f"| `{m} {p}` | {w} | {r} |" for m, p, w, r in missing)
    assert sorted(said) == sorted(declared(shared))
    assert len(said) > 70
