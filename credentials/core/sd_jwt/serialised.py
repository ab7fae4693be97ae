"""The compact serialisation: `<issuer-signed JWT>~<disclosure>~…~[<key binding JWT>]` (RFC 9901 section 4).

The JSON serialisation (section 8) is not read: what anyone could add to its unprotected header is one more thing to
misread, and no credential format we know of is exchanged in it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from credentials.core.errors import NotSdJwt, TooLarge
from credentials.core.jws import MAX_TOKEN_BYTES, CompactJws, parse_compact
from credentials.core.sd_jwt.disclosure import Disclosure, read_disclosures

MAX_DISCLOSURES: Final = 1000
MAX_KEY_BINDING_BYTES: Final = 16 * 1024
TILDE: Final = b"~"


class SdJwt(msgspec.Struct, frozen=True):
    """An SD-JWT taken apart, NOT verified.

    `jws` and `issuer_jwt` are what the issuer signed; `key_binding` is the holder's own JWT at its end, None without
    one.
    """

    jws: CompactJws
    disclosures: tuple[Disclosure, ...]
    issuer_jwt: bytes
    key_binding: CompactJws | None = None

    @property
    def bound(self) -> bytes:
        """What the holder's signature is over by its hash: all up to and including the last tilde (section 4.3.1)."""
        return join_sd_jwt(self.issuer_jwt, self.disclosures)


def parse_sd_jwt(data: bytes, *, max_bytes: int = MAX_TOKEN_BYTES) -> SdJwt:
    """The parts of an SD-JWT; nothing in the result is proved.

    Raises TooLarge (also for more than `MAX_DISCLOSURES`), NotSdJwt, the errors of `parse_compact` for what the issuer
    and the holder signed, and those of `read_disclosures`.
    """
    if len(data) > max_bytes:
        raise TooLarge(f"{len(data)} characters are more than the {max_bytes} allowed here")
    if data.count(TILDE) > MAX_DISCLOSURES + 1:
        raise TooLarge(f"more than {MAX_DISCLOSURES} disclosures")
    issuer_jwt, *disclosures = data.split(TILDE)
    if not disclosures:
        raise NotSdJwt("there is no tilde in it")
    last = disclosures.pop()
    if b"" in disclosures:
        raise NotSdJwt("there is nothing between two tildes")
    jws = parse_compact(issuer_jwt, max_bytes=max_bytes)
    key_binding = parse_compact(last, max_bytes=MAX_KEY_BINDING_BYTES) if last else None
    return SdJwt(jws, read_disclosures(disclosures), issuer_jwt, key_binding)


def join_sd_jwt(issuer_jwt: bytes, disclosures: tuple[Disclosure, ...]) -> bytes:
    """The SD-JWT of these parts, without key binding."""
    return TILDE.join([issuer_jwt, *[one.encoded for one in disclosures], b""])
