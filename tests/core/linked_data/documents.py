"""Makes JSON-LD documents out of the bundled contexts: each of their terms in turn, and any number of chance ones.

What may stand where is taken from the compiled contexts; what it means is for the implementations that are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

from credentials.core.errors import ContextClash
from credentials.core.linked_data.context import EMPTY, Context, Term, activate, of_types, within

W3C: Final = "https://www.w3.org/"
V1: Final = f"{W3C}2018/credentials/v1"
V2: Final = f"{W3C}ns/credentials/v2"
EXAMPLES: Final = f"{W3C}ns/credentials/examples/v2"
INTEGRITY_V1: Final = "https://w3id.org/security/data-integrity/v1"
INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/"
BADGES_3_0: Final = f"{BADGES}context.json"
BADGES_3_0_1: Final = f"{BADGES}context-3.0.1.json"
BADGES_3_0_2: Final = f"{BADGES}context-3.0.2.json"
BADGES_3_0_3: Final = f"{BADGES}context-3.0.3.json"
EXTENSIONS: Final = f"{BADGES}extensions.json"

# Every bundled context, in company that it is found in.
CONTEXT_LISTS: Final = (
    [V2, BADGES_3_0_3],
    [V2, BADGES_3_0_2, EXTENSIONS],
    [V2, BADGES_3_0_3, EXTENSIONS, INTEGRITY_V2],
    [V2, EXAMPLES],
    [V2, INTEGRITY_V2, BADGES_3_0_3, EXAMPLES],
    [V1, BADGES_3_0, ED25519_2020],
    [V1, BADGES_3_0_1, INTEGRITY_V1],
    [V1, BADGES_3_0_2, EXTENSIONS],
    [V1, ED25519_2020, EXAMPLES],
    V2,
    V1,
)

TEXTS: Final = (
    "",
    "plain",
    'a "quoted" back\\slash',
    "tab\tfeed\nreturn\rback\bform\f",
    "\x00\x01\x1f\x7f",
    "Zoë Økland, 北京, \U0001f393",
    "\xa0no-break\u200bzero\u2028line\ufeff",
    " <urn:x> . # <>",
    "_:c14n0",
    "@id",
)
IRIS: Final = (
    "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "did:web:acme.example%3A8443:x#key-1",
    "https://acme.example/a/b?c=d&e=f#g",
    "https://user@acme.example:8443/~x;p=1,2/(y)'!*$",
    "http://exämple.example/ünï?q=ö",
    "mailto:zoe@mail.example",
    "data:image/png;base64,iVBORw0KGgo+/=",
    "https://acme.example/%7Ezoe/%c3%a9",
    "urn:example:\U0001f393",
    "tag:acme.example,2026:x",
)
LANGUAGES: Final = ("en", "nb-NO", "zh-Hant-TW", "EN-us", "de-1996", "sl-rozaj-biske", "x-whatever")
NUMBERS: Final = (0, 1, -7, 2**53 - 1, 1 - 2**53, 3.0, 0.5, -2.25, 1e-6, 0.0000123, 123.456, 123456789.125)
JSON_VALUES: Final[tuple[Any, ...]] = (
    {"b": [1, 2.5, None, True], "a": {"ü": "\u2028"}, "": []},
    ["x", {"y": 1e21}],
    "text",
    3,
    False,
    {},
)


class Writer:
    """Makes documents; the same ones for the same seed.

    `for_oxigraph`: without what pyoxigraph 0.5 gets wrong. It forgets the terms of all but one of several types, does
    not go back to the terms of the document below a member that has terms of its own, and takes look-alike graphs in
    graphs in another order than RDFC-1.0.
    """

    def __init__(self, seed: int, *, for_oxigraph: bool = False) -> None:
        self.random = Random(seed)  # noqa: S311
        self.serial = 0
        self.for_oxigraph = for_oxigraph

    def document(self, contexts: Any = None) -> dict[str, Any]:
        """A document of chance members under `contexts`, or under any of the lists."""
        contexts = contexts or self.random.choice(CONTEXT_LISTS)
        first = contexts if isinstance(contexts, str) else contexts[0]
        node = self.node(activate(EMPTY, contexts), depth=3, types=self.kind_of_root())
        return {"@context": contexts, **node} if first else node

    def kind_of_root(self) -> tuple[str, ...]:
        """A credential, most often."""
        return ("VerifiablePresentation",) if self.random.random() < 0.15 else ("VerifiableCredential",)

    def node(self, context: Context, depth: int, types: tuple[str, ...] | None = None) -> dict[str, Any]:
        """An object with a few of the members it may have."""
        types = self.types(context) if types is None else types
        inside = of_types(context, types)[0]
        members = [name for name, term in inside.terms.items() if term.kind not in ("type", "prefix")]
        if not depth:
            members = [name for name in members if not needs_an_object(inside.terms[name])]
        chosen = self.random.sample(members, k=min(len(members), self.random.randint(1, 6)))
        node: dict[str, Any] = {}
        if self.random.random() < 0.5:
            node["id"] = self.iri()
        if types:
            node["type"] = types[0] if len(types) == 1 and self.random.random() < 0.5 else list(types)
        for name in chosen:
            node[name] = self.value(inside.terms[name], inside, depth)
        if context.vocab and self.random.random() < 0.5:
            node[f"own-{self.random.randint(0, 9)}"] = self.text()
        return node

    def types(self, context: Context) -> tuple[str, ...]:
        """None, one or two types that may stand together."""
        known = [name for name, term in context.terms.items() if term.kind == "type"]
        types = tuple(self.random.sample(known, k=min(len(known), self.random.choice((0, 1, 1, 1, 2)))))
        try:
            of_types(context, types)
        except ContextClash:
            return ()
        scoped = [name for name in types if context.terms[name].scope]
        return types[:1] if self.for_oxigraph and len(scoped) > 1 else types

    def value(self, term: Term, context: Context, depth: int) -> Any:
        """One value or several."""
        if term.kind == "json":
            return self.random.choice(JSON_VALUES)
        if self.random.random() < 0.3:
            return [self.one(term, context, depth) for _ in range(self.random.randint(1, 3))]
        return self.one(term, context, depth)

    def one(self, term: Term, context: Context, depth: int) -> Any:
        """A value of the kind that the term wants, or an object."""
        if term.container == "@graph":
            return self.graph(term, context, depth)
        if self.for_oxigraph and term.scope is not None and term.kind != "vocab":
            return self.leaf(term, context)
        if self.for_oxigraph and term.kind == "vocab":
            depth = 0
        if needs_an_object(term) or (depth and self.random.random() < 0.35):
            return self.node(within(context.outer or context, term), max(depth - 1, 0))
        if term.kind == "id":
            return self.iri()
        if term.kind == "vocab":
            return self.random.choice([name for name, t in within(context, term).terms.items() if t.kind != "prefix"])
        return self.literal(term)

    def leaf(self, term: Term, context: Context) -> dict[str, Any]:
        """An object with the terms that only its member brings, and nothing below it."""
        inside = within(context.outer or context, term)
        own = {name: inside.terms[name] for name in (term.scope.terms if term.scope else ())}
        members = {name: one for name, one in own.items() if one.kind not in ("type", "prefix")}
        return {"id": self.iri(), **{name: self.value(one, inside, 0) for name, one in members.items()}}

    def graph(self, term: Term, context: Context, depth: int) -> dict[str, Any]:
        """An object of which something is said, with a context of its own where nothing is left of the outer one."""
        below = within(context.outer or context, term)
        name = {"id": f"urn:graph:{self.random.random()}"} if self.for_oxigraph else {}
        if below.keywords:
            kind = self.random.choice([one for one, t in below.terms.items() if t.kind == "type"])
            return self.node(below, max(depth - 1, 0), (kind,)) | {"type": kind} | name
        contexts = self.random.choice([one for one in CONTEXT_LISTS if one[0] == V2])
        inner = self.node(activate(below, contexts), max(depth - 1, 0), ("VerifiableCredential",))
        return {"@context": contexts, **inner} | name

    def literal(self, term: Term) -> Any:
        """A text, now and then in a language, or a number or boolean."""
        chance = self.random.random()
        if chance < 0.1 and term.coercion is None:
            return {"@value": self.text(), "@language": self.random.choice(LANGUAGES)}
        if chance < 0.2:
            return self.random.choice(NUMBERS)
        return self.random.random() < 0.5 if chance < 0.25 else self.text()

    def text(self) -> str:
        """One of the texts, or one that nobody else has."""
        self.serial += 1
        return self.random.choice(TEXTS) if self.random.random() < 0.5 else f"text {self.serial}"

    def iri(self) -> str:
        """One of the addresses, or one that nobody else has."""
        self.serial += 1
        return self.random.choice(IRIS) if self.random.random() < 0.3 else f"urn:example:{self.serial}"


def needs_an_object(term: Term) -> bool:
    """Whether only an object makes sense: in a graph, or below a member that has terms of its own."""
    return term.container == "@graph" or (term.scope is not None and term.kind == "literal")


def every_term(*, for_oxigraph: bool = False) -> Iterator[dict[str, Any]]:
    """For each list of contexts and each type in it, a document with all members that this type brings or allows."""
    writer = Writer(0, for_oxigraph=for_oxigraph)
    for contexts in CONTEXT_LISTS:
        base = activate(EMPTY, contexts)
        for name in [name for name, term in base.terms.items() if term.kind == "type"]:
            inside = of_types(base, (name,))[0]
            members = {member: term for member, term in inside.terms.items() if term.kind not in ("type", "prefix")}
            whole = {member: writer.value(term, inside, 1) for member, term in members.items()}
            yield {"@context": contexts, "id": writer.iri(), "type": name, **whole}


def terms_used(document: dict[str, Any], note: Callable[[str], None]) -> None:
    """Tell every member name and type of a document."""
    for name, value in document.items():
        note(name)
        for one in value if isinstance(value, list) else [value]:
            if name == "type":
                note(one)
            elif isinstance(one, dict):
                terms_used(one, note)
