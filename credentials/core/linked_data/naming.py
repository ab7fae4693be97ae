"""Which names a document may use. One thing has one name here, or a reader who looks for that name would miss it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from credentials.core.errors import BadIri, DataModelInvalid, NotATerm, UndefinedTerm, UndefinedType
from credentials.core.linked_data.bundle import prefixes
from credentials.core.linked_data.context import Context, Term, of_types
from credentials.core.linked_data.nquads import RDF, iri

# In each of `prefixes`, somewhere, `prefix:rest` is another IRI than it looks. We expand none, anywhere.
_SHORTENED: Final = tuple(f"<{prefix}:" for prefix in sorted(prefixes()))
# What most addresses are made of, to be told at once.
_COMMON_IRI: Final = re.compile(
    r"(?:https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/\-]*)?|(?:urn|did):[A-Za-z0-9.:\-]+)(?:#[A-Za-z0-9._~\-]*)?"
)
_PLAIN_NAME: Final = re.compile(r"[\w.-]+")


def reference(value: object) -> str:
    """`<iri>`, absolute, and nothing that some context could take for a shortened one. Raises BadIri."""
    if type(value) is str and _COMMON_IRI.fullmatch(value):
        return f"<{value}>"
    written = iri(value)
    if written.startswith(_SHORTENED):
        raise BadIri(f"{value!r:.80} may be short for another IRI")
    return written


def catch_all(name: str, context: Context) -> Term:
    """The term for a member that no context names, where one has a vocabulary for all others.

    Raises NotATerm for a keyword or an IRI, UndefinedTerm.
    """
    if name.startswith("@") or ":" in name:
        raise NotATerm(f"{name!r:.80} is not a plain name")
    written = _by_vocabulary(name, context, UndefinedTerm)
    return Term(written[1:-1], "literal", predicate=f" {written} ", opening=f' {written} "', special=False, plain=True)


def types_of(written: object, context: Context) -> tuple[Context, Sequence[str]]:
    """What is in force inside an object with this `type`, and its types as N-Quads, from the predicate on.

    Raises UndefinedType, BadIri, ContextClash, TooLarge.
    """
    names = tuple(written) if isinstance(written, list) else (written,)
    try:
        return of_types(context, names)
    except (KeyError, TypeError):
        return _with_other_types(names, context)


def other_name(name: str, context: Context, error: type[DataModelInvalid]) -> str:
    """`<iri>` for the name of a type or value that is no term: an absolute IRI, or by the vocabulary.

    Raises BadIri, and `error` for what has another name already or no meaning.
    """
    if ":" not in name:
        return _by_vocabulary(name, context, error)
    written = reference(name)
    if (context.vocab and name.startswith(context.vocab)) or any(term.iri == name for term in context.terms.values()):
        raise error(f"{name!r:.80} has a shorter name")
    return written


def _with_other_types(names: tuple[object, ...], context: Context) -> tuple[Context, Sequence[str]]:
    types = [name for name in names if isinstance(name, str)]
    if len(types) < len(names):
        raise UndefinedType("not the name of a type")
    known = tuple(name for name in types if name in context.terms)
    if any(context.terms[name].kind != "type" for name in known):
        raise UndefinedType("the name of a member is not a type")
    inside, said = of_types(context, known)
    others = [other_name(name, context, UndefinedType) for name in types if name not in known]
    return inside, (*said, *(f" <{RDF}type> {written} .\n" for written in others))


def _by_vocabulary(name: str, context: Context, error: type[DataModelInvalid]) -> str:
    if context.vocab and _PLAIN_NAME.fullmatch(name):
        return f"<{context.vocab}{name}>"
    raise error(f"{name!r:.80} is in none of the contexts")
