"""Every route × every kind of nonsense: a problem that says what is wrong, no 500, no cookie, no traceback."""

import io
import json
import re
from typing import Any

import pytest

from tests.web.conftest import ISSUE_BODY, Site

DEEP = b'{"credential":' + b"[" * 5000 + b"]" * 5000 + b"}"
DEEP_OBJECT = b'{"credential":{"a":' * 200 + b"1" + b"}" * 400
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "garbage": bytes(range(256)),
    "cut": b'{"credential": "eyJ',
    "array": b"[1,2,3]",
    "text": b'"just a text"',
    "null": b"null",
    "number": b"1e999",
    "nan": b'{"credential": NaN}',
    "twice": b'{"credential":"a","credential":"b"}',
    "two values": b'{"credential":"a"}{"credential":"b"}',
    "deep": DEEP,
    "deep object": DEEP_OBJECT,
    "utf-16": '{"credential":"a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"credential":"a"}',
    "surrogate": b'{"credential":"\\ud800"}',
    "nul": b'{"credential":"\\u0000"}',
    "raw nul": b'{"credential":"\x00"}',
    "latin-1": b'{"credential":"\xe9"}',
    "direction": '{"credential":"\u202eabc\u2066"}'.encode(),
    "wrong types": b'{"credential":{"type":{"a":[]},"issuer":7,"@context":null}}',
    "huge number": b'{"credential":{"validFrom":' + b"9" * 5000 + b"}}",
    "comment": b'{"credential":"a"} // yes',
    "prototype": b'{"__proto__":{"credential":"a"}}',
    "form": b"credential=abc",
    "multipart": b"--x\r\nContent-Disposition: form-data; name=credential\r\n\r\nabc",
}
TYPES = [
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "",
    "application/json, text/html",
    "\xff",
]
POSTS = [
    "/api/v1/verify",
    "/verify",
    "/api/v1/credentials",
    "/api/v1/credentials/{id}/revoke",
    "/api/v1/credentials/{id}/suspend",
    "/api/v1/credentials/{id}/lift",
    "/credentials/verify",
    "/credentials/issue",
    "/credentials/status",
    "/presentations/verify",
]
GETS = [
    "/c/{x}",
    "/C/{x}",
    "/c/{x}.jwt",
    "/c/{x}.qr.svg",
    "/c/{x}.qr.png",
    "/c/{x}/status",
    "/v/{x}",
    "/p/{x}",
    "/p/{x}?skill={x}",
    "/issuers/{x}",
    "/issuers/{x}/did.json",
    "/status/{x}",
    "/errors/{x}",
    "/static/{x}",
    "/covers/{x}.svg",
    "/api/v1/credentials/{x}",
    "/{x}",
]
NAMES = [
    "",
    "x",
    "0" * 26,
    "U" * 26,
    "I" * 26,
    "0" * 5000,
    "%00",
    "a%00b",
    "%ff%fe",
    "%F0%9F%98%80",
    "%E2%80%AE" * 5,
    "%EF%BC%91" * 26,
    "%D9%A1" * 10,
    "..",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cetc",
    "'%20OR%20'1'='1",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{7*7}}",
    "%0d%0aSet-Cookie:%20a=b",
    "%25%25",
    "-1",
    "%20",
]


def is_calm(answer: Any) -> None:
    """No server error, no cookie, nothing of the program's inside."""
    assert answer.status_code < 500, answer.text[:500]
    assert "Set-Cookie" not in answer.headers
    assert "Traceback" not in answer.text
    if answer.status_code >= 400 and answer.mimetype.endswith("json"):
        assert re.fullmatch(r"[a-z0-9-]+", answer.json["code"])
        assert answer.json["advice"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", BODIES, ids=list(BODIES))
def test_bodies(path: str, body: str, shared: Site) -> None:
    address = path.replace("{id}", shared.issued.id)
    for media_type in TYPES:
        answer = shared.client.post(
            address,
            data=BODIES[body],
            headers=shared.auth | {"Content-Type": media_type} if media_type else shared.auth,
        )
        is_calm(answer)
        if path.startswith("/api/v1/credentials"):
            assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("path", GETS)
def test_paths(path: str, shared: Site) -> None:
    for name in NAMES:
        answer = shared.client.get(path.replace("{x}", name), headers=shared.auth)
        is_calm(answer)
        assert answer.status_code in (200, 404, 308), (name, answer.status_code)
        assert answer.status_code != 200 or (path, name) in FINE or "skill" in path, (path, name)
        assert "<script>alert" not in answer.text
        html = shared.client.get(path.replace("{x}", name), headers=shared.auth | {"Accept": "text/html"})
        is_calm(html)
        assert "<script>alert" not in html.text


FINE = {("/{x}", ""), ("/{x}", "%20")}


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(path: str, shared: Site) -> None:
    address = path.replace("{id}", shared.issued.id)
    for media_type in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = shared.client.post(
            address,
            headers=shared.auth,
            environ_overrides={
                "CONTENT_LENGTH": str(1 << 40),
                "CONTENT_TYPE": media_type,
                "wsgi.input": Unread(),
            },
        )
        assert (answer.status_code, answer.get_json()["code"]) == (413, "body-too-large")


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def read(self, _size: int = -1) -> bytes:
        """Fail the test."""
        raise AssertionError("the body was read")


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "٣", "+5", "", "18446744073709551616"])
def test_odd_lengths_are_refused(length: str, shared: Site) -> None:
    answer = shared.client.post(
        "/api/v1/verify",
        environ_overrides={
            "CONTENT_LENGTH": length,
            "CONTENT_TYPE": "application/json",
            "wsgi.input": io.BytesIO(b'{"credential":"x"}'),
        },
    )
    is_calm(answer)
    assert answer.status_code in (400, 413)


