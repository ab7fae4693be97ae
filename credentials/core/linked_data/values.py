"""The values of members as N-Quads writes them (JSON-LD 1.1 API sections 5.3.2 and 8.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credentials.core.canonical_json import canonicalise
from credentials.core.errors import BadIri, NotCovered, NullValue, UndefinedTerm
from credentials.core.linked_data.context import Context, Term, within
from credentials.core.linked_data.naming import other_name, reference
from credentials.core.linked_data.nquads import RDF, XSD, escaped, language_tag, number


def scalar(value: Any, term: Term, context: Context) -> str:
    """A text, also one with its language, a number or boolean as a literal, or as an IRI where `term` wants one.

    Raises BadIri, NullValue, InexactNumber, UndefinedTerm, and NotCovered for an array in an array.
    """
    if type(value) is str:
        if term.kind == "id":
            return reference(value)
        return _named(value, term, context) if term.kind == "vocab" else f'"{escaped(value)}{term.datatype}'
    if type(value) is dict:
        return _in_a_language(value, term)
    if value is None:
        raise NullValue("null says nothing")
    if type(value) is list:
        raise NotCovered("an array in an array is read as one array")
    if term.kind in ("id", "vocab"):
        raise BadIri(f"{value!r:.80} is not an absolute IRI")
    if not isinstance(value, int | float):
        raise NotCovered("not a value of JSON")
    lexical, datatype = (str(value).lower(), f"{XSD}boolean") if type(value) is bool else number(value)
    return f'"{lexical}{term.datatype}' if term.coercion else f'"{lexical}"^^<{datatype}>'


def json_literal(value: Any) -> str:
    """JSON as one literal (section 8.6). Raises NullValue and the errors of `canonical_json`."""
    if value is None:
        raise NullValue("null says nothing")
    return f'"{escaped(canonicalise(value).decode())}"^^<{RDF}JSON>'


def _in_a_language(value: Mapping[str, Any], term: Term) -> str:
    """`{"@value", "@language"}` as a literal (VC Data Model 2.0 section 11.1). Raises NotCovered for any other form.

    A bare `@value`, an `@type` or an `@direction` would be no other statement than the plain value.
    """
    if value.keys() != {"@value", "@language"} or type(value["@value"]) is not str:
        raise NotCovered("only a text with @value and @language is told from a plain one")
    if term.kind != "literal" or term.coercion:
        raise NotCovered("a text in a language where the context wants another kind of value")
    return f'"{escaped(value["@value"])}"{language_tag(value["@language"])}'


def _named(value: str, term: Term, context: Context) -> str:
    """The IRI of a name, such as the purpose of a proof (section 5.2 with `vocab`)."""
    inside = context if term.scope is None else within(context, term)
    known = inside.terms.get(value)
    if known is None:
        return other_name(value, inside, UndefinedTerm)
    if known.kind == "prefix":
        raise UndefinedTerm("a prefix is not the name of a term")
    return f"<{known.iri}>"
