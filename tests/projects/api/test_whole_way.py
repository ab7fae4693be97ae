"""From a draft to recorded pay: the company by its programs, the candidate by their own hand."""

from __future__ import annotations

from credentials.accounts.audit import trail
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.store import awards
from credentials.store.engine import read
from tests.projects.api.conftest import ACCEPT_ALL, PROJECTS, WORK, Programs


def test_the_whole_way(programs: Programs) -> None:
    candidate = programs.candidate()
    project = programs.opened()
    assert (project["state"], project["project"]["budget"]) == ("open", "Not more than EUR 600")
    application = programs.applied(candidate, project["id"])
    listed = programs.done(programs.call("GET", f"{PROJECTS}/{project['id']}/applications"))
    assert [one["id"] for one in listed["applications"]] == [application]
    programs.done(programs.call("POST", f"/api/v1/applications/{application}/shortlist"))
    one = programs.done(programs.call("GET", f"/api/v1/applications/{application}"))
    assert (one["state"], [skill["name"] for skill in one["skills"]]) == ("shortlisted", ["Survey design", "SQL"])
    work = programs.delivered(candidate)
    returned = programs.review(
        work, {"deliverable": 0, "accepted": True}, {"deliverable": 1, "accepted": False, "note": "Page 4 is missing."}
    )
    assert programs.done(returned)["work"]["state"] == "returned"
    programs.hand_in(candidate, work, submission=1)
    assessment = {
        "ratings": [{"skill": "SQL", "level": "3", "evidence": "Wrote every query."}],
        "words": "Careful and quick.",
        "privateComment": "Talks too much.",
    }
    assessed = programs.done(programs.call("PUT", f"{WORK}/{work}/assessment", assessment))
    assert assessed["assessment"]["words"] == "Careful and quick."
    accepted = programs.done(programs.review(work, *ACCEPT_ALL))
    assert accepted["work"]["state"] == "accepted"
    assert (accepted["payment"]["state"], accepted["award"]["state"]) == ("due", "waiting")
    paid = programs.call(
        "POST",
        f"{WORK}/{work}/pay",
        {"day": str(programs.cast.site.service.clock().date()), "reference": "Invoice 17"},
    )
    assert programs.done(paid)["payment"]["reference"] == "Invoice 17"
    PaymentService(programs.cast.site.service.desk, ByHand()).confirm(candidate, work)
    assert programs.work(work)["payment"]["state"] == "confirmed"


def test_the_trail_names_the_key_and_the_award_the_person_who_answers(programs: Programs) -> None:
    service, work = programs.cast.site.service, programs.delivered(programs.candidate())
    accepted = programs.done(programs.review(work, *ACCEPT_ALL))
    issuer = service.issuer.issuer("acme").id
    actors = {one.actor for one in trail(service.engine, issuer) if one.subject == f"engagement:{work}"}
    with read(service.engine) as connection:
        award = awards.by_id(connection, issuer, accepted["award"]["id"])
    assert award is not None
    assert {actor.partition(":")[0] for actor in actors} == {"api-key", "person"}
    assert award.author_id == programs.cast.ids["founder"]
    assert '"supervisor_name":"Founder"' in award.form
