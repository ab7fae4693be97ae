"""What a holder does with an SD-JWT: look at what can be left out, and hand on the rest (RFC 9901 section 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from credentials.core import strict_json
from credentials.core.errors import NotSdJwt
from credentials.core.jws import MAX_TOKEN_BYTES
from credentials.core.sd_jwt.disclosure import Disclosure
from credentials.core.sd_jwt.key_binding import KeyBinding, bind, key_binding_input
from credentials.core.sd_jwt.serialised import SdJwt, join_sd_jwt
from credentials.core.sd_jwt.unveiling import Place, Unveiled, require_no_strangers, unveil


def opened(sd_jwt: SdJwt) -> Unveiled:
    """All that the holder has, and where each part belongs; null for elements of arrays that the holder has not.

    Raises as `unveil`, and DisclosureUnreferenced.
    """
    payload = strict_json.parse_object(sd_jwt.jws.payload, max_bytes=MAX_TOKEN_BYTES)
    unveiled = unveil(payload, sd_jwt.disclosures, sparse=True)
    require_no_strangers(unveiled)
    return unveiled


def select(sd_jwt: SdJwt, *, keep: Collection[str]) -> bytes:
    """The SD-JWT with only the disclosures at these JSON pointers, and those that they stand inside.

    A pointer names what `opened` names; what the holder does not have cannot be kept and is passed over. Raises
    NotSdJwt for one with key binding, which is no issuer's original (section 7.2), and as `opened`.
    """
    if sd_jwt.key_binding is not None:
        raise NotSdJwt("this is a presentation made for somebody, not the original")
    places = opened(sd_jwt).places
    kept = _with_their_parents([place for place in places if place.pointer in keep], places)
    return join_sd_jwt(sd_jwt.issuer_jwt, tuple([one for one in sd_jwt.disclosures if one.encoded in kept]))


def present(
    sd_jwt: SdJwt,
    *,
    keep: Collection[str],
    expected: KeyBinding,
    algorithm: str,
    sign: Callable[[bytes], bytes],
    now: datetime,
) -> bytes:
    """As `select`, signed by the holder for one verifier. `sign` gives the raw signature of the key in `cnf`.

    Raises as `select`, and AlgorithmRefused.
    """
    selected = select(sd_jwt, keep=keep)
    signing_input = key_binding_input(selected, expected, algorithm=algorithm, now=now)
    return bind(selected, signing_input, sign(signing_input))


def _with_their_parents(wanted: list[Place], places: Collection[Place]) -> set[bytes]:
    """The texts of the disclosures at these places and of all that they stand inside."""
    inside: dict[bytes, Disclosure | None] = {place.disclosure.encoded: place.inside for place in places}
    kept: set[bytes] = set()
    for place in wanted:
        one: Disclosure | None = place.disclosure
        while one is not None and one.encoded not in kept:
            kept.add(one.encoded)
            one = inside[one.encoded]
    return kept
