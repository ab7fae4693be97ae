"""`POST /credentials/issue` and `/credentials/status` of VCALM 1.0 (Working Draft of 16 April 2026), 3.2.1 and C.3.

A real service wants an API key and issues only what its issuer can stand behind. A sandbox wants none, takes whatever
is a credential, and signs with keys that only make tests. Either way: intent, signature, self-check, release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Blueprint, Response

from credentials.core import strict_json
from credentials.core.credential import CONTEXT_V2
from credentials.core.errors import TooLarge
from credentials.issuer import errors, lookup
from credentials.issuer.offered import Offered, offer
from credentials.issuer.routes import CHANGE_BYTES, idempotency_key
from credentials.issuer.status import Change
from credentials.issuer.vc_api.sandbox_offer import OPTIONS, sandbox_offer
from credentials.issuer.vc_api.status_update import REASON, Update, credential_of, updates
from credentials.store.credentials import SecuredForm
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.guard import key_holder
from credentials.web.operations import Answer, Operation, documented
from credentials.web.repeating import IDEMPOTENCY
from credentials.web.vc_api import body_and_options, refusing_with_400

OFFER_BYTES = 262_144
EMBEDDED = "application/vc"
_STATUS_MEMBERS = frozenset({"credentialId", "credentialStatus", "status", "indexAllocator"})


class IssueCredentialRequest(Body, frozen=True):
    """A credential without a proof. `options` are a sandbox's only; a real service takes none."""

    credential: dict[str, Any]
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class VerifiableCredentialAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The credential with an embedded proof, or an EnvelopedVerifiableCredential."""

    verifiable_credential: dict[str, Any]


class UpdateStatusRequest(Body, frozen=True):
    """One entry, or two in a list, each with a purpose; `status` beside it, or in each entry."""

    credential_status: dict[str, Any] | list[dict[str, Any]]
    credential_id: str | None = None
    status: bool | str | None = None
    index_allocator: str | None = None


_TAG = "VC API (VCALM 1.0, Working Draft of 16 April 2026)"
ISSUE = Operation(
    id="vcApiIssueCredential",
    summary="Issue a credential that was composed elsewhere",
    tag=_TAG,
    description="A real issuer takes an Open Badges AchievementCredential about a named person; the service adds id, "
    "issuer, validFrom and status.",
    body=IssueCredentialRequest,
    example={
        "credential": {
            "type": ["VerifiableCredential", "AchievementCredential"],
            "name": "Customer survey report",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [
                    {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": "Ana Souza"}
                ],
                "achievement": {
                    "type": ["Achievement"],
                    "name": "Customer survey report",
                    "description": "Interviewed 20 customers.",
                    "criteria": {"narrative": "Accepted by the company."},
                },
            },
        }
    },
    parameters=(IDEMPOTENCY,),
    answers={201: Answer("Issued, now or before under the same key.", VerifiableCredentialAnswer)},
    problems=(TooLarge,),
)
STATUS = Operation(
    id="vcApiUpdateStatus",
    summary="Revoke, suspend or lift by purpose",
    tag=_TAG,
    description="Setting what is set already is no event. A revocation is never taken back.",
    body=UpdateStatusRequest,
    example={
        "credentialId": "https://credentials.example/c/00RTTH2R8SAK0VR3PEFG9M4TMX",
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
        "status": True,
    },
    answers={200: Answer("Recorded, or so already. An empty object.")},
    problems=(errors.CredentialUnknown,),
)


def blueprint(service: Service) -> Blueprint:
    """The routes; open to everybody in a sandbox, for holders of an API key elsewhere."""
    routes = Blueprint("vc_api_issuer", __name__)
    sandbox = service.settings.sandbox
    issuing = Caller.SANDBOX if sandbox else Caller.api_key("issue")
    changing = Caller.SANDBOX if sandbox else Caller.api_key("revoke")

    @routes.post("/credentials/issue")
    @declares(issuing, limit=Limit.ISSUE, open_to_origins=sandbox, max_body=OFFER_BYTES)
    @documented(ISSUE)
    @refusing_with_400
    def issue() -> Response:
        body, options = body_and_options(frozenset({"credential"}), OPTIONS if sandbox else frozenset())
        credential = body.get("credential")
        if not isinstance(credential, dict):
            raise MembersInvalid("not an object", where="/credential")
        slug, offered = _taken(service, credential, options)
        issued = service.issuer.issue(slug, offered, idempotency_key=idempotency_key())
        forms = lookup.released(service.issuer.means, issued.id)
        answer = VerifiableCredentialAnswer(verifiable_credential=_presentable(forms))
        return Response(strict_json.dump(answer), 201, mimetype="application/json")

    @routes.post("/credentials/status")
    @declares(changing, limit=Limit.ISSUE, open_to_origins=sandbox, max_body=CHANGE_BYTES)
    @documented(STATUS)
    @refusing_with_400
    def update_status() -> Response:
        body, _ = body_and_options(_STATUS_MEMBERS, frozenset())
        wanted = updates(body)
        credential_id = credential_of(service.issuer.means, body)
        slug = None if sandbox else key_holder().slug
        _update(service, credential_id, slug, wanted)
        return Response(b"{}", mimetype="application/json")

    return routes


def _taken(service: Service, credential: dict[str, Any], options: Mapping[str, Any]) -> tuple[str, Offered]:
    """Who signs, and what. Raises what `offer` and `sandbox_offer` raise."""
    if service.settings.sandbox:
        return sandbox_offer(credential, options, service.issuer.issuers())
    slug = key_holder().slug
    return slug, offer(credential, service.issuer.issuer(slug))


def _update(service: Service, credential_id: str, slug: str | None, wanted: list[Update]) -> None:
    """Record what is not so already. Raises CredentialUnknown, StatusUpdateRefused and as `change` does."""
    if slug is not None:
        lookup.find(service.issuer.means, slug, credential_id)
    for update in wanted:
        kind = update.event(service.issuer.story(credential_id))
        if kind is not None:
            change = Change(credential_id=credential_id, kind=kind, reason=REASON, slug=slug)
            service.issuer.change(change)


def _presentable(forms: list[SecuredForm]) -> dict[str, Any]:
    """The form with an embedded proof if there is one; a token in its envelope (VC Data Model 2.0 section 4.13.1)."""
    for form in forms:
        if form.media_type == EMBEDDED:
            return strict_json.parse_object(form.body, max_bytes=len(form.body))
    token = forms[0]
    return {
        "@context": CONTEXT_V2,
        "id": f"data:{token.media_type},{token.body.decode('ascii')}",
        "type": "EnvelopedVerifiableCredential",
    }
