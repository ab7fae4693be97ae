"""The OpenAPI 3.1 document, made from the routes themselves: their paths, callers, bodies, answers and problems."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec
from flask import Flask
from werkzeug.routing import Rule

from credentials.accounts.errors import KeyRefused, KeyWanted, ScopeMissing
from credentials.core.errors import CredentialError
from credentials.version import __version__
from credentials.web.access import Caller, Declaration, Limit, declaration_of
from credentials.web.errors import BodyTooLarge, MediaTypeRefused, TooManyRequests
from credentials.web.operations import Answer, Operation, Parameter, operation_of
from credentials.web.problems import MEDIA_TYPE, status_of

_SCHEMA_REF = "#/components/schemas/{name}"
_RULE_VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_KEY_PROBLEMS: tuple[type[CredentialError], ...] = (KeyWanted, KeyRefused, ScopeMissing)
_BODY_PROBLEMS: tuple[type[CredentialError], ...] = (BodyTooLarge, MediaTypeRefused)
Json = dict[str, Any]


class DraftFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that lint found in a draft."""

    level: Literal["error", "warning"]
    field: str
    problem: str
    advice: str
    code: str


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An error (RFC 9457). `code` is stable; `type` is the address of its page."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str
    request_id: str
    where: str | msgspec.UnsetType = msgspec.UNSET
    findings: list[DraftFinding] | msgspec.UnsetType = msgspec.UNSET


def document(app: Flask, base_url: str) -> Json:
    """The document of an application whose routes are all registered."""
    documented = list(_documented(app))
    paths: dict[str, Json] = defaultdict(dict)
    for rule, method, operation, declaration in documented:
        paths[path_template(rule)][method.lower()] = _operation(operation, declaration)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Verifiable credentials for finished micro-internships",
            "version": __version__,
            "summary": "Issue, read, withdraw and verify signed credentials.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": base_url}],
        "tags": [{"name": name} for name in sorted({operation.tag for _, _, operation, _ in documented})],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(operation for _, _, operation, _ in documented),
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key of an issuer."},
                "operator": {"type": "http", "scheme": "bearer", "description": "The operator's token."},
            },
        },
    }


def path_template(rule: Rule) -> str:
    """A route's path as OpenAPI writes it: `/c/<credential_id>` is `/c/{credential_id}`."""
    return _RULE_VARIABLE.sub(r"{\1}", rule.rule)


def _documented(app: Flask) -> Iterable[tuple[Rule, str, Operation, Declaration]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        operation, declaration = operation_of(view), declaration_of(view)
        if operation is None or declaration is None:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, operation, declaration


def _operation(operation: Operation, declaration: Declaration) -> Json:
    found: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "responses": {str(status): _answer(answer) for status, answer in operation.answers.items()}
        | _problems(operation, declaration),
    }
    if said := " ".join(filter(None, [operation.description, _scope(declaration.caller)])):
        found["description"] = said
    if operation.parameters:
        found["parameters"] = [_parameter(parameter) for parameter in operation.parameters]
    if operation.body is not None:
        media: Json = {"schema": {"$ref": _SCHEMA_REF.format(name=operation.body.__name__)}}
        if operation.example:
            media["example"] = dict(operation.example)
        found["requestBody"] = {"required": True, "content": {"application/json": media}}
    if operation.takes:
        # OpenAPI 3.1.1 section 4.14.2: bytes as they are have no schema.
        found["requestBody"] = {"required": True, "content": {kind: {} for kind in operation.takes}}
    found["security"] = _security(declaration.caller)
    return found


def _scope(caller: Caller) -> str:
    """Which scope a key needs, in words: a bearer scheme has no place for it."""
    return f"Wants an API key with the scope `{caller.scope}`." if caller.kind == "api-key" else ""


def _security(caller: Caller) -> list[Json]:
    match caller.kind:
        case "api-key":
            return [{"apiKey": []}]
        case "operator":
            return [{"operator": []}, {}]
        case _:
            return []


def _answer(answer: Answer) -> Json:
    if not answer.media_type:
        return {"description": answer.description}
    schema: Json = {"type": "string"}
    if answer.model is not None:
        schema = {"$ref": _SCHEMA_REF.format(name=answer.model.__name__)}
    elif answer.media_type.endswith("json"):
        schema = {"type": "object"}
    return {"description": answer.description, "content": {answer.media_type: {"schema": schema}}}


def _problems(operation: Operation, declaration: Declaration) -> Json:
    kinds = list(operation.problems)
    if operation.body is not None or operation.takes:
        kinds += _BODY_PROBLEMS
    if declaration.caller.kind == "api-key":
        kinds += _KEY_PROBLEMS
    if declaration.limit is not Limit.NONE:
        kinds.append(TooManyRequests)
    by_status: dict[int, list[type[CredentialError]]] = defaultdict(list)
    for kind in kinds:
        by_status[status_of(kind)].append(kind)
    found = {str(status): _problem(named) for status, named in sorted(by_status.items())}
    return found | {"default": _problem([])}


def _problem(kinds: Iterable[type[CredentialError]]) -> Json:
    described = "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds)
    schema = {"$ref": _SCHEMA_REF.format(name=ProblemDetails.__name__)}
    return {"description": described or "Any other problem.", "content": {MEDIA_TYPE: {"schema": schema}}}


def _parameter(parameter: Parameter) -> Json:
    schema = {"type": "string"} | ({"pattern": parameter.pattern} if parameter.pattern else {})
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": schema,
    }


def _schemas(operations: Iterable[Operation]) -> Mapping[str, Any]:
    models: list[type[msgspec.Struct]] = [ProblemDetails]
    for operation in operations:
        models += [operation.body] if operation.body is not None else []
        models += [answer.model for answer in operation.answers.values() if answer.model is not None]
    unique = list(dict.fromkeys(models))
    _, schemas = msgspec.json.schema_components(unique, ref_template=_SCHEMA_REF)
    return dict(sorted(schemas.items()))
