"""Check 16, credential-schema: from really signed credentials and what stands at their schemas' addresses."""

import hashlib
import json
from base64 import b64encode
from typing import Any

import pytest

from credentials.verifier.checks import Check, Outcome
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.verifier.world import World

ADDRESS = "https://schemas.example/internship.json"
SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["evidence"]}
NEVER = {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["no such member"]}


@pytest.fixture
def world() -> World:
    world = World()
    world.published[ADDRESS] = json.dumps(SCHEMA).encode()
    return world


def report(world: World, reference: Any) -> Report:
    return world.verify(world.sign_document({**world.document(), "credentialSchema": reference}))


def checked(world: World, reference: Any) -> Check:
    return report(world, reference).check("credential-schema")


def reference(**changes: Any) -> dict[str, Any]:
    return {"id": ADDRESS, "type": "JsonSchema", **changes}


@pytest.mark.parametrize("kind", ["JsonSchema", "1EdTechJsonSchemaValidator2019"])
def test_a_credential_that_keeps_to_its_schema_is_genuine(world: World, kind: str) -> None:
    told = report(world, reference(type=kind))
    assert (told.check("credential-schema").outcome, told.state) == (Outcome.PASSED, State.GENUINE)


def test_without_a_schema_the_check_does_not_apply(world: World) -> None:
    check = world.verify(world.token()).check("credential-schema")
    assert (check.number, check.outcome) == (16, Outcome.NOT_APPLICABLE)


def test_a_credential_that_breaks_its_schema_is_refused_and_nothing_of_it_shown(world: World) -> None:
    world.published[ADDRESS] = json.dumps(NEVER).encode()
    told = report(world, reference())
    assert told.check("credential-schema").code == "credential-schema-broken"
    assert (told.state, told.credential, told.issuer) == (State.UNREADABLE, None, None)


def test_each_of_several_schemas_counts(world: World) -> None:
    other = "https://schemas.example/other.json"
    world.published[other] = json.dumps(NEVER).encode()
    assert checked(world, [reference(), reference(id=other)]).code == "credential-schema-broken"
    assert checked(world, [reference(type="Unheard"), reference(id=other)]).code == "credential-schema-broken"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (reference(id="https://schemas.example/gone.json"), "not-found-there"),
        (reference(type="JsonSchemaCredential"), "credential-schema-unsupported"),
        (reference(type="Unheard"), "credential-schema-unsupported"),
        (reference(id="https://schemas.example/list"), "credential-schema-unusable"),
        (reference(id="https://schemas.example/html"), "credential-schema-unusable"),
        (reference(id="https://schemas.example/remote"), "credential-schema-unusable"),
    ],
)
def test_what_cannot_be_checked_is_said_and_takes_no_green_away(world: World, given: Any, code: str) -> None:
    world.published["https://schemas.example/list"] = b"[]"
    world.published["https://schemas.example/html"] = b"<html></html>"
    world.published["https://schemas.example/remote"] = b'{"$ref": "https://elsewhere.example/"}'
    told = report(world, given)
    check = told.check("credential-schema")
    assert (check.outcome, check.code, told.state) == (Outcome.NOT_CHECKED, code, State.GENUINE)


def test_a_schema_that_is_too_large_is_not_read(world: World) -> None:
    world.published[ADDRESS] = json.dumps(SCHEMA | {"description": "x" * 300_000}).encode()
    assert checked(world, reference()).code == "answer-too-large"


@pytest.mark.parametrize(
    "given",
    [
        None,
        7,
        "JsonSchema",
        [],
        [7],
        {},
        {"id": ADDRESS},
        {"type": "JsonSchema"},
        {"id": 7, "type": "JsonSchema"},
        {"id": ADDRESS, "type": ["JsonSchema"]},
        [reference()] * 5,
    ],
    ids=str,
)
def test_a_schema_that_is_not_named_properly_is_refused(world: World, given: Any) -> None:
    told = report(world, given)
    assert told.check("credential-schema").code == "malformed-credential-schema"
    assert told.state is State.UNREADABLE


def test_a_digest_beside_the_address_is_of_the_schema(world: World) -> None:
    digest = b64encode(hashlib.sha384(world.published[ADDRESS]).digest()).decode()
    assert checked(world, reference(digestSRI=f"sha384-{digest}")).outcome is Outcome.PASSED
    world.published[ADDRESS] += b" "
    assert checked(world, reference(digestSRI=f"sha384-{digest}")).code == "related-resource-differs"
