"""An id of each kind for every parameter of an address: own, foreign, missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Literal

import msgspec

from credentials.accounts import organisations
from credentials.accounts.acting import Member, Visitor
from credentials.accounts.api_keys import make_key
from credentials.accounts.letters import operator_letter
from credentials.accounts.tokens import new_id
from credentials.console import awarding, handing_over, reports
from credentials.console.award_form import AwardForm
from credentials.projects.applying import sending
from credentials.projects.delivering.form import HandedIn
from credentials.projects.posting import publishing
from credentials.projects.posting.starters import STARTERS
from credentials.store import disputes, engagements, handovers, references, sign_in, submissions
from credentials.store.engine import read, write
from credentials.store.references import Reference
from credentials.store.sign_in import Passkey
from tests.accounts.actors import Clock, World
from tests.projects.at_work import LINKS, NOW, Job, engaged
from tests.web.cast import Cast
from tests.web.conftest import make_draft
from tests.web.staff import Letters

Whose = Literal["own", "foreign", "missing"]


def company_id(cast: Cast, name: str, slug: str) -> str:
    """A new thing of a company, for a parameter of its pages."""
    service, founder = cast.site.service, "founder" if slug == "acme" else "outsider"
    makers: dict[str, Callable[[], str]] = {
        "person_id": lambda: _member_id(cast, slug),
        "invitation_id": lambda: _invitation_id(cast, cast.member(founder, slug)),
        "key_id": lambda: make_key(service.engine, slug, ["read"], label="", now=service.clock()).key.id,
        "award_id": lambda: awarding.start(service.desk, cast.member(founder, slug), AwardForm()).id,
        "number": lambda: service.issuer.issue(slug, make_draft()).id,
        "credential_id": lambda: service.issuer.issue(slug, make_draft()).id,
        "name": lambda: service.issuer.create_key(slug).name,
        "webhook_id": lambda: _webhook_id(cast, slug),
        "message_id": lambda: _message_id(cast, slug),
        "proof_id": lambda: _proof_id(cast, slug),
        "upload_id": lambda: _upload_id(cast, cast.member(founder, slug)),
        "dispute_id": lambda: _dispute_id(cast, slug),
        "engagement_id": lambda: _engagement_id(cast, cast.member(founder, slug), cast.visitor("stranger")),
        "file_id": lambda: _file_id(cast, cast.member(founder, slug)),
        "handed_file_id": lambda: _handed_file_id(cast, slug),
        "project_id": lambda: _project_id(cast, cast.member(founder, slug)),
        "application_id": lambda: _application_id(cast, cast.member(founder, slug), cast.visitor("stranger")),
    }
    return makers[name]()


LIST = b"name,project,summary,start,end,supervisor\nAna,Report,Done.,2026-02-02,2026-03-06,Kim\n"
COMPANY_IDS = frozenset(
    {
        "person_id",
        "invitation_id",
        "key_id",
        "award_id",
        "number",
        "credential_id",
        "name",
        "webhook_id",
        "message_id",
        "proof_id",
        "upload_id",
        "dispute_id",
        "engagement_id",
        "file_id",
        "handed_file_id",
        "project_id",
        "application_id",
    }
)


def person_id_of(cast: Cast, name: str, owner: str) -> str:
    """A new thing of a person, for a parameter of the pages of their account."""
    service, now = cast.site.service, cast.site.service.clock()
    if name == "session_id":
        return cast.visitor(owner).session_id
    if name == "work_id":
        return _engagement_id(cast, cast.member("founder", "acme"), cast.visitor(owner))
    if name == "reference_id":
        return _reference_id(cast, owner)
    if name == "own_application_id":
        return _application_id(cast, cast.member("founder", "acme"), cast.visitor(owner))
    if name == "held_number":
        return _held_number(cast, owner)
    made = Passkey(
        id=new_id(),
        person_id=cast.ids[owner],
        credential_id=new_id().encode(),
        public_key=b"",
        sign_count=0,
        label="",
        created_at=now,
    )
    with write(service.engine) as connection:
        sign_in.add_passkey(connection, made)
    return made.id


PERSON_IDS = frozenset({"session_id", "passkey_id", "work_id", "own_application_id", "held_number", "reference_id"})


def service_id(cast: Cast, name: str) -> str:
    """A new thing of the whole service, for a parameter of the operator's pages."""
    service = cast.site.service
    if name == "report_id":
        said = reports.Said("other", "Look at this", "")
        reports.send(service.engine, "credential", cast.site.issued.id, said, service.clock())
        return reports.unhandled(service.engine)[-1].id
    with write(service.engine) as connection:
        letter = operator_letter("credentials.example", "https://credentials.example/", 1)
        made = service.outbox.send(connection, letter, "op@service.example")
    assert made is not None
    return made


def open_id(cast: Cast, slug: str) -> str:
    """A new thing of a company that everybody who signed in may use."""
    founder = cast.member("founder" if slug == "acme" else "outsider", slug)
    made = _project_id(cast, founder)
    publishing.put_up(cast.site.service.desk, founder, made)
    return made


