"""A website with the companies acme and other, and their programs; candidates take their own steps by the services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from credentials.accounts.acting import Visitor
from credentials.accounts.api_keys import make_key
from credentials.console import awarding
from credentials.projects import parties
from credentials.projects.agreeing import answering
from credentials.projects.applying import sending
from credentials.projects.delivering import submitting
from credentials.projects.delivering.form import HandedIn
from credentials.store import awards, projects
from credentials.store.engine import read
from tests.web.cast import Cast, assemble, program
from tests.web.conftest import open_site

PROJECTS = "/api/v1/projects"
WORK = "/api/v1/work"
Json = dict[str, Any]


@dataclass
class Programs:
    """Calls the API as acme, or with another key, and lets a candidate do what is theirs."""

    cast: Cast
    key: str
    other: str

    def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        key: str | None = None,
        again: str = "",
        file: tuple[str, bytes] | None = None,
    ) -> TestResponse:
        """Call a route. `key` empty: without one. `again`: an Idempotency-Key. `file`: a media type and bytes."""
        secret = self.key if key is None else key
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        if again:
            headers["Idempotency-Key"] = again
        client = self.cast.app.test_client(use_cookies=False)
        base = self.cast.site.service.base_url
        given: Json = {} if body is None else {"json": body}
        if file is not None:
            given = {"content_type": file[0], "data": file[1]}
        return client.open(path, method=method, headers=headers, base_url=base, **given)

    def key_with(self, *scopes: str) -> str:
        """A new key of acme's for these scopes."""
        service = self.cast.site.service
        made = make_key(
            service.engine, "acme", scopes, label="t", now=service.clock(), person_id=self.cast.ids["founder"]
        )
        return made.secret

    def text(self, **changes: Any) -> Json:
        """A project that can go on the board."""
        today = self.cast.site.service.clock().date()
        return {
            "title": "Customer survey report",
            "brief": "Ask 20 customers and write down what they say.",
            "deliverables": [
                {"name": "Report", "description": "Ten pages"},
                {"name": "Raw notes", "visibility": "confidential", "summary": "Notes of the interviews"},
            ],
            "skills": [{"name": "Survey design"}, {"name": "SQL", "link": "http://data.europa.eu/esco/skill/sql"}],
            "hours": "40",
            "startsOn": str(today + timedelta(days=1)),
            "endsOn": str(today + timedelta(days=30)),
            "compensation": "EUR 400",
            "expectations": "One call a week.",
            "budget": "Not more than EUR 600",
        } | changes

    def drafted(self) -> Json:
        """A new draft of acme's."""
        return self.done(self.call("POST", PROJECTS, self.text()), 201)

    def opened(self) -> Json:
        """A new project of acme's on the board."""
        return self.done(self.call("POST", f"{PROJECTS}/{self.drafted()['id']}/open"))

    def candidate(self) -> Visitor:
        """A new person who signed in."""
        self.cast.ids["candidate"] = self.cast.person("candidate")
        return self.cast.visitor("candidate")

    def applied(self, visitor: Visitor | None = None, project: str = "") -> str:
        """The id of a new application."""
        means = self.cast.site.service.desk
        return sending.apply(means, visitor or self.candidate(), project or self.opened()["id"], "I did this.").id

    def begun(self, visitor: Visitor) -> str:
        """The id of work whose terms wait for the candidate."""
        means, application = self.cast.site.service.desk, self.applied(visitor)
        self.done(self.call("POST", f"/api/v1/applications/{application}/offer", {}))
        with read(means.accounts.engine) as connection:
            found = projects.by_id(connection, sending_project(self, application))
        assert found is not None
        return sending.take(means, visitor, application, found.version).id

    def working(self, visitor: Visitor) -> str:
        """The id of work that goes on."""
        found = self.begun(visitor)
        answering.accept(self.cast.site.service.desk, parties.of_candidate(visitor), found, 1)
        return found

    def delivered(self, visitor: Visitor) -> str:
        """The id of work that was handed in."""
        found = self.working(visitor)
        self.hand_in(visitor, found)
        return found

    def completed(self, visitor: Visitor) -> str:
        """The id of work that was accepted, and whose credential the founder signed."""
        found, founder = self.delivered(visitor), self.cast.member("founder", "acme")
        accepted = self.done(self.review(found, *ACCEPT_ALL))
        means, award = self.cast.site.service.desk, accepted["award"]["id"]
        with read(means.accounts.engine) as connection:
            kept = awards.by_id(connection, founder.issuer.id, award)
        assert kept is not None
        awarding.sign(means, founder, award, kept.version)
        return found

    def hand_in(self, visitor: Visitor, work: str, submission: int = 0) -> None:
        """Hand both deliverables in."""
        links = {0: ("https://files.example/report",), 1: ("https://files.example/notes",)}
        party, handed = parties.of_candidate(visitor), HandedIn("All of it.", links)
        submitting.deliver(self.cast.site.service.desk, party, work, handed, agreement=1, submission=submission)

    def work(self, engagement_id: str) -> Json:
        """All of one engagement."""
        return self.done(self.call("GET", f"{WORK}/{engagement_id}"))

    def review(self, engagement_id: str, *verdicts: Json, key: str | None = None, again: str = "") -> TestResponse:
        """Send verdicts on the work as it is now."""
        version = self.work(engagement_id)["work"]["version"]
        body = {"version": version, "verdicts": list(verdicts)}
        return self.call("POST", f"{WORK}/{engagement_id}/review", body, key, again)

    @staticmethod
    def done(answer: TestResponse, status: int = 200) -> Json:
        """The JSON of an answer that must have this status."""
        assert answer.status_code == status, answer.text
        found: Json = answer.get_json()
        return found


ACCEPT_ALL = ({"deliverable": 0, "accepted": True}, {"deliverable": 1, "accepted": True})


def sending_project(programs: Programs, application_id: str) -> str:
    """The project that an application is for."""
    found = programs.done(programs.call("GET", f"/api/v1/applications/{application_id}"))
    return str(found["projectId"])


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """One website for all of these tests: each makes what it uses up."""
    cast = assemble(open_site(tmp_path_factory.mktemp("programs") / "data", rate_sign_in=""))
    yield Programs(cast, program(cast, "acme"), program(cast, "other"))
    cast.site.service.close()
