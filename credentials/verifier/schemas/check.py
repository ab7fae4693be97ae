"""The check of a credential against the schemas it names (VC Data Model 2.0 section 4.11; VC JSON Schema section 2.1).

A schema is fetched as keys are, under the same limits. One whose kind is not known, that cannot be had or cannot be
used says nothing, and neither does this check then; a credential that breaks a schema of its own choice is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.errors import CredentialError, MalformedSchemaReference, RelatedResourceDiffers, SchemaBroken
from credentials.core.related_resources import digests_of, fits, stated_resources
from credentials.verifier.checks import Finding, Outcome
from credentials.verifier.errors import SchemaUnsupported, SchemaUnusable
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.schemas.validation import validate

MAX_SCHEMAS: Final = 4
MAX_SCHEMA_BYTES: Final = 256 * 1024
MEDIA_TYPES: Final = "application/schema+json, application/json"
DRAFTS: Final[Mapping[str, int]] = {"JsonSchema": 202012, "1EdTechJsonSchemaValidator2019": 201909}
"""The kinds of reference we follow, and the draft of a schema that does not name its own."""


class SchemaReference(msgspec.Struct, frozen=True):
    """One entry of `credentialSchema`."""

    id: str
    type: str


def credential_schema(document: Mapping[str, Any], resolver: Resolver) -> Finding | None:
    """Whether `document` keeps to every schema that it names; None when it names none.

    Raises MalformedSchemaReference, SchemaBroken, and RelatedResourceDiffers for a schema that is not the one whose
    digest stands beside its address.
    """
    if "credentialSchema" not in document:
        return None
    trouble: CredentialError | None = None
    for entry in _entries(document["credentialSchema"]):
        try:
            _check(entry, document, resolver)
        except (MalformedSchemaReference, RelatedResourceDiffers, SchemaBroken):
            raise
        except CredentialError as err:
            trouble = trouble or err
    if trouble is None:
        return Finding(Outcome.PASSED)
    return Finding(Outcome.NOT_CHECKED, str(trouble), trouble.code)


def _entries(value: object) -> list[Mapping[str, Any]]:
    entries: list[Any] = value if isinstance(value, list) else [value]
    if not 1 <= len(entries) <= MAX_SCHEMAS:
        raise MalformedSchemaReference(f"not 1 to {MAX_SCHEMAS} schemas", where="/credentialSchema")
    if not all(isinstance(entry, dict) for entry in entries):
        raise MalformedSchemaReference("not an object", where="/credentialSchema")
    return entries


def _check(entry: Mapping[str, Any], document: Mapping[str, Any], resolver: Resolver) -> None:
    try:
        reference = msgspec.convert(entry, SchemaReference)
    except msgspec.ValidationError as err:
        raise MalformedSchemaReference(str(err), where="/credentialSchema") from None
    if reference.type not in DRAFTS:
        raise SchemaUnsupported(f"a schema of type {reference.type[:60]!r}", where="/credentialSchema")
    body = resolver.fetch(reference.id, accept=MEDIA_TYPES, max_bytes=MAX_SCHEMA_BYTES).body
    for stated in stated_resources(entry):
        fits(stated, digests_of({stated.id: body}))
    validate(_schema(body, reference.id), document, DRAFTS[reference.type])


def _schema(body: bytes, address: str) -> dict[str, Any]:
    try:
        return strict_json.parse_object(body, max_bytes=MAX_SCHEMA_BYTES, max_depth=64)
    except CredentialError as err:
        raise SchemaUnusable(str(err), where=address[:200]) from None
