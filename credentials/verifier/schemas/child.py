"""Validates one document against one schema, in a process of its own; run as a script, and needs nothing of ours.

A schema is a program that a stranger wrote: it can ask for work that grows with the square of the document or worse,
and no option of the library ends it. So it runs where it can be ended, with little processor time and memory.

One JSON object comes on standard input: `schema`, `document`, `draft` (201909, 202012 or null). One goes to standard
output: `unusable` (why the schema cannot be used), or `problem`: null, or where the document breaks it and by which
keyword.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any, Final

import jsonschema_rs

CPU_SECONDS: Final = 1
MEMORY_BYTES: Final = 512 * 1024 * 1024
PATIENCE: Final = 10
"""Steps of priority below the process that asks, which may have to share its processor with this one."""
SHOWN_STEPS: Final = 8
META_SCHEMAS: Final = {
    201909: "https://json-schema.org/draft/2019-09/schema",
    202012: "https://json-schema.org/draft/2020-12/schema",
}


def answer(schema: dict[str, Any], document: dict[str, Any], draft: int | None) -> dict[str, Any]:
    """`unusable` or `problem`, as the module says. A schema names its own draft; `draft` is for one that does not.

    Regular expressions run in linear time, so those with look-around or back references make a schema unusable;
    a reference to another document is not followed and makes it unusable too.
    """
    try:
        validator = jsonschema_rs.validator_for(
            schema if "$schema" in schema or draft is None else schema | {"$schema": META_SCHEMAS[draft]},
            pattern_options=jsonschema_rs.RegexOptions(),
            offline=True,
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        return {"unusable": getattr(error, "message", str(error))[:200]}
    first = next(validator.iter_errors(document), None)
    return {"problem": None if first is None else _told(first)}


def _told(error: jsonschema_rs.ValidationError) -> dict[str, str]:
    """Where and by which keyword; never the value, which may be anybody's."""
    steps = "".join(f"/{step}" for step in error.instance_path[:SHOWN_STEPS])
    return {"where": steps[:200], "keyword": error.kind.name}


def main() -> None:
    """Read, judge, answer; the operating system ends this process if that takes too much."""
    os.nice(PATIENCE)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    given = json.load(sys.stdin.buffer)
    json.dump(answer(given["schema"], given["document"], given["draft"]), sys.stdout)


if __name__ == "__main__":
    main()
