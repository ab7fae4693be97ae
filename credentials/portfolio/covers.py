"""Covers drawn from a hash: guilloche, the fine line work in the margin of a bond. Art, never a proof.

Two families of sine curves in two inks; every frequency, amplitude and phase is read from the bytes of the hash, so one
hash always gives one drawing. A curve is a chain of cubic Bézier segments with the wave's own slope at the joints.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

WIDTH, HEIGHT = 960, 240
"""The drawing's own units; it scales."""
STEPS = 20
"""Segments a curve."""
INKS = (("#7d93bd", 15), ("#bd9a68", 13))
"""Colour and number of curves of each family; both inks show on light and on dark paper."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family of curves: a wave whose height swells along the sheet, repeated with a moving phase.

    `taper` lowers curve by curve, so that a family which spans less than a whole wave twists like a ribbon.
    """

    centre: float
    height: float
    swell: float
    waves: float
    beats: float
    phase: float
    beat_phase: float
    spread: float
    taper: float

    def point(self, x: float, shift: float) -> tuple[float, float]:
        """Height and slope of one curve at `x`; `shift` in 0..1 tells the curve."""
        wave, beat = math.tau * self.waves / WIDTH, math.tau * self.beats / WIDTH
        angle, slow = wave * x + self.phase + self.spread * shift, beat * x + self.beat_phase
        height = self.height * (1 - self.taper * shift)
        envelope = height * (1 + self.swell * math.sin(slow))
        rise = height * self.swell * beat * math.cos(slow)
        y = self.centre + envelope * math.sin(angle)
        return y, rise * math.sin(angle) + envelope * wave * math.cos(angle)


def _fractions(digest: bytes) -> Iterator[float]:
    """An endless run of numbers in 0..1 that depends on the digest alone."""
    counter = 0
    while True:
        yield from (byte / 255 for byte in hashlib.sha256(digest + bytes([counter])).digest())
        counter = (counter + 1) % 256


def _family(chance: Iterator[float], spread: float) -> Family:
    return Family(
        centre=HEIGHT * (0.44 + 0.12 * next(chance)),
        height=HEIGHT * (0.2 + 0.07 * next(chance)),
        swell=0.35 + 0.3 * next(chance),
        waves=2.2 + 2.6 * next(chance),
        beats=0.6 + 1.9 * next(chance),
        phase=math.tau * next(chance),
        beat_phase=math.tau * next(chance),
        spread=spread * (0.8 + 0.4 * next(chance)),
        taper=1.4 * next(chance) + 0.6 if spread < math.tau else 0.0,
    )


def _curve(family: Family, shift: float) -> str:
    """One curve as path data, in whole units, relative, with smooth joints."""
    step = WIDTH // STEPS
    y, slope = family.point(0, shift)
    here = round(y)
    parts = [f"M0 {here}c{step // 3} {round(slope * step / 3)}"]
    for index in range(1, STEPS + 1):
        y, slope = family.point(index * step, shift)
        target = round(y)
        handle, end = round(y - slope * step / 3) - here, target - here
        parts.append(f"{'s' if index > 1 else ' '}{step * 2 // 3} {handle} {step} {end}".replace(" -", "-"))
        here = target
    return "".join(parts)


@lru_cache(maxsize=512)
def cover_svg(digest: bytes) -> bytes:
    """The cover of a digest (any length) as an SVG document of less than 8 KB."""
    chance = _fractions(digest)
    spreads = (math.tau, math.tau * 0.45) if next(chance) < 0.5 else (math.tau * 0.45, math.tau)
    paths = []
    for (ink, count), spread in zip(INKS, spreads, strict=True):
        family = _family(chance, spread)
        data = "".join(_curve(family, number / count) for number in range(count))
        paths.append(f'<path vector-effect="non-scaling-stroke" stroke="{ink}" d="{data}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" '
        f'fill="none" stroke-width=".7">{"".join(paths)}</svg>'
    ).encode()
