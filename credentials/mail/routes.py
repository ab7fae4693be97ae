"""Turning letters off: a page with a button for people, one click (RFC 8058) for mail programs."""

from __future__ import annotations

from flask import Blueprint, render_template

from credentials.web.access import Caller, declares
from credentials.web.composition import Service


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service. The link itself proves who asks: no cookie is read, so none can be forged."""
    routes = Blueprint("mail", __name__)

    @routes.get("/unsubscribe/<token>")
    @declares(Caller.STATELESS_FORM)
    def ask(token: str) -> str:
        return render_template("unsubscribe.html", kind=service.outbox.unsubscribing(token).kind, done=False)

    @routes.post("/unsubscribe/<token>")
    @declares(Caller.STATELESS_FORM)
    def unsubscribe(token: str) -> str:
        return render_template("unsubscribe.html", kind=service.outbox.unsubscribe(token), done=True)

    return routes
