"""pyoxigraph, in the one place that may use it: the second opinion that ours is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize

from credentials.core import strict_json
from credentials.core.errors import MalformedCredential
from credentials.core.linked_data.bundle import bundled_contexts


def relabelled(nquads: str) -> str:
    """The canonical N-Quads of `nquads`; the time grows as the factorial of the blank nodes that look alike."""
    return _canonical(nquads.encode(), RdfFormat.N_QUADS)


def read_by_oxigraph(document: Mapping[str, Any]) -> str:
    """The canonical N-Quads of a JSON-LD document whose contexts are all bundled.

    Nothing is checked: what RDF drops is dropped, and a poison graph takes its time. Raises MalformedCredential.
    """
    return _canonical(strict_json.dump(_inlined(document)), RdfFormat.JSON_LD)


def _canonical(data: bytes, form: RdfFormat) -> str:
    try:
        dataset = Dataset(parse(data, format=form))
    except SyntaxError as err:
        raise MalformedCredential(str(err)) from None
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = BytesIO()
    serialize(dataset, written, RdfFormat.N_QUADS)
    # Not by `splitlines` of a text: other characters that end a line may stand inside a literal.
    return b"".join(sorted(written.getvalue().splitlines(keepends=True))).decode()


def _inlined(value: Any) -> Any:
    """`value` with each context in the place of its address."""
    if isinstance(value, list):
        return [_inlined(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _contexts(item) if name == "@context" else _inlined(item) for name, item in value.items()}


def _contexts(written: Any) -> Any:
    listed = written if isinstance(written, list) else [written]
    return [bundled_contexts()[url].context.to_json_ld() for url in listed]
