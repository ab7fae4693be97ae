"""Judges the whole corpus and prints how many cases that were and the largest resident size in megabytes."""

from __future__ import annotations

import sys

from tests.hostile.cases import corpus
from tests.hostile.judging import judged
from tests.hostile.making import make
from tests.peak_memory import peak_mebibytes


def main() -> int:
    """0 if nothing was accepted."""
    cases = corpus()
    accepted = [case["name"] for case in cases if judged(make(case)).accepted]
    sys.stdout.write(f"{len(cases)} {peak_mebibytes():.1f}\n")
    return 1 if accepted else 0


if __name__ == "__main__":
    raise SystemExit(main())
