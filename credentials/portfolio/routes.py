"""The pages that people open: the credential, its QR codes and story, the portfolio, the issuer, the first page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from credentials.core.securing import MECHANISMS
from credentials.core.status_story import STORY_MEDIA_TYPE
from credentials.portfolio.covers import cover_svg
from credentials.portfolio.dates import Moment, day, minute
from credentials.portfolio.errors import NothingHere
from credentials.portfolio.file_words import file_kind, file_size
from credentials.portfolio.landing import landing_view
from credentials.portfolio.offers import chosen, offers, with_extension
from credentials.portfolio.qr import qr_address, qr_png, qr_svg
from credentials.portfolio.service import PortfolioService
from credentials.portfolio.views import SiteView
from credentials.portfolio.wording import sentence
from credentials.web.access import Caller, Limit, declares
from credentials.web.composition import Service
from credentials.web.errors import NotAcceptable

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    mechanism.extension: tuple(other.name for other in MECHANISMS.values() if other.extension == mechanism.extension)
    for mechanism in MECHANISMS.values()
    if mechanism.public
}
"""Ending of an address → the formats it stands for, the preferred one first."""
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

    @routes.app_template_filter("day")
    def as_day(when: datetime) -> Markup:
        return _timed(day(when))

    routes.add_app_template_filter(file_kind)
    routes.add_app_template_filter(file_size)

    @routes.app_template_filter("minute")
    def as_minute(when: datetime) -> Markup:
        return _timed(minute(when))

    @routes.app_context_processor
    def site() -> dict[str, SiteView]:
        return {"site": pages.site}

    @routes.get("/")
    @declares(Caller.PUBLIC)
    def landing() -> str:
        return render_template("landing.html", view=landing_view(service.settings.data_dir))

    _add_credential(routes, pages)
    for extension, formats in EXTENSIONS.items():
        _add_form(routes, pages, extension, formats)
    _add_story(routes, service)
    _add_stamps(routes, pages)
    _add_qr(routes, pages)
    _add_people(routes, pages)
    _add_brand(routes, pages)
    return routes


def _timed(moment: Moment) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(moment.iso, moment.text)


def _add_credential(routes: Blueprint, pages: PortfolioService) -> None:
    """The credential's page, or the signed form that is asked for; its code."""

    @routes.get("/c/<number>")
    @routes.get("/C/<number>")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def credential(number: str) -> Response:
        given = offers(pages.forms(number))
        offer = chosen(given, _accepts)
        if offer is None:
            raise NotAcceptable(f"on offer: {', '.join(one.media_type for one in given)}", where="Accept")
        if offer.form is None:
            answer = _page("credential.html", pages.credential(number))
        else:
            answer = Response(offer.form.body, mimetype=offer.media_type)
        answer.vary.add("Accept")
        return answer

    @routes.get("/v/<code>")
    @routes.get("/V/<code>")
    @declares(Caller.PUBLIC, limit=Limit.LOOKUP)
    def by_code(code: str) -> AnyResponse:
        return redirect(f"/c/{pages.id_of_code(code)}", 302)


def _add_form(routes: Blueprint, pages: PortfolioService, extension: str, formats: tuple[str, ...]) -> None:
    """The address of a signed form itself, whatever is accepted."""

    endpoint = f"signed_{extension.replace('.', '_')}"

    @routes.get(f"/c/<number>.{extension}", endpoint=endpoint)
    @routes.get(f"/C/<number>.{extension}", endpoint=endpoint)
    @declares(Caller.PUBLIC, open_to_origins=True)
    def signed(number: str) -> Response:
        form = with_extension(pages.forms(number), formats)
        if form is None:
            raise NothingHere(f"it was not issued as .{extension}")
        return Response(form.body, mimetype=form.media_type)


def _accepts(media_types: Sequence[str]) -> str | None:
    """The one that this request takes best; without an Accept header, the first."""
    if not request.accept_mimetypes:
        return media_types[0]
    return request.accept_mimetypes.best_match(media_types)


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


def _add_stamps(routes: Blueprint, pages: PortfolioService) -> None:
    """What shows how old its signatures are, for whoever verifies one after its key was stolen."""

    @routes.get("/c/<number>/stamps")
    @routes.get("/C/<number>/stamps")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def stamps(number: str) -> Response:
        return _asked_anew(Response(pages.stamps(number), mimetype="application/json"))


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


def _add_brand(routes: Blueprint, pages: PortfolioService) -> None:
    """How an issuer looks: one colour as a style sheet, one logo in two sizes."""

    @routes.get("/issuers/<slug>/brand.css")
    @declares(Caller.PUBLIC)
    def brand_style(slug: str) -> Response:
        return _asked_anew(Response(pages.style_sheet(slug), mimetype="text/css"))

    @routes.get("/issuers/<slug>/logo-large.png")
    @declares(Caller.PUBLIC)
    def logo_large(slug: str) -> Response:
        return _asked_anew(Response(pages.logo(slug, "large"), mimetype="image/png"))

    @routes.get("/issuers/<slug>/logo-small.png")
    @declares(Caller.PUBLIC)
    def logo_small(slug: str) -> Response:
        return _asked_anew(Response(pages.logo(slug, "small"), mimetype="image/png"))


def _asked_anew(answer: Response) -> Response:
    """May be kept, but is asked for each time: a credential may be hidden meanwhile, or its issuer suspended."""
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _page(template: str, view: object) -> Response:
    """A page that was true the moment it was made: never kept."""
    return Response(render_template(template, view=view), mimetype="text/html", headers=FRESH)
