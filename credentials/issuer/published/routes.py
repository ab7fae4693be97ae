"""What every verifier fetches of an issuer: its keys in two formats, its status lists in two formats, the type."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from credentials.core.issuer_metadata import WELL_KNOWN
from credentials.core.sd_jwt_vc_claims import type_metadata
from credentials.core.token_status_list import LIST_MEDIA_TYPE
from credentials.issuer import errors
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.operations import Answer, Operation, Parameter, documented

TOKEN = "application/vc+jwt"  # noqa: S105 - a media type
LIST_TYPES = (TOKEN, "application/jwt", "application/vc", "application/ld+json", "application/json")
"""What a status list may be asked for as; the first for whoever has no wish, or none that can be met."""
_TOKENS = frozenset(LIST_TYPES[:2])
UNCHANGED = Answer("Not changed since the copy whose ETag `If-None-Match` names.", media_type="")
STATUS_LIST = Operation(
    id="getStatusList",
    summary="A signed Bitstring Status List",
    tag="Published",
    parameters=(Parameter("list_id", "The list's id, as credentials name it."),),
    answers={
        200: Answer("The list as a token; with an embedded proof for whoever accepts JSON.", media_type=TOKEN),
        304: UNCHANGED,
    },
    problems=(errors.StatusListUnknown,),
)
DID_DOCUMENT = Operation(
    id="getDidDocument",
    summary="An issuer's public keys (did:web)",
    tag="Published",
    parameters=(Parameter("slug", "The issuer's slug."),),
    answers={200: Answer("The DID document.", media_type="application/did+json"), 304: UNCHANGED},
    problems=(errors.IssuerUnknown,),
)


ISSUER_METADATA = Operation(
    id="getIssuerMetadata",
    summary="An issuer's public keys (JWT VC Issuer Metadata)",
    tag="Published",
    parameters=(Parameter("slug", "The issuer's slug."),),
    answers={200: Answer("The metadata, with the keys in it.", media_type="application/json"), 304: UNCHANGED},
    problems=(errors.IssuerUnknown,),
)
TYPE_METADATA = Operation(
    id="getTypeMetadata",
    summary="What our SD-JWT VCs are (Type Metadata of their vct)",
    tag="Published",
    answers={200: Answer("The type metadata.", media_type="application/json"), 304: UNCHANGED},
)
_LIST_ID = Parameter("list_id", "The id of the list of withdrawals, as SD-JWT VCs name it.")
TOKEN_LIST = Operation(
    id="getTokenStatusList",
    summary="A signed Token Status List, of an issuer that does not suspend",
    tag="Published",
    parameters=(_LIST_ID,),
    answers={200: Answer("The list as a statuslist+jwt.", media_type=LIST_MEDIA_TYPE), 304: UNCHANGED},
    problems=(errors.StatusListUnknown,),
)
TOKEN_LISTS = Operation(
    id="getTokenStatusListWithHolds",
    summary="A signed Token Status List of withdrawals and holds",
    tag="Published",
    parameters=(_LIST_ID, Parameter("held_id", "The id of the list of holds.")),
    answers={200: Answer("The list as a statuslist+jwt.", media_type=LIST_MEDIA_TYPE), 304: UNCHANGED},
    problems=(errors.StatusListUnknown,),
)


def add_published(routes: Blueprint, service: Service) -> None:
    """Add the routes to the issuer's blueprint."""

    @routes.get("/issuers/<slug>/did.json")
    @declares(Caller.PUBLIC, open_to_origins=True)
    @documented(DID_DOCUMENT)
    def did_document(slug: str) -> Response:
        return _fresh(service.issuer.did_document(slug), "application/did+json")

    @routes.get(f"{WELL_KNOWN}/issuers/<slug>")
    @declares(Caller.PUBLIC, open_to_origins=True)
    @documented(ISSUER_METADATA)
    def issuer_metadata(slug: str) -> Response:
        return _fresh(service.issuer.issuer_metadata(slug), "application/json")

    @routes.get("/types/micro-internship")
    @declares(Caller.PUBLIC, open_to_origins=True)
    @documented(TYPE_METADATA)
    def type_of_credential() -> Response:
        return _fresh(type_metadata(service.issuer.means.credential_type), "application/json")

    @routes.get("/status/<list_id>")
    @declares(Caller.PUBLIC, open_to_origins=True)
    @documented(STATUS_LIST)
    def status_list(list_id: str) -> Response:
        wanted = request.accept_mimetypes.best_match(LIST_TYPES, default=TOKEN)
        issuer = service.issuer
        body = issuer.status_list(list_id) if wanted in _TOKENS else issuer.embedded_status_list(list_id)
        answer = _fresh(body, wanted)
        answer.vary.add("Accept")
        return answer

    @routes.get("/status/<list_id>/token")
    @declares(Caller.PUBLIC, open_to_origins=True)
    @documented(TOKEN_LIST)
    def token_list(list_id: str) -> Response:
        return _fresh(service.issuer.token_status_list(list_id), LIST_MEDIA_TYPE)

    @routes.get("/status/<list_id>/token/<held_id>")
    @declares(Caller.PUBLIC, open_to_origins=True)
    @documented(TOKEN_LISTS)
    def token_lists(list_id: str, held_id: str) -> Response:
        return _fresh(service.issuer.token_status_list(list_id, held_id), LIST_MEDIA_TYPE)


def _fresh(body: bytes, mimetype: str) -> Response:
    """What may be kept but not used unasked: a cache's age on top of the list's own `ttl` would double the wait."""
    response = Response(body, mimetype=mimetype, headers={"Cache-Control": "no-cache"})
    response.set_etag(hashlib.sha256(body).hexdigest())
    response.make_conditional(request)
    return response
