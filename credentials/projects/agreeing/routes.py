"""The page of an engagement, the form of its terms, answers, and each version to be downloaded; for both sides."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.award_form import by_field
from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.projects import parties
from credentials.projects.afterwards import afterwards
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.document import MEDIA_TYPE, sha256
from credentials.projects.agreeing.errors import (
    NothingToAnswer,
    ReasonWanted,
    TermsUnchanged,
    TermsUnusable,
    WorkMovedOn,
    WorkOutOfTurn,
)
from credentials.projects.agreeing.form import DELIVERABLES, judge, read_terms
from credentials.projects.agreeing.proposing import propose
from credentials.projects.parties import Party
from credentials.projects.showing import STAGES, proposed_before, show
from credentials.projects.sides import COMPANY, OWN, Pages
from credentials.projects.terms import OWNERS, SHOWING, Terms, TermsDeliverable
from credentials.store.agreements import Agreement
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member, this_visitor

FORM_BYTES = 131_072
_REFUSED = (NothingToAnswer, ReasonWanted, WorkMovedOn, WorkOutOfTurn)


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("work", __name__)
    means = service.desk
    _add_pages(routes, means, OWN, Caller.SIGNED_IN, Caller.SIGNED_IN)
    _add_terms(routes, means, OWN, Caller.SIGNED_IN)
    _add_pages(routes, means, COMPANY, Caller.member(), Caller.member("author"))
    _add_terms(routes, means, COMPANY, Caller.member("author"))
    return routes


def party_of(pages: Pages) -> Party:
    """Who asks, on the side whose page it is."""
    return parties.of_company(this_member()) if pages.side == "company" else parties.of_candidate(this_visitor())


def _add_pages(routes: Blueprint, means: Means, pages: Pages, look: Caller, act: Caller) -> None:
    @routes.get(pages.base, endpoint=f"{pages.side}_page")
    @declares(look)
    def page(**ids: Any) -> str:
        return work_page(means, pages, ids)

    @routes.get(f"{pages.base}/agreement/<int:agreement_number>.json", endpoint=f"{pages.side}_document")
    @declares(look)
    def document(agreement_number: int, **ids: Any) -> Response:
        return _download(answering.document_of(means, party_of(pages), ids[pages.key], agreement_number))

    @routes.post(f"{pages.base}/agree", endpoint=f"{pages.side}_agree")
    @declares(act)
    def agree(**ids: Any) -> Response:
        try:
            answering.accept(means, party_of(pages), ids[pages.key], number_of("number"))
        except _REFUSED as error:
            return Response(work_page(means, pages, ids, error), 409)
        return go(pages.home(ids))

    @routes.post(f"{pages.base}/refuse", endpoint=f"{pages.side}_refuse")
    @declares(act)
    def refuse(**ids: Any) -> Response:
        try:
            answering.refuse(means, party_of(pages), ids[pages.key], number_of("number"), _reason())
        except _REFUSED as error:
            return Response(work_page(means, pages, ids, error), _status(error))
        return go(pages.home(ids))

    @routes.post(f"{pages.base}/end", endpoint=f"{pages.side}_end")
    @declares(act)
    def end(**ids: Any) -> Response:
        try:
            answering.end(means, party_of(pages), ids[pages.key], _reason())
        except _REFUSED as error:
            return Response(work_page(means, pages, ids, error), _status(error))
        return go(pages.home(ids))


def _add_terms(routes: Blueprint, means: Means, pages: Pages, act: Caller) -> None:
    @routes.get(f"{pages.base}/terms", endpoint=f"{pages.side}_terms")
    @declares(act)
    def terms(**ids: Any) -> Response:
        if "propose" not in show(means, party_of(pages), ids[pages.key]).allowed:
            return go(pages.home(ids))
        return _terms_page(means, pages, ids)

    @routes.post(f"{pages.base}/terms", endpoint=f"{pages.side}_propose")
    @declares(act, max_body=FORM_BYTES)
    def proposed(**ids: Any) -> Response:
        party = party_of(pages)
        before = proposed_before(means, party, ids[pages.key])[2].terms
        typed = read_terms(request.form, before)
        try:
            propose(means, party, ids[pages.key], typed, number_of("seen"))
        except (TermsUnusable, TermsUnchanged, WorkMovedOn, WorkOutOfTurn) as error:
            return _terms_page(means, pages, ids, typed, error)
        return go(pages.home(ids))


def work_page(means: Means, pages: Pages, ids: dict[str, Any], error: CredentialError | None = None) -> str:
    """The page of an engagement, perhaps with what kept a step from being taken."""
    party = party_of(pages)
    work = show(means, party, ids[pages.key])
    return render_template(
        "engagement.html",
        **around(pages, ids),
        work=work,
        after=afterwards(means, party, work.engagement),
        stages=list(STAGES),
        error=error,
        said=request.form.get("reason", ""),
    )


def _terms_page(
    means: Means, pages: Pages, ids: dict[str, Any], typed: Terms | None = None, error: CredentialError | None = None
) -> Response:
    engagement, last, document = proposed_before(means, party_of(pages), ids[pages.key])
    problems = judge(typed) if typed is not None and isinstance(error, TermsUnusable) else []
    form = typed or document.terms
    rows = [*form.deliverables, *[TermsDeliverable()] * max(0, min(2, DELIVERABLES - len(form.deliverables)))]
    page = render_template(
        "work_terms.html",
        **around(pages, ids),
        engagement=engagement,
        form=form,
        rows=rows,
        seen=last.number,
        owners=OWNERS,
        showing=SHOWING,
        problems=problems,
        wrong=by_field(problems),
        error=None if problems else error,
        now=document.terms if isinstance(error, WorkMovedOn) else None,
    )
    return Response(page, 200 if error is None else _status(error))


def around(pages: Pages, ids: dict[str, Any]) -> dict[str, Any]:
    """What every page of a side is given: its frame, its own address, and who looks."""
    company = pages.side == "company"
    return {
        "frame": pages.frame,
        "home": pages.home(ids),
        "side": pages.side,
        "member": this_member() if company else None,
    }


def number_of(name: str) -> int:
    """A number that a form carries; 0 for anything else."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def go(path: str) -> Response:
    """On to a page of this site."""
    return cast("Response", redirect(path, 303))


def _reason() -> str:
    return request.form.get("reason", "")


def _status(error: CredentialError) -> int:
    return 422 if isinstance(error, TermsUnusable | ReasonWanted) else 409


def _download(agreement: Agreement) -> Response:
    """The document byte for byte, with its digest beside it (RFC 9530)."""
    name = f"agreement-{agreement.engagement_id.lower()}-{agreement.number}.json"
    digest = b64encode(sha256(agreement.document)).decode()
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Repr-Digest": f"sha-256=:{digest}:"}
    return Response(agreement.document, mimetype=MEDIA_TYPE, headers=headers)
