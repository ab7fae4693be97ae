"""A correction in the console: from the list over the filled form to the page that leads on, and the holder is told."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from credentials.console import correcting
from credentials.console.award_form import judge
from credentials.issuer.draft import Deliverable, Draft, Rating
from credentials.issuer.lookup import find
from credentials.store import handovers
from credentials.store.engine import read
from tests.console.conftest import Desk
from tests.console.test_awarding import FORM, award, version_of
from tests.drafts import numbered_draft
from tests.web.staff import Browser

LIST = "/console/acme/issued"
REASON = correcting.REASONS[0]


def begun(desk: Desk, number: str, browser: Browser | None = None) -> str:
    """The path of the correction's draft."""
    answer = (browser or desk.owner).post(f"{LIST}/{number}/correct", LIST, reason=REASON)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def corrected(desk: Desk, number: str, **changes: object) -> str:
    """The id of the corrected credential, signed by the owner."""
    path = begun(desk, number)
    form = FORM | {"recipient_name": "Ana Maria Souza"} | changes
    answer = desk.owner.post(path, path, do="sign", version=version_of(desk.owner, path), **form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).partition("new=")[2]


def issued(desk: Desk) -> str:
    return award(desk.owner, "sign").partition("new=")[2]


def test_the_old_page_leads_to_the_corrected_one(desk: Desk) -> None:
    old = issued(desk)
    new = corrected(desk, old)
    page = desk.nobody().get(f"/c/{old}").text

    assert 'data-state="REPLACED"' in page
    assert 'href="http' in page
    assert re.search(rf'href="[^"]*/c/{new}"', page)
    assert REASON in desk.nobody().get(f"/c/{old}/status").text
    assert "Ana Maria Souza" in desk.nobody().get(f"/c/{new}").text
    listed = desk.owner.get(LIST).text
    assert "<b>corrected</b>" in listed
    assert f"{LIST}/{old}/correct" not in listed
    assert f"{LIST}/{new}/correct" in listed


def test_the_form_is_filled_with_what_was_signed(desk: Desk) -> None:
    path = begun(desk, issued(desk))
    page = desk.owner.get(path).text

    for text in ("Ana Souza", "Customer survey report", "Raw notes", "EUR 400", "Careful and quick.", REASON):
        assert text in page, text
    assert 'name="recipient_email"' not in page


def test_what_no_award_made_is_read_back_from_its_signature(desk: Desk) -> None:
    draft = numbered_draft(7)
    given = Draft(
        **{name: getattr(draft, name) for name in Draft.__slots__}
        | {
            "deliverables": (
                Deliverable("Notes", "confidential"),
                Deliverable("Report", "public", "https://a.example/"),
            ),
            "ratings": (Rating("SQL", "4 of 5", "Wrote all of it alone."),),
            "compensation": "EUR 400",
            "skills": ("SQL", "Interviewing"),
            "evidence_url": "https://work.example/all",
            "hours": Decimal("37.5"),
        }
    )
    made = desk.service.issuer.issue("acme", given)
    form = correcting.form_of(find(desk.service.issuer.means, "acme", made.id).stored)
    read_back, problems = judge(form)

    assert problems == []
    assert read_back.ratings == given.ratings
    assert set(read_back.deliverables) == set(given.deliverables)
    assert set(read_back.skills) == set(given.skills)
    for name in (
        "recipient_name",
        "project_title",
        "summary",
        "started_on",
        "ended_on",
        "hours",
        "compensation",
        "evidence_url",
    ):
        assert getattr(read_back, name) == getattr(given, name), name


def test_more_than_the_form_holds_is_not_cut(desk: Desk) -> None:
    many = tuple(Deliverable(f"Part {number}", "public") for number in range(9))
    draft = numbered_draft(8)
    values = {name: getattr(draft, name) for name in Draft.__slots__} | {"deliverables": many}
    made = desk.service.issuer.issue("acme", Draft(**values))
    answer = desk.owner.post(f"{LIST}/{made.id}/correct", LIST, reason=REASON)

    assert answer.status_code == 409
    assert "no room" in answer.text


