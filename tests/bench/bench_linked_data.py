"""How fast RDF is canonicalised, and whether pyoxigraph agrees: `python -m tests.bench.bench_linked_data`.

Each step runs in small batches in turn with one raw libsodium verification of a message of 2 KB, and the best batch of
each counts. After that, documents of chance (10,000, or `--documents N`) are read by us and by pyoxigraph.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable

from nacl.bindings import crypto_sign_open
from nacl.signing import SigningKey

from credentials.core import achievement
from credentials.core.linked_data import canonical_by_oxigraph, canonical_nquads
from credentials.core.linked_data.rdfc import canonicalise
from credentials.core.linked_data.reading import read
from credentials.core.strict_json import dump, parse_object
from tests.bench.bench_core import measure, sample
from tests.core.linked_data.documents import Writer

MESSAGE_BYTES = 2048
RAW = "raw libsodium verification"


def steps() -> tuple[int, dict[str, Callable[[], object]]]:
    """The size of the sample in bytes, and what is measured; the first is the yardstick."""
    secret = SigningKey(bytes(range(32)))
    signed, key = bytes(secret.sign(bytes(MESSAGE_BYTES))), bytes(secret.verify_key)
    written = achievement.to_bytes(sample("did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"))
    document = parse_object(written, max_bytes=100_000)
    options = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-16T00:00:00Z",
        "verificationMethod": f"{document['issuer']['id']}#{document['issuer']['id'].removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    statements = read(document)
    return len(written), {
        RAW: lambda: crypto_sign_open(signed, key),
        "canonical_nquads, credential": lambda: canonical_nquads(document),
        "canonical_nquads, proof options": lambda: canonical_nquads(options),
        "of it reading": lambda: read(document),
        "of it ordering": lambda: canonicalise(statements),
    }


def oxigraph_microseconds() -> float:
    """The best of a few, for comparison."""
    document = parse_object(achievement.to_bytes(sample("did:web:a.example")), max_bytes=100_000)
    best = float("inf")
    for _ in range(20):
        begin = time.perf_counter()
        canonical_by_oxigraph(document)
        best = min(best, (time.perf_counter() - begin) * 1e6)
    return best


def agreeing(documents: int) -> int:
    """How many of so many documents pyoxigraph canonicalises as we do."""
    agreed = 0
    for seed in range(documents):
        document = parse_object(dump(Writer(seed, for_oxigraph=True).document()), max_bytes=10_000_000)
        agreed += canonical_nquads(document) == canonical_by_oxigraph(document)
    return agreed


def main() -> int:
    """Print the table, or one JSON object with `--json`; 1 if a document is read otherwise by pyoxigraph."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--documents", type=int, default=10_000)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    size, functions = steps()
    best = measure(functions)
    ratios = {name: micros / best[RAW] for name, micros in best.items()}
    agreed = agreeing(asked.documents)
    if asked.json:
        print(json.dumps({"us": best, "ratio": ratios, "documents": asked.documents, "agreed": agreed}))  # noqa: T201
        return int(agreed < asked.documents)
    print(f"credential of {size} bytes")  # noqa: T201
    for name, micros in best.items():
        print(f"{name:32}{micros:8.1f} µs   time {ratios[name]:5.2f}")  # noqa: T201
    print(f"{'pyoxigraph, contexts inlined':32}{oxigraph_microseconds():8.1f} µs")  # noqa: T201
    print(f"pyoxigraph agrees on {agreed} of {asked.documents} documents")  # noqa: T201
    return int(agreed < asked.documents)


if __name__ == "__main__":
    sys.exit(main())
