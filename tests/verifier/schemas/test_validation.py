"""Validation in a process that can be ended: real schemas, hostile ones among them."""

import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from credentials.core.errors import SchemaBroken
from credentials.verifier.errors import SchemaTooCostly, SchemaUnusable
from credentials.verifier.patience import waiting_at_most
from credentials.verifier.schemas import validation
from credentials.verifier.schemas.validation import SECONDS, validate

Json = dict[str, Any]
NAMED: Json = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 3}}}


@pytest.mark.parametrize("draft", [None, 201909, 202012])
def test_a_document_that_keeps_to_its_schema(draft: int | None) -> None:
    validate(NAMED, {"name": "Ana"}, draft)


@pytest.mark.parametrize(
    ("document", "keyword", "where"),
    [
        ({}, "required", "/"),
        ({"name": 7}, "type", "/name"),
        ({"name": "Zoë Brännström"}, "maxLength", "/name"),
    ],
)
def test_a_document_that_breaks_it_is_told_where_and_by_which_keyword(document: Json, keyword: str, where: str) -> None:
    with pytest.raises(SchemaBroken, match=keyword) as caught:
        validate(NAMED, document, None)
    assert caught.value.where == where
    assert "Brännström" not in str(caught.value)


def test_the_draft_is_the_schemas_own_if_it_says_so() -> None:
    tuple_of_2020 = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = {"properties": {"a": {"prefixItems": [{"type": "string"}]}}}
    with pytest.raises(SchemaBroken):
        validate(schema | tuple_of_2020, {"a": [1]}, 201909)
    validate(schema, {"a": [1]}, 201909)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://elsewhere.example/schema.json"},
        {"$ref": "file:///etc/passwd"},
        {"properties": {"a": {"$ref": "other.json"}}},
        {"$schema": "https://elsewhere.example/meta"},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "nonsense"},
        {"properties": 7},
        {"pattern": "(?=a)b"},
        {"pattern": "(a)\\1"},
        {"pattern": "(a{1000}){1000}"},
        {"$ref": "#/$defs/missing"},
    ],
    ids=str,
)
def test_a_schema_that_cannot_be_used(schema: Json) -> None:
    with pytest.raises(SchemaUnusable):
        validate(schema, {"a": "b"}, 202012)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        {"properties": {"a": {"$ref": "#"}}},
        {"$dynamicAnchor": "x", "allOf": [{"$dynamicRef": "#x"}]},
    ],
    ids=str,
)
def test_references_in_a_circle_come_to_an_end(schema: Json) -> None:
    validate(schema, {"a": {"a": {}}}, 202012)


def test_a_regular_expression_takes_linear_time() -> None:
    # What takes longer is ended, and another error.
    with pytest.raises(SchemaBroken):
        validate({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 50_000 + "b"}, 202012)


def doubling(levels: int) -> Json:
    """Each level is asked twice by the one above."""
    names = [f"d{level}" for level in range(levels)]
    defs: Json = {name: {"allOf": [{"$ref": f"#/$defs/{below}"}] * 2} for below, name in pairwise(names)}
    return {"$defs": {"d0": {"type": "object"}} | defs, "$ref": f"#/$defs/{names[-1]}"}


def quadratic() -> tuple[Json, Json]:
    return (
        {"properties": {"a": {"contains": {"enum": [{"x": -item} for item in range(1, 9_000)]}}}},
        {"a": [{"x": item} for item in range(9_000)]},
    )


HOSTILE: dict[str, Callable[[], tuple[Json, Json]]] = {
    "doubling": lambda: (doubling(60), {}),
    "quadratic": quadratic,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_schema_that_takes_too_long_is_ended(name: str) -> None:
    schema, document = HOSTILE[name]()
    with pytest.raises(SchemaTooCostly):
        validate(schema, document, 202012)


def deep(levels: int) -> Json:
    schema: Json = {}
    for _ in range(levels):
        schema = {"not": schema}
    return schema


def test_a_schema_that_nests_too_deeply_is_an_answer() -> None:
    with pytest.raises((SchemaUnusable, SchemaTooCostly)):
        validate(deep(900), {}, 202012)


def test_nobody_waits_longer_than_the_verification_may() -> None:
    began = time.monotonic()
    with waiting_at_most(0.2), pytest.raises(SchemaTooCostly):
        validate(doubling(61), {}, 202012)
    assert time.monotonic() - began < SECONDS


def test_whoever_finds_all_turns_taken_is_told_so() -> None:
    for _ in range(validation.AT_ONCE):
        validation._turns.acquire()
    try:
        with waiting_at_most(0.05), pytest.raises(SchemaTooCostly, match="other schemas"):
            validate(NAMED, {"name": "Bo"}, None)
    finally:
        for _ in range(validation.AT_ONCE):
            validation._turns.release()


def test_the_same_question_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    validate(NAMED, {"name": "one"}, None)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("asked again"))
    validate(NAMED, {"name": "one"}, None)
