"""What is due: the company says that it was paid, the candidate that it arrived, the operator sees what is late."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.core.errors import CredentialError
from credentials.projects.paying.errors import PaidDayUnusable, ReferenceUnusable
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.projects.reviewing import sheet
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member, this_visitor


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("paying", __name__)
    payments = PaymentService(service.desk, ByHand())
    _add_company(routes, payments)
    _add_others(routes, payments)
    return routes


def _add_company(routes: Blueprint, payments: PaymentService) -> None:
    @routes.get("/console/<slug>/work/<engagement_id>/pay")
    @declares(Caller.member("author", "signer"))
    def look(slug: str, engagement_id: str) -> str:
        del slug
        return _page(payments, engagement_id)

    @routes.post("/console/<slug>/work/<engagement_id>/pay")
    @declares(Caller.member("author", "signer"))
    def pay(slug: str, engagement_id: str) -> Response:
        day, reference = request.form.get("day", ""), request.form.get("reference", "")
        try:
            done = payments.pay(this_member(), engagement_id, day, reference)
        except (PaidDayUnusable, ReferenceUnusable) as error:
            return Response(_page(payments, engagement_id, error), 422)
        return _go(f"/console/{slug}/work/{done.engagement_id}/pay")


def _add_others(routes: Blueprint, payments: PaymentService) -> None:
    @routes.post("/work/<work_id>/paid")
    @declares(Caller.SIGNED_IN)
    def confirm(work_id: str) -> Response:
        done = payments.confirm(this_visitor(), work_id)
        return _go(f"/work/{done.engagement_id}/outcome#pay")

    @routes.get("/operator/payments")
    @declares(Caller.OPERATOR_PERSON)
    def overdue() -> str:
        return render_template("operator_payments.html", overdue=payments.overdue())


def _page(payments: PaymentService, engagement_id: str, error: CredentialError | None = None) -> str:
    found = sheet.for_company(payments.means, this_member(), engagement_id)
    kept = found.sheet.payment
    return render_template(
        "pay.html",
        member=this_member(),
        sheet=found.sheet,
        error=error,
        day=request.form.get("day") or _kept_day(found.sheet) or payments.means.accounts.clock().date().isoformat(),
        reference=request.form.get("reference") or (kept.reference if kept and kept.reference else ""),
    )


def _kept_day(found: sheet.Sheet) -> str:
    payment = found.payment
    return payment.paid_on.isoformat() if payment and payment.paid_on else ""


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
