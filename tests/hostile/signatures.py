"""What can be made of a good signature by whoever has it, and signatures that fit no key honestly."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.core.edwards import L, P

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256 (SEC 2 section 2.4.2)."""


def _with_s(signature: bytes, change: int, order: str) -> bytes:
    s = int.from_bytes(signature[32:], order) + change  # type: ignore[arg-type]
    return signature[:32] + s.to_bytes(32, order)  # type: ignore[arg-type]


def _der(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


CHANGES: Mapping[str, Callable[[bytes], bytes]] = {
    "zeros": lambda _: bytes(64),
    "ones": lambda _: b"\xff" * 64,
    "its halves exchanged": lambda s: s[32:] + s[:32],
    "a byte more": lambda s: s + b"\0",
    "a byte more in front": lambda s: b"\0" + s,
    "a byte less": lambda s: s[:-1],
    "its first half": lambda s: s[:32],
    "twice": lambda s: s + s,
    "nothing": lambda _: b"",
    "S + L": lambda s: _with_s(s, L, "little"),
    "S of zero": lambda s: s[:32] + bytes(32),
    "the identity as R": lambda s: b"\1" + bytes(31) + s[32:],
    "the identity as R, S of zero": lambda _: b"\1" + bytes(63),
    "R that is not canonical": lambda s: (P + 1).to_bytes(32, "little") + s[32:],
    "R with its sign turned": lambda s: s[:31] + bytes([s[31] ^ 0x80]) + s[32:],
    "r of zero": lambda s: bytes(32) + s[32:],
    "s of zero": lambda s: s[:32] + bytes(32),
    "r of n": lambda s: N.to_bytes(32, "big") + s[32:],
    "s of n": lambda s: s[:32] + N.to_bytes(32, "big"),
    "r and s of one": lambda _: (bytes(31) + b"\1") * 2,
    "r and s of n": lambda _: N.to_bytes(32, "big") * 2,
    "DER": _der,
}
"""By name; each gives something that no verifier may accept, whichever kind of key made the signature."""

OTHER_S = "n - s"
ACCEPTED: Mapping[str, Callable[[bytes], bytes]] = {
    OTHER_S: lambda s: s[:32] + (N - int.from_bytes(s[32:], "big")).to_bytes(32, "big"),
}
"""A second signature of P-256 that anybody can make of the first, and that FIPS 186-5 and RFC 7518 take as well."""
