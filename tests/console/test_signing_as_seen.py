"""What is signed is what the signer saw, once: stale pages, pressing twice, a crash between fixing and signing."""

from dataclasses import replace
from typing import Any

import pytest

from credentials.console.award_form import AwardForm, TypedDeliverable, TypedRating, differing
from credentials.store import awards
from credentials.store.awards import AwardState
from credentials.store.engine import write
from tests.console.conftest import Desk
from tests.console.test_awarding import FORM, NEW, award, credentials_of, version_of

NUMBER = "0123456789ABCDEFGHJKMNPQRS"


def put_in_state(desk: Desk, path: str, state: AwardState) -> None:
    """Leave an award as a crash would."""
    issuer = desk.service.issuer.issuer("acme")
    with write(desk.service.engine) as connection:
        found = awards.by_id(connection, issuer.id, path.rpartition("/")[2])
        assert found is not None
        awards.change(connection, replace(found, state=state))


def test_a_signer_signs_no_change_that_they_have_not_seen(desk: Desk) -> None:
    signer = desk.invited("sam@acme.example", "signer")
    path = award(desk.owner)
    seen = version_of(signer, path)
    assert desk.owner.post(path, path, version=seen, **(FORM | {"hours": "400"})).status_code == 303

    assert signer.post(path, path, do="sign", version=seen, **FORM).status_code == 409
    assert credentials_of(desk) == [desk.issued_id]


def test_a_signer_who_is_no_author_is_told_that_their_changes_are_not_kept(desk: Desk) -> None:
    signer = desk.invited("sam@acme.example", "signer")
    path = award(desk.owner)
    version = version_of(signer, path)
    answer = signer.post(path, path, do="sign", version=version, **(FORM | {"hours": "41"}))

    assert answer.status_code == 403
    assert 'value="41"' in answer.text
    assert credentials_of(desk) == [desk.issued_id]
    assert signer.post(path, path, do="sign", version=version, **FORM).status_code == 303


def test_pressing_twice_on_the_empty_form_makes_one_credential(desk: Desk) -> None:
    answers = [desk.owner.post(NEW, NEW, do="sign", number=NUMBER, **FORM) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(credentials_of(desk)) == 2
    assert sum(to == "ana@mail.example" for to, _ in desk.sent()) == 1


def test_one_number_for_two_texts_keeps_the_first(desk: Desk) -> None:
    first = award(desk.owner, number=NUMBER)
    answer = desk.owner.post(NEW, NEW, do="save", number=NUMBER, **(FORM | {"hours": "41"}))

    assert answer.status_code == 409
    assert 'value="41"' in answer.text
    assert 'value="40"' in desk.owner.get(first).text


def test_one_number_of_two_people_is_two_awards(desk: Desk) -> None:
    ann = desk.invited("ann@acme.example", "author")

    assert award(desk.owner, number=NUMBER) != award(ann, number=NUMBER)


def test_pressing_twice_on_a_draft_leads_to_the_same_credential(desk: Desk) -> None:
    path = award(desk.owner)
    version = version_of(desk.owner, path)
    answers = [desk.owner.post(path, NEW, do="sign", version=version, **FORM) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(credentials_of(desk)) == 2


def test_an_award_that_is_being_signed_is_fixed_until_a_signer_ends_it(desk: Desk) -> None:
    path = award(desk.owner)
    version = version_of(desk.owner, path)
    put_in_state(desk, path, "signing")

    assert "signing has not ended" in desk.owner.get("/console/acme").text
    assert desk.owner.post(path, path, version=version, **(FORM | {"hours": "41"})).status_code == 409
    assert desk.owner.post(path, path, version=version, do="submit", **FORM).status_code == 409
    assert desk.owner.post(f"{path}/return", path, note="Wait").status_code == 409
    assert desk.owner.post(f"{path}/sign", path, version=version).status_code == 303
    assert len(credentials_of(desk)) == 2


def test_an_award_that_could_not_be_signed_can_be_changed_again(desk: Desk) -> None:
    path = award(desk.owner)
    version = version_of(desk.owner, path)
    desk.service.issuer.suspend_issuer("acme", "Under review")

    assert desk.owner.post(f"{path}/sign", path, version=version).status_code == 403
    assert desk.owner.post(path, path, version=version, **(FORM | {"hours": "41"})).status_code == 303


def test_a_stale_save_shows_both(desk: Desk) -> None:
    path = award(desk.owner)
    version = version_of(desk.owner, path)
    desk.owner.post(path, path, version=version, **(FORM | {"role": "<b>Chief</b>"}))
    late = desk.owner.post(path, path, version=version, **(FORM | {"role": "Analyst"}))

    assert late.status_code == 409
    assert "&lt;b&gt;Chief&lt;/b&gt;</span>" in late.text
    assert 'value="Analyst"' in late.text
    assert "First day</b>" not in late.text


KEPT = {"agreement", "engagement", "corrects", "correction"}
"""What no form can change."""


@pytest.mark.parametrize("name", sorted(set(AwardForm.__struct_fields__) - {"deliverables", "ratings"} - KEPT))
def test_every_text_can_differ(name: str) -> None:
    text: dict[str, Any] = {name: "kept"}
    assert [said for _, said in differing(AwardForm(**text), AwardForm())] == ["kept"]


def test_deliverables_differ_in_each_part() -> None:
    kept = AwardForm(deliverables=(TypedDeliverable("Report", "https://files.example", "link"),))

    assert differing(kept, kept) == []
    assert differing(kept, AwardForm()) == [("What was delivered", "Report https://files.example (link)")]
    assert differing(AwardForm(), kept) == [("What was delivered", "")]


def test_ratings_differ_in_each_part() -> None:
    kept = AwardForm(ratings=(TypedRating("SQL", "3 of 4, works independently", "Wrote every query."),))

    assert differing(kept, kept) == []
    assert differing(kept, AwardForm()) == [
        ("How well each skill was shown", "SQL: 3 of 4, works independently (Wrote every query.)")
    ]
    assert differing(AwardForm(), kept) == [("How well each skill was shown", "")]
