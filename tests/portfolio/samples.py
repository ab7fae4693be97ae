"""One real credential in every state: issued, signed and stored by the service, then brought into its state.

States that the demo does not show come about as they would in life (a hold, a stolen key, an issuer nobody confirmed);
those that need hostile bytes get them put into the row that holds what was signed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from credentials.core import base64url
from credentials.core.jws import parse_compact
from credentials.core.securing import MECHANISMS, Unsigned
from credentials.issuer.draft import Deliverable, Draft
from credentials.issuer.keys import method_id
from credentials.issuer.service import IssuerService
from credentials.issuer.status import Change, record_event
from credentials.store import credentials
from credentials.store.engine import read, write
from credentials.store.tables import secured_form
from credentials.web.composition import Service

FORM = "vc+jwt"
PERSON = "Ṣóyínká Adébáyọ̀"
TITLE = "Till receipts read by machine"
SUMMARY = "Photographed 900 receipts in two shops. The reader that was chosen gets 97 of 100 lines right."
PRAISE = "He asked the cashiers first. That is why it works."
SUPERVISOR = "Ingrid Solheim"
SKILL = "Optical character recognition"
DELIVERABLE = "Labelled receipts"
COMPANY = "Kveik & Sønner <AS>"
FIELDS = (PERSON, TITLE, SUMMARY, PRAISE, SUPERVISOR, SKILL, DELIVERABLE, COMPANY, "kveik.example")

DRAFT = Draft(
    recipient_name=PERSON,
    recipient_email=None,
    project_title=TITLE,
    summary=SUMMARY,
    deliverables=(
        Deliverable(DELIVERABLE, "public", "https://work.example.org/receipts?a=1&b=2"),
        Deliverable("Trained reader", "link"),
        Deliverable("Raw photographs", "confidential"),
    ),
    skills=(SKILL, "Data cleaning"),
    started_on=date(2026, 3, 2),
    ended_on=date(2026, 3, 14),
    hours=Decimal(40),
    supervisor_name=SUPERVISOR,
    supervisor_words=PRAISE,
    evidence_url="https://work.example.org/receipts/all",
    role="Data analyst",
)


def at(service: Service, moment: datetime) -> IssuerService:
    """The issuing service with its clock set to a moment."""
    means = service.issuer.means
    return IssuerService(means.engine, means.signer, means.base_url, means.high_water, lambda: moment)


def company(service: Service, slug: str, *, confirmed: bool = True, sandbox: bool = False) -> str:
    """A new issuer that signs since a year; its slug."""
    past = at(service, service.clock() - timedelta(days=365))
    past.create_issuer(slug, COMPANY, "https://kveik.example", sandbox=sandbox)
    if confirmed:
        past.confirm(slug, "kveik.example")
    return slug


def issue(service: Service, slug: str, **changes: Any) -> str:
    """Issue the draft with changes, a month ago; the credential's id."""
    month_ago = service.clock() - timedelta(days=30)
    return at(service, month_ago).issue(slug, replace(DRAFT, **changes)).id


def signed_bytes(service: Service, credential_id: str) -> bytes:
    """What is stored as signed."""
    with read(service.engine) as connection:
        form = credentials.secured(connection, credential_id, FORM)
    assert form is not None
    return form.body


def put_bytes(service: Service, credential_id: str, body: bytes) -> None:
    """Put other bytes in the place of what was signed, as somebody with the database could."""
    with write(service.engine) as connection:
        chosen = secured_form.c.credential_id == credential_id
        connection.execute(secured_form.update().where(chosen).values(body=body))


def set_visibility(service: Service, credential_id: str, visibility: credentials.Visibility) -> None:
    """Who may see a credential's page."""
    with write(service.engine) as connection:
        credentials.set_visibility(connection, credential_id, visibility)


def sign_again(service: Service, slug: str, credential_id: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Sign a changed document with the issuer's own active key, and store that."""
    issuer, key = service.issuer.issuer(slug), service.issuer.keys(slug)[-1]
    document = json.loads(parse_compact(signed_bytes(service, credential_id), max_bytes=100_000).payload)
    for claim in ("iss", "jti", "nbf", "sub", "exp"):
        document.pop(claim, None)
    change(document)
    mechanism = MECHANISMS[FORM]
    prepared = mechanism.prepare(
        Unsigned.parse(json.dumps(document).encode()),
        verification_method=method_id(issuer, key),
        algorithm="EdDSA",
        created=datetime(2026, 3, 20, tzinfo=UTC),
    )
    signature = service.keyring.sign(key.key_id, prepared.signing_input)
    put_bytes(service, credential_id, mechanism.assemble(prepared, signature))


def every_state(service: Service) -> dict[str, str]:
    """State → the id of a credential that is in it."""
    kveik = company(service, "kveik")
    found = {name: issue(service, kveik) for name in ("GENUINE", "SUSPENDED", "REVOKED", "REPLACED", "TAMPERED")}
    service.issuer.suspend(found["SUSPENDED"], "We are looking into a complaint.")
    service.issuer.revoke(found["REVOKED"], "Issued to the wrong person.")
    record_event(
        service.issuer.means,
        Change(credential_id=found["REPLACED"], kind="replaced", reason="Hours corrected.", successor=found["GENUINE"]),
    )
    put_bytes(service, found["TAMPERED"], _flipped(signed_bytes(service, found["TAMPERED"])))
    found["EXPIRED"] = issue(service, kveik, valid_until=service.clock() - timedelta(days=3))
    found["NOT_YET"] = at(service, service.clock() + timedelta(days=30)).issue(kveik, DRAFT).id
    found["UNCONFIRMED_ISSUER"] = issue(service, company(service, "self-named", confirmed=False))
    found["TEST"] = issue(service, company(service, "playground", sandbox=True))
    return found | _of_troubled_issuers(service) | _of_hostile_bytes(service, kveik)


def _of_troubled_issuers(service: Service) -> dict[str, str]:
    dropped = issue(service, company(service, "dropped"))
    service.issuer.suspend_issuer("dropped", "Its domain was sold.")
    robbed = issue(service, company(service, "robbed"))
    key = service.issuer.keys("robbed")[0]
    service.issuer.report_compromise("robbed", key.name, service.clock() - timedelta(days=90))
    return {"ISSUER_SUSPENDED": dropped, "NOT_THEIR_KEY": robbed}


def _of_hostile_bytes(service: Service, slug: str) -> dict[str, str]:
    unreadable, keyless, unknowable = (issue(service, slug) for _ in range(3))
    put_bytes(service, unreadable, b"\x00not a token, but it names " + TITLE.encode())
    sign_again(service, slug, keyless, lambda document: _rename_issuer(service, document))
    sign_again(service, slug, unknowable, _lose_status_list)
    return {"UNREADABLE": unreadable, "NO_KEY": keyless, "CANT_CHECK": unknowable}


def _flipped(token: bytes) -> bytes:
    """The token with other hours in what was signed, header and signature as they were."""
    header, payload, signature = token.split(b".")
    other = base64url.decode(payload).replace(b'"value":"40"', b'"value":"90"')
    return b".".join((header, base64url.encode(other).encode(), signature))


def _rename_issuer(service: Service, document: dict[str, Any]) -> None:
    document["issuer"]["id"] = service.issuer.issuer("kveik").did.replace("kveik", "nobody")


def _lose_status_list(document: dict[str, Any]) -> None:
    for number, entry in enumerate(document["credentialStatus"]):
        lost = entry["statusListCredential"].rsplit("/", 1)[0] + "/lost"
        entry["statusListCredential"], entry["id"] = lost, f"{lost}#{number}"
