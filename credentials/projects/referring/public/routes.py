"""Ask a reference a question, confirm it, answer it: three pages without an account, two of them behind a link.

Looking at a page of a link changes nothing: programs that look at mail open links too.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from credentials.accounts.errors import AddressUnusable
from credentials.core.errors import CredentialError
from credentials.portfolio.service import PortfolioService
from credentials.portfolio.views import CredentialView
from credentials.projects.referring import questions
from credentials.projects.referring.errors import (
    AnswerUnusable,
    ConsentMissing,
    QuestionUnusable,
    ReferenceUnknown,
    TooManyQuestions,
)
from credentials.projects.referring.questions import Typed
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service

FORM_BYTES = 32_768
# What a page behind a secret shows stays in no cache. Its address goes to this origin alone, as everywhere, and must
# go there: under https a form is taken only with a referrer.
FRESH = {"Cache-Control": "no-store"}


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("asking", __name__)
    _add_asking(routes, service)
    _add_confirming(routes, service)
    _add_answering(routes, service)
    return routes


def _add_asking(routes: Blueprint, service: Service) -> None:
    means, pages = service.desk, service.portfolio

    @routes.get("/c/<number>/ask")
    @declares(Caller.PUBLIC)
    def ask(number: str) -> str:
        return _form(_shown(pages, number), Typed())

    @routes.post("/c/<number>/ask")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN, max_body=FORM_BYTES)
    def asked(number: str) -> Response:
        view, typed = _shown(pages, number), _typed()
        try:
            questions.ask(means, pages.shown_id(number), typed)
        except (QuestionUnusable, AddressUnusable, ConsentMissing) as error:
            return Response(_form(view, typed, error), 422)
        return Response(_form(view, typed, sent=True))


def _shown(pages: PortfolioService, number: str) -> CredentialView:
    """A credential whose page names somebody to ask. Raises NothingHere, ReferenceUnknown."""
    view = pages.credential(number)
    if view.links.ask is None:
        raise ReferenceUnknown(where="credential")
    return view


def _typed() -> Typed:
    form = request.form
    name, address, company, words = (form.get(one, "") for one in ("name", "address", "company", "words"))
    return Typed(name, address, company, words, form.get("consent") == "yes")


def _form(view: CredentialView, typed: Typed, error: CredentialError | None = None, *, sent: bool = False) -> str:
    return render_template("ask.html", view=view, typed=typed, error=error, sent=sent, longest=questions.LONGEST)


def _add_confirming(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.get("/questions/<token>")
    @declares(Caller.PUBLIC)
    def question(token: str) -> Response:
        return _page("question.html", token, seen=questions.to_confirm(means, token))

    @routes.post("/questions/<token>")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def confirmed(token: str) -> Response:
        seen = questions.to_confirm(means, token)
        try:
            questions.confirm(means, token)
        except TooManyQuestions as error:
            return _page("question.html", token, 409, seen=seen, error=error)
        return _page("question.html", token, seen=seen, sent=True)


def _add_answering(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.get("/answers/<token>")
    @declares(Caller.PUBLIC)
    def answer(token: str) -> Response:
        return _page("answer.html", token, seen=questions.to_answer(means, token))

    @routes.post("/answers/<token>")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN, max_body=FORM_BYTES)
    def answered(token: str) -> Response:
        seen, typed = questions.to_answer(means, token), request.form.get("answer", "")
        try:
            questions.answer(means, token, typed)
        except AnswerUnusable as error:
            return _page("answer.html", token, 422, seen=seen, typed=typed, error=error)
        return _page("answer.html", token, seen=seen, done="sent")

    @routes.post("/answers/<token>/report")
    @declares(Caller.PUBLIC, limit=Limit.SIGN_IN)
    def report_question(token: str) -> Response:
        seen = questions.to_answer(means, token)
        questions.report(means, token)
        return _page("answer.html", token, seen=seen, done="reported")


def _page(template: str, token: str, status: int = 200, **given: object) -> Response:
    return Response(render_template(template, token=token, **given), status, headers=FRESH)
