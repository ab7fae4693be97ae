"""Pages of whoever runs the service: issuers and their standing, reports of abuse, the audit trail of everything."""

from __future__ import annotations

from typing import cast, get_args

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts import audit
from credentials.console import operating, reports
from credentials.console.errors import ReportEmpty
from credentials.console.trail.routes import asked
from credentials.core.errors import CredentialError
from credentials.identity.errors import ClearingUnexplained, ResemblanceUnknown
from credentials.issuer.errors import ReasonMissing, ReinstatementUnexplained
from credentials.mail.outbox import PAGE
from credentials.store.backup import last_backup
from credentials.store.mail import MailState
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.cursors import cursor, moment_and_id
from credentials.web.people import this_visitor
from credentials.web.readiness import readiness


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("operator", __name__, url_prefix="/operator")
    _add_overview(routes, service)
    _add_issuer(routes, service)
    _add_reports(routes, service)
    _add_trail(routes, service)
    _add_mail(routes, service)
    _add_look_alikes(routes, service)
    return routes


def _add_overview(routes: Blueprint, service: Service) -> None:
    @routes.get("")
    @declares(Caller.OPERATOR_PERSON)
    def overview() -> str:
        found = operating.glance(service.engine, service.issuer)
        copied = last_backup(service.engine)
        return render_template(
            "operator.html", glance=found, health=readiness(service), copied=copied, letters=service.outbox.counts()
        )


def _add_issuer(routes: Blueprint, service: Service) -> None:
    @routes.get("/issuers/<slug>")
    @declares(Caller.OPERATOR_PERSON)
    def issuer(slug: str) -> Response:
        return _issuer_page(service, slug)

    @routes.post("/issuers/<slug>/suspend")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def suspend(slug: str) -> Response:
        try:
            operating.suspend(service.issuer, this_visitor(), slug, request.form.get("reason", ""))
        except ReasonMissing as error:
            return _issuer_page(service, slug, error)
        return _go(f"/operator/issuers/{slug}")

    @routes.post("/issuers/<slug>/reinstate")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def reinstate(slug: str) -> Response:
        try:
            operating.reinstate(service.issuer, this_visitor(), slug, request.form.get("note", ""))
        except ReinstatementUnexplained as error:
            return _issuer_page(service, slug, error)
        return _go(f"/operator/issuers/{slug}")


def _issuer_page(service: Service, slug: str, error: CredentialError | None = None) -> Response:
    issuer = service.issuer.issuer(slug)
    page = render_template(
        "operator_issuer.html",
        issuer=issuer,
        keys=service.issuer.keys(slug),
        events=audit.trail(service.engine, issuer.id, limit=20),
        proofs=service.identity.listed(issuer.id),
        frozen=service.identity.frozen(issuer.id),
        error=error,
    )
    return Response(page, 422 if error else 200)


def _add_reports(routes: Blueprint, service: Service) -> None:
    @routes.get("/reports")
    @declares(Caller.OPERATOR_PERSON)
    def waiting() -> str:
        return _reports_page(service)

    @routes.post("/reports/<report_id>")
    @declares(Caller.OPERATOR_PERSON)
    def handle(report_id: str) -> Response:
        try:
            reports.handle(service.engine, this_visitor(), report_id, request.form.get("outcome", ""), service.clock())
        except ReportEmpty as error:
            return Response(_reports_page(service, error), 422)
        return _go("/operator/reports")


def _reports_page(service: Service, error: CredentialError | None = None) -> str:
    issuers = {one.id: one for one in service.issuer.issuers()}
    return render_template(
        "operator_reports.html",
        reports=reports.unhandled(service.engine),
        issuers=issuers,
        reasons=reports.REASONS,
        error=error,
    )


def _add_trail(routes: Blueprint, service: Service) -> None:
    @routes.get("/trail")
    @declares(Caller.OPERATOR_PERSON)
    def trail() -> str:
        events = audit.trail(service.engine, None, asked())
        older = events[-1].number if len(events) == audit.PAGE else None
        return render_template("operator_trail.html", events=events, older=older)


def _add_mail(routes: Blueprint, service: Service) -> None:
    @routes.get("/mail")
    @declares(Caller.OPERATOR_PERSON)
    def mail() -> str:
        outbox = service.outbox
        state = next((one for one in get_args(MailState) if one == request.args.get("state")), "")
        before = moment_and_id(request.args.get("before", ""))
        letters = outbox.listed(states=[state] if state else (), before=before)
        return render_template(
            "operator_mail.html",
            letters=letters,
            older=cursor(letters[-1].created_at, letters[-1].id) if len(letters) == PAGE else None,
            counts=outbox.counts(),
            kept=service.keeps_mail,
            state=state,
        )

    @routes.get("/mail/<mail_id>")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def letter(mail_id: str) -> str:
        mail, opened = service.outbox.read(mail_id)
        return render_template("operator_letter.html", mail=mail, letter=opened)


def _add_look_alikes(routes: Blueprint, service: Service) -> None:
    @routes.get("/look-alikes")
    @declares(Caller.OPERATOR_PERSON)
    def look_alikes() -> str:
        return _look_alikes_page(service)

    @routes.post("/look-alikes")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def clear() -> Response:
        form, found = request.form, this_visitor()
        wanted = tuple(form.get(name, "") for name in ("issuer", "what", "resembles"))
        try:
            operating.clear(service.engine, service.resemblances, found, wanted, form.get("note", ""), service.clock())
        except (ClearingUnexplained, ResemblanceUnknown) as error:
            return Response(_look_alikes_page(service, error), 422)
        return _go("/operator/look-alikes")

    @routes.post("/issuers/<slug>/thaw")
    @declares(Caller.OPERATOR_PERSON, recent=True)
    def thaw(slug: str) -> Response:
        operating.thaw(service.engine, service.identity, this_visitor(), service.issuer.issuer(slug), service.clock())
        return _go(f"/operator/issuers/{slug}")


def _look_alikes_page(service: Service, error: CredentialError | None = None) -> str:
    return render_template(
        "operator_look_alikes.html",
        standing=service.resemblances.standing(),
        issuers={one.id: one for one in service.issuer.issuers()},
        trouble=service.identity.in_trouble(),
        error=error,
    )


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
