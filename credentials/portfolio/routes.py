"""The pages that people open: the credential, its QR codes and story, the portfolio, the issuer, the first page."""

from __future__ import annotations

import re

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from credentials.core.status_story import STORY_MEDIA_TYPE
from credentials.portfolio.covers import cover_svg
from credentials.portfolio.errors import NothingHere
from credentials.portfolio.landing import landing_view
from credentials.portfolio.qr import qr_address, qr_png, qr_svg
from credentials.portfolio.service import PortfolioService
from credentials.portfolio.views import SiteView
from credentials.portfolio.wording import sentence
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service

TOKEN_TYPES = ("application/vc+jwt", "application/jwt")
FRESH = {"Cache-Control": "no-store"}
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
DIGEST = re.compile(r"[0-9a-f]{64}")


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service. Templates learn the service's own address as `site`."""
    routes = Blueprint("portfolio", __name__)
    pages = service.portfolio

    @routes.app_template_filter("sentence")
    def as_sentence(text: str) -> str:
        return sentence(text)

    @routes.app_context_processor
    def site() -> dict[str, SiteView]:
        return {"site": pages.site}

    @routes.get("/")
    @declares(Caller.PUBLIC)
    def landing() -> str:
        return render_template("landing.html", view=landing_view(service.settings.data_dir))

    _add_credential(routes, pages)
    _add_story(routes, service)
    _add_qr(routes, pages)
    _add_people(routes, pages)
    return routes


def _add_credential(routes: Blueprint, pages: PortfolioService) -> None:
    """The credential's page, its signed forms and its code."""

    @routes.get("/c/<number>")
    @routes.get("/C/<number>")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def credential(number: str) -> Response:
        if request.accept_mimetypes.best_match(["text/html", *TOKEN_TYPES], "text/html") in TOKEN_TYPES:
            return _signed(pages, number)
        answer = _page("credential.html", pages.credential(number))
        answer.vary.add("Accept")
        return answer

    @routes.get("/c/<number>.jwt")
    @routes.get("/C/<number>.jwt")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def signed(number: str) -> Response:
        return _signed(pages, number)

    @routes.get("/c/<number>.pq.jwt")
    @routes.get("/C/<number>.pq.jwt")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def signed_again(number: str) -> Response:
        return _signed(pages, number, post_quantum=True)

    @routes.get("/v/<code>")
    @routes.get("/V/<code>")
    @declares(Caller.PUBLIC, limit=Limit.LOOKUP)
    def by_code(code: str) -> AnyResponse:
        return redirect(f"/c/{pages.id_of_code(code)}", 302)


def _add_story(routes: Blueprint, service: Service) -> None:
    """The story behind a status: a page for people who ask for one, the signed story for everybody else."""

    @routes.get("/c/<number>/status")
    @routes.get("/C/<number>/status")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def story(number: str) -> Response:
        if request.accept_mimetypes.best_match([STORY_MEDIA_TYPE, "text/html"]) == "text/html":
            answer = _page("story.html", service.portfolio.story(number))
        else:
            answer = Response(service.issuer.status_story(number), mimetype=STORY_MEDIA_TYPE, headers=FRESH)
        answer.vary.add("Accept")
        return answer


def _add_qr(routes: Blueprint, pages: PortfolioService) -> None:
    """QR codes of what is shown, and covers."""

    @routes.get("/c/<number>.qr.svg")
    @declares(Caller.PUBLIC)
    def qr_vector(number: str) -> Response:
        address = qr_address(pages.site.base_url, pages.shown_id(number))
        return Response(qr_svg(address), mimetype="image/svg+xml")

    @routes.get("/c/<number>.qr.png")
    @declares(Caller.PUBLIC)
    def qr_picture(number: str) -> Response:
        address = qr_address(pages.site.base_url, pages.shown_id(number))
        return Response(qr_png(address), mimetype="image/png")

    @routes.get("/covers/<digest>.svg")
    @declares(Caller.PUBLIC)
    def cover(digest: str) -> Response:
        if not DIGEST.fullmatch(digest):
            raise NothingHere("a cover is named by 64 hexadecimal digits")
        return Response(cover_svg(bytes.fromhex(digest)), mimetype="image/svg+xml", headers=KEPT)


def _add_people(routes: Blueprint, pages: PortfolioService) -> None:
    """Who did the work, and who signed it."""

    @routes.get("/p/<slug>")
    @declares(Caller.PUBLIC)
    def portfolio(slug: str) -> Response:
        return _page("portfolio.html", pages.portfolio(slug, request.args.get("skill") or None))

    @routes.get("/issuers/<slug>")
    @declares(Caller.PUBLIC)
    def issuer(slug: str) -> Response:
        return _page("issuer.html", pages.issuer(slug))


def _page(template: str, view: object) -> Response:
    """A page that was true the moment it was made: never kept."""
    return Response(render_template(template, view=view), mimetype="text/html", headers=FRESH)


def _signed(pages: PortfolioService, number: str, *, post_quantum: bool = False) -> Response:
    form = pages.signed(number, post_quantum=post_quantum)
    return Response(form.body, mimetype=form.media_type, headers={"Vary": "Accept"})
