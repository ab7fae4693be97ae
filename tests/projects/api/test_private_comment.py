"""The private comment of an assessment is kept, and told by no answer of the API and to nobody else."""

from __future__ import annotations

from credentials.projects.reviewing import sheet
from credentials.store.engine import read
from credentials.store.tables import audit_event, mail, repeated_call, webhook_message
from tests.projects.api.conftest import ACCEPT_ALL, WORK, Programs

SECRET = "Xylophone-private"


def test_no_answer_has_it(programs: Programs) -> None:
    work = programs.delivered(programs.candidate())
    path = f"{WORK}/{work}"
    answers = [
        programs.call("PUT", f"{path}/assessment", {"words": "Good.", "privateComment": SECRET}),
        programs.call("GET", path),
        programs.review(work, *ACCEPT_ALL, again="accept-private"),
        programs.call("GET", WORK),
    ]

    assert {one.status_code for one in answers} == {200}
    assert all(SECRET not in one.text for one in answers)


def test_it_is_kept_until_it_is_changed(programs: Programs) -> None:
    service, work = programs.cast.site.service, programs.delivered(programs.candidate())
    kept = []
    for body in ({"privateComment": SECRET}, {"words": "Good."}, {"privateComment": ""}):
        programs.done(programs.call("PUT", f"{WORK}/{work}/assessment", body))
        kept.append(sheet.for_company(service.desk, programs.cast.member("founder", "acme"), work).form.private_comment)

    assert kept == [SECRET, SECRET, ""]


def test_it_is_in_no_trail_letter_message_or_kept_answer(programs: Programs) -> None:
    work = programs.delivered(programs.candidate())
    programs.done(programs.call("PUT", f"{WORK}/{work}/assessment", {"privateComment": SECRET}))
    programs.done(programs.review(work, *ACCEPT_ALL, again="accept-private-2"))
    with read(programs.cast.site.service.engine) as connection:
        rows = [
            str(row)
            for table in (audit_event, webhook_message, repeated_call)
            for row in connection.execute(table.select())
        ]
        letters = len(connection.execute(mail.select()).all())
    outbox = programs.cast.site.service.outbox
    written = [str(outbox.read(one.id)[1]) for one in outbox.listed() if one.body]

    assert letters
    assert rows
    assert [text for text in [*rows, *written] if SECRET in text] == []
