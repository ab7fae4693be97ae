"""Work that was completed and became a credential, a reference for it, and the browsers of those who took part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask

from credentials.accounts import sessions
from credentials.console import awarding
from credentials.console.means import Means
from credentials.mail.message import Letter
from credentials.projects.referring import questions, standing
from credentials.projects.referring.questions import Typed
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import references
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.references import Reference
from credentials.web.app import create_app
from credentials.web.composition import open_service
from credentials.web.people import cookie_name
from credentials.web.settings import load_settings
from tests.projects.stages import CLIENT, Stage, staged
from tests.web.staff import Browser, browser

SUPERVISOR, CANDIDATE = "owner@mail.example", "candidate@mail.example"
WORDS = "How did they deal with\nlate answers?"
_NUMBERS = count(1)


@dataclass
class Finished:
    """One completed engagement on a stage, and its credential's id."""

    stage: Stage
    engagement: Engagement
    number: str
    before: frozenset[str]
    """The letters that were there already."""
    asker: str = field(default_factory=lambda: f"hiring.Person-{next(_NUMBERS)}@big.example")
    """Whoever asks: each piece of work has its own, so that none uses up another's share."""

    supervisor: str = "owner"

    def typed(self, address: str = "", words: str = WORDS) -> Typed:
        """A question."""
        return Typed("Petra Falk", address or self.asker, "Big Ltd", words, consent=True)

    @property
    def means(self) -> Means:
        """What the services work with."""
        return self.stage.means

    def later(self, **parts: float) -> Means:
        """The same at a later time."""
        now = self.stage.service.clock() + timedelta(**parts)
        return replace(self.means, accounts=replace(self.means.accounts, clock=lambda: now))

    def reference(self) -> Reference:
        """The reference as it is kept."""
        with read(self.stage.service.engine) as connection:
            found = references.of_engagement(connection, self.engagement.id)
        assert found is not None
        return found

    def asked(self) -> Reference:
        """The candidate asked the supervisor."""
        return standing.ask(self.means, self.stage.visitor("candidate"), self.engagement.id)

    def shown(self) -> Reference:
        """The supervisor said yes, and the candidate shows it."""
        made = self.asked()
        standing.answer(self.means, self.stage.visitor(self.supervisor), made.id, yes=True)
        return standing.show(self.means, self.stage.visitor("candidate"), self.engagement.id, shown=True)

    def letters(self, address: str) -> list[Letter]:
        """The letters about references to an address, the oldest first."""
        box = self.stage.service.outbox
        new = [one for one in reversed(box.listed(1000)) if one.body and one.id not in self.before]
        kept = [box.read(one.id) for one in new]
        return [letter for mail, letter in kept if mail.address == address and letter.kind in ("reference", "news")]

    def token(self, address: str) -> str:
        """The secret of the link in the newest of them."""
        action = self.letters(address)[-1].action
        assert action is not None
        return action.url.rpartition("/")[2]

    def question(self, address: str = "") -> str:
        """Somebody asked; the token of the link to confirm it."""
        questions.ask(self.means, self.number, self.typed(address))
        return self.token(address or self.asker)

    def passed_on(self, address: str = "") -> str:
        """Somebody asked and confirmed; the token of the link to answer it."""
        questions.confirm(self.means, self.question(address))
        return self.token(SUPERVISOR)

    def app(self) -> Flask:
        """The website."""
        return create_app(self.stage.service)

    def as_(self, app: Flask, name: str) -> Browser:
        """The browser of somebody who signed in."""
        service = self.stage.service
        with write(service.engine) as connection:
            begun = sessions.begin(connection, self.stage.people[name], "passkey", CLIENT, service.clock())
        found = browser(app, service)
        found.client.set_cookie(cookie_name(service.accounts), begun.cookie, domain="credentials.example", secure=True)
        return found


def finish(stage: Stage, by: str = "owner") -> Finished:
    """The candidate's work is accepted by the owner or somebody else of the company, and signed."""
    made, owner = stage.engagement("delivered"), stage.member(by)
    done = review(stage.means, owner, made.id, 1, {0: Verdict(True), 1: Verdict(True)})
    assert done.award_id is not None
    version = awarding.find(stage.means, owner, done.award_id).award.version
    number = awarding.sign(stage.means, owner, done.award_id, version).id
    before = frozenset(one.id for one in stage.service.outbox.listed(1000))
    return Finished(stage, stage.now(made), number, before, supervisor=by)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One service for the tests of a module, each of which finishes work of its own."""
    folder = tmp_path_factory.mktemp("hall") / "data"
    service = open_service(load_settings(data_dir=folder, base_url="https://credentials.example", rate_sign_in=""))
    with staged(service) as made:
        yield made
    service.close()


@pytest.fixture
def done(hall: Stage) -> Finished:
    """Completed work."""
    return finish(hall)
