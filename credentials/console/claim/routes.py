"""What a candidate sees who was sent a credential: what it says, before signing up; accept it, or say what is wrong."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, session

from credentials.console import handing_over, proposing
from credentials.console.handing_over import Gift
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service. Taking it is the link's own POST (`/link/<token>`)."""
    routes = Blueprint("claim", __name__)

    @routes.get("/claim/<token>")
    @declares(Caller.PUBLIC)
    def look(token: str) -> str:
        gift = handing_over.look(service.desk, token)
        session["next"] = f"/c/{gift.credential_id}"
        return _page(service, token, gift)

    @routes.post("/claim/<token>/dispute")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def dispute(token: str) -> Response:
        form = proposing.signed_form(service.desk, handing_over.look(service.desk, token).credential_id)
        proposal = proposing.read_proposal(form, request.form)
        gift = handing_over.dispute(service.desk, token, request.form.get("words", ""), proposal)
        return Response(_page(service, token, gift, said="wrong"))

    @routes.post("/claim/<token>/not-me")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def disown(token: str) -> Response:
        gift = handing_over.disown(service.desk, token)
        return Response(_page(service, token, gift, said="not-me"))

    return routes


def _page(service: Service, token: str, gift: Gift, *, said: str = "") -> str:
    view = service.portfolio.credential(gift.credential_id)
    return render_template(
        "claim.html",
        token=token,
        gift=gift,
        view=view,
        said=said,
        signed=proposing.signed_form(service.desk, gift.credential_id),
        labels=proposing.OWN_LABELS,
        fields=proposing.FIELDS,
    )
