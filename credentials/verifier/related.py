"""The check of what a credential states digests of, against what is handed in; nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials.core.related_resources import digests_of, not_at_hand, stated_resources
from credentials.verifier.checks import Finding, Outcome

_SHOWN: Final = 3


def related_resources(document: Mapping[str, Any], at_hand: Mapping[str, bytes]) -> Finding | None:
    """What became of the digests that `document` states; None when it states none.

    Raises MalformedRelatedResource and RelatedResourceDiffers.
    """
    stated = stated_resources(document)
    if not stated:
        return None
    missing = not_at_hand(stated, digests_of(at_hand))
    if not missing:
        return Finding(Outcome.PASSED)
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    named = ", ".join(name[:200] for name in missing[:_SHOWN])
    return Finding(Outcome.NOT_CHECKED, f"Not at hand, and not fetched: {named}{more}.")
