"""The contexts we know, as facts: which term stands for which IRI, and how its values are read (JSON-LD 1.1 section 4).

`contexts/*.json` hold them in a form of our own. `iri` and `type` may be shortened by the file's `namespaces`; a
`prefix:rest` that is not is as it was published, and means what its prefix means where the context is used. Types and
members are kept apart: nobody may write one for the other. A context that is not here does not exist for us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

Container = Literal["@set", "@list", "@graph"]
Role = Literal["type", "member", "prefix"]

NO_SCOPE: Final = "none"
"""The name of the scope that forgets every term (`@context: null`)."""

_FOLDER: Final = files(__package__) / "contexts"


@dataclass(frozen=True, slots=True)
class TermFacts:
    """What a context says of one term. `type` is `@id`, `@vocab`, `@json` or an IRI; `scope` applies below it."""

    role: Role
    iri: str
    type: str | None = None
    container: Container | None = None
    scope: LocalContext | None = None

    def to_json_ld(self) -> Any:
        """The term definition in JSON-LD."""
        if self.role == "prefix":
            return self.iri
        facts = {"@id": self.iri, "@type": self.type, "@container": self.container}
        written: dict[str, Any] = {keyword: fact for keyword, fact in facts.items() if fact is not None}
        if self.scope is not None:
            written["@context"] = self.scope.to_json_ld()
        return written


@dataclass(frozen=True, slots=True)
class LocalContext:
    """A set of definitions as it was published. `keywords`: `id` and `type` stand for @id and @type."""

    protected: bool
    vocab: str | None
    keywords: bool
    terms: Mapping[str, TermFacts]

    def to_json_ld(self) -> dict[str, Any] | None:
        """The context in JSON-LD; None for the one that forgets every term."""
        if self is FORGETTING:
            return None
        keywords = {"id": "@id", "type": "@type"} if self.keywords else {}
        vocab = {"@vocab": self.vocab} if self.vocab else {}
        terms = {name: term.to_json_ld() for name, term in self.terms.items()}
        return {"@version": 1.1, "@protected": self.protected, **vocab, **keywords, **terms}


FORGETTING: Final = LocalContext(protected=False, vocab=None, keywords=False, terms=MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class BundledContext:
    """A context that needs no fetching.

    The digests are hexadecimal, over the exact bytes that are published under `url`; None where no source vouches for
    them. `digest_source` says who does.
    """

    url: str
    sha256: str | None
    sha384: str | None
    digest_source: str | None
    context: LocalContext


class _Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    iri: str
    type: str | None = None
    container: Container | None = None
    scope: str | None = None


class _Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    protected: bool = False
    vocab: str | None = None
    keywords: bool = False
    prefixes: dict[str, str] = {}
    types: dict[str, str | _Term] = {}
    members: dict[str, str | _Term] = {}


class _File(_Scope, frozen=True, forbid_unknown_fields=True, kw_only=True):
    url: str
    sha256: str | None = None
    sha384: str | None = None
    digest_source: str | None = None
    namespaces: dict[str, str] = {}
    scopes: dict[str, _Scope] = {}


@cache
def bundled_contexts() -> Mapping[str, BundledContext]:
    """All of them, by URL."""
    return MappingProxyType({file.url: _bundled(file) for file in _files()})


@cache
def prefixes() -> frozenset[str]:
    """Every name that some bundled context, somewhere, uses as a prefix of IRIs."""
    return frozenset(name for file in _files() for scope in (file, *file.scopes.values()) for name in scope.prefixes)


@cache
def _files() -> tuple[_File, ...]:
    read = [msgspec.json.decode(path.read_bytes(), type=_File) for path in _FOLDER.iterdir()]
    return tuple(sorted(read, key=lambda file: file.url))


def _bundled(file: _File) -> BundledContext:
    return BundledContext(file.url, file.sha256, file.sha384, file.digest_source, _local(file, file))


def _local(scope: _Scope, file: _File) -> LocalContext:
    terms = {name: TermFacts("prefix", iri) for name, iri in scope.prefixes.items()}
    terms |= dict(_terms("type", scope.types, file))
    terms |= dict(_terms("member", scope.members, file))
    return LocalContext(scope.protected, scope.vocab, scope.keywords, MappingProxyType(terms))


def _terms(role: Role, written: Mapping[str, str | _Term], file: _File) -> Iterator[tuple[str, TermFacts]]:
    for name, fact in written.items():
        term = _Term(fact) if isinstance(fact, str) else fact
        yield name, TermFacts(role, _long(term.iri, file), _type(term, file), term.container, _inner(term, file))


def _long(iri: str, file: _File) -> str:
    namespace, _, rest = iri.partition(":")
    return file.namespaces[namespace] + rest if namespace in file.namespaces else iri


def _type(term: _Term, file: _File) -> str | None:
    return None if term.type is None else _long(term.type, file)


def _inner(term: _Term, file: _File) -> LocalContext | None:
    if term.scope is None or term.scope == NO_SCOPE:
        return None if term.scope is None else FORGETTING
    return _local(file.scopes[term.scope], file)
