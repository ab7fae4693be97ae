"""A timestamp that does not show that a signature is older than the theft of its key does not help it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.core.achievement import to_bytes
from credentials.verifier.checks import Outcome
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.timestamp_authority import TimestampAuthority, certify, make_root
from tests.verifier.robbed import FORMS_MADE, HONEST, STAMPS, STOLEN, published, refused, robbed, stamp
from tests.verifier.world import DAY, ISSUED, NOW, P256Key, World, achievement, confirming


def test_without_a_stamp() -> None:
    world = robbed()
    refused(world.verify(world.token()), "not-found-there")
    world.published[STAMPS] = published()
    refused(world.verify(world.token()), "stamp-missing")


@pytest.mark.parametrize(
    ("at", "accuracy"),
    [
        (STOLEN, None),
        (STOLEN + timedelta(seconds=1), None),
        (STOLEN + DAY, None),
        (STOLEN - timedelta(seconds=1), None),  # genTime may be rounded down by as much
        (STOLEN - timedelta(seconds=61), {"seconds": 60}),
        (STOLEN - timedelta(minutes=1), {"seconds": 60}),
    ],
)
def test_a_stamp_that_may_be_from_after_the_theft(at: datetime, accuracy: dict[str, int] | None) -> None:
    world = robbed()
    secured = world.token()
    late = replace(HONEST, at=at, accuracy=accuracy)

    refused(world.verify(secured, stamps=[stamp(world, secured, late)]), "stamp-too-late")


def test_a_stamp_from_just_before() -> None:
    world = robbed()
    secured = world.token()
    just = replace(HONEST, at=STOLEN - timedelta(seconds=2))

    assert world.verify(secured, stamps=[stamp(world, secured, just)]).state is State.GENUINE


def test_an_authority_that_is_not_trusted() -> None:
    world = robbed()
    secured = world.token()
    own = TimestampAuthority(root=make_root(), at=ISSUED)

    refused(world.verify(secured, stamps=[stamp(world, secured, own)]), "timestamp-untrusted")


def test_a_certificate_that_is_not_for_timestamping() -> None:
    world = robbed()
    secured = world.token()
    forged = replace(HONEST, signer=certify(HONEST.root, purposes=None))

    refused(world.verify(secured, stamps=[stamp(world, secured, forged)]), "timestamp-untrusted")


def test_a_verifier_that_trusts_no_authority_asks_nobody() -> None:
    world = robbed(World(policy=confirming("did:web:acme.example")))
    secured = world.token()
    world.published[STAMPS] = published(stamp(world, secured))
    asked = Watched(world.resolver())

    report = verify(secured, resolver=asked, policy=world.policy, now=world.now)

    refused(report, "timestamp-untrusted")
    assert STAMPS not in asked.addresses


@pytest.mark.parametrize("mechanism", FORMS_MADE)
def test_the_stamp_of_another_credential(mechanism: str) -> None:
    world = robbed()
    other = world.secured(mechanism, valid_from=ISSUED + DAY)

    refused(world.verify(world.secured(mechanism), stamps=[stamp(world, other)]), "timestamp-mismatch")


def test_the_stamp_of_another_form_of_it() -> None:
    world = robbed()
    others = [stamp(world, world.secured(other)) for other in FORMS_MADE[1:]]

    refused(world.verify(world.token(), stamps=others), "timestamp-mismatch")


def test_the_stamp_of_another_signature_over_the_same() -> None:
    """ECDSA signs the same bytes differently each time, and s and n − s both verify."""
    world = robbed()
    world.issuer.keys["k1"] = P256Key()
    world.publish_document()
    first, again = world.token(), world.token()
    assert first.rpartition(b".")[0] == again.rpartition(b".")[0]

    refused(world.verify(again, stamps=[stamp(world, first)]), "timestamp-mismatch")


@pytest.mark.parametrize("mechanism", FORMS_MADE)
def test_a_thief_who_writes_an_old_date(mechanism: str) -> None:
    """All dates in it are from before the theft; its only stamp cannot be."""
    world = robbed()
    forged = world.issuer.secure(
        to_bytes(achievement(world.issuer.did, valid_from=ISSUED - 100 * DAY)), mechanism=mechanism
    )
    today = replace(HONEST, at=NOW)
    world.published[STAMPS] = published(stamp(world, world.secured(mechanism)), stamp(world, forged, today))

    refused(world.verify(forged), "stamp-too-late")


def test_a_document_changed_under_a_good_stamp() -> None:
    world = robbed()
    secured = world.secured("eddsa-jcs-2022")
    document = strict_json.parse_object(secured, max_bytes=1 << 20)
    document["name"] = "Something better"

    report = world.verify(document, stamps=[stamp(world, secured)])

    refused(report, "signature-mismatch")


def test_the_same_document_with_other_spaces_keeps_its_stamp() -> None:
    world = robbed()
    secured = world.secured("eddsa-rdfc-2022")
    document = strict_json.parse_object(secured, max_bytes=1 << 20)

    report = world.verify(json.dumps(document, indent=4).encode(), stamps=[stamp(world, secured)])

    assert report.state is State.GENUINE


def test_a_key_that_has_expired_besides() -> None:
    world = robbed()
    secured = world.token()
    address = "https://acme.example/.well-known/did.json"
    document = json.loads(world.published[address])
    for method in document["verificationMethod"]:
        method["expires"] = "2026-05-30T00:00:00Z"
    world.published[address] = json.dumps(document).encode()

    refused(world.verify(secured, stamps=[stamp(world, secured)]), "key-expired")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"not JSON", b'{"stamps": [], "stamps": []}', b'{"stamps": ' + b"[" * 9999]
)
def test_an_address_that_answers_nonsense(body: bytes) -> None:
    world = robbed()
    world.published[STAMPS] = body

    report = world.verify(world.token())

    assert report.state is State.NOT_THEIR_KEY
    assert report.check("earlier-than-compromise").outcome is Outcome.FAILED


def test_nothing_is_asked_about_a_signature_that_does_not_hold() -> None:
    """Nobody makes us visit an address by writing it into something unsigned."""
    world = robbed()
    head, _, signature = world.token().rpartition(b".")
    asked = Watched(world.resolver())

    verify(head + b"." + b"A" * len(signature), resolver=asked, policy=world.policy, now=world.now)

    assert asked.addresses == ["https://acme.example/.well-known/did.json"]


class Watched:
    """A resolver that remembers what it was asked for."""

    def __init__(self, inner: StaticResolver) -> None:
        self.inner, self.addresses = inner, list[str]()

    def fetch(self, url: str, **options: Any) -> Fetched:
        self.addresses.append(url)
        return self.inner.fetch(url, **options)
