"""A world whose issuer's key was stolen, and timestamps of what was signed with it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

from credentials.core.securing import recognise
from credentials.verifier.checks import Outcome
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.timestamp_authority import TimestampAuthority
from tests.verifier.world import CREDENTIAL_ID, DAY, ISSUED, NOW, Ed25519Key, World, confirming

STOLEN = NOW - 3 * DAY
STAMPS = f"{CREDENTIAL_ID}/stamps"
FORMS_MADE = ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")
HONEST = TimestampAuthority(at=ISSUED + timedelta(minutes=1))


def robbed(world: World | None = None) -> World:
    """A world whose issuer signed with k1, which was stolen three days ago, and signs with k2 since."""
    world = world or World(policy=replace(confirming("did:web:acme.example"), timestamp_roots=HONEST.roots))
    world.issuer.keys["k2"] = Ed25519Key(2)
    world.issuer.revoked["k1"] = STOLEN
    world.publish_document()
    world.publish_list("revocation", name="k2")
    world.publish_list("suspension", name="k2")
    return world


def stamped_bytes(world: World, secured: bytes) -> bytes:
    form = recognise(secured)
    return form.stamped(form.read(secured).proofs[0], world.issuer.keys["k1"].public)


def published(*tokens: bytes) -> bytes:
    entries = [{"form": "vc+jwt", "token": base64.b64encode(token).decode()} for token in tokens]
    return json.dumps({"stamps": entries}).encode()


def stamp(world: World, secured: bytes, authority: TimestampAuthority = HONEST) -> bytes:
    return authority.token(stamped_bytes(world, secured))


def refused(report: Report, code: str) -> None:
    """It is as false as it was before there were timestamps, and the report says why its timestamp does not help."""
    check = report.check("earlier-than-compromise")
    assert (report.state, report.verified) == (State.NOT_THEIR_KEY, None)
    assert report.check("key-authorised").code == "key-reported-stolen"
    assert (check.outcome, check.code) == (Outcome.FAILED, code)
    assert "reported stolen on 29 May 2026" in report.words
