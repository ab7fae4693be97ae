"""The award form with its preview beside it; approval, return, signing."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts.errors import RoleMissing
from credentials.accounts.tokens import new_id
from credentials.console import awarding
from credentials.console.anchors import ANCHORS
from credentials.console.award_files import NOTHING, Received, Upload, receive
from credentials.console.award_form import AwardForm, Problem, by_field, differing, judge, preview, read_form
from credentials.console.award_rows import DELIVERABLES
from credentials.console.awarding import Draft
from credentials.console.errors import AwardChanged, AwardNotReady, SecondPersonWanted
from credentials.console.means import Means
from credentials.core.errors import CredentialError
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

FORM_BYTES = 131_072
BASE = "/console/<slug>/awards"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("awards", __name__)
    means = service.desk
    largest = FORM_BYTES + service.settings.max_file_bytes
    _add_beginning(routes, means, largest)
    _add_changing(routes, means, largest)
    _add_deciding(routes, means)
    return routes


def _add_beginning(routes: Blueprint, means: Means, largest: int) -> None:
    @routes.get(f"{BASE}/new")
    @declares(Caller.member("author"))
    def new_award(slug: str) -> str:
        del slug
        found = this_member()
        return _page(means, AwardForm(supervisor_name=found.visitor.name))

    @routes.post(f"{BASE}/new")
    @declares(Caller.member("author"), max_body=largest)
    def begin(slug: str) -> Response:
        number = _number()
        award_id = awarding.id_of_number(this_member(), number)
        received = _received(means, award_id)
        form = _looked_at(means, award_id, received)
        if not received.files and (received.error or request.form.get("do") == "preview"):
            return _shown(means, form, None, received.error, number=number)
        try:
            made = awarding.start(means, this_member(), form, number)
        except AwardChanged as error:
            fresh = new_id()
            awarding.renumbered(means, this_member(), form, number, fresh)
            return Response(_page(means, form, error=error, number=fresh), 409)
        return _decide(means, slug, Draft(made, form, ()), received)

    @routes.post(f"{BASE}/preview")
    @declares(Caller.member("author"), max_body=FORM_BYTES)
    def preview_part(slug: str) -> str:
        del slug
        award_id = request.form.get("award", "") or awarding.id_of_number(this_member(), _number())
        return render_template("award_preview.html", work=_preview(means, _looked_at(means, award_id, NOTHING)))


def _add_changing(routes: Blueprint, means: Means, largest: int) -> None:
    @routes.get(f"{BASE}/<award_id>")
    @declares(Caller.member("author", "reviewer", "signer"))
    def award(slug: str, award_id: str) -> Response:
        del slug
        found = awarding.find(means, this_member(), award_id)
        if found.award.credential_id is not None:
            return _go(f"/c/{found.award.credential_id}")
        return Response(_page(means, found.form, found))

    @routes.post(f"{BASE}/<award_id>")
    @declares(Caller.member("author", "signer"), max_body=largest)
    def change(slug: str, award_id: str) -> Response:
        member = this_member()
        found = awarding.find(means, member, award_id)
        received = _received(means, found.award.id) if member.may("author") and found.award.is_open else NOTHING
        form = _looked_at(means, found.award.id, received)
        if not received.files and (received.error or request.form.get("do") == "preview"):
            return _shown(means, form, found, received.error)
        if not member.may("author"):
            return _sign_as_seen(means, slug, form, found)
        try:
            saved = awarding.save(means, member, award_id, form, _version())
        except AwardChanged as error:
            return Response(_page(means, form, awarding.find(means, member, award_id), error), 409)
        return _decide(means, slug, Draft(saved, form, ()), received)


def _add_deciding(routes: Blueprint, means: Means) -> None:
    @routes.post(f"{BASE}/<award_id>/return")
    @declares(Caller.member("reviewer", "signer"))
    def send_back(slug: str, award_id: str) -> Response:
        awarding.send_back(means, this_member(), award_id, request.form.get("note", ""))
        return _go(f"/console/{slug}")

    @routes.post(f"{BASE}/<award_id>/sign")
    @declares(Caller.member("signer"))
    def sign(slug: str, award_id: str) -> Response:
        found = awarding.find(means, this_member(), award_id)
        return _signed(means, slug, found, _version())


def _received(means: Means, award_id: str) -> Received:
    """The files that came with the form, kept for the award at once."""
    sent = {number: request.files.get(f"deliverable_file_{number}") for number in range(DELIVERABLES)}
    uploads = {number: Upload(one.filename, one.stream) for number, one in sent.items() if one and one.filename}
    return receive(means, this_member(), award_id, uploads)


def _looked_at(means: Means, award_id: str, received: Received) -> AwardForm:
    return awarding.looked_at(means, this_member(), award_id, read_form(request.form, received.files))


def _shown(
    means: Means, form: AwardForm, draft: Draft | None, error: CredentialError | None = None, *, number: str = ""
) -> Response:
    """The form as it was sent, with its preview; nothing of it is kept but files."""
    return Response(_page(means, form, draft, error, judged=error is None, number=number), 422 if error else 200)


def _decide(means: Means, slug: str, draft: Draft, received: Received = NOTHING) -> Response:
    """What the pressed button says: keep it, send it for approval, or sign it.

    A form with files is kept whatever the button says; when one of them did not come through, that is told first.
    """
    wanted, award_id = request.form.get("do", "save"), draft.award.id
    if received.error or wanted == "preview":
        return _shown(means, draft.form, draft, received.error)
    if wanted == "sign":
        return _signed(means, slug, draft, draft.award.version)
    if wanted == "submit":
        try:
            awarding.submit(means, this_member(), award_id)
        except AwardNotReady as error:
            return Response(_page(means, draft.form, draft, error, judged=True), 422)
        return _go(f"/console/{slug}")
    return _go(f"/console/{slug}/awards/{award_id}")


def _sign_as_seen(means: Means, slug: str, form: AwardForm, draft: Draft) -> Response:
    """A signer who is no author changes nothing: what they sign is the version that their page showed."""
    if _version() != draft.award.version:
        return Response(_page(means, draft.form, draft, AwardChanged(where="version")), 409)
    if form != draft.form:
        return Response(_page(means, form, draft, RoleMissing("it wants the role author")), 403)
    return _decide(means, slug, draft)


def _signed(means: Means, slug: str, draft: Draft, version: int) -> Response:
    try:
        issued = awarding.sign(means, this_member(), draft.award.id, version)
    except AwardNotReady as error:
        return Response(_page(means, draft.form, draft, error, judged=True), 422)
    except SecondPersonWanted as error:
        return Response(_page(means, draft.form, draft, error), 403)
    except AwardChanged as error:
        return Response(_page(means, draft.form, draft, error), 409)
    return _go(f"/console/{slug}/issued?new={issued.id}")


def _page(
    means: Means,
    form: AwardForm,
    draft: Draft | None = None,
    error: CredentialError | None = None,
    *,
    judged: bool = False,
    number: str = "",
) -> str:
    problems: list[Problem] = judge(form)[1] if judged else []
    return render_template(
        "award.html",
        member=this_member(),
        form=form,
        draft=draft,
        error=error,
        problems=problems,
        wrong=by_field(problems),
        work=_preview(means, form),
        version=draft.award.version if draft else 0,
        number=number or (new_id() if error or draft else _number()),
        anchors=ANCHORS,
        largest=means.files.limits.file,
        kept=differing(draft.form, form) if draft and isinstance(error, AwardChanged | RoleMissing) else [],
    )


def _preview(means: Means, form: AwardForm) -> object:
    return preview(judge(form)[0], this_member().issuer.did, means.accounts.clock())


def _number() -> str:
    """The number of a form that is not kept yet: it stays the same while its preview is looked at."""
    return request.form.get("number", "")[:26] or new_id()


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
