"""Active contexts: the terms in force at one place of a document (JSON-LD 1.1 API sections 4.1 and 4.2).

A `Context` never changes; applying a context to it gives another. Each step is remembered, so a document of a kind that
was seen before costs one look-up for each object. Only what the bundled contexts use is here, as a test of them says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from credentials.core.errors import ContextClash, InlineContext, TooLarge, UnknownContext
from credentials.core.linked_data.bundle import FORGETTING, Container, LocalContext, TermFacts, bundled_contexts
from credentials.core.linked_data.nquads import RDF, XSD

MAX_CONTEXTS: Final = 16
"""How many contexts one @context may list."""
MAX_TYPES: Final = 16
"""How many types one object may have."""
MAX_SCOPED_TYPES: Final = 3
"""How many of them may bring terms of their own: each choice is compiled, and a document could make thousands."""

Kind = Literal["literal", "id", "vocab", "json", "type", "prefix"]
_COERCIONS: Final[Mapping[str | None, Kind]] = {None: "literal", "@id": "id", "@vocab": "vocab", "@json": "json"}


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A term in force. `kind` says what it may be written for, and for a member how its values are read.

    `scope` applies below it. `coercion` is the IRI of the datatype, if the context sets one. `predicate` and
    `datatype` are the pieces of N-Quads around a value: ` <iri> ` and `"^^<type>`, or `"`; `opening` and `ending` are
    all that stands around a text. `special`: the values do not stand each for itself. `plain`: they do, and texts are
    literals.
    """

    iri: str
    kind: Kind
    coercion: str | None = None
    container: Container | None = None
    scope: LocalContext | None = None
    protected: bool = False
    predicate: str = ""
    datatype: str = '"'
    opening: str = ""
    ending: str = '" .\n'
    special: bool = True
    plain: bool = False

    def means(self, other: Term) -> bool:
        """Whether both are one definition, protected or not (section 4.2.2, step 27)."""
        mine, others = ((t.iri, t.kind, t.coercion, t.container, t.scope) for t in (self, other))
        return mine == others


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The terms in force. `outer` is what objects further down go back to: contexts of a type hold for one object."""

    terms: Mapping[str, Term]
    keywords: bool
    vocab: str | None
    outer: Context | None = None


EMPTY: Final = Context({}, keywords=False, vocab=None)


def activate(active: Context, written: object) -> Context:
    """`active` with a document's `@context` applied: the URL of a bundled context, or a list of them.

    Raises UnknownContext, InlineContext, ContextClash.
    """
    listed = tuple(written) if isinstance(written, list) else (written,)
    try:
        return _activated(active, listed)
    except (KeyError, TypeError):
        raise _refusal(listed) from None


@lru_cache(maxsize=64)
def _activated(active: Context, urls: tuple[Any, ...]) -> Context:
    if not 1 <= len(urls) <= MAX_CONTEXTS:
        raise UnknownContext(f"not 1 to {MAX_CONTEXTS} contexts")
    for url in urls:
        active = _applied(active, bundled_contexts()[url].context)
    return active


def _refusal(listed: tuple[Any, ...]) -> UnknownContext | InlineContext:
    if any(not isinstance(url, str) for url in listed):
        return InlineContext("a @context that is not an address")
    unknown = next(url for url in listed if url not in bundled_contexts())
    return UnknownContext(f"{unknown!r:.120} is not bundled")


@lru_cache(maxsize=256)
def of_types(active: Context, names: tuple[str, ...]) -> tuple[Context, tuple[str, ...]]:
    """What is in force inside an object of these types, and its types as N-Quads; for types that are terms.

    The order of the names does not matter (section 5.1.2, step 11). Raises KeyError for what is not the name of a
    type, TypeError for what is no text, TooLarge, ContextClash.
    """
    if len(names) > MAX_TYPES:
        raise TooLarge(f"more than {MAX_TYPES} types")
    types = {name: active.terms[name] for name in names}
    if any(term.kind != "type" for term in types.values()):
        raise KeyError(names)
    scopes = [types[name].scope for name in sorted(types) if types[name].scope]
    if len(scopes) > MAX_SCOPED_TYPES:
        raise TooLarge(f"more than {MAX_SCOPED_TYPES} types with terms of their own")
    inside = active
    for scope in filter(None, scopes):
        inside = _applied(inside, scope, outer=active)
    return inside, tuple(f" <{RDF}type> <{term.iri}> .\n" for term in types.values())


@lru_cache(maxsize=256)
def within(below: Context, term: Term) -> Context:
    """What is in force inside the values of a member that has a scope (section 5.1.2, step 8).

    Such a scope may redefine protected terms.
    """
    scope = term.scope
    if scope is None:
        return below
    return EMPTY if scope is FORGETTING else _applied(below, scope, may_override=True)


def _applied(
    active: Context, local: LocalContext, *, outer: Context | None = None, may_override: bool = False
) -> Context:
    terms = dict(active.terms)
    # The files list a prefix before the terms that use it.
    for name, facts in local.terms.items():
        term = _define(facts, terms, local.protected)
        old = terms.get(name)
        if old is None or not old.protected or may_override:
            terms[name] = term
        elif not old.means(term):
            raise ContextClash(f"{name!r:.80} is protected and defined twice")
    keywords, vocab = active.keywords or local.keywords, local.vocab or active.vocab
    return Context(terms, keywords, vocab, outer or active.outer)


def _define(facts: TermFacts, terms: Mapping[str, Term], protected: bool) -> Term:
    iri = _expanded(facts.iri, terms)
    if facts.role != "member":
        return Term(iri, facts.role, scope=facts.scope, protected=protected)
    predicate = f" <{iri}> "
    kind = _COERCIONS.get(facts.type, "literal")
    coercion = _expanded(facts.type, terms) if facts.type and kind == "literal" else None
    datatype = '"' if coercion in (None, f"{XSD}string") else f'"^^<{coercion}>'
    special = kind == "json" or facts.container in ("@list", "@graph")
    return Term(
        iri,
        kind,
        coercion,
        facts.container,
        facts.scope,
        protected,
        predicate=predicate,
        datatype=datatype,
        opening=f'{predicate}"',
        ending=f"{datatype} .\n",
        special=special,
        plain=kind == "literal" and not special,
    )


def _expanded(iri: str, terms: Mapping[str, Term]) -> str:
    """Section 5.2, step 6: `xsd:date` where `xsd` is a prefix; anything else as it is."""
    prefix, _, rest = iri.partition(":")
    known = terms.get(prefix)
    return known.iri + rest if known is not None and known.kind == "prefix" else iri
