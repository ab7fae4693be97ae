"""The real service as others meet it: what it issued and published, fetched over HTTP."""

from __future__ import annotations

import json
from typing import Any

from credentials.issuer.service import Issued
from tests.web.conftest import Site, make_draft

DID_WEB = "did:web:credentials.example:issuers:"


def fetched(site: Site, address: str) -> dict[str, Any]:
    """The JSON at an address of the service, asked for as JSON-LD libraries ask."""
    path = address.removeprefix(site.service.base_url)
    answer = site.client.get(path, headers={"Accept": "application/ld+json, application/json"})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = json.loads(answer.data)
    return document


def credential(site: Site, issued: Issued | None = None) -> dict[str, Any]:
    """An issued credential with its embedded proof."""
    return fetched(site, f"/c/{(issued or site.issued).id}.json")


def did_document(site: Site, slug: str = "acme") -> dict[str, Any]:
    """An issuer's published keys."""
    return fetched(site, f"/issuers/{slug}/did.json")


def status_lists(site: Site, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The lists that a credential names, by their address."""
    entries = document["credentialStatus"]
    entries = entries if isinstance(entries, list) else [entries]
    return {entry["statusListCredential"]: fetched(site, entry["statusListCredential"]) for entry in entries}


def issued_by(site: Site, slug: str, **options: Any) -> dict[str, Any]:
    """A credential of another issuer than `acme`, made with these options."""
    site.service.issuer.create_issuer(slug, slug.title(), **options)
    return credential(site, site.service.issuer.issue(slug, make_draft()))
