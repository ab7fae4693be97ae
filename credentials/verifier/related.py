"""The check of what a credential states digests of, against what is handed in or bundled; nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials.core.linked_data import bundled_contexts
from credentials.core.related_resources import DigestOf, digests_of, not_at_hand, stated_resources
from credentials.verifier.checks import Finding, Outcome

_SHOWN: Final = 3


def related_resources(document: Mapping[str, Any], at_hand: Mapping[str, bytes]) -> Finding | None:
    """What became of the digests that `document` states; None when it states none.

    Raises MalformedRelatedResource and RelatedResourceDiffers.
    """
    stated = stated_resources(document)
    if not stated:
        return None
    missing = not_at_hand(stated, _known(at_hand))
    if not missing:
        return Finding(Outcome.PASSED)
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    named = ", ".join(name[:200] for name in missing[:_SHOWN])
    return Finding(Outcome.NOT_CHECKED, f"Not at hand, and not fetched: {named}{more}.")


def _known(at_hand: Mapping[str, bytes]) -> DigestOf:
    """Digests of what is handed in, and of the published files of the contexts that are bundled."""
    of_given = digests_of(at_hand)

    def digest_of(name: str, algorithm: str) -> bytes | None:
        return of_given(name, algorithm) if name in at_hand else _bundled(name, algorithm)

    return digest_of


def _bundled(name: str, algorithm: str) -> bytes | None:
    context = bundled_contexts().get(name)
    found = {"sha256": context.sha256, "sha384": context.sha384} if context is not None else {}
    digest = found.get(algorithm)
    return None if digest is None else bytes.fromhex(digest)