OPEN_IDS = frozenset({"posting_id"})
SERVICE_IDS = frozenset({"report_id", "mail_id"})
# Parameters that are a choice or a secret and not an id: one value for every kind of ids.
FIXED = {
    "kind": "revoked",
    "token": "A" * 43,
    "did": "did:web:credentials.example",
    "code": "AAAAAAAAAA",
    "digest": "0" * 64,
    "filename": "style.css",
    "file_name": "report.txt",
    "list_id": "1",
    "held_id": "1",
    "agreement_number": "1",
    "submission_number": "1",
    "step_number": "1",
}


def _member_id(cast: Cast, slug: str) -> str:
    made = cast.person("member")
    cast.place(made, slug, "author")
    return made


def _invitation_id(cast: Cast, owner: Member) -> str:
    means = cast.site.service.accounts
    organisations.invite(means, owner, f"{new_id().lower()}@mail.example", ["author"])
    return organisations.people(means, owner).invitations[-1].id


def _webhook_id(cast: Cast, slug: str) -> str:
    hooks, issuer = cast.site.service.webhooks, cast.site.service.issuer.issuer(slug)
    for one in hooks.listed(issuer.id):
        hooks.remove(issuer.id, one.id)
    return hooks.add(issuer.id, "https://hooks.example/take", ["credential.issued"]).webhook.id


def _proof_id(cast: Cast, slug: str) -> str:
    service = cast.site.service
    issuer = service.issuer.issuer(slug)
    for one in service.identity.listed(issuer.id):
        service.identity.withdraw(issuer.id, one.id)
    return service.identity.start(issuer.id, f"{slug}-works.example", "did:web").id


def _dispute_id(cast: Cast, slug: str) -> str:
    service = cast.site.service
    issuer, number = service.issuer.issuer(slug), service.issuer.issue(slug, make_draft()).id
    with write(service.engine) as connection:
        handing_over.send(service.desk, connection, issuer, number, "holder@mail.example")
    handing_over.say_wrong(service.desk, issuer, number, "wrong", "My name is Ana.", {"hours": "12"})
    with read(service.engine) as connection:
        return disputes.page_of_issuer(connection, issuer.id, "open", None, 1)[0].id


def _upload_id(cast: Cast, member: Member) -> str:
    uploads = cast.site.service.uploads
    made = uploads.take(member, "list.csv", LIST)
    uploads.run(made.id)
    return made.id


def _engagement_id(cast: Cast, owner: Member, candidate: Visitor) -> str:
    """Work that was agreed on and handed in."""
    job = Job(cast.site.service, World(cast.site.service.accounts, Letters(), Clock(NOW)), owner, candidate, "")
    job.engagement_id = engaged(cast.site.service, owner, candidate)
    job.agree()
    subject = f"engagement:{job.engagement_id}"
    file = cast.site.service.files.receive(BytesIO(b"words"), "report.txt", subject, owner.issuer.id, candidate)
    job.hand_in(HandedIn("All of it.", LINKS.links, {0: (file.id,)}))
    return job.engagement_id


def _handed_file_id(cast: Cast, slug: str) -> str:
    """The file in the work that was begun last."""
    service = cast.site.service
    with read(service.engine) as connection:
        work = engagements.page_of_company(connection, service.issuer.issuer(slug).id, None, None, 1)
        return next(iter(submissions.files_of(connection, work[0].id)))


def _held_number(cast: Cast, owner: str) -> str:
    """A credential that somebody took as theirs."""
    service, founder = cast.site.service, cast.member("founder", "acme")
    issued = service.issuer.issue("acme", make_draft())
    with write(service.engine) as connection:
        handing_over.send(service.desk, connection, founder.issuer, issued.id, "ana@mail.example")
        handovers.claimed(connection, issued.id, cast.ids[owner], service.clock())
    return issued.id


def _reference_id(cast: Cast, supervisor: str) -> str:
    """A reference that somebody was asked for."""
    founder, now = cast.member("founder", "acme"), cast.site.service.clock()
    made = Reference(
        engagement_id=_engagement_id(cast, founder, cast.visitor("stranger")),
        id=new_id(),
        issuer_id=founder.issuer.id,
        person_id=cast.ids["stranger"],
        supervisor_id=cast.ids[supervisor],
        state="asked",
        shown=False,
        asked=0,
        answered=0,
        created_at=now,
        changed_at=now,
    )
    with write(cast.site.service.engine) as connection:
        references.add(connection, made)
    return made.id


def _file_id(cast: Cast, member: Member) -> str:
    files = cast.site.service.files
    return files.receive(BytesIO(b"words"), "report.txt", "award:x", member.issuer.id, member.visitor).id


def _project_id(cast: Cast, member: Member) -> str:
    days = [str(cast.site.service.clock().date() + timedelta(days=wait)) for wait in (1, 30)]
    form = msgspec.structs.replace(STARTERS["report"][1], starts_on=days[0], ends_on=days[1], compensation="EUR 400")
    return publishing.start(cast.site.service.desk, member, form).id


def _application_id(cast: Cast, member: Member, visitor: Visitor) -> str:
    means, project_id = cast.site.service.desk, _project_id(cast, member)
    publishing.put_up(means, member, project_id)
    return sending.apply(means, visitor, project_id, "I did this before.").id


def _message_id(cast: Cast, slug: str) -> str:
    service = cast.site.service
    hooks, issuer = service.webhooks, service.issuer.issuer(slug)
    service.issuer.issue(slug, make_draft())
    return hooks.history(issuer.id, hooks.listed(issuer.id)[0].id).deliveries[0].delivery.message_id
