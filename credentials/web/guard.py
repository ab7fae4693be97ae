"""What happens before a view runs: its declaration is enforced, in this order.

1. The route's template and declaration are noted for the envelope (log, metrics, headers).
2. A body larger than the route takes is refused before it is read.
3. The rate limit counts the call.
4. The caller is checked: API key and scope, operator, or who signed in and what they may do in which company.
5. An unsafe method that is neither stateless nor keyed needs a CSRF token (Flask-WTF).
6. A NUL in an address or a form is refused: no text that anybody means has one, and PostgreSQL can keep none.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect

from credentials.accounts.api_keys import KeyHolder
from credentials.accounts.errors import KeyWanted, ScopeMissing, TwoPeopleWanted
from credentials.web.access import LOOKED_AT_FREELY, SAFE_METHODS, Caller, Declaration, Limit, declaration_of
from credentials.web.envelope import DECLARATION, ROUTE
from credentials.web.errors import BodyTooLarge, OperatorOnly, PageMissing, TextUnreadable, TooManyRequests
from credentials.web.people import People
from credentials.web.proxies import came_through_proxy, is_this_machine
from credentials.web.rates import Rates
from credentials.web.settings import Settings

# Set by a layer ahead of Flask that has counted this call already: the seconds to wait, 0 for none.
WAIT = "credentials.wait"
# Routes that declare no body still get a few bytes read, so that a stray body is an answer and not a hang.
SMALLEST_LIMIT = 16_384


class Guard:
    """Enforces the declarations of one application's routes."""

    def __init__(
        self, settings: Settings, rates: Rates, check_key: Callable[[str], KeyHolder], people: People | None = None
    ) -> None:
        self._rates = rates
        self._check_key = check_key
        self._people = people
        token = settings.operator_token
        self._operator_token = token.get_secret_value().encode() if token else None

    def note_route(self) -> None:
        """Step 1 and 2."""
        rule = request.url_rule
        if rule is None:
            return
        view = current_app.view_functions.get(rule.endpoint)
        declaration = declaration_of(view) if view else None
        request.environ[ROUTE] = rule.rule
        request.environ[DECLARATION] = declaration
        limit = max(declaration.max_body if declaration else 0, SMALLEST_LIMIT)
        request.max_content_length = limit
        if (request.content_length or 0) > limit:
            raise BodyTooLarge(f"at most {limit} bytes here")

    def count(self) -> None:
        """Step 3. Looking at a page is free where only sending its form is limited."""
        declaration: Declaration | None = request.environ.get(DECLARATION)
        limit = declaration.limit if declaration else Limit.NONE
        if limit is Limit.NONE or (limit in LOOKED_AT_FREELY and request.method in SAFE_METHODS):
            return
        counted: int | None = request.environ.get(WAIT)
        wait = self._rates.wait(limit, request.remote_addr or "") if counted is None else counted
        if wait:
            raise TooManyRequests(wait)

    def check_caller(self) -> None:
        """Step 4."""
        declaration: Declaration | None = request.environ.get(DECLARATION)
        if declaration is None or request.method == "OPTIONS":
            return
        if declaration.caller.kind == "api-key":
            g.key_holder = self._key_holder(declaration.caller)
        elif declaration.caller.kind == "operator":
            self._require_operator()
        elif declaration.caller.signs_in and self._people is not None:
            self._people.admit(declaration)

    def _key_holder(self, caller: Caller) -> KeyHolder:
        secret = bearer_token()
        if secret is None:
            raise KeyWanted(where="Authorization")
        holder = self._check_key(secret)
        if caller.scope not in holder.scopes:
            raise ScopeMissing(f"it needs the scope {caller.scope}", where="Authorization")
        if caller.scope == "issue" and holder.two_people:
            raise TwoPeopleWanted(where="Authorization")
        return holder

    def _require_operator(self) -> None:
        if self._operator_token is not None:
            given = (bearer_token() or "").encode()
            if not hmac.compare_digest(given, self._operator_token):
                raise OperatorOnly(where="Authorization")
        elif came_through_proxy(request.environ) or not is_this_machine(request.remote_addr or ""):
            raise OperatorOnly


def refuse_nul() -> None:
    """Step 6. Raises PageMissing, TextUnreadable."""
    declaration: Declaration | None = request.environ.get(DECLARATION)
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        raise PageMissing
    if declaration is None or not declaration.caller.needs_csrf_token:
        return
    for texts in (request.args, request.form):
        for name, values in texts.lists():
            if "\0" in name or any("\0" in value for value in values):
                raise TextUnreadable(where="form")


def bearer_token() -> str | None:
    """The token of an `Authorization: Bearer` header (RFC 6750 §2.1), or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def key_holder() -> KeyHolder:
    """Who called, in a view that declares `Caller.api_key(...)`."""
    holder: KeyHolder = g.key_holder
    return holder


def answer_preflight() -> Response | None:
    """A browser's question whether another origin may call (CORS): yes on routes open to origins, nothing elsewhere."""
    declaration: Declaration | None = request.environ.get(DECLARATION)
    if request.method != "OPTIONS" or declaration is None or not declaration.open_to_origins:
        return None
    methods = ", ".join(sorted(request.url_rule.methods or ())) if request.url_rule else ""
    return Response(
        status=204,
        headers={
            "Allow": methods,
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": "Content-Type, Accept",
            "Access-Control-Max-Age": "86400",
        },
    )


def install(app: Flask, guard: Guard) -> None:
    """Put the guard before every view of an application whose routes are all registered."""
    app.before_request(guard.note_route)
    app.before_request(answer_preflight)
    app.before_request(guard.count)
    app.before_request(guard.check_caller)
    csrf = CSRFProtect(app)
    for view in app.view_functions.values():
        declaration = declaration_of(view)
        if declaration is not None and not declaration.caller.needs_csrf_token:
            csrf.exempt(view)
    app.before_request(refuse_nul)
