"""Sessions exist only for forms that need a token; whoever brings no cookie costs nothing and gets none."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class FormSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, looked at only where there is one: its signer is expensive to set up."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; a new, empty one when it carries no session cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)
