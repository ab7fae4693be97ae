"""Runs the validation of one document against one schema where it can be ended: see `child`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.errors import SchemaBroken
from credentials.verifier.cache import BoundedCache
from credentials.verifier.errors import SchemaTooCostly, SchemaUnusable
from credentials.verifier.patience import seconds_left

SECONDS: Final = 2.0
"""How long one validation may take, waiting for its turn not counted."""
AT_ONCE: Final = 2
"""Validations that run at a time in this process: strangers' schemas never take more of the machine."""

_CHILD: Final = str(Path(__file__).with_name("child.py"))
_turns: Final = BoundedSemaphore(AT_ONCE)


class Verdict(msgspec.Struct, frozen=True):
    """What the child says."""

    unusable: str = ""
    problem: dict[str, str] | None = None


_KNOWN: Final[BoundedCache[bytes, Verdict]] = BoundedCache(max_entries=1024, max_weight=1 << 20)


def validate(schema: Mapping[str, Any], document: Mapping[str, Any], draft: int | None) -> None:
    """Return if `document` keeps to `schema`. `draft` is the schema's if it does not say: 201909 or 202012.

    Raises SchemaBroken, SchemaUnusable, SchemaTooCostly.
    """
    question = strict_json.dump({"schema": schema, "document": document, "draft": draft})
    key = sha256(question).digest()
    verdict = _KNOWN.get(key)
    if verdict is None:
        verdict = _ask(question)
        _KNOWN.put(key, verdict, weight=1024)
    if verdict.unusable:
        raise SchemaUnusable(verdict.unusable)
    if verdict.problem is not None:
        raise SchemaBroken(f"it breaks {verdict.problem['keyword']}", where=verdict.problem["where"] or "/")


def _ask(question: bytes) -> Verdict:
    if not _turns.acquire(timeout=seconds_left(SECONDS)):
        raise SchemaTooCostly("other schemas are being checked")
    try:
        # -I: the child takes no module from where it happens to be run.
        done = subprocess.run(  # noqa: S603 - our own script, and nothing of a stranger's on its command line
            [sys.executable, "-I", _CHILD],
            input=question,
            capture_output=True,
            timeout=max(seconds_left(SECONDS), 0.01),
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=Verdict)
    except (subprocess.SubprocessError, msgspec.MsgspecError):
        raise SchemaTooCostly("it takes too much time or memory, or breaks the validator") from None
    finally:
        _turns.release()
