"""Who signed in: their cookie is read, and what the route declares is held against them, before the view runs.

- The cookie is a random token (`credentials.accounts.sessions`), for this host only, out of reach of scripts.
- A browser that opens a page without having signed in is led to the sign-in page and back; everything else gets 401.
- A company that somebody does not belong to does not exist for them: the answer is that of a missing page.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from flask import Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect

from credentials.accounts import organisations, passkeys
from credentials.accounts.acting import Member, Visitor
from credentials.accounts.errors import ProofWanted, SecondStepWanted, SignInWanted
from credentials.accounts.means import Means
from credentials.accounts.sessions import LIFETIME, Begun, Client, require_recent, visitor
from credentials.web.access import SAFE_METHODS, Declaration
from credentials.web.errors import PageMissing

COOKIE = "signed-in"
HOME = "/account"
_LONGEST_PATH = 512


class People:
    """Admits people to the routes that want somebody who signed in."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def admit(self, declaration: Declaration) -> None:
        """Find out who asks and whether the route is for them.

        Raises SignInWanted, SecondStepWanted, ProofWanted (or leads there), PageMissing, RoleMissing.
        """
        found = self.visitor()
        if found is None:
            raise _led_to("/sign-in", SignInWanted())
        g.visitor = found
        if declaration.caller.kind == "operator-person" and not found.operator:
            raise PageMissing
        if declaration.caller.kind == "member":
            self._admit_member(found, declaration)
        if not found.strong and self._wants_second_step(declaration):
            raise _led_to("/sign-in/again" if found.guarded else "/welcome", SecondStepWanted())
        if declaration.recent:
            self._require_recent(found)

    def visitor(self) -> Visitor | None:
        """Who asks, or None."""
        cookie = request.cookies.get(cookie_name(self._means), "")
        return visitor(self._means.engine, cookie, client(), self._means.clock()) if cookie else None

    def _admit_member(self, found: Visitor, declaration: Declaration) -> None:
        member = organisations.member(self._means, found, (request.view_args or {}).get("slug", ""))
        if member is None:
            raise PageMissing
        organisations.require(member, *declaration.caller.roles)
        g.member = member

    def _wants_second_step(self, declaration: Declaration) -> bool:
        """Whether a page is not for a session that began with a link alone, or with another single step."""
        wanted = self._means.second_step
        if wanted == "nobody" or declaration.first_step or not passkeys.possible(self._means):
            return False
        return wanted == "everybody" or declaration.caller.kind != "person"

    def _require_recent(self, found: Visitor) -> None:
        try:
            require_recent(found, self._means.clock())
        except ProofWanted as error:
            raise _led_to("/sign-in/again", error) from None


def _led_to(page: str, error: SignInWanted | SecondStepWanted | ProofWanted) -> Exception:
    """The way to a page and back again, for a browser that only looks; else the error itself."""
    if request.method not in SAFE_METHODS or "text/html" not in request.headers.get("Accept", ""):
        return error
    there = cast("Response", redirect(f"{page}?next={quote(local_path(request.full_path.rstrip('?')))}", 303))
    return HTTPException(response=there)


def this_visitor() -> Visitor:
    """Who asks, in a view that declares somebody who signed in."""
    return cast("Visitor", g.visitor)


def this_member() -> Member:
    """Who asks and in which company, in a view that declares `Caller.member(...)`."""
    return cast("Member", g.member)


def client() -> Client:
    """Where the request comes from."""
    return Client(request.remote_addr or "", request.headers.get("User-Agent", ""))


def local_path(text: str) -> str:
    """A path of this site to go on to, or the account's page when the text leads anywhere else."""
    safe = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if safe and len(text) <= _LONGEST_PATH else HOME


def cookie_name(means: Means) -> str:
    """Under https a browser keeps a cookie of this name for this host alone (RFC 6265bis §4.1.3.2)."""
    return f"__Host-{COOKIE}" if means.base_url.startswith("https:") else COOKIE


def set_cookie(response: Response, means: Means, begun: Begun | str) -> Response:
    """Give the browser its session's cookie."""
    value = begun if isinstance(begun, str) else begun.cookie
    response.set_cookie(
        cookie_name(means),
        value,
        max_age=int(LIFETIME.total_seconds()),
        secure=means.base_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def drop_cookie(response: Response, means: Means) -> Response:
    """Take the session's cookie away."""
    response.delete_cookie(cookie_name(means), path="/", secure=means.base_url.startswith("https:"), httponly=True)
    return response
