"""What a route of the API says of itself for people who write programs; `/openapi.json` is made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from credentials.core.errors import CredentialError

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "__operation__"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `model` is the struct of its JSON; None: text or bytes of that media type,
    or nothing at all where that is empty.
    """

    description: str
    model: type[msgspec.Struct] | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter in the path or the headers; `pattern` is a regular expression."""

    name: str
    description: str
    place: str = "path"
    pattern: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """A route's documentation. `problems` are the errors it answers with beyond those every route may have.

    `takes` are the media types of a body that is a file.
    """

    id: str
    summary: str
    tag: str
    answers: Mapping[int, Answer]
    body: type[msgspec.Struct] | None = None
    takes: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[type[CredentialError], ...] = ()
    description: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)


def documented(operation: Operation) -> Callable[[View], View]:
    """Attach its documentation to a view."""

    def attach(view: View) -> View:
        setattr(view, ATTRIBUTE, operation)
        return view

    return attach


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """The documentation of a view, or None."""
    found = getattr(view, ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None
