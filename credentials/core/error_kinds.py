"""One family of errors. Core functions raise; only the boundary turns an error into a report, a page or an exit code.

A *kind* says how the boundary should treat an error and has no code of its own. A *concrete* error states a stable
`code` (kebab-case, promised to users), a short `title` and an `advice`: what the reader can do about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REGISTRY: dict[str, type[CredentialError]] = {}


class CredentialError(Exception):
    """The root. `detail` says what is wrong, `where` is a JSON pointer, a header name, a column … or empty."""

    code: ClassVar[str] = ""
    title: ClassVar[str] = ""
    advice: ClassVar[str] = ""

    def __init__(self, detail: str = "", *, where: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.where = where

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in cls.__dict__:
            _register(cls)

    def __str__(self) -> str:
        sentence = self.detail or self.title or type(self).__name__
        return f"{sentence} ({self.where})" if self.where else sentence


def _register(cls: type[CredentialError]) -> None:
    """Refuse a code that is taken or badly formed, and a concrete error that cannot explain itself."""
    if not _CODE.fullmatch(cls.code):
        raise TypeError(f"{cls.__name__}: {cls.code!r} is not a kebab-case code")
    if cls.code in _REGISTRY:
        raise TypeError(f"{cls.__name__}: the code {cls.code!r} belongs to {_REGISTRY[cls.code].__name__}")
    if not (cls.title and cls.advice):
        raise TypeError(f"{cls.__name__} states a code and so needs a title and an advice")
    _REGISTRY[cls.code] = cls


def registry() -> Mapping[str, type[CredentialError]]:
    """Every concrete error class imported so far, by code; a read-only view."""
    return MappingProxyType(_REGISTRY)


# Kinds ---------------------------------------------------------------------------------------------------------------


class Unreadable(CredentialError):
    """The bytes do not have the form they should have."""


class DataModelInvalid(Unreadable):
    """Well-formed JSON that is not a credential of the data model it claims."""


class NotAccepted(CredentialError):
    """Well formed, but refused by policy: an algorithm, a weak key, a header member, a claim."""


class SignatureInvalid(CredentialError):
    """The signature does not fit what was signed and the key."""


class KeyUnavailable(CredentialError):
    """The key that should verify the signature cannot be had, or may not be used for it."""


class StatusUnavailable(CredentialError):
    """Whether the credential was withdrawn cannot be said. Never to be read as "not withdrawn"."""


class NotFound(CredentialError):
    """There is no such thing, or it is not the caller's to see."""


class Conflict(CredentialError):
    """The request does not fit the present state."""


class Forbidden(CredentialError):
    """The caller may not do this."""


class Unavailable(CredentialError):
    """The environment is in the way: a locked database, a full disk, a missing key, a wrong passphrase."""


class BadInput(CredentialError):
    """A draft, a row or a setting that its author has to correct."""
