"""The curve of RFC 8032 in plain integers: slow, and written apart from any library, to make keys and signatures that
no honest signer makes (points of small and mixed order, second spellings)."""

from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P


def multiply(point: Point, times: int) -> Point:
    total = NEUTRAL
    while times:
        if times & 1:
            total = add(total, point)
        point = add(point, point)
        times >>= 1
    return total


def recover(y: int, sign: int) -> Point | None:
    """The point with this y and this parity of x, if there is one (section 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return (P - x if x % 2 != sign else x) % P, y


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def _generator(parity: int) -> Point:
    found = recover(4 * pow(5, -1, P) % P, parity)
    assert found is not None
    return found


def _of_order_eight() -> Point:
    y = 2
    while True:
        point = recover(y, 0)
        if point and multiply(torsion := multiply(point, L), 4) != NEUTRAL:
            return torsion
        y += 1


BASE = _generator(0)
ORDER_EIGHT = _of_order_eight()
SMALL_ORDER = [multiply(ORDER_EIGHT, times) for times in range(8)]


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(r + key + message).digest(), "little") % L


def sign(secret: int, message: bytes, *, key: Point, r_offset: Point = NEUTRAL, nonce: int = 424242) -> bytes:
    """A signature by `secret` whose R is moved by a point of small order."""
    r = encode(add(multiply(BASE, nonce), r_offset))
    return r + ((nonce + challenge(r, encode(key), message) * secret) % L).to_bytes(32, "little")


def holds_without_cofactor(key: Point, message: bytes, signature: bytes) -> bool:
    """The equation [S]B = R + [h]A of RFC 8032 section 5.1.7, which strict verifiers check."""
    r = recover(int.from_bytes(signature[:32], "little") & (2**255 - 1), signature[31] >> 7)
    assert r is not None
    h = challenge(signature[:32], encode(key), message)
    return multiply(BASE, int.from_bytes(signature[32:], "little")) == add(r, multiply(key, h))
