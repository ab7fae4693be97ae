"""What a proof says of itself in canonical form: the first of the two things that a signature is over.

All proofs by one key say the same but for their date. As RDF a date changes nothing but the text of its own line, so
the rest is remembered as it stands around it; wherever that might not be so, the options are made canonical in full.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.data_integrity.cryptosuites import Cryptosuite
from credentials.core.linked_data import canonical_nquads

_CREATED: Final = "created"
_ANY_MOMENT: Final = "2000-01-01T00:00:00Z"
_MOMENT: Final = re.compile(r"[0-9TZ:.+-]{1,40}")
_WORTH_KEEPING: Final = 2048
"""Bytes of options that are remembered; those of ours have 300."""


def canonical_options(
    suite: Cryptosuite, options: Mapping[str, Any], unsecured: Mapping[str, Any], written: bytes = b""
) -> bytes:
    """What a proof says of itself, in canonical form. Raises the canonicaliser's errors.

    `suite` reads it by the `@context` of the document, unless it keeps one of its own. `written` has both in it.
    """
    if not suite.keeps_context and "@context" in unsecured:
        options = {"@context": unsecured["@context"], **options}
    created = options.get(_CREATED)
    if suite.canonicalise is canonical_nquads and isinstance(created, str) and _MOMENT.fullmatch(created):
        undated = strict_json.dump({**options, _CREATED: _ANY_MOMENT})
        around = _around_date(undated) if len(undated) <= _WORTH_KEEPING else None
        if around is not None:
            return created.encode("ascii").join(around)
    return suite.canonicalise(options, written)


@lru_cache(maxsize=512)
def _around_date(undated: bytes) -> tuple[bytes, bytes] | None:
    """Canonical N-Quads before and after the date of the options in `undated`; None if it may have a say in them.

    That is, if it stands in several places, if a line with the same beginning has a place before or after it, or if
    there is more than one blank node, for these are named by what is said of them.
    """
    canonical = canonical_nquads(strict_json.parse_object(undated, max_bytes=_WORTH_KEEPING), undated)
    before, _, after = canonical.partition(_ANY_MOMENT.encode("ascii"))
    line = before[before.rfind(b"\n") + 1 :]
    alone = canonical.count(_ANY_MOMENT.encode("ascii")) == 1 and canonical.count(line) == 1
    return (before, after) if alone and b"_:c14n1" not in canonical else None
