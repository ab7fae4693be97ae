"""A document with embedded proofs, taken apart: each proof beside the canonical bytes that it must be over.

A proof is over the document without any proof; one that names a `previousProof` is over the document with those proofs
in it (W3C VC Data Integrity 1.0 section 4.5), so a link of a chain cannot be exchanged without breaking those after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from credentials.core.data_integrity.canonical_options import canonical_options
from credentials.core.data_integrity.cryptosuites import Canonical, Canonicaliser
from credentials.core.data_integrity.options import MAX_PROOFS, ProofOptions, kind_of, read_options, suite_of
from credentials.core.errors import BadProof, PreviousProofMissing, ProofMissing, UnsupportedProof


class EmbeddedProof(msgspec.Struct, frozen=True):
    """One proof that is understood, and what must have been signed."""

    says: ProofOptions
    canonical: Canonical


class ProvenDocument(msgspec.Struct, frozen=True):
    """`unsecured` is the document without proofs; `unread` names the kinds of proof that are not understood."""

    unsecured: dict[str, Any]
    proofs: tuple[EmbeddedProof, ...]
    unread: tuple[str, ...]


def take_apart(secured: Mapping[str, Any], purpose: str, written: bytes = b"") -> ProvenDocument:
    """The document in `secured` (strictly parsed JSON) and its proofs for `purpose`, such as `assertionMethod`.

    `written` is the JSON that `secured` was parsed from, if it is at hand; it only saves time.

    Proofs for other purposes are left aside by name. Raises ProofMissing, UnsupportedProof when none is left,
    PreviousProofMissing, the errors of `read_options`, and those of the canonicalisers for a document that a signature
    would not cover in full.
    """
    listed = _listed(secured)
    unsecured = {name: value for name, value in secured.items() if name != "proof"}
    read: list[tuple[ProofOptions, list[Mapping[str, Any]]]] = []
    unread: list[str] = []
    for proof in listed:
        suite = suite_of(proof)
        if suite is None or proof.get("proofPurpose", purpose) != purpose:
            unread.append(kind_of(proof))
        else:
            says = read_options(proof, suite, secured.get("@context"))
            read.append((says, _previous(says, listed)))
    if not read:
        raise UnsupportedProof(", ".join(unread)[:200], where="/proof")
    return ProvenDocument(unsecured, _with_canonical(unsecured, read, written), tuple(unread))


def _listed(secured: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = secured.get("proof")
    listed = value if isinstance(value, list) else [value]
    if value is None or not listed:
        raise ProofMissing("the document carries no proof", where="/proof")
    if len(listed) > MAX_PROOFS:
        raise BadProof(f"more than {MAX_PROOFS} proofs", where="/proof")
    proofs: list[Mapping[str, Any]] = [proof for proof in listed if isinstance(proof, dict)]
    if len(proofs) < len(listed):
        raise BadProof("a proof that is not an object", where="/proof")
    return proofs


def _previous(says: ProofOptions, listed: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The proofs that this one names as before it, in its own order. Raises PreviousProofMissing, BadProof."""
    found: list[Mapping[str, Any]] = []
    for name in says.previous:
        matching = [proof for proof in listed if proof.get("id") == name]
        if not matching or name == says.id:
            raise PreviousProofMissing(f"{name[:80]!r} is not among the proofs", where="/proof/previousProof")
        if len(matching) > 1:
            raise BadProof("two proofs have one id", where="/proof/id")
        found += matching
    return found


def _with_canonical(
    unsecured: dict[str, Any], read: Sequence[tuple[ProofOptions, list[Mapping[str, Any]]]], written: bytes
) -> tuple[EmbeddedProof, ...]:
    """Each proof with its canonical bytes; those of the bare document are made once for each way to make them."""
    bare: dict[Canonicaliser, bytes] = {}
    proofs: list[EmbeddedProof] = []
    for says, previous in read:
        canonicalise = says.suite.canonicalise
        if previous:
            document = canonicalise({**unsecured, "proof": previous}, written)
        elif canonicalise in bare:
            document = bare[canonicalise]
        else:
            document = bare[canonicalise] = canonicalise(unsecured, written)
        options = canonical_options(says.suite, says.options, unsecured, written)
        proofs.append(EmbeddedProof(says, Canonical(options, document)))
    return tuple(proofs)
