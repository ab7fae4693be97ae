"""A holder says what is wrong with a credential of theirs, and what should stand there."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from credentials.console import proposing
from credentials.console.proposing import OWN_LABELS, Held
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.people import this_visitor

BASE = "/account/credentials/<held_number>/wrong"
FORM_BYTES = 65_536


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("held", __name__)

    @routes.get(BASE)
    @declares(Caller.SIGNED_IN)
    def wrong(held_number: str) -> str:
        return _page(proposing.held(service.desk, this_visitor(), held_number))

    @routes.post(BASE)
    @declares(Caller.SIGNED_IN, limit=Limit.SIGN_IN, max_body=FORM_BYTES)
    def say(held_number: str) -> Response:
        form = request.form
        found = proposing.say(service.desk, this_visitor(), held_number, form.get("words", ""), form)
        return Response(_page(found, said=True))

    return routes


def _page(found: Held, *, said: bool = False) -> str:
    return render_template("held.html", held=found, said=said, labels=OWN_LABELS, fields=proposing.FIELDS)
