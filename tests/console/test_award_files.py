"""Files in the award form: kept at once, lost by nothing, and known by their digests in what is signed."""

import hashlib
import re
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from credentials.console.correcting import REASONS
from credentials.core.micro_internship import sri
from credentials.core.securing import MECHANISMS
from credentials.store import credentials
from credentials.store import files as rows
from credentials.store.engine import read, write
from credentials.store.files import StoredFile
from credentials.verifier.deliverables import accepted_as, digests_of_stream
from tests.console.conftest import Desk
from tests.console.test_awarding import FORM, NEW, award, version_of
from tests.files.drawing import picture
from tests.web.staff import Browser

REPORT = b"%PDF-1.7 What 20 customers said.\n"
SALARIES = b"%PDF-1.7 Who earns what.\n"
BARE: dict[str, Any] = FORM | {
    "deliverable_name": ["", "", ""],
    "deliverable_url": ["", "", ""],
    "deliverable_visibility": ["public", "confidential", "link"],
    "compensation": "",
}


def file(content: bytes, name: str = "report.pdf") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def kept(page: str) -> list[str]:
    """The ids of the files that a page's form would send again."""
    return [one for one in re.findall(r'name="deliverable_kept" value="([^"]*)"', page) if one]


def stored(desk: Desk, path: str) -> list[StoredFile]:
    issuer = desk.service.issuer.issuer("acme")
    with read(desk.service.engine) as connection:
        return rows.of_subject(connection, issuer.id, f"award:{path.rpartition('/')[2]}")


def kept_fields(*ids: str) -> dict[str, Any]:
    """What a page with these kept files sends for them."""
    return {"deliverable_kept": [*ids, *[""] * (3 - len(ids))]}


def send(browser: Browser, path: str, do: str = "save", **changes: Any) -> TestResponse:
    version = version_of(browser, path) if path != NEW else "0"
    return browser.post(path, path, do=do, **(BARE | {"version": version} | changes))


def test_a_file_is_signed_by_its_digest_and_is_the_one_that_opens(desk: Desk) -> None:
    path = award(
        desk.owner, "sign", **BARE, deliverable_file_0=file(REPORT), deliverable_file_1=file(SALARIES, "salaries.pdf")
    )
    number = path.partition("new=")[2]
    report = desk.service.verify(desk.service.portfolio.signed(number).body)

    assert report.verified
    assert report.credential is not None
    (evidence,) = [one for one in report.credential["evidence"] if "digestSRI" in one]
    assert evidence["digestSRI"] == sri(hashlib.sha384(REPORT).digest())
    assert accepted_as(report.credential, digests_of_stream(BytesIO(REPORT))) == ("report.pdf",)
    assert accepted_as(report.credential, digests_of_stream(BytesIO(SALARIES))) == ()
    page = desk.nobody().get(f"/c/{number}").text
    assert hashlib.sha384(REPORT).hexdigest() in page
    assert "salaries" not in page
    assert hashlib.sha384(SALARIES).hexdigest() not in page
    address = evidence["id"].removeprefix(desk.service.base_url)
    assert f'href="{evidence["id"]}"' in page
    assert desk.nobody().get(address).data == REPORT


def test_a_public_picture_is_shown_small_and_no_other(desk: Desk) -> None:
    drawn, secret = picture(), picture() + b" "
    number = award(
        desk.owner, "sign", **BARE, deliverable_file_0=file(drawn, "a.png"), deliverable_file_1=file(secret, "b.png")
    ).partition("new=")[2]
    page = desk.nobody().get(f"/c/{number}").text

    (shown,) = re.findall(r'<img class="shown" src="([^"]+)" alt="" loading="lazy">', page)
    answer = desk.nobody().get(shown)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    with write(desk.service.engine) as connection:
        connection.exec_driver_sql("UPDATE file SET sha384 = zeroblob(48) WHERE name = 'a.png'")
    assert 'class="shown"' not in desk.nobody().get(f"/c/{number}").text


def test_the_confidential_one_reaches_the_parties_alone(desk: Desk) -> None:
    path = award(desk.owner, **BARE, deliverable_file_1=file(SALARIES, "salaries.pdf"))
    (found,) = stored(desk, path)
    address = desk.service.files.url(found).removeprefix(desk.service.base_url)
    signed = desk.owner.post(f"{path}/sign", version=version_of(desk.owner, path))
    number = signed.headers["Location"].partition("new=")[2]
    with read(desk.service.engine) as connection:
        forms = credentials.every_form(connection, number)
    hidden = [one for one in forms if not MECHANISMS[one.format].public]

    assert len(hidden) == 2
    assert desk.owner.get(address).data == SALARIES
    for nobody in (desk.nobody(), desk.person("eve@mail.example")):
        assert nobody.get(address).status_code == 404
    holder, claim = desk.nobody(), desk.letters_path("ana@mail.example").replace("/claim/", "/link/")
    assert holder.post(claim, claim.replace("/link/", "/claim/"), name="Ana Souza").status_code == 303
    assert holder.get(address).data == SALARIES


