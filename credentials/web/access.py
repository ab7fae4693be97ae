"""Who may call a route: every route says so, or the application refuses to start.

A view is declared with `@declares(...)`. The declaration decides, in one place:

- who may call it (`Caller`), enforced in `credentials.web.guard` before the view runs;
- whether a CSRF token is wanted: always on an unsafe method, except where the caller proves itself by an API key
  or the route is stateless (it changes nothing and reads no cookie, so there is nothing to forge);
- which rate limit counts the call, whether other origins may read the answer, how large a body may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Literal, TypeVar

from flask import Flask

from credentials.accounts.acting import ROLES, Role
from credentials.web.errors import RouteUndeclared

View = TypeVar("View", bound=Callable[..., Any])
Scope = Literal[
    "issue", "revoke", "read", "webhooks", "brand", "projects:read", "projects:write", "work:read", "work:write"
]

ATTRIBUTE = "__declaration__"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who may call a route; one of the constants below, `Caller.api_key(scope)` or `Caller.member(roles)`.

    - `PUBLIC`: anyone. `STATELESS_FORM`: anyone, and the form changes nothing. `SANDBOX`: anyone, where all that is
      signed is a test.
    - `OPERATOR`: a program of whoever runs the service (/metrics). `OPERATOR_PERSON`: an operator who signed in.
    - `SIGNED_IN`: anyone who signed in. `member(...)`: somebody with one of these roles in the company of the
      address's `<slug>`; to everybody else the address does not exist.
    """

    kind: Literal["public", "stateless", "operator", "api-key", "sandbox", "person", "member", "operator-person"]
    scope: Scope | None = None
    roles: tuple[Role, ...] = ()

    PUBLIC: ClassVar[Caller]
    STATELESS_FORM: ClassVar[Caller]
    OPERATOR: ClassVar[Caller]
    SANDBOX: ClassVar[Caller]
    SIGNED_IN: ClassVar[Caller]
    OPERATOR_PERSON: ClassVar[Caller]

    @staticmethod
    def api_key(scope: Scope) -> Caller:
        """A program of an issuer, known by an API key that has this scope."""
        return Caller("api-key", scope)

    @staticmethod
    def member(*roles: Role) -> Caller:
        """Somebody of the company in the address, with one of these roles; without any, whatever their role."""
        return Caller("member", roles=roles or ROLES)

    @property
    def signs_in(self) -> bool:
        """Whether this is a person who must have signed in."""
        return self.kind in ("person", "member", "operator-person")

    @property
    def needs_csrf_token(self) -> bool:
        """Whether an unsafe method of this route must carry a CSRF token."""
        return self.kind not in ("stateless", "api-key", "sandbox")


Caller.PUBLIC = Caller("public")
Caller.STATELESS_FORM = Caller("stateless")
Caller.OPERATOR = Caller("operator")
Caller.SANDBOX = Caller("sandbox")
Caller.SIGNED_IN = Caller("person")
Caller.OPERATOR_PERSON = Caller("operator-person")


class Limit(StrEnum):
    """The rate limits, each a setting of the same name (`rate_lookup` …), counted per client address."""

    NONE = "none"
    LOOKUP = "rate_lookup"
    VERIFY_PAGE = "rate_verify_page"
    VERIFY_API = "rate_verify_api"
    ISSUE = "rate_issue"
    SIGN_IN = "rate_sign_in"


LOOKED_AT_FREELY = frozenset({Limit.VERIFY_PAGE, Limit.SIGN_IN})
"""Limits of forms: looking at the page is free, only sending the form counts."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route says of itself. `open_to_origins`: answers carry `Access-Control-Allow-Origin: *`.

    `recent`: the person must have proved who they are within the last minutes, for the step is sensitive.
    `first_step`: the page is part of signing in, or leads to the second step; a link alone is enough for it.
    """

    caller: Caller
    limit: Limit = Limit.NONE
    open_to_origins: bool = False
    max_body: int = 0
    recent: bool = False
    first_step: bool = False


def declares(
    caller: Caller,
    *,
    limit: Limit = Limit.NONE,
    open_to_origins: bool = False,
    max_body: int = 0,
    recent: bool = False,
    first_step: bool = False,
) -> Callable[[View], View]:
    """Declare who may call a view. `max_body` is in bytes; 0 means the route takes no body worth reading."""

    def attach(view: View) -> View:
        setattr(view, ATTRIBUTE, Declaration(caller, limit, open_to_origins, max_body, recent, first_step))
        return view

    return attach


def declaration_of(view: Callable[..., Any]) -> Declaration | None:
    """The declaration of a view function, or None when it has none."""
    found = getattr(view, ATTRIBUTE, None)
    return found if isinstance(found, Declaration) else None


def undeclared(app: Flask) -> list[str]:
    """Endpoints of the URL map whose view declares no caller, sorted."""
    endpoints: Iterable[str] = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(e for e in endpoints if declaration_of(app.view_functions[e]) is None)


def require_declarations(app: Flask) -> dict[str, Declaration]:
    """Every endpoint's declaration.

    Raises:
        RouteUndeclared: a route says nothing of its caller, or an unsafe public route has no CSRF story.
    """
    missing = undeclared(app)
    if missing:
        raise RouteUndeclared(f"no declared caller: {', '.join(missing)}")
    return {name: found for name, view in app.view_functions.items() if (found := declaration_of(view)) is not None}
