"""Uploaded lists: uploaded, checked, started, cancelled; their progress is seen without JavaScript."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.console.errors import FileMissing, SecondPersonWanted
from credentials.console.uploading import Uploads
from credentials.core.errors import BadInput, CredentialError
from credentials.store.bulk_uploads import WORKED_ON, BulkUpload
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

LARGEST = 8_388_608
BASE = "/console/<slug>/upload"
_SHOWN = 200


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("upload", __name__)
    _add_list(routes, service.uploads)
    _add_one(routes, service.uploads)
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
        return _one_page(uploads, uploads.find(this_member(), upload_id))

    @routes.get(f"{BASE}/<upload_id>/errors.csv")
    @declares(Caller.member("author", "signer"))
    def problems(slug: str, upload_id: str) -> Response:
        del slug
        found = uploads.find(this_member(), upload_id)
        path = uploads.findings(found)
        headers = {"Content-Disposition": 'attachment; filename="errors.csv"'}
        body = path.read_bytes() if path.exists() else b""
        return Response(body, content_type="text/csv; charset=utf-8", headers=headers)

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


def _one_page(uploads: Uploads, upload: BulkUpload, error: CredentialError | None = None) -> str:
    return render_template(
        "upload.html",
        member=this_member(),
        upload=upload,
        problems=_problems(uploads.findings(upload)) if upload.state != "checking" else [],
        working=upload.state in WORKED_ON,
        error=error,
    )


def _problems(path: Path) -> list[dict[str, str]]:
    """The first problems of a list, as they were written down."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row for row, _ in zip(csv.DictReader(stream), range(_SHOWN), strict=False)]


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
