"""A credential on its way to its holder: reminded once, claimed once, told to programs, listed in an account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from credentials.accounts.audit import trail
from credentials.console import handing_over
from credentials.store import disputes, handovers
from credentials.store.engine import read, write
from credentials.store.tables import webhook_message
from tests.console.conftest import Desk
from tests.console.test_awarding import award
from tests.web.conftest import ISSUE_BODY

HOLDER = "ana@mail.example"
LATER = handing_over.REMIND_AFTER + timedelta(minutes=1)


def sent(desk: Desk) -> str:
    """The id of a credential that was sent to its holder."""
    return award(desk.owner, "sign").partition("new=")[2]


def letters(desk: Desk, kind: str) -> list[str]:
    return [to for to, letter in desk.sent() if letter.kind == kind]


def remind(desk: Desk) -> int:
    """Remind everybody who is due some days from now; how many that is."""
    due = handing_over.to_remind(desk.service.desk, desk.service.clock() + LATER, 10)
    for one in due:
        handing_over.remind(desk.service.desk, one)
    return len(due)


def test_a_silent_holder_is_reminded_once_with_a_new_link(desk: Desk) -> None:
    sent(desk)
    first = desk.letters_path(HOLDER)
    assert handing_over.to_remind(desk.service.desk, desk.service.clock(), 10) == []

    assert remind(desk) == 1
    assert remind(desk) == 0

    assert letters(desk, "reminder") == [HOLDER]
    assert desk.letters_path(HOLDER) != first
    assert "Signed for you" in desk.nobody().get(desk.letters_path(HOLDER)).text


def test_whoever_claimed_it_is_not_reminded(desk: Desk) -> None:
    sent(desk)
    path = desk.letters_path(HOLDER)
    desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana")

    assert remind(desk) == 0


def test_whoever_said_that_it_is_wrong_is_not_reminded(desk: Desk) -> None:
    sent(desk)
    path = desk.letters_path(HOLDER)
    desk.nobody().post(f"{path}/dispute", path, words="Not me.")

    assert remind(desk) == 0


def test_nobody_is_reminded_of_what_was_withdrawn(desk: Desk) -> None:
    desk.service.issuer.revoke(sent(desk), "Issued in error")

    assert remind(desk) == 0


def test_nobody_is_reminded_whose_address_bounced(desk: Desk) -> None:
    sent(desk)
    desk.service.outbox.bounced(desk.service.outbox.listed()[0].id, "status 5.1.1")

    assert remind(desk) == 0
    assert "bounced" in desk.owner.get("/console/acme/issued").text


def test_whoever_turned_reminders_off_gets_none(desk: Desk) -> None:
    sent(desk)
    with write(desk.service.engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO unsubscribed (address, kind, at) VALUES (?, 'reminder', '2026-01-01')", (HOLDER,)
        )
    assert remind(desk) == 1

    assert letters(desk, "reminder") == []
    assert remind(desk) == 0


def test_an_answer_between_looking_and_reminding_counts(desk: Desk) -> None:
    number = sent(desk)
    due = handing_over.to_remind(desk.service.desk, desk.service.clock() + LATER, 10)
    path = desk.letters_path(HOLDER)
    desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana")
    handing_over.remind(desk.service.desk, number)

    assert due == [number]
    assert letters(desk, "reminder") == []


def test_programs_are_told_of_a_claim_once(desk: Desk) -> None:
    issuer = desk.service.issuer.issuer("acme")
    webhook = desk.service.webhooks.add(issuer.id, "https://hooks.acme.example/", ["credential.claimed"]).webhook
    number = sent(desk)
    links = [desk.letters_path(HOLDER)]
    desk.owner.post(f"/console/acme/issued/{number}/send")
    links.append(desk.letters_path(HOLDER))
    for path in links:
        assert desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana").status_code == 303

    kinds = [one.kind for one in desk.service.webhooks.history(issuer.id, webhook.id).deliveries]
    assert kinds == ["credential.claimed"]
    claims = [event for event in trail(desk.service.engine, issuer.id) if event.action == "credential.claimed"]
    assert len(claims) == 1


def test_programs_are_told_of_a_bounce_of_a_credential_and_of_no_other(desk: Desk) -> None:
    issuer = desk.service.issuer.issuer("acme")
    webhook = desk.service.webhooks.add(issuer.id, "https://hooks.acme.example/", ["credential.bounced"]).webhook
    sent(desk)
    desk.service.outbox.bounced(desk.service.outbox.listed()[0].id, "status 5.1.1")
    with write(desk.service.engine) as connection:
        _, letter = desk.sent()[-1]
        other = desk.service.outbox.put(connection, letter, "x@mail.example")
    assert other is not None
    desk.service.outbox.bounced(other, "status 5.1.1")

    history = desk.service.webhooks.history(issuer.id, webhook.id).deliveries
    assert [one.kind for one in history] == ["credential.bounced"]


def test_programs_are_told_of_each_dispute_without_a_word_of_it(desk: Desk) -> None:
    issuer = desk.service.issuer.issuer("acme")
    webhook = desk.service.webhooks.add(issuer.id, "https://hooks.acme.example/", ["credential.disputed"]).webhook
    number = sent(desk)
    path = desk.letters_path(HOLDER)
    desk.nobody().post(f"{path}/dispute", path, words="My name is Ana, not Anna.")
    desk.nobody().post(f"{path}/dispute", path, words="And the hours.")
    with read(desk.service.engine) as connection:
        bodies = [bytes(one) for one in connection.execute(select(webhook_message.c.body)).scalars()]

        (kept,) = disputes.page_of_issuer(connection, issuer.id, "open", None, 9)

    kinds = [one.kind for one in desk.service.webhooks.history(issuer.id, webhook.id).deliveries]
    assert kinds == ["credential.disputed"] * 2
    assert all(f'"dispute":"{kept.id}"'.encode() in one for one in bodies)
    assert all(number.encode() in one and b"Anna" not in one and HOLDER.encode() not in one for one in bodies)


def test_a_dispute_of_nobody_s_link_is_told_to_nobody(desk: Desk) -> None:
    issuer = desk.service.issuer.issuer("acme")
    webhook = desk.service.webhooks.add(issuer.id, "https://hooks.acme.example/", ["credential.disputed"]).webhook
    sent(desk)
    path = desk.letters_path(HOLDER)
    desk.nobody().post(f"/claim/{'A' * 43}/dispute", path, words="Mine.")

    assert desk.service.webhooks.history(issuer.id, webhook.id).deliveries == []


def test_what_was_claimed_stands_in_the_account(desk: Desk) -> None:
    number = sent(desk)
    path, ana = desk.letters_path(HOLDER), desk.nobody()
    ana.post(path.replace("/claim/", "/link/"), path, name="Ana")

    assert f'href="/c/{number}"' in ana.get("/account").text
    assert f'href="/c/{number}"' not in desk.owner.get("/account").text
    with read(desk.service.engine) as connection:
        found = handovers.by_id(connection, number)
    assert found is not None
    assert found.claimed_at is not None


@pytest.mark.parametrize("path", ["/api/v1/credentials", "/credentials/issue"])
def test_no_program_issues_where_two_people_are_wanted(path: str, desk: Desk) -> None:
    made = desk.owner.post("/console/acme/api-keys", label="HR", scopes=["issue", "read"]).text
    auth = {"Authorization": f"Bearer vck_{made.partition('vck_')[2][:43]}"}
    client = desk.app.test_client()
    assert client.post("/api/v1/credentials", json=ISSUE_BODY, headers=auth).status_code == 201
    desk.owner.post("/console/acme/people/four-eyes", wanted="yes")

    answer = client.post(path, json=ISSUE_BODY, headers=auth)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "two-people-wanted")
    assert client.get(f"/api/v1/credentials/{desk.issued_id}", headers=auth).status_code == 200


@pytest.mark.parametrize("trouble", ["suspended", "flagged"])
def test_a_letter_names_no_domain_that_nobody_vouches_for(trouble: str, desk: Desk) -> None:
    sent(desk)
    assert "acme.example" in desk.sent()[-1][1].paragraphs[0]
    path = award(desk.owner)
    version = desk.owner.get(path).text.partition('name="version" value="')[2].partition('"')[0]
    if trouble == "flagged":
        with write(desk.service.engine) as connection:
            connection.exec_driver_sql(
                "INSERT INTO resemblance (issuer_id, what, resembles, how, found_at) "
                "SELECT id, 'Acme', 'acme.com', 'other-ending', '2026-01-01 00:00:00.000000' FROM issuer"
            )
        assert desk.owner.post(f"{path}/sign", version=version).status_code == 303
    else:
        desk.service.issuer.suspend_issuer("acme", "Not them.")
        number = desk.service.outbox.listed()[0].subject_id
        assert desk.owner.post(f"/console/acme/issued/{number}/send").status_code == 303

    assert "acme.example" not in desk.sent()[-1][1].paragraphs[0]


def disputed(desk: Desk, own: str) -> str | None:
    with read(desk.service.engine) as connection:
        found = handovers.by_id(connection, own)
    assert found is not None
    return found.dispute


def test_thats_not_me_is_a_button_of_its_own(desk: Desk) -> None:
    own, path = sent(desk), desk.letters_path(HOLDER)
    look = desk.nobody().get(path).text
    assert "That’s not me" in look
    assert "Something’s wrong" in look

    told = desk.nobody().post(f"{path}/not-me", path)

    assert told.status_code == 200
    assert "Told the company that it is not you" in told.text
    assert "Customer survey report" not in told.text
    assert disputed(desk, own) == "That’s not me."
    assert "That’s not me." in desk.owner.get("/console/acme/issued").text
    assert "reason: not-me" in desk.owner.get("/console/acme/trail").text
    assert remind(desk) == 0


def test_something_wrong_without_words_says_no_more_than_that(desk: Desk) -> None:
    own, path = sent(desk), desk.letters_path(HOLDER)
    assert desk.nobody().post(f"{path}/dispute", path, words="  ").status_code == 200
    assert disputed(desk, own) == "Something is wrong."
    assert "reason: wrong" in desk.owner.get("/console/acme/trail").text


def test_a_look_at_the_button_says_nothing(desk: Desk) -> None:
    own, path = sent(desk), desk.letters_path(HOLDER)
    assert desk.nobody().get(f"{path}/not-me").status_code == 405
    assert disputed(desk, own) is None


def test_the_button_wants_its_token(desk: Desk) -> None:
    own, path = sent(desk), desk.letters_path(HOLDER)
    nobody = desk.nobody()
    assert nobody.client.post(f"{path}/not-me", base_url=nobody.base_url).status_code == 403
    assert disputed(desk, own) is None


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00"])
def test_an_unknown_link_disowns_nothing(desk: Desk, token: str) -> None:
    own = sent(desk)
    assert desk.nobody().post(f"/claim/{token}/not-me").status_code in (403, 404, 410)
    assert disputed(desk, own) is None


def test_a_link_that_was_used_disowns_nothing(desk: Desk) -> None:
    own, path = sent(desk), desk.letters_path(HOLDER)
    desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana")
    assert desk.nobody().post(f"{path}/not-me").status_code in (403, 404, 410)
    assert disputed(desk, own) is None


def test_whoever_said_so_by_mistake_can_still_take_it(desk: Desk) -> None:
    own, path = sent(desk), desk.letters_path(HOLDER)
    desk.nobody().post(f"{path}/not-me", path)
    assert desk.nobody().post(path.replace("/claim/", "/link/"), path, name="Ana").status_code == 303
    with read(desk.service.engine) as connection:
        found = handovers.by_id(connection, own)
    assert found is not None
    assert found.claimed_at is not None
