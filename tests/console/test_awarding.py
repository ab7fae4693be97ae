"""An award from the empty form to the claimed credential, and everything that must not happen on the way."""

import re
from threading import Thread
from typing import Any

import pytest

from credentials.accounts.audit import trail
from credentials.store import handovers
from credentials.store.engine import read
from tests.console.conftest import Desk
from tests.web.staff import Browser

NEW = "/console/acme/awards/new"
FORM: dict[str, Any] = {
    "recipient_name": "Ana Souza",
    "recipient_email": "ana@mail.example",
    "project_title": "Customer survey report",
    "summary": "Interviewed 20 customers and wrote a report with three proposals.",
    "deliverable_name": ["Report", "Raw notes", ""],
    "deliverable_url": ["https://files.example/report", "", ""],
    "deliverable_visibility": ["public", "confidential", "public"],
    "started_on": "2026-02-02",
    "ended_on": "2026-03-06",
    "hours": "40",
    "skills": "Survey design, Interviewing",
    "supervisor_name": "Kim Larsen",
    "supervisor_words": "Careful and quick.",
    "compensation": "EUR 400",
}


def award(browser: Browser, do: str = "save", **changes: Any) -> str:
    """Send the form; returns the path of the draft."""
    answer = browser.post(NEW, NEW, do=do, **(FORM | changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def version_of(browser: Browser, path: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def credentials_of(desk: Desk) -> list[str]:
    issuer = desk.service.issuer.issuer("acme")
    with read(desk.service.engine) as connection:
        return [one.id for one in handovers.issued(connection, issuer.id)]


def test_one_form_and_one_click_sign_and_send(desk: Desk) -> None:
    path = award(desk.owner, "sign")

    number = path.partition("new=")[2]
    page = desk.nobody().get(f"/c/{number}").text
    assert "Customer survey report" in page
    assert "Careful and quick." in page
    assert "Kim Larsen</bdi>, who reviewed the work · signed words" in page
    assert "Raw notes" not in page
    assert "EUR 400" not in page
    report = desk.service.verify(desk.service.portfolio.signed(number).body)
    assert report.verified
    assert (report.check("endorsements").outcome, report.endorsements[0].words) == ("passed", "Careful and quick.")
    assert "Signed for you" in desk.nobody().get(desk.letters_path("ana@mail.example")).text


def test_without_words_nothing_is_endorsed(desk: Desk) -> None:
    number = award(desk.owner, "sign", supervisor_words="  ").partition("new=")[2]

    assert "signed words" not in desk.nobody().get(f"/c/{number}").text
    report = desk.service.verify(desk.service.portfolio.signed(number).body)
    assert report.check("endorsements").outcome == "not_applicable"


def test_what_is_typed_is_kept_and_shown_again(desk: Desk) -> None:
    path = award(desk.owner, summary="<b>Bold</b> & more", started_on="", supervisor_name="")
    page = desk.owner.get(path).text

    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in page
    assert "<b>Bold</b>" not in page
    assert 'value="Customer survey report"' in page
    assert credentials_of(desk) == [desk.issued_id]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient_name", ""),
        ("project_title", ""),
        ("summary", ""),
        ("supervisor_name", ""),
        ("started_on", ""),
        ("ended_on", "2026-02-30"),
        ("ended_on", "2026-01-01"),
        ("hours", "many"),
        ("recipient_email", "nobody"),
        ("project_title", "x" * 201),
        ("recipient_name", "Ana\u202eazuoS"),
        ("valid_until", "soon"),
    ],
)
def test_what_cannot_be_signed_is_said_by_its_field(field: str, value: str, desk: Desk) -> None:
    answer = desk.owner.post(NEW, NEW, do="sign", **(FORM | {field: value}))

    assert answer.status_code == 422
    assert f'id="{field}-why"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Careful and quick." in answer.text
    assert credentials_of(desk) == [desk.issued_id]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://files.example/x", "not a link"])
def test_a_link_that_is_none(url: str, desk: Desk) -> None:
    answer = desk.owner.post(NEW, NEW, do="sign", **(FORM | {"deliverable_url": [url, "", ""]}))

    assert answer.status_code == 422
    assert f'href="{url}"' not in answer.text
    assert credentials_of(desk) == [desk.issued_id]


def test_a_preview_signs_and_keeps_nothing(desk: Desk) -> None:
    for do in ("preview", "preview"):
        answer = desk.owner.post(NEW, NEW, do=do, **FORM)
        assert "Preview, not signed" in answer.text
    part = desk.owner.post("/console/acme/awards/preview", NEW, **FORM)
    assert "Customer survey report" in part.text
    assert "EUR 400" not in part.text

    assert "Not signed yet" not in desk.owner.get("/console/acme").text
    assert credentials_of(desk) == [desk.issued_id]


def test_signing_twice_makes_one_credential(desk: Desk) -> None:
    path = award(desk.owner)
    version = version_of(desk.owner, path)
    first = desk.owner.post(f"{path}/sign", version=version)
    second = desk.owner.post(f"{path}/sign", version=version)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(credentials_of(desk)) == 2
    assert sum(to == "ana@mail.example" for to, _ in desk.sent()) == 1


def test_signing_at_once_makes_one_credential(desk: Desk) -> None:
    path = award(desk.owner)
    version, token = version_of(desk.owner, path), desk.owner.token(path)
    headers = {"Referer": f"{desk.service.base_url}{path}"}

    def sign() -> None:
        client = desk.app.test_client()
        for cookie in ("__Host-signed-in", "__Host-form"):
            value = desk.owner.client.get_cookie(cookie, domain="credentials.example")
            assert value is not None
            client.set_cookie(cookie, value.value, domain="credentials.example")
        form = {"version": version, "csrf_token": token}
        client.post(f"{path}/sign", data=form, headers=headers, base_url=desk.service.base_url)

    threads = [Thread(target=sign) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(credentials_of(desk)) == 2
    assert sum(to == "ana@mail.example" for to, _ in desk.sent()) == 1


def test_whoever_saves_over_a_change_unseen_is_told_and_loses_nothing(desk: Desk) -> None:
    path = award(desk.owner)
    version = version_of(desk.owner, path)
    assert desk.owner.post(path, path, version=version, **(FORM | {"hours": "41"})).status_code == 303

    late = desk.owner.post(path, path, version=version, **(FORM | {"hours": "42"}))

    assert late.status_code == 409
    assert 'value="42"' in late.text
    assert 'value="41"' in desk.owner.get(path).text
    assert desk.owner.post(f"{path}/sign", version=version).status_code == 409


def test_what_was_signed_stays(desk: Desk) -> None:
    path = award(desk.owner)
    desk.owner.post(f"{path}/sign", version=version_of(desk.owner, path))

    assert desk.owner.get(path).headers["Location"].startswith("/c/")
    for action in ("", "/return"):
        assert desk.owner.post(f"{path}{action}", version="1", **(FORM | {"hours": "1"})).status_code == 409


def test_four_eyes(desk: Desk) -> None:
    desk.owner.post("/console/acme/people/four-eyes", wanted="yes")
    signer = desk.invited("sam@acme.example", "signer", "reviewer")
    path = award(desk.owner)
    version = version_of(desk.owner, path)

    assert desk.owner.post(f"{path}/sign", version=version).status_code == 403
    assert desk.owner.post(path, path, do="sign", version=version, **FORM).status_code == 403
    assert desk.owner.post(NEW, NEW, do="sign", **FORM).status_code == 403
    assert credentials_of(desk) == [desk.issued_id]

    assert signer.post(f"{path}/sign", version=version).status_code == 303
    assert len(credentials_of(desk)) == 2


def test_an_author_asks_and_a_signer_signs_or_sends_back(desk: Desk) -> None:
    author, signer = desk.invited("ann@acme.example", "author"), desk.invited("sam@acme.example", "signer")
    assert award(author, "submit") == "/console/acme"
    path = re.findall(r"/console/acme/awards/\w{26}", signer.get("/console/acme").text)[0]

    assert author.post(f"{path}/sign", version="1").status_code == 403
    assert author.post(path, path, do="sign", version="1", **FORM).status_code == 403
    assert signer.post(NEW, do="save", **FORM).status_code == 403
    assert signer.post(f"{path}/return", note="<i>Which</i> customers?").status_code == 303
    assert "&lt;i&gt;Which&lt;/i&gt; customers?" in author.get(path).text
    assert signer.post(f"{path}/sign", version=version_of(signer, path)).status_code == 303


def test_a_foreign_and_a_missing_award_look_alike(desk: Desk) -> None:
    path = award(desk.owner)
    stranger = desk.person("eve@other.example")
    made = stranger.post("/companies/new", "/companies/new", name="Other Ltd", website="other.example")
    theirs = made.headers["Location"]
    number = path.rpartition("/")[2]

    for action in ("", "/sign", "/return"):
        assert stranger.post(f"{theirs}/awards/{number}{action}", version="1", **FORM).status_code == 404
        assert stranger.post(f"{path}{action}", version="1", **FORM).status_code == 404
    assert stranger.get(f"{theirs}/awards/{number}").status_code == 404
    assert stranger.post(f"{theirs}/issued/{desk.issued_id}/send").status_code == 404
    assert stranger.post(f"{theirs}/issued/{desk.issued_id}/revoked", reason="Issued in error").status_code == 404
    assert desk.owner.get(path).status_code == 200


def test_a_claim_link_is_opened_and_taken_once(desk: Desk) -> None:
    award(desk.owner, "sign")
    path = desk.letters_path("ana@mail.example")
    ana = desk.nobody()
    assert ana.get(path).status_code == 200
    assert "opened" in desk.owner.get("/console/acme/issued").text

    link = path.replace("/claim/", "/link/")
    assert ana.post(link, path, name="Ana Souza").status_code == 303
    assert "claimed" in desk.owner.get("/console/acme/issued").text
    assert desk.nobody().get(path).status_code == 403
    assert desk.nobody().post(link, "/report/issuers/acme", name="Eve").status_code == 403


def test_a_holder_says_what_is_wrong(desk: Desk) -> None:
    award(desk.owner, "sign")
    path = desk.letters_path("ana@mail.example")
    assert desk.nobody().post(f"{path}/dispute", path, words="My name is <Ana> Sousa.").status_code == 200

    assert "My name is &lt;Ana&gt; Sousa." in desk.owner.get("/console/acme/issued").text


def test_sending_again(desk: Desk) -> None:
    award(desk.owner, "sign")
    new = credentials_of(desk)[0]
    first = desk.letters_path("ana@mail.example")
    assert desk.owner.post(f"/console/acme/issued/{new}/send").status_code == 303

    assert desk.letters_path("ana@mail.example") != first


def test_hold_lift_and_withdraw_with_a_reason_of_the_list(desk: Desk) -> None:
    base = f"/console/acme/issued/{desk.issued_id}"
    assert desk.owner.post(f"{base}/suspended", f"{base}/suspended", reason="Because").status_code == 422
    for kind, reason in (
        ("suspended", "The person asked for it"),
        ("lifted", "The question was settled"),
        ("revoked", "Issued in error"),
    ):
        assert desk.owner.post(f"{base}/{kind}", f"{base}/{kind}", reason=reason, note="Private").status_code == 303

    assert "REVOKED" in desk.nobody().get(f"/c/{desk.issued_id}").text
    assert "Private" not in desk.nobody().get(f"/c/{desk.issued_id}/status").text
    actions = [event.action for event in trail(desk.service.engine, desk.service.issuer.issuer("acme").id)]
    assert actions[:3] == ["credential.revoked", "credential.lifted", "credential.suspended"]


@pytest.mark.parametrize("kind", ["deleted", "replaced", "REVOKED"])
def test_a_change_of_status_that_there_is_not(kind: str, desk: Desk) -> None:
    assert desk.owner.post(f"/console/acme/issued/{desk.issued_id}/{kind}", reason="Issued in error").status_code == 404


def test_an_author_withdraws_nothing(desk: Desk) -> None:
    ann = desk.invited("ann@acme.example", "author")
    base = f"/console/acme/issued/{desk.issued_id}"

    assert ann.get(f"{base}/revoked").status_code == 403
    assert ann.post(f"{base}/revoked", reason="Issued in error").status_code == 403


@pytest.mark.parametrize(("name", "website"), [("", ""), ("x" * 201, ""), ("Acme", "not a site"), ("A\u202eB", "")])
def test_a_company_that_cannot_be(name: str, website: str, desk: Desk) -> None:
    answer = desk.person("eve@other.example").post("/companies/new", "/companies/new", name=name, website=website)

    assert answer.status_code == 422


def test_two_companies_of_one_name_have_two_addresses(desk: Desk) -> None:
    eve = desk.person("eve@other.example")
    paths = {eve.post("/companies/new", "/companies/new", name="Acmé", website="").headers["Location"] for _ in "12"}

    assert len(paths) == 2
    assert "/console/acme" not in paths
