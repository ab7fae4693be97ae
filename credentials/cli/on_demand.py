"""Imports that wait until something is asked for: a command pays only for what it uses."""

from importlib import import_module
from typing import Any


def imported(target: str) -> Any:
    """What `module:attribute` names, imported now if it was not before."""
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