def test_a_large_body_of_an_issuing_call_is_refused(shared: Site) -> None:
    body = ISSUE_BODY | {"summary": "x" * 70_000}
    answer = shared.client.post("/api/v1/credentials", json=body, headers=shared.auth)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "change",
    [
        {"recipientName": "a\u0000b"},
        {"recipientName": "a\u202eb"},
        {"recipientName": "x" * 5000},
        {"recipientEmail": "no address"},
        {"evidenceUrl": "javascript:alert(1)"},
        {"deliverables": [{"name": "a", "url": "file:///etc/passwd"}]},
        {"deliverables": [{"name": "a", "visibility": "everyone"}]},
        {"deliverables": [{"name": "a"}] * 5000},
        {"startedOn": "2026-02-30"},
        {"startedOn": "01/02/2026"},
        {"startedOn": "2027-01-01", "endedOn": "2026-01-01"},
        {"hours": -1},
        {"hours": 1e400},
        {"hours": "40"},
        {"hours": 1e18},
        {"validUntil": "2027-01-01T00:00:00"},
        {"validUntil": "never"},
        {"skills": "one"},
        {"skills": [3]},
        {"surprise": True},
        {"recipientName": None},
    ],
)
def test_drafts_that_must_not_be_signed(change: dict[str, Any], shared: Site) -> None:
    data = json.dumps(ISSUE_BODY | change).replace("Infinity", "1e999")
    answer = shared.client.post("/api/v1/credentials", data=data, content_type="application/json", headers=shared.auth)
    is_calm(answer)
    assert answer.status_code in (400, 413, 422), answer.json


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a b", "ü", "a\tb", "\x7f"])
def test_idempotency_keys_that_cannot_be_used(key: str, shared: Site) -> None:
    answer = shared.client.post(
        "/api/v1/credentials",
        json=ISSUE_BODY,
        headers=shared.auth | {"Idempotency-Key": key.encode().decode("latin-1")},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-malformed")


PICTURES = {
    "empty": b"",
    "cut png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 20,
    "huge png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x06\x00\x00\x00",
    "cut jpeg": b"\xff\xd8\xff\xe0" + b"\x00" * 40,
    "gif": b"GIF89a" + b"\xff" * 40,
    "webp": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "zip": b"PK\x03\x04" + b"\x00" * 30,
    "binary": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", PICTURES)
def test_uploads(name: str, shared: Site) -> None:
    for filename in ("photo.png", "../../etc/passwd", "a\x00b", "x" * 3000):
        answer = shared.client.post("/verify", data={"file": (io.BytesIO(PICTURES[name]), filename)})
        is_calm(answer)
        assert answer.mimetype == "text/html"
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "text",
    ["", " ", "garbage", "https://", "http://credentials.example/c/x", "https://[::1", "javascript:alert(1)",
     "file:///etc/passwd", "https://127.0.0.1/x", "https://169.254.169.254/latest", "\x00", "{", "{}", "[]",
     "7KQ2-M9XV-4T", "0" * 26, "eyJ.eyJ.x", "a" * 100_000, "<script>alert(1)</script>"],
)  # fmt: skip
def test_what_people_paste(text: str, shared: Site) -> None:
    answer = shared.client.post("/verify", data={"credential": text})
    is_calm(answer)
    assert answer.mimetype == "text/html"
    assert "<script>alert" not in answer.text
    assert 'data-state="GENUINE"' not in answer.text


def test_a_form_of_many_parts_is_refused(shared: Site) -> None:
    answer = shared.client.post(
        "/verify", data={f"field{number}": "x" for number in range(200)}, content_type="multipart/form-data"
    )
    is_calm(answer)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "header", ["Accept", "Content-Type", "User-Agent", "Cookie", "X-Request-ID", "Range", "If-None-Match"]
)
def test_odd_headers(header: str, shared: Site) -> None:
    for value in ("", "\xff" * 20, "a" * 9000, "*/*;q=x", ";;;,,,", "session=broken; a=b", "bytes=-1,5-2", '"', "W/"):
        for path in ("/", "/verify", f"/c/{shared.issued.id}", "/static/style.css", "/nothing"):
            is_calm(shared.client.get(path, headers={header: value}))
