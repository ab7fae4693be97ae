"""The Digital Credentials Consortium's verifier reads what we issue: valid, expired, tampered with, revoked, held.

It has no setting for the time, so what it reads here is made around the time of the test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.core.achievement import to_bytes
from credentials.core.did import did_web_to_url
from credentials.verifier.states import State
from tests.interop.issuing_site import credential, did_document, status_lists
from tests.interop.peer import Peer
from tests.interop.tampering import CHANGES, changed
from tests.verifier.world import Ed25519Key, Issuer, World, achievement, confirming, entry, list_url
from tests.web.conftest import Site, make_draft, open_site

pytestmark = pytest.mark.interop

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
SOUND = dict.fromkeys(
    ("valid_signature", "expiration", "revocation_status", "suspension_status", "registered_issuer"), True
)
Document = dict[str, Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = open_site(tmp_path_factory.mktemp("interop") / "data")
    yield opened
    opened.service.close()


def published(site: Site, document: Document) -> dict[str, Document]:
    """All that a verifier may fetch to judge one of the service's credentials."""
    did = did_document(site)
    return {did_web_to_url(did["id"]): did, **status_lists(site, document)}


def judged(dcc: Peer, site: Site, document: Document) -> dict[str, Any]:
    answer: dict[str, Any] = dcc.ask(
        "verify",
        credential=document,
        documents=published(site, document),
        registered=[did_document(site)["id"]],
    )
    return answer


# The service's own, under did:web ------------------------------------------------------------------------------------


def test_it_finds_ours_sound(dcc: Peer, site: Site) -> None:
    answer = judged(dcc, site, credential(site))
    assert (answer["steps"], answer["errors"]) == (SOUND, [])


def test_it_asks_for_lists_as_json(dcc: Peer, site: Site) -> None:
    """Why a list has a form with an embedded proof, and which names that form answers to."""
    document = credential(site)
    asked = {one["url"]: one["accept"] for one in judged(dcc, site, document)["asked"]}
    for address in status_lists(site, document):
        assert asked[address] == "application/ld+json, application/json"


@pytest.mark.parametrize(("change", "step"), [("revoke", "revocation_status"), ("suspend", "suspension_status")])
def test_it_sees_what_was_withdrawn_or_held(dcc: Peer, site: Site, change: str, step: str) -> None:
    issued = site.service.issuer.issue("acme", make_draft(project_title=f"To {change}"))
    document = credential(site, issued)
    assert judged(dcc, site, document)["steps"] == SOUND
    getattr(site.service.issuer, change)(issued.id, "Issued in error.")
    answer = judged(dcc, site, document)
    assert (answer["steps"], answer["errors"]) == (SOUND | {step: False}, [])


@pytest.mark.parametrize("how", CHANGES)
def test_it_refuses_ours_when_it_was_changed(dcc: Peer, site: Site, how: str) -> None:
    answer = judged(dcc, site, changed(credential(site), how))
    assert answer["errors"] != [] or not answer["steps"].get("valid_signature")


def test_it_refuses_a_list_that_was_changed(dcc: Peer, site: Site) -> None:
    document = credential(site)
    documents = published(site, document)
    for address in status_lists(site, document):
        documents[address]["credentialSubject"]["statusPurpose"] = "suspension"
    answer = dcc.ask("verify", credential=document, documents=documents, registered=[])
    assert answer["steps"]["revocation_status"] is not True


def test_without_the_list_it_does_not_say_sound(dcc: Peer, site: Site) -> None:
    document = credential(site)
    did = did_document(site)
    answer = dcc.ask("verify", credential=document, documents={did_web_to_url(did["id"]): did})
    assert answer["steps"]["revocation_status"] == "status_list_not_found"


def test_an_issuer_that_nobody_registered_is_told_apart(dcc: Peer, site: Site) -> None:
    document = credential(site)
    answer = dcc.ask("verify", credential=document, documents=published(site, document))
    assert answer["steps"] == SOUND | {"registered_issuer": False}


# Issuers by key and on their own domain -------------------------------------------------------------------------------


def a_world(method: str) -> World:
    """An issuer whose lists carry embedded proofs, at the time of the test."""
    key = Ed25519Key()
    did = key.public.to_did_key() if method == "did:key" else "did:web:acme.example"
    world = World(Issuer(did, {"k1": key}), policy=confirming(did), now=NOW)
    for purpose in ("revocation", "suspension"):
        publish(world, purpose)
    return world


def publish(world: World, purpose: str, *bits: int) -> None:
    world.publish_list(purpose, bits, built=NOW - timedelta(minutes=1), mechanism="eddsa-rdfc-2022")


def made(world: World, **options: Any) -> Document:
    unsigned = achievement(world.issuer.did, valid_from=NOW - 2 * DAY, **options)
    secured = world.issuer.secure(to_bytes(unsigned), mechanism="eddsa-rdfc-2022", created=NOW - 2 * DAY)
    document: Document = json.loads(secured)
    return document


def both(dcc: Peer, world: World, document: Document) -> tuple[State, dict[str, Any]]:
    """What we say of it, and what they say."""
    documents = {address: json.loads(body) for address, body in world.published.items() if body[:1] == b"{"}
    answer = dcc.ask("verify", credential=document, documents=documents, registered=[world.issuer.did])
    return world.verify(document).state, answer


@pytest.mark.parametrize("method", ["did:key", "did:web"])
class TestByMethod:
    def test_sound(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        state, answer = both(dcc, world, made(world))
        assert (state, answer["steps"], answer["errors"]) == (State.GENUINE, SOUND, [])

    def test_expired(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        state, answer = both(dcc, world, made(world, valid_until=NOW - DAY))
        assert (state, answer["steps"], answer["errors"]) == (State.EXPIRED, SOUND | {"expiration": False}, [])

    def test_not_expired_yet(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        state, answer = both(dcc, world, made(world, valid_until=NOW + DAY))
        assert (state, answer["steps"]) == (State.GENUINE, SOUND)

    def test_tampered_with(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        state, answer = both(dcc, world, changed(made(world), "what was achieved"))
        assert (state, answer["steps"], answer["errors"]) == (State.TAMPERED, {}, ["invalid_signature"])

    def test_revoked(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        publish(world, "revocation", int(entry().status_list_index or 0))
        state, answer = both(dcc, world, made(world))
        assert (state, answer["steps"]) == (State.REVOKED, SOUND | {"revocation_status": False})

    def test_another_persons_bit(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        publish(world, "revocation", int(entry().status_list_index or 0) + 1)
        state, answer = both(dcc, world, made(world))
        assert (state, answer["steps"]) == (State.GENUINE, SOUND)

    def test_signed_by_a_stranger(self, dcc: Peer, method: str) -> None:
        world = a_world(method)
        document = made(world)
        stranger = Issuer(world.issuer.did, {"k1": Ed25519Key(9)})
        forged = {name: value for name, value in document.items() if name != "proof"}
        forged["proof"] = [stranger.proof(forged, "eddsa-rdfc-2022", method=method_of(world), created=NOW - 2 * DAY)]
        state, answer = both(dcc, world, forged)
        assert (state, answer["errors"]) == (State.TAMPERED, ["invalid_signature"])


def method_of(world: World) -> str:
    return world.issuer.method()


def test_a_did_web_that_answers_nothing_is_no_answer(dcc: Peer) -> None:
    world = a_world("did:web")
    world.issuer.did = "did:web:silent.example"
    document = made(world)
    state, answer = both(dcc, world, document)
    assert (state, answer["errors"]) == (State.NO_KEY, ["did_web_unresolved"])
    assert list_url("revocation") in world.published
