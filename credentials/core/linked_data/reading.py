"""A JSON-LD document as RDF statements (JSON-LD 1.1 API sections 5.1 and 8.1), in one walk and with nothing left out.

RDF drops what it cannot represent and forgets how a thing was written. A signature over it would cover less than what
a reader of the JSON sees, so the walk refuses: members and types that no context defines, or that are written as
IRIs or keywords; relative and malformed ids, and blank ones; null; arrays in arrays; values of a graph that are no
objects, and objects of which nothing is said; numbers that another reader rounds; `@direction`. What remains invisible
is known and harmless: the order of members and values, a single value for an array of one, an id for an object with
nothing but an id, an empty array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from credentials.core.errors import CredentialError, NotATerm, NotCovered, TooDeep, TooLarge, UnknownContext
from credentials.core.linked_data.context import EMPTY, Context, Term, activate, within
from credentials.core.linked_data.dataset import Dataset, Node
from credentials.core.linked_data.naming import catch_all, reference, types_of
from credentials.core.linked_data.nquads import RDF, escaped, needs_no_escapes
from credentials.core.linked_data.values import json_literal, scalar

MAX_CONTEXT_CHANGES: Final = 32
"""How many times a document may go from one context to another that it did not go to before."""

MAX_BLANK_NODES: Final = 10_000
"""How many objects without an id, places of lists and graphs one document may have."""
MAX_STATEMENTS: Final = 50_000
"""How many statements about objects with an id it may make."""

_KEYWORDS: Final = frozenset({"@context", "id", "type"})
_FIRST: Final = f" <{RDF}first> "
_REST: Final = f" <{RDF}rest> "
_NIL: Final = f"<{RDF}nil>"


def read(document: Mapping[str, Any], written: bytes = b"") -> Dataset:
    """The statements of `document`, which is strictly parsed JSON.

    `written`, if it is at hand, is JSON that has all of `document` in it; it only saves time.

    Raises UnknownContext, InlineContext, ContextClash, UndefinedTerm, NotATerm, UndefinedType, BadIri, NullValue,
    InexactNumber, NotCovered, TooLarge, TooDeep; `where` is the JSON pointer (RFC 6901).
    """
    reader = _Reader(as_written=bool(written) and needs_no_escapes(written))
    try:
        reader.node(document, EMPTY, None)
    except RecursionError:
        raise TooDeep("nested beyond what can be read") from None
    dataset = reader.dataset
    if not (dataset.ground or dataset.links or any(dataset.about)):
        raise NotCovered("nothing is said in it")
    if len(dataset.ground) > MAX_STATEMENTS:
        raise TooLarge(f"more than {MAX_STATEMENTS} statements")
    return dataset


class _Reader:
    """Collects the statements of one document."""

    def __init__(self, as_written: bool) -> None:
        self.dataset = Dataset()
        self._as_written = as_written
        self._changes: set[tuple[Context, Context]] = set()

    def node(self, node: Mapping[str, Any], context: Context, graph: Node | None) -> Node:
        """State all that an object says, in `graph`; its name. One long loop, for this is where the time goes."""
        dataset = self.dataset
        subject: Node
        # How statements about it start, and where they are collected.
        start: str
        said: list[str]
        name, place = "@context", -1
        value: Any = None
        values: Any
        try:
            if name in node:
                context = self._change(context, node[name])
            if not context.keywords:
                raise UnknownContext("no context says here what id and type are")
            name = "id"
            if name in node:
                subject = start = reference(node[name])
                said = dataset.ground
            else:
                subject = self._blank()
                start, said = "", dataset.about[subject]
            if graph is not None:
                start, said = "", []
            name = "type"
            if name in node:
                context, types = types_of(node[name], context)
                for statement in types:
                    said.append(start + statement)
            terms, as_written, below = context.terms, self._as_written, context.outer or context
            for name, value in node.items():
                place = -1
                term = terms.get(name)
                if term is None:
                    if name in _KEYWORDS:
                        continue
                    term = catch_all(name, context)
                # Most members are texts.
                if term.plain and type(value) is str:
                    said.append(f"{start}{term.opening}{value if as_written else escaped(value)}{term.ending}")
                    continue
                special = term.special
                values = self._special(term, value, context, graph) if special else value
                # As `_value` does it, without a call for each of them.
                for place, one in enumerate(values if type(values) is list else (values,)):  # noqa: B007 (for errors)
                    if type(one) is dict and "@value" not in one:
                        stated = self.node(one, below if term.scope is None else within(below, term), graph)
                    else:
                        stated = one if special else scalar(one, term, context)
                    if type(stated) is str:
                        said.append(f"{start}{term.predicate}{stated} .\n")
                    else:
                        dataset.links.append((subject, term.predicate, stated, graph))
        except CredentialError as err:
            if place >= 0 and type(value) is list:
                err = _inside(str(place), err)
            raise _inside(name, err) from None
        if graph is not None:
            dataset.links.extend([(subject, statement, None, graph) for statement in said])
        return subject

    def _blank(self) -> int:
        about = self.dataset.about
        if len(about) == MAX_BLANK_NODES:
            raise TooLarge(f"more than {MAX_BLANK_NODES} objects without an id")
        about.append([])
        return len(about) - 1

    def _change(self, context: Context, written: object) -> Context:
        changed = activate(context, written)
        self._changes.add((context, changed))
        if len(self._changes) > MAX_CONTEXT_CHANGES:
            raise TooLarge("too many different contexts")
        return changed

    def _special(self, term: Term, value: Any, context: Context, graph: Node | None) -> list[Node]:
        """What values state that do not each stand for themselves: JSON, the items of a list, graphs."""
        if term.kind == "json":
            return [json_literal(value)]
        if term.kind in ("type", "prefix"):
            raise NotATerm("not the name of a member")
        read = self._graph if term.container == "@graph" else self._value
        values: list[Node] = []
        try:
            for item in value if type(value) is list else (value,):
                values.append(read(term, item, context, graph))  # noqa: PERF401 (their number is where it stopped)
        except CredentialError as err:
            raise (_inside(str(len(values)), err) if type(value) is list else err) from None
        return values if term.container != "@list" else [self._list(values, graph)]

    def _value(self, term: Term, value: Any, context: Context, graph: Node | None) -> Node:
        """What one value states: a literal or IRI as N-Quads, a blank node by its number."""
        if type(value) is not dict or "@value" in value:
            return scalar(value, term, context)
        below = context.outer or context
        return self.node(value, below if term.scope is None else within(below, term), graph)

    def _graph(self, term: Term, value: Any, context: Context, graph: Node | None) -> Node:
        """The name of a graph of its own, such as that of a proof or of a credential in a presentation."""
        del graph
        name = self._blank()
        before = len(self.dataset.links)
        if type(value) is dict:
            self.node(value, within(context.outer or context, term), name)
        # RDF has no place for an object in a graph in which nothing is said of it.
        if len(self.dataset.links) == before:
            raise NotCovered("nothing is said in it")
        return name

    def _list(self, values: Sequence[Node], graph: Node | None) -> Node:
        """The first cell of a list, whose order is covered."""
        rest: Node = _NIL
        for value in reversed(values):
            cell = self._blank()
            self.dataset.links.extend([(cell, _FIRST, value, graph), (cell, _REST, rest, graph)])
            rest = cell
        return rest


def _inside(name: str, err: CredentialError) -> CredentialError:
    """The same error, found inside this member."""
    err.where = f"/{name[:80].replace('~', '~0').replace('/', '~1')}{err.where}"
    return err
