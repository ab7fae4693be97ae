"""What became of each proof of a credential: a line of the report beside its checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from credentials.core.errors import CredentialError
from credentials.core.keys import PublicKey
from credentials.core.securing import Presented, Proof, SecuringMechanism
from credentials.verifier.checks import Outcome

_HELD: Final = "It matches."
_NOT_ASKED: Final = "By someone else than the issuer, whose key could not be had."
_NOT_UNDERSTOOD: Final = "This kind of proof is not understood."


class ProofView(msgspec.Struct, frozen=True, rename="camel"):
    """One proof. `mechanism` names its kind; the rest is empty for a kind that is not understood."""

    mechanism: str
    algorithm: str
    verification_method: str
    outcome: Outcome
    detail: str

    def to_json(self) -> dict[str, Any]:
        """A JSON object."""
        said: dict[str, Any] = msgspec.to_builtins(self)
        return said


def proofs_that_held(presented: Presented, keys: Sequence[PublicKey | None]) -> tuple[ProofView, ...]:
    """After all those with a key were checked and held."""
    views = [
        _view(proof, Outcome.NOT_CHECKED, _NOT_ASKED) if key is None else _view(proof, Outcome.PASSED, _HELD)
        for proof, key in zip(presented.proofs, keys, strict=True)
    ]
    return (*views, *_unread(presented)) if presented.unread else tuple(views)


def proofs_one_by_one(
    form: SecuringMechanism, presented: Presented, keys: Sequence[PublicKey | None]
) -> tuple[ProofView, ...]:
    """After one of them did not hold: which."""
    views = [_tried(form, presented, *pair) for pair in zip(presented.proofs, keys, strict=True)]
    return (*views, *_unread(presented))


def proofs_that_count_no_more(presented: Presented, error: CredentialError) -> tuple[ProofView, ...]:
    """Of a form beside the credential whose key is believed no longer."""
    return tuple(_view(proof, Outcome.FAILED, str(error)) for proof in presented.proofs)


def _tried(form: SecuringMechanism, presented: Presented, proof: Proof, key: PublicKey | None) -> ProofView:
    if key is None:
        return _view(proof, Outcome.NOT_CHECKED, _NOT_ASKED)
    try:
        form.check_signature(presented, proof, key)
    except CredentialError as err:
        return _view(proof, Outcome.FAILED, str(err))
    return _view(proof, Outcome.PASSED, _HELD)


def _view(proof: Proof, outcome: Outcome, detail: str) -> ProofView:
    return ProofView(proof.mechanism, proof.algorithm, proof.verification_method, outcome, detail)


def _unread(presented: Presented) -> list[ProofView]:
    return [ProofView(kind, "", "", Outcome.NOT_CHECKED, _NOT_UNDERSTOOD) for kind in presented.unread]
