"""How a company shows who it is: its proofs, what to do for each, a page to send on, the file for its own did:web."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import redirect

from credentials.accounts.addresses import domain_of
from credentials.accounts.audit import note_of
from credentials.accounts.errors import AddressUnusable
from credentials.core.errors import CredentialError
from credentials.identity.errors import DomainProvesNothing, DomainUnusable, MethodUnknown
from credentials.identity.instructions import problem_words
from credentials.identity.service import Within
from credentials.store import people
from credentials.store.engine import read
from credentials.store.people import Address
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

BASE = "/console/<slug>/proof"


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("proof", __name__)
    _add_list(routes, service)
    _add_one(routes, service)
    return routes


def _add_list(routes: Blueprint, service: Service) -> None:
    @routes.get(BASE)
    @declares(Caller.member())
    def proofs(slug: str) -> str:
        del slug
        return _page(service)

    @routes.post(BASE)
    @declares(Caller.member("owner"))
    def start(slug: str) -> Response:
        found, form = this_member(), request.form
        try:
            domain, method = form.get("domain", "").strip(), form.get("method", "")
            told = _noted(service, "proof.begun", method=method)
            begun = service.identity.start(found.issuer.id, domain, method, told)
        except (DomainUnusable, DomainProvesNothing, MethodUnknown) as error:
            return Response(_page(service, error), 422)
        return _go(f"/console/{slug}/proof/{begun.id}")

    @routes.post(f"{BASE}/address")
    @declares(Caller.member("owner"))
    def use_address(slug: str) -> Response:
        found, chosen = this_member(), request.form.get("address", "")
        mine = next((one for one in _addresses(service) if one.canonical == chosen), None)
        try:
            if mine is None:
                raise AddressUnusable(where="address")
            told = _noted(service, "proof.address", method="e-mail")
            service.identity.record_address(found.issuer.id, mine.address, mine.proved_at, told)
        except (AddressUnusable, DomainUnusable, DomainProvesNothing) as error:
            return Response(_page(service, error), 422)
        return _go(f"/console/{slug}/proof")


def _add_one(routes: Blueprint, service: Service) -> None:
    @routes.get(f"{BASE}/<proof_id>")
    @declares(Caller.member())
    def proof(slug: str, proof_id: str) -> str:
        del slug
        found = this_member()
        one = service.identity.proof(found.issuer.id, proof_id)
        said = service.identity.instructions(one)
        problem = problem_words(one.problem) if one.problem else ""
        return render_template("desk_proof.html", member=found, proof=one, said=said, problem=problem)

    @routes.get(f"{BASE}/<proof_id>/did.json")
    @declares(Caller.member())
    def document(slug: str, proof_id: str) -> Response:
        del slug
        found = this_member()
        one = service.identity.proof(found.issuer.id, proof_id)
        body = service.identity.own_did_document(found.issuer.id, one.domain)
        headers = {"Content-Disposition": 'attachment; filename="did.json"'}
        return Response(body, mimetype="application/json", headers=headers)

    @routes.post(f"{BASE}/<proof_id>/check")
    @declares(Caller.member("owner"))
    def check(slug: str, proof_id: str) -> Response:
        service.identity.proof(this_member().issuer.id, proof_id)
        service.identity.check(proof_id)
        return _go(f"/console/{slug}/proof/{proof_id}")

    @routes.post(f"{BASE}/<proof_id>/withdraw")
    @declares(Caller.member("owner"), recent=True)
    def withdraw(slug: str, proof_id: str) -> Response:
        service.identity.withdraw(this_member().issuer.id, proof_id, _noted(service, "proof.withdrawn"))
        return _go(f"/console/{slug}/proof")


def _page(service: Service, error: CredentialError | None = None) -> str:
    found = this_member()
    proofs = service.identity.listed(found.issuer.id)
    mine = _addresses(service) if found.may("owner") else []
    return render_template(
        "desk_proofs.html",
        member=found,
        issuer=service.issuer.issuer(found.issuer.slug),
        proofs=[(one, problem_words(one.problem) if one.problem else "") for one in proofs],
        addresses=mine,
        doubts=[one for one in service.resemblances.of_issuer(found.issuer.id) if one.cleared_at is None],
        frozen=service.identity.frozen(found.issuer.id),
        error=error,
        typed=request.form.get("domain", "") or _guess(found.issuer.url, mine),
    )


def _guess(url: str | None, mine: list[Address]) -> str:
    """The domain that the company most likely means: its website's, else that of an address."""
    host = (url or "").partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    return host or next((domain_of(one.address) for one in mine), "")


def _addresses(service: Service) -> list[Address]:
    with read(service.engine) as connection:
        return people.addresses(connection, this_member().visitor.person_id)


def _noted(service: Service, action: str, **detail: str) -> Within:
    """Writes the line of the audit trail, in the transaction of the change."""
    found, now = this_member(), service.clock()
    return lambda connection: note_of(connection, found, action, f"issuer:{found.issuer.id}", now=now, **detail)


def _go(path: str) -> Response:
    return cast("Response", redirect(path, 303))