def test_the_holder_stays_and_is_told(desk: Desk) -> None:
    old = issued(desk)
    path = desk.letters_path("ana@mail.example")
    assert desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana").status_code == 303
    new = corrected(desk, old, recipient_email="eve@mail.example")
    desk.service.tasks.drain()
    desk.service.tasks.drain()

    told = [(to, letter) for to, letter in desk.sent() if letter.kind == "corrected"]
    assert [to for to, _ in told] == ["ana@mail.example"]
    assert told[0][1].action is not None
    assert told[0][1].action.url.endswith(f"/c/{new}")
    with read(desk.service.engine) as connection:
        before, after = handovers.by_id(connection, old), handovers.by_id(connection, new)
    assert before is not None
    assert after is not None
    assert (after.claimed_by, after.address) == (before.claimed_by, before.address)
    assert after.claimed_by is not None


def test_whoever_has_not_taken_it_gets_a_link(desk: Desk) -> None:
    new = corrected(desk, issued(desk))
    desk.service.tasks.drain()
    path = desk.letters_path("ana@mail.example")

    assert "Ana Maria Souza" in desk.nobody().get(f"/c/{new}").text
    assert desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana").status_code == 303
    with read(desk.service.engine) as connection:
        after = handovers.by_id(connection, new)
    assert after is not None
    assert after.claimed_by is not None


def test_four_eyes_hold_for_corrections(desk: Desk) -> None:
    old = issued(desk)
    desk.owner.post("/console/acme/people/four-eyes", "/console/acme/people", wanted="yes")
    path = begun(desk, old)
    form = FORM | {"do": "sign", "version": version_of(desk.owner, path)}

    assert desk.owner.post(path, path, **form).status_code == 403
    assert desk.service.issuer.story(old) == []
    signer = desk.invited("sam@acme.example", "signer")
    done = signer.post(f"{path}/sign", path, version=version_of(signer, path))
    assert done.status_code == 303
    assert [event.kind for event in desk.service.issuer.story(old)] == ["replaced"]


def test_it_is_begun_once(desk: Desk) -> None:
    old = issued(desk)

    assert begun(desk, old) == begun(desk, old)
    again = desk.owner.post(f"{LIST}/{old}/correct", LIST, reason=correcting.REASONS[1])
    assert correcting.REASONS[1] in desk.owner.get(str(again.headers["Location"])).text


@pytest.mark.parametrize("reason", ["", "because", "<b>x</b>"])
def test_a_reason_of_the_list_is_wanted(desk: Desk, reason: str) -> None:
    answer = desk.owner.post(f"{LIST}/{desk.issued_id}/correct", LIST, reason=reason)

    assert answer.status_code == 422
    assert "<b>x" not in answer.text


@pytest.mark.parametrize("event", ["revoke", "correct"])
def test_what_ended_is_not_corrected(desk: Desk, event: str) -> None:
    old = issued(desk)
    if event == "revoke":
        desk.service.issuer.revoke(old, "Issued in error")
    else:
        corrected(desk, old)
    answer = desk.owner.post(f"{LIST}/{old}/correct", LIST, reason=REASON)

    assert answer.status_code == 409


def test_one_withdrawn_while_it_was_corrected_stays_so(desk: Desk) -> None:
    old = issued(desk)
    path = begun(desk, old)
    desk.service.issuer.revoke(old, "Issued in error")
    form = FORM | {"do": "sign", "version": version_of(desk.owner, path)}

    assert desk.owner.post(path, path, **form).status_code == 409
    assert [event.kind for event in desk.service.issuer.story(old)] == ["revoked"]
    assert "Signing was begun" not in desk.owner.get(path).text


@pytest.mark.parametrize("number", ["own", "0" * 26, "x"])
def test_foreign_and_missing_ones_look_alike(desk: Desk, number: str) -> None:
    eve = desk.person("eve@other.example")
    theirs = str(eve.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"])
    wanted = desk.issued_id if number == "own" else number
    answers = [
        eve.get(f"{theirs}/issued/{wanted}/correct"),
        eve.post(f"{theirs}/issued/{wanted}/correct", theirs, reason=REASON),
    ]

    assert [one.status_code for one in answers] == [404, 404]
    texts = {re.sub(r'request <span class="mono">\w+', "", one.text) for one in answers}
    assert len(texts) == 1


def test_a_signer_alone_begins_none(desk: Desk) -> None:
    sam = desk.invited("sam@acme.example", "signer")

    assert sam.post(f"{LIST}/{desk.issued_id}/correct", LIST, reason=REASON).status_code == 403
    assert f"{desk.issued_id}/correct" not in sam.get(LIST).text
