"""Uploaded files at `/files/<id>/<name>`: an attachment, always, that no browser runs; and the preview of a picture."""

from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, Response, request

from credentials.files.errors import FileUnknown
from credentials.files.sniffing import served_type
from credentials.store.files import StoredFile
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import People

# Even where a browser is made to open the file in place, it runs nothing and belongs to no origin.
HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}


def blueprint(service: Service) -> Blueprint:
    """The files of an opened service."""
    routes = Blueprint("files", __name__)
    people, files = People(service.accounts), service.files

    @routes.get("/files/<file_id>/<file_name>")
    @declares(Caller.PUBLIC)
    def file(file_id: str, file_name: str) -> Response:
        found = files.find(file_id, people.visitor())
        if file_name != found.name:
            raise FileUnknown(where="file")
        answer = _answer(found, served_type(found.media_type))
        answer.headers.set("Content-Disposition", "attachment", filename=found.name)
        # RFC 9530 section 3.
        answer.headers["Repr-Digest"] = f"sha-256=:{b64encode(found.sha256).decode()}:"
        answer.set_etag(found.sha256.hex())
        if answer.make_conditional(request).status_code == 200:
            answer.response = files.open(found) if request.method != "HEAD" else []
            answer.content_length = found.size
        return answer

    @routes.get("/files/<file_id>.png")
    @declares(Caller.PUBLIC)
    def preview(file_id: str) -> Response:
        found = files.find(file_id, people.visitor())
        answer = _answer(found, "image/png")
        answer.set_data(files.preview(found))
        return answer

    return routes


def _answer(found: StoredFile, content_type: str) -> Response:
    answer = Response(content_type=content_type, headers=HARMLESS)
    answer.last_modified = found.created_at
    return answer
