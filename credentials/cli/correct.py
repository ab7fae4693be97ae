"""`credentials correct`: sign a corrected version of a credential from a file that names what changes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from credentials.cli.credential_argument import credential_id
from credentials.cli.invocation import Invocation, command_options
from credentials.cli.status import note_option, reason_option
from credentials.console.award_form import judge, restored
from credentials.console.correcting import form_of
from credentials.core import strict_json
from credentials.issuer.correcting import Correcting
from credentials.issuer.draft import Draft
from credentials.issuer.errors import CredentialUnknown
from credentials.issuer.intents import Issued
from credentials.issuer.routes import DRAFT_BYTES, IssueRequest
from credentials.store import awards, credentials, issuers
from credentials.store.engine import read
from credentials.web.bodies import converted
from credentials.web.errors import MembersInvalid
from credentials.web.issuing import Issuing


@click.command(epilog='Example:  credentials correct 7KQ2-M9XV-4T changes.json --reason "A name was misspelt"')
@click.argument("credential")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@reason_option
@note_option
@command_options
def correct(call: Invocation, credential: str, file: Path, reason: str, note: str) -> None:
    """Sign a corrected version of CREDENTIAL (its link, id or code), to which the old one leads from then on.

    FILE (- for standard input) is a JSON object of what changes, in the names of the HTTP API: {"recipientName": "Ana
    Maria Souza"}. All else stays as it was signed, and so does the holder.
    """
    changes = _changes(file)
    with call.issuing() as service:
        old = credential_id(service, credential)
        issued = _correct(service, old, changes, reason, note)
        before = f"{service.base_url}/c/{old}"
    line = f"Corrected: {before}\nThe new one: {issued.url}"
    call.result(
        {"id": issued.id, "url": issued.url, "code": issued.code, "corrects": old, "reason": reason},
        line.splitlines(),
    )


def _changes(file: Path) -> dict[str, object]:
    if str(file) == "-":
        data = sys.stdin.buffer.read(DRAFT_BYTES + 1)
    else:
        with file.open("rb") as stream:
            data = stream.read(DRAFT_BYTES + 1)
    found = strict_json.parse_object(data, max_bytes=DRAFT_BYTES)
    if not found:
        raise MembersInvalid("FILE names nothing that changes")
    return found


def _correct(service: Issuing, old: str, changes: dict[str, object], reason: str, note: str) -> Issued:
    with read(service.engine) as connection:
        stored = credentials.by_id(connection, old)
        issuer = issuers.by_id(connection, stored.issuer_id) if stored else None
        if stored is None or issuer is None:
            raise CredentialUnknown("no such credential")
        award = awards.of_credential(connection, issuer.id, old)
    signed = judge(restored(award.form))[0] if award else judge(form_of(stored))[0]
    draft = changed(replace(signed, recipient_email=None), changes)  # judged when it is issued
    return service.issuer.correct(
        Correcting(slug=issuer.slug, credential_id=old, draft=draft, reason=reason, note=note)
    )


def changed(signed: Draft, changes: dict[str, object]) -> Draft:
    """The draft with these members, in the names of the HTTP API, in place of its own. Raises MembersInvalid."""
    names = dict(zip(IssueRequest.__struct_encode_fields__, IssueRequest.__struct_fields__, strict=True))
    own = {name: msgspec.to_builtins(_spelled(signed, attribute)) for name, attribute in names.items()}
    wanted = converted(own | changes, IssueRequest).draft()
    return replace(signed, **{names[name]: getattr(wanted, names[name]) for name in changes})


def _spelled(signed: Draft, attribute: str) -> object:
    """One member as a request would say it."""
    value = getattr(signed, attribute)
    if attribute == "hours":
        return None if value is None else float(value)
    if attribute == "deliverables":  # of a file seen whole a request says nothing
        return [{"name": one.name, "visibility": one.visibility, "url": one.url} for one in value]
    return value
