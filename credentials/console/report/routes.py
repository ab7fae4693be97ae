"""The form by which anybody reports a credential or an issuer."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from credentials.accounts.errors import AddressUnusable
from credentials.console import reports
from credentials.console.errors import ReportEmpty
from credentials.console.reports import Kind, Said
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service


def blueprint(service: Service) -> Blueprint:
    """The form over an opened service."""
    routes = Blueprint("report", __name__, url_prefix="/report")

    @routes.get("/c/<number>")
    @declares(Caller.PUBLIC)
    def about_credential(number: str) -> str:
        return _form(f"/c/{service.portfolio.shown_id(number)}")

    @routes.post("/c/<number>")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def report_credential(number: str) -> Response:
        credential_id = service.portfolio.shown_id(number)
        return _sent(service, "credential", credential_id, f"/c/{credential_id}")

    @routes.get("/issuers/<slug>")
    @declares(Caller.PUBLIC)
    def about_issuer(slug: str) -> str:
        return _form(f"/issuers/{service.issuer.issuer(slug).slug}")

    @routes.post("/issuers/<slug>")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def report_issuer(slug: str) -> Response:
        issuer = service.issuer.issuer(slug)
        return _sent(service, "issuer", issuer.id, f"/issuers/{issuer.slug}")

    return routes


def _form(about: str, said: Said | None = None, error: CredentialError | None = None, *, sent: bool = False) -> str:
    return render_template("report.html", about=about, said=said, error=error, sent=sent, reasons=reports.REASONS)


def _sent(service: Service, kind: Kind, subject_id: str, about: str) -> Response:
    form = request.form
    said = Said(form.get("reason", ""), form.get("words", ""), form.get("address", ""))
    try:
        reports.send(service.engine, kind, subject_id, said, service.clock())
    except (ReportEmpty, AddressUnusable) as error:
        return Response(_form(about, said, error), 422)
    return Response(_form(about, sent=True))
