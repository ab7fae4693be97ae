"""A canary in every field that people and companies fill in: it turns up in no log line, figure, header or address."""

import io
from dataclasses import replace

from credentials.web.app import create_app
from tests.console.conftest import Desk, desk  # noqa: F401  (the fixture)
from tests.web.staff import signed_in, with_letters

NAME = "Canaria Yellowbird"
MAIL = "canaria.yellowbird@mail.example"
WORDS = ("anaria", "ellowbird", "mail.example", "whsec_", "vck_", "/link/k")


def test_no_personal_data_of_people_in_logs_figures_headers_or_addresses(desk: Desk) -> None:  # noqa: F811
    log = io.StringIO()
    service, letters = with_letters(desk.service)
    app = create_app(replace(service), log_stream=log)
    person = signed_in(app, service, letters, MAIL, NAME)
    seen = [str(person.get("/account").headers)]

    def post(path: str, page: str | None = None, **form: object) -> str:
        answer = person.post(path, page, **form)
        assert answer.status_code < 500, path
        seen.append(str(answer.headers))
        return answer.headers.get("Location", "")

    post("/account/name", name=NAME)
    post("/account/addresses", address=f"other.{MAIL}")
    home = post("/companies/new", "/companies/new", name=f"{NAME} Ltd", website="")
    form = {
        "recipient_name": NAME,
        "recipient_email": MAIL,
        "project_title": f"Work of {NAME}",
        "summary": NAME,
        "started_on": "2026-02-02",
        "ended_on": "2026-03-06",
        "supervisor_name": NAME,
        "supervisor_words": NAME,
    }
    issued = post(f"{home}/awards/new", f"{home}/awards/new", do="sign", **form)
    number = issued.rpartition("=")[2]
    post(f"{home}/people/invitations", address=MAIL, roles=["author"])
    post(f"{home}/issued/{number}/revoked", f"{home}/issued/{number}/revoked", reason="Issued in error", note=NAME)
    post(f"{home}/api-keys", f"{home}/api-keys", label=NAME, scopes=["read"], days="1")
    post(f"{home}/webhooks", f"{home}/webhooks", address="https://hooks.other.example/x", kinds=["credential.issued"])
    post(f"/report/c/{number}", reason="other", words=NAME, address=MAIL)
    post("/sign-in", "/sign-in", address=f"{NAME} <{MAIL}>")
    post(f"/sign-in?next=/{NAME}", "/sign-in", address=MAIL, next=f"/{NAME}")
    seen.append(person.client.get("/metrics", base_url=service.base_url).text)

    # What a company is called in addresses is its own choice.
    addresses = "".join(seen).replace(home.rpartition("/")[2], "")
    assert log.getvalue().count("\n") > 20
    assert [word for word in WORDS if word in log.getvalue()] == []
    assert [word for word in WORDS if word in addresses] == []