@pytest.mark.parametrize("do", ["save", "preview", "submit", "sign"])
def test_a_file_is_kept_whatever_is_wrong_with_the_form(do: str, desk: Desk) -> None:
    answer = desk.owner.post(NEW, NEW, do=do, **(BARE | {"summary": ""}), deliverable_file_0=file(REPORT))
    page = desk.owner.get(answer.headers["Location"]).text if answer.status_code == 303 else answer.text
    (number,) = kept(page)

    assert "report.pdf</a>" in page
    assert "PDF document, 33 bytes" in page
    path = re.search(r'action="(/console/acme/awards/[0-9A-Z]+)"', page)
    assert path is not None
    assert send(desk.owner, path[1], **kept_fields(number)).status_code == 303
    assert kept(desk.owner.get(path[1]).text) == [number]


def test_the_form_sent_twice_is_one_award_and_one_file(desk: Desk) -> None:
    answers = [
        desk.owner.post(NEW, NEW, do="save", number="N" * 26, **BARE, deliverable_file_0=file(REPORT)) for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(stored(desk, answers[0].headers["Location"])) == 1


def test_a_used_number_loses_no_file(desk: Desk) -> None:
    award(desk.owner, number="N" * 26, **BARE)
    answer = desk.owner.post(NEW, NEW, do="save", number="N" * 26, **BARE, deliverable_file_0=file(REPORT))
    assert answer.status_code == 409
    (number,), fresh = kept(answer.text), re.search(r'name="number" value="([^"]+)"', answer.text)
    assert fresh is not None

    path = award(desk.owner, number=fresh[1], **BARE, **kept_fields(number))
    assert kept(desk.owner.get(path).text) == [number]
    assert [one.removed_at for one in stored(desk, path)] == [None]


def test_an_overtaken_save_loses_no_file(desk: Desk) -> None:
    path = award(desk.owner, **BARE)
    answer = send(desk.owner, path, version="0", deliverable_file_0=file(REPORT))
    assert answer.status_code == 409
    (number,) = kept(answer.text)

    assert send(desk.owner, path, **kept_fields(number)).status_code == 303
    assert kept(desk.owner.get(path).text) == [number]


def test_a_removed_file_is_gone_and_can_come_back(desk: Desk) -> None:
    path = award(desk.owner, **BARE, deliverable_file_0=file(REPORT))
    (number,) = kept(desk.owner.get(path).text)
    assert send(desk.owner, path, **kept_fields(number), deliverable_remove=number).status_code == 303

    assert kept(desk.owner.get(path).text) == []
    assert [one.removed_at is None for one in stored(desk, path)] == [False]
    assert send(desk.owner, path, **kept_fields(number)).status_code == 303
    assert [one.removed_at for one in stored(desk, path)] == [None]


def test_a_file_that_is_not_the_awards_is_missing(desk: Desk) -> None:
    other = award(desk.owner, **BARE, deliverable_file_0=file(REPORT))
    (number,) = kept(desk.owner.get(other).text)
    for foreign in (number, "0" * 26, "../x", "x" * 300):
        path = award(desk.owner, **(BARE | {"summary": f"About {foreign}"}), **kept_fields(foreign))
        answer = send(desk.owner, path, "sign", **kept_fields(foreign))
        assert answer.status_code == 422
        assert "is not there any more" in answer.text
        assert "report.pdf" not in answer.text
    assert [one.removed_at for one in stored(desk, other)] == [None]


def test_nothing_of_a_file_can_be_typed(desk: Desk) -> None:
    path = award(desk.owner, **BARE, deliverable_file_0=file(REPORT))
    (number,) = kept(desk.owner.get(path).text)
    typed = {"deliverable_digest": "sha384-x", "digest": "x", "size": "1", "deliverable_size": "1", "media_type": "a/b"}
    send(desk.owner, path, **kept_fields(number), **typed)

    assert "PDF document, 33 bytes" in desk.owner.get(path).text


def test_a_link_and_a_file_in_one_row(desk: Desk) -> None:
    both = BARE | {"deliverable_url": ["https://files.example/a", "", ""]}
    answer = desk.owner.post(NEW, NEW, do="sign", **both, deliverable_file_0=file(REPORT))

    assert answer.status_code == 422
    assert "has both a file and a link" in answer.text
    assert 'value="https://files.example/a"' in answer.text
    assert len(kept(answer.text)) == 1


def test_a_file_that_is_refused_is_told_and_the_others_stay(desk: Desk) -> None:
    files = {"deliverable_file_0": file(b"", "empty.txt"), "deliverable_file_1": file(REPORT)}
    answer = desk.owner.post(NEW, NEW, do="sign", **BARE, **files)

    assert answer.status_code == 422
    assert "This file is empty" in answer.text
    assert len(kept(answer.text)) == 1
    assert "Careful and quick." in answer.text


def test_a_hostile_name_is_shown_as_text(desk: Desk) -> None:
    name = '"><script>alert(1)</script>\u202e.pdf'
    page = desk.owner.get(award(desk.owner, **BARE, deliverable_file_0=file(REPORT, name))).text

    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_signed_award_takes_no_file(desk: Desk) -> None:
    path = award(desk.owner, **BARE)
    desk.owner.post(f"{path}/sign", version=version_of(desk.owner, path))
    desk.owner.post(path, NEW, do="save", version="1", **BARE, deliverable_file_0=file(REPORT))

    assert stored(desk, path) == []


def test_whoever_only_signs_sends_no_file(desk: Desk) -> None:
    path = award(desk.owner, **BARE)
    signer = desk.invited("sam@acme.example", "signer")
    send(signer, path, "sign", deliverable_file_0=file(REPORT))

    assert stored(desk, path) == []


def test_ratings_stand_in_the_holders_forms_alone(desk: Desk) -> None:
    rated: dict[str, Any] = {
        "rating_skill": ["Survey design", "", ""],
        "rating_level": ["3 of 4, works independently", "", ""],
        "rating_reason": ["Drew the sample alone.", "", ""],
    }
    path = award(desk.owner, **BARE, **rated)
    page = desk.owner.get(path).text
    assert 'value="Drew the sample alone."' in page
    assert '<option value="3 of 4, works independently" selected>' in page

    signed = desk.owner.post(f"{path}/sign", version=version_of(desk.owner, path))
    number = signed.headers["Location"].partition("new=")[2]
    assert "Drew the sample" not in desk.nobody().get(f"/c/{number}").text
    with read(desk.service.engine) as connection:
        forms = {one.format for one in credentials.every_form(connection, number)}
    assert {"vc+sd-jwt", "dc+sd-jwt"} <= forms


@pytest.mark.parametrize(
    ("skill", "level", "reason"), [("", "1 of 4, x", "Seen."), ("SQL", "", "Seen."), ("SQL", "1 of 4, x", "")]
)
def test_half_a_rating_is_no_rating(skill: str, level: str, reason: str, desk: Desk) -> None:
    rated = {"rating_skill": skill, "rating_level": level, "rating_reason": reason}
    answer = desk.owner.post(NEW, NEW, do="sign", **BARE, **rated)

    assert answer.status_code == 422
    assert "A rating is not complete." in answer.text


@pytest.mark.parametrize(("visibility", "opens"), [("public", 200), ("link", 200), ("confidential", 404)])
def test_a_correction_takes_its_files_with_it_for_those_whom_it_says(visibility: str, opens: int, desk: Desk) -> None:
    old = award(desk.owner, "sign", **BARE, deliverable_file_0=file(REPORT)).partition("new=")[2]
    begun = desk.owner.post(f"/console/acme/issued/{old}/correct", "/console/acme/issued", reason=REASONS[0])
    path = begun.headers["Location"]
    (number,) = kept(desk.owner.get(path).text)
    changed = {"deliverable_name": ["The report", "", ""], "deliverable_visibility": [visibility, "public", "public"]}
    answer = send(desk.owner, path, "sign", **kept_fields(number), **changed)
    assert answer.status_code == 303, answer.text
    new = answer.headers["Location"].partition("new=")[2]

    with read(desk.service.engine) as connection:
        found = rows.by_id(connection, number)
    assert found is not None
    assert (found.credential_id, found.visibility) == (new, visibility)
    address = desk.service.files.url(found).removeprefix(desk.service.base_url)
    assert desk.nobody().get(address).status_code == opens
    assert desk.owner.get(address).data == REPORT


def test_a_preview_beside_the_form_takes_no_file(desk: Desk) -> None:
    path = award(desk.owner, **BARE, deliverable_file_0=file(REPORT))
    (number,) = kept(desk.owner.get(path).text)
    fields = BARE | kept_fields(number) | {"award": path.rpartition("/")[2]}
    part = desk.owner.post("/console/acme/awards/preview", NEW, **fields, deliverable_file_1=file(SALARIES))

    assert "report.pdf" in part.text
    assert len(stored(desk, path)) == 1
