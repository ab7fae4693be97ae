"""Mutate signed credentials in every form and see that what was signed is all that is ever shown.

    python tests/faults/mutate.py --mutations 1000000 --workers 2

Every bit of every sample is turned, two signed samples are spliced, and documents are edited at random. A mutant must
be refused, unless nothing that its signature covers has changed; then, if it is accepted, its state, its words and its
page are exactly those of the original. What the signature covers is judged by other people's software.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from credentials.core import strict_json
from credentials.portfolio.presenting import credential_view, site_view
from credentials.verifier.report import Report
from credentials.verifier.states import Verdict
from tests.faults.mutations import SUITES, Sample, covered, edited, every_flip, samples, splices

SITE = site_view("https://credentials.example")
Count = Counter[str]


class Failed(AssertionError):
    """A mutant was accepted that is not the original, or it shows something else."""


def shown(report: Report) -> object:
    """All that a reader sees: state, words, page."""
    return report.state, report.words, credential_view(report, SITE)


class Judge:
    """Judges the mutants of one sample."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        report = sample.world.verify(sample.data)
        if report.verdict is not Verdict.VALID:
            raise Failed(f"{sample.form}: the sample itself is {report.state}")
        self._shown = shown(report)
        self._suite = sample.form if sample.form in SUITES else ""
        self._covered = covered(json.loads(sample.data), self._suite) if self._suite else None

    def judge(self, mutant: bytes) -> str:
        """How a mutant fared: `refused`, or `unseen` for one that only looks different. Raises Failed."""
        report = self._sample.world.verify(mutant)
        if report.verdict is not Verdict.VALID:
            return "refused"
        if not self._suite or not self._same(mutant):
            raise Failed(f"{self._sample.form}: accepted {mutant!r}")
        if shown(report) != self._shown:
            raise Failed(f"{self._sample.form}: shows something else: {mutant!r}")
        return "unseen"

    def _same(self, mutant: bytes) -> bool:
        return self._covered is not None and covered(json.loads(mutant), self._suite) == self._covered


def by_bits(sample: Sample, sparse: int = 1) -> Iterator[bytes]:
    """Every bit flip, or every `sparse`-th; and all splices of tokens."""
    if sample.form not in SUITES:
        yield from splices(sample)
    for number, flip in enumerate(every_flip(sample.data)):
        if number % sparse == 0:
            yield flip


def by_edits(sample: Sample, seed: int) -> Iterator[bytes]:
    """Random edits of a document, one each, without end."""
    document, other = json.loads(sample.data), json.loads(sample.other)
    chance = random.Random(f"{sample.form} {seed}")  # noqa: S311 - which mutants, nothing secret
    while True:
        mutant = edited(document, other, chance)
        if mutant is not document:
            yield _written(mutant)


def _written(mutant: Any) -> bytes:
    """As JSON, also where it holds half a character."""
    try:
        return strict_json.dump(mutant)
    except UnicodeEncodeError:
        return json.dumps(mutant).encode()


def run(mutants: Iterator[bytes], judge: Judge, most: int) -> Count:
    """Judge at most so many. Raises Failed."""
    found: Count = Counter()
    for mutant, _ in zip(mutants, range(most), strict=False):
        found[judge.judge(mutant)] += 1
    return found


def flip_share(form: str) -> Count:
    """Every bit flip of one sample; for a process of its own."""
    sample = _sample(form)
    return run(by_bits(sample), Judge(sample), sys.maxsize)


def edit_share(share: tuple[str, int, int]) -> Count:
    """So many edits of one sample under one seed; for a process of its own."""
    form, seed, count = share
    sample = _sample(form)
    return run(by_edits(sample, seed), Judge(sample), count)


def _sample(form: str) -> Sample:
    return next(sample for sample in samples() if sample.form == form)


SHARE = 2_000


def long_run(mutations: int, workers: int, seed: int) -> Count:
    """Every flip, then edits until there were `mutations` in all. Raises Failed."""
    total: Count = Counter()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for found in pool.imap_unordered(flip_share, [sample.form for sample in samples()]):
            total += found
            sys.stderr.write(f"{total.total()} mutations: {dict(total)}\n")
        left = max(0, mutations - total.total())
        shares = [(SUITES[turn % len(SUITES)], seed + turn, SHARE) for turn in range(-(-left // SHARE))]
        for found in pool.imap_unordered(edit_share, shares):
            total += found
        sys.stderr.write(f"{total.total()} mutations: {dict(total)}\n")
    return total


def main() -> int:
    """Run and print what was found; 1 when a mutant got through."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=None)
    wanted = parser.parse_args()
    seed = wanted.seed if wanted.seed is not None else random.SystemRandom().randrange(2**32)
    started = time.monotonic()
    try:
        total = long_run(wanted.mutations, wanted.workers, seed)
    except Failed as failure:
        sys.stdout.write(f"FAILED with seed {seed}: {failure}\n")
        return 1
    sys.stdout.write(
        f"{total.total()} mutations, seed {seed}, in {time.monotonic() - started:.0f} s: {total['refused']} refused, "
        f"{total['unseen']} that no signature covers, all of which show the same; 0 got through\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
