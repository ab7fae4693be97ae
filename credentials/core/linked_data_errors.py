"""Why a JSON-LD document has no canonical form that a signature could cover whole."""

from __future__ import annotations

from credentials.core.error_kinds import DataModelInvalid


class UnknownContext(DataModelInvalid):
    """A @context that is missing or not bundled. None is fetched: whoever serves one could change its terms."""

    code = "unknown-context"
    title = "A context we do not have"
    advice = "Ask for a credential that uses the contexts of the W3C data model and of Open Badges 3.0 only."


class ContextClash(DataModelInvalid):
    """Two contexts define one protected term differently (JSON-LD 1.1 section 4.1.11)."""

    code = "context-clash"
    title = "Its contexts contradict each other"
    advice = "Ask the issuer for a credential whose contexts belong together."


class UndefinedTerm(DataModelInvalid):
    """A member that no context defines: RDF drops it, so anybody could add, change or remove it."""

    code = "undefined-term"
    title = "A member has no meaning"
    advice = "Ask the issuer for a credential whose members are all defined by its contexts."


class UndefinedType(DataModelInvalid):
    """A type that no context defines, or one written as the IRI of a type that has a name."""

    code = "undefined-type"
    title = "A type has no meaning"
    advice = "Ask the issuer for a credential whose types are all defined by its contexts."


class BadIri(DataModelInvalid):
    """An id or reference that is not an absolute IRI (RFC 3987): RDF drops it, or each reader completes it anew."""

    code = "bad-iri"
    title = "Not an absolute address"
    advice = "Ask the issuer for a credential whose ids and references are absolute, such as https://… or urn:uuid:…."


class NullValue(DataModelInvalid):
    """A member that is null: RDF drops it, and some readers take it for a statement."""

    code = "null-value"
    title = "A member is null"
    advice = "Ask the issuer to leave the member out."


class InexactNumber(DataModelInvalid):
    """A number that another reader may take for a different one (RFC 7493 section 2.2; JSON-LD 1.1 API section 8.6)."""

    code = "inexact-number"
    title = "A number is not exact"
    advice = "Ask the issuer to write the number as text, or with fewer digits."


class NotCovered(DataModelInvalid):
    """A value that RDF drops or cannot tell from another one, so that the signature would not cover it."""

    code = "not-covered"
    title = "A value that no signature would cover"
    advice = "Ask the issuer for a credential without it."


class PoisonGraph(DataModelInvalid):
    """So many nodes that look alike that putting them in order would take too long (RDFC-1.0 section 7.1)."""

    code = "poison-graph"
    title = "Its parts cannot be told apart"
    advice = "Ask the issuer for a credential whose objects have ids."
