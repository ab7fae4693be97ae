"""Writes the reference pages from the code when the documentation is built.

A page holds a line `<!-- generated: NAME -->`; it is replaced with what the generator of that name returns, so a page
can introduce in its own words what only the code can state truly.
"""

import inspect
import pkgutil
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

import credentials
from credentials.cli import failures
from credentials.cli.main import cli
from credentials.core.errors import registry
from credentials.verifier.checks import Ledger
from credentials.verifier.states import Facts, State, words
from credentials.web.app import create_app
from credentials.web.composition import open_service
from credentials.web.openapi import document
from credentials.web.settings import Settings, load_settings

MARK = re.compile(r"^<!-- generated: ([a-z-]+) -->$", re.MULTILINE)
Json = Mapping[str, Any]


def on_page_markdown(markdown: str, **_: Any) -> str:
    """MkDocs calls this for each page before it is rendered."""
    return MARK.sub(lambda match: GENERATORS[match.group(1)](), markdown)


def settings() -> str:
    """Each setting: its variable, its form, its default, what it does."""
    return "\n".join(
        f"## `{name}` {{ #{name} }}\n\n{field.description}\n\n"
        f"- Variable: `CREDENTIALS_{name.upper()}`\n- Default: {_default(field.default)}\n"
        for name, field in Settings.model_fields.items()
    )


def _default(value: object) -> str:
    if value is None or value in ((), ""):
        return "none"
    return f"`{value}`"


def errors() -> str:
    """Each error by its code: what it means and what to do."""
    for module in pkgutil.walk_packages(credentials.__path__, "credentials."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            import_module(module.name)
    return "\n".join(
        f"## `{code}` {{ #{code} }}\n\n**{kind.title}.** {_first_paragraph(kind)}\n\nWhat to do: {kind.advice}\n"
        for code, kind in sorted(registry().items())
    )


def command_line_errors() -> str:
    """The codes that only the command line uses, for what the operating system says."""
    advices = {code: advice for _, code, advice in failures.BY_ERRNO.values()}
    rows = [f"| `{code}` | {advice} |" for code, advice in sorted(advices.items()) if code not in registry()]
    return "\n".join(["| code | what to do |", "|---|---|", *rows])


def _first_paragraph(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def checks() -> str:
    """The ordered list of checks with the sections they come from."""
    rows = [f"| {check.number} | `{check.id}` | {check.spec} |" for check in Ledger().checks()]
    return "\n".join(["| | check | where the rule stands |", "|---|---|---|", *rows])


def states() -> str:
    """The states in the order in which they are tried, with the words for when no date or name is known."""
    rows = [f"| `{state}` | {state.verdict} | {words(state, Facts())} |" for state in State]
    return "\n".join(["| state | verdict | words |", "|---|---|---|", *rows])


def command_line() -> str:
    """Every command with its help text."""
    return "\n".join(_commands(cli, click.Context(cli, info_name="credentials")))


def _commands(command: click.Command, context: click.Context) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
        return
    for name in sorted(command.list_commands(context)):
        child = command.get_command(context, name)
        if child is not None:
            yield from _commands(child, click.Context(child, info_name=name, parent=context))


def http_api() -> str:
    """Each operation of the OpenAPI document."""
    described = _openapi()
    schemas = described["components"]["schemas"]
    return "\n".join(
        _operation(f"{method.upper()} {path}", operation, schemas)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )


def _openapi() -> Json:
    """The document of a service in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        service = open_service(load_settings(data_dir=Path(folder), base_url="https://credentials.example"))
        try:
            return document(create_app(service), "https://credentials.example")
        finally:
            service.close()


def _operation(title: str, operation: Json, schemas: Json) -> str:
    lines = [f"## `{title}`\n", operation["summary"], "", operation.get("description", ""), ""]
    if operation.get("security"):
        lines += [f"Authorisation: {_scheme(operation)}", ""]
    if operation.get("parameters"):
        lines += ["| parameter | in | |", "|---|---|---|", *map(_parameter, operation["parameters"]), ""]
    if body := operation.get("requestBody"):
        lines += _body(body["content"], schemas)
    lines += ["| answer | |", "|---|---|"]
    lines += [f"| {status} | {answer['description']} |" for status, answer in operation["responses"].items()]
    return "\n".join([*lines, ""])


def _body(content: Json, schemas: Json) -> list[str]:
    if "application/json" not in content:
        return [f"The body is a file: {', '.join(f'`{kind}`' for kind in content)}.", ""]
    reference = content["application/json"]["schema"]["$ref"]
    return ["| member of the body | type | |", "|---|---|---|", *_members(schemas[reference.split("/")[-1]]), ""]


def _members(schema: Json) -> Iterator[str]:
    for name, member in schema["properties"].items():
        must = "" if name in schema.get("required", ()) else "Optional. "
        yield f"| `{name}` | {_type(member)} | {must}{member.get('description', '')} |"


def _type(member: Json) -> str:
    """A schema in a word or two; alternatives are joined with "or"."""
    if "anyOf" in member:
        return " or ".join(_type(choice) for choice in member["anyOf"])
    if "enum" in member:
        return " or ".join(f"`{value}`" for value in member["enum"])
    if "$ref" in member:
        return str(member["$ref"].split("/")[-1])
    if member.get("type") == "array":
        return f"list of {_type(member.get('items', {}))}"
    return str(member.get("format") or member.get("type") or "any")


def _scheme(operation: Json) -> str:
    names = [name for scheme in operation["security"] for name in scheme]
    return "bearer token, " + {"apiKey": "an API key of the issuer", "operator": "the operator's"}[names[0]] + "."


def _parameter(parameter: Json) -> str:
    must = "" if parameter.get("required") else "Optional. "
    return f"| `{parameter['name']}` | {parameter['in']} | {must}{parameter.get('description', '')} |"


GENERATORS: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "errors": errors,
    "command-line-errors": command_line_errors,
    "checks": checks,
    "states": states,
    "command-line": command_line,
    "http-api": http_api,
}
