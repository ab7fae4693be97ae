"""The candidate asks for a reference and shows it; the supervisor says yes or no, and takes it back."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from credentials.console.means import Means
from credentials.projects.agreeing.routes import go
from credentials.projects.referring import standing
from credentials.projects.referring.errors import ReferenceOutOfTurn
from credentials.projects.sides import OWN
from credentials.store.references import first_name
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.cursors import moment_and_id, onward
from credentials.web.people import this_visitor


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("referring", __name__)
    _add_candidate(routes, service.desk)
    _add_supervisor(routes, service.desk)
    return routes


def _add_candidate(routes: Blueprint, means: Means) -> None:
    @routes.post(f"{OWN.base}/reference")
    @declares(Caller.SIGNED_IN)
    def ask_reference(work_id: str) -> Response:
        standing.ask(means, this_visitor(), work_id)
        return go(f"/work/{work_id}#reference")

    @routes.post(f"{OWN.base}/reference/show")
    @declares(Caller.SIGNED_IN)
    def show_reference(work_id: str) -> Response:
        standing.show(means, this_visitor(), work_id, shown=request.form.get("shown") == "yes")
        return go(f"/work/{work_id}#reference")


def _add_supervisor(routes: Blueprint, means: Means) -> None:
    @routes.get("/references")
    @declares(Caller.SIGNED_IN)
    def references() -> str:
        here = moment_and_id(request.args.get("before", ""))
        page = standing.asked_of(means, this_visitor(), here)
        return render_template("references.html", asked=page.rows, here=here, older=onward(page.last))

    @routes.get("/references/<reference_id>")
    @declares(Caller.SIGNED_IN)
    def reference(reference_id: str) -> str:
        return _page(means, reference_id)

    @routes.post("/references/<reference_id>")
    @declares(Caller.SIGNED_IN)
    def answer_reference(reference_id: str) -> Response:
        try:
            standing.answer(means, this_visitor(), reference_id, yes=request.form.get("answer") == "yes")
        except ReferenceOutOfTurn as error:
            return Response(_page(means, reference_id, error), 409)
        return go(f"/references/{reference_id}")


def _page(means: Means, reference_id: str, error: ReferenceOutOfTurn | None = None) -> str:
    visitor = this_visitor()
    asked = standing.look(means, visitor, reference_id)
    return render_template("reference.html", asked=asked, name=first_name(visitor.name), error=error)
