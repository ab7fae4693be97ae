"""Uploaded lists: uploaded, checked, started, cancelled; their progress is seen without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.award_form import preview
from credentials.console.errors import FileMissing, SecondPersonWanted
from credentials.console.reading import restored
from credentials.console.uploading import MOST_SHOWN, Uploads
from credentials.core.errors import BadInput, CredentialError
from credentials.store.bulk_uploads import WORKED_ON, BulkUpload
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

LARGEST = 8_388_608
BASE = "/console/<slug>/upload"
FIELD_NAMES = {
    "recipient_name": "Their name",
    "given_name": "First name",
    "family_name": "Last name",
    "recipient_email": "E-mail address",
    "project_title": "Project",
    "summary": "What was done",
    "deliverables": "What was delivered",
    "skills": "Skills",
    "started_on": "First day",
    "ended_on": "Last day",
    "hours": "Hours",
    "role": "Role",
    "supervisor_name": "Who looked after the work",
    "supervisor_words": "What you say of it",
    "evidence_url": "Link to the work",
    "valid_until": "Last day on which it is current",
    "compensation": "What was paid",
    "ratings": "Ratings",
}
"""What each field is called to whoever says which column is what."""


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("upload", __name__)
    _add_list(routes, service.uploads)
    _add_one(routes, service.uploads)
    _add_reading(routes, service.uploads)
    return routes


def _add_list(routes: Blueprint, uploads: Uploads) -> None:
    @routes.get(BASE)
    @declares(Caller.member("author", "signer"))
    def lists(slug: str) -> str:
        del slug
        return _page(uploads)

    @routes.post(BASE)
    @declares(Caller.member("author", "signer"), max_body=LARGEST)
    def upload(slug: str) -> Response:
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise FileMissing(where="file")
            made = uploads.take(this_member(), file.filename, file.read())
        except BadInput as error:
            return Response(_page(uploads, error), 422)
        return _go(f"/console/{slug}/upload/{made.id}")


def _page(uploads: Uploads, error: CredentialError | None = None) -> str:
    found = this_member()
    return render_template("uploads.html", member=found, lists=uploads.listed(found), error=error)


def _add_one(routes: Blueprint, uploads: Uploads) -> None:
    @routes.get(f"{BASE}/<upload_id>")
    @declares(Caller.member("author", "signer"))
    def one(slug: str, upload_id: str) -> str:
        del slug
        return _page_of(uploads, uploads.find(this_member(), upload_id))

    @routes.get(f"{BASE}/<upload_id>/errors.csv")
    @declares(Caller.member("author", "signer"))
    def problems(slug: str, upload_id: str) -> Response:
        del slug
        return _csv(uploads.findings(uploads.find(this_member(), upload_id)), "errors.csv")

    @routes.get(f"{BASE}/<upload_id>/left-out.csv")
    @declares(Caller.member("author", "signer"))
    def left_out(slug: str, upload_id: str) -> Response:
        del slug
        return _attached(uploads.left_out(uploads.find(this_member(), upload_id)).encode(), "left-out.csv")

    @routes.get(f"{BASE}/<upload_id>/report.csv")
    @declares(Caller.member("author", "signer"))
    def report(slug: str, upload_id: str) -> Response:
        del slug
        return _csv(uploads.report(uploads.find(this_member(), upload_id)), "report.csv")

    @routes.get(f"{BASE}/<upload_id>/samples")
    @declares(Caller.member("author", "signer"))
    def samples(slug: str, upload_id: str) -> str:
        del slug
        return _samples_page(uploads, uploads.find(this_member(), upload_id))

    @routes.post(f"{BASE}/<upload_id>/start")
    @declares(Caller.member("signer"))
    def start(slug: str, upload_id: str) -> Response:
        try:
            uploads.start(this_member(), upload_id)
        except SecondPersonWanted as error:
            return Response(_one_page(uploads, uploads.find(this_member(), upload_id), error), 403)
        return _go(f"/console/{slug}/upload/{upload_id}")

    @routes.post(f"{BASE}/<upload_id>/cancel")
    @declares(Caller.member("author", "signer"))
    def cancel(slug: str, upload_id: str) -> Response:
        uploads.cancel(this_member(), upload_id)
        return _go(f"/console/{slug}/upload/{upload_id}")


def _add_reading(routes: Blueprint, uploads: Uploads) -> None:
    @routes.get(f"{BASE}/<upload_id>/columns")
    @declares(Caller.member("author", "signer"))
    def columns(slug: str, upload_id: str) -> str:
        del slug
        return _columns_page(uploads, uploads.find(this_member(), upload_id))

    @routes.post(f"{BASE}/<upload_id>/columns")
    @declares(Caller.member("author", "signer"))
    def map_columns(slug: str, upload_id: str) -> Response:
        form = request.form
        try:
            uploads.map_columns(this_member(), upload_id, form.getlist("field"), form.get("date_format", ""))
        except BadInput as error:
            return Response(_columns_page(uploads, uploads.find(this_member(), upload_id), error), 422)
        return _go(f"/console/{slug}/upload/{upload_id}")

    @routes.post(f"{BASE}/<upload_id>/sheet")
    @declares(Caller.member("author", "signer"))
    def choose_sheet(slug: str, upload_id: str) -> Response:
        try:
            uploads.choose_sheet(this_member(), upload_id, request.form.get("sheet", ""))
        except BadInput as error:
            return Response(_page_of(uploads, uploads.find(this_member(), upload_id), error), 422)
        return _go(f"/console/{slug}/upload/{upload_id}")

    @routes.post(f"{BASE}/<upload_id>/fix")
    @declares(Caller.member("author", "signer"), max_body=LARGEST)
    def put_right(slug: str, upload_id: str) -> Response:
        uploads.put_right(this_member(), upload_id, request.form)
        return _go(f"/console/{slug}/upload/{upload_id}")


def _page_of(uploads: Uploads, upload: BulkUpload, error: CredentialError | None = None) -> str:
    return (_columns_page if upload.state == "mapping" else _one_page)(uploads, upload, error)


def _columns_page(uploads: Uploads, upload: BulkUpload, error: CredentialError | None = None) -> str:
    seen, reading = uploads.look(upload), restored(upload.reading)
    of_title = {title: name for name, title in reading.mapping.items() if title}
    chosen = [of_title.get(title, "") for title in seen.titles] if reading.mapping else list(seen.guesses)
    typed = request.form.getlist("field") if error else []
    return render_template(
        "upload_columns.html",
        member=this_member(),
        upload=upload,
        seen=seen,
        reading=reading,
        chosen=typed or chosen,
        fields=FIELD_NAMES,
        date_format=request.form.get("date_format", "") if error else reading.date_format or "",
        error=error,
    )


def _samples_page(uploads: Uploads, upload: BulkUpload) -> str:
    member, now = this_member(), uploads.means.accounts.clock()
    works = [(row, preview(draft, member.issuer.did, now)) for row, draft in uploads.samples(upload)]
    return render_template("upload_samples.html", member=member, upload=upload, works=works)


def _csv(path: Path, name: str) -> Response:
    return _attached(path.read_bytes() if path.exists() else b"", name)


def _attached(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type="text/csv; charset=utf-8", headers=headers)


def _one_page(uploads: Uploads, upload: BulkUpload, error: CredentialError | None = None) -> str:
    return render_template(
        "upload.html",
        member=this_member(),
        upload=upload,
        reading=restored(upload.reading),
        problems=uploads.problems(upload, MOST_SHOWN) if upload.state != "checking" else [],
        cells=_cells(uploads, upload),
        working=upload.state in WORKED_ON,
        error=error,
    )


def _cells(uploads: Uploads, upload: BulkUpload) -> dict[tuple[str, str], tuple[int, str]]:
    """The cells that can be put right, by row and heading: their place, and what stands there now."""
    if upload.state not in ("checked", "cancelled", "done"):
        return {}
    titles = uploads.look(upload).titles
    return {
        (str(row), title): (place, cells[place])
        for row, cells in uploads.cells_left_out(upload).items()
        for place, title in enumerate(titles)
        if place < len(cells)
    }


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
