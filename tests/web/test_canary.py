"""A canary: a name and an e-mail address that go through every route turn up in no log line, figure or header."""

import io
import sys
from typing import Any, NoReturn

import pytest
import structlog

from tests.web.conftest import ISSUE_BODY, OpenSite, Site

NAME = "Canaria Yellowbird"
MAIL = "canaria.yellowbird@mail.example"
NOTE = "told-to-nobody-5513"
WORDS = ("Canaria", "Yellowbird", "canaria", "yellowbird", "mail.example", NOTE, "vck_", "Bearer")


def walk(site: Site) -> list[str]:
    """Use every route with the canary in it; the answers' headers."""
    client, auth, seen = site.client, site.auth, []

    def send(method: str, path: str, **options: Any) -> Any:
        answer = client.open(path, method=method, **options)
        assert answer.status_code < 500
        seen.append(str(answer.headers))
        return answer.get_json() if answer.is_json else {}

    body = ISSUE_BODY | {"recipientName": NAME, "recipientEmail": MAIL}
    issued = send("POST", "/api/v1/credentials", json=body, headers=auth | {"Idempotency-Key": MAIL})
    path, slug = f"/c/{issued['id']}", issued["portfolio"].rpartition("/")[2]
    for page in (
        path,
        path + ".jwt",
        path + "/status",
        f"/v/{issued['code']}",
        f"/p/{slug}",
        f"/p/{slug}?skill={NAME}",
    ):
        send("GET", page)
        send("GET", page, headers={"Accept": "text/html", "User-Agent": NAME, "Cookie": f"a={MAIL}"})
    token = site.service.portfolio.signed(issued["id"]).body.decode()
    for given in (token, token[:-9], NAME, {"name": NAME}):
        send("POST", "/api/v1/verify", json={"credential": given})
    for text in (token, MAIL, path, f"https://credentials.example/c/{NAME}", f"https://{MAIL}/"):
        send("POST", "/verify", data={"credential": text})
    send("POST", "/verify", data={"file": (io.BytesIO(NAME.encode()), f"{MAIL}.png")})
    for wrong in (f"/{NAME}", f"/p/{MAIL}", f"/c/{NAME}", f"/errors/{NAME}", f"/status/{MAIL}", f"/?q={MAIL}"):
        send("GET", wrong)
    for change in ({"recipientName": 3, "x": NAME}, {"startedOn": NAME}, {"recipientEmail": "Canaria"}):
        send("POST", "/api/v1/credentials", json=body | change, headers=auth)
    note = {"reason": "Issued in error.", "note": NOTE}
    send("POST", f"/api/v1/credentials/{issued['id']}/revoke", json=note, headers=auth)
    send("POST", f"/api/v1/credentials/{issued['id']}/revoke", json=note, headers=auth)
    send(NAME.split()[0].upper(), "/verify")
    return seen


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_personal_data_in_logs_figures_or_headers(
    form: str, site_with: OpenSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site = site_with(log_level="debug", log_format=form)
    headers = "\n".join(walk(site))
    logged = site.log.getvalue() + "".join(capsys.readouterr())
    figures = site.client.get("/metrics").text
    assert logged.count("request") > 40
    for word in WORDS:
        assert word not in logged, word
        assert word not in figures, word
        assert word not in headers.replace(f"{site.service.base_url}/p/canaria", ""), word


def test_an_unforeseen_error_with_the_canary_in_it_is_logged_without(site: Site) -> None:
    def fail(**_: object) -> NoReturn:
        raise ValueError(NAME, MAIL)

    fail.__dict__.update(site.app.view_functions["portfolio.portfolio"].__dict__)
    site.app.view_functions["portfolio.portfolio"] = fail
    assert site.client.get(f"/p/{NAME}").status_code == 500
    assert "ValueError" in site.log.getvalue()
    assert "Canaria" not in site.log.getvalue()


def test_routes_are_logged_by_template(site: Site) -> None:
    site.client.get(f"/p/{NAME}")
    site.client.get(f"/{NAME}")
    log = site.log.getvalue()
    assert '"route":"/p/<slug>"' in log
    assert '"route":"(none)"' in log


@pytest.mark.usefixtures("site")
def test_what_rooms_log_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise RuntimeError(NAME)
    except RuntimeError:
        structlog.get_logger("room").error("something-failed", exc_info=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "something-failed" in err
    assert "RuntimeError" in err
    assert NAME not in err
    assert sys.stderr is not None
