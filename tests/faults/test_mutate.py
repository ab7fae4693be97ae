"""A sample of the long mutation run, and the run itself: see `mutate`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from credentials.core import strict_json
from tests.faults.mutate import Failed, Judge, by_bits, by_edits, long_run, run
from tests.faults.mutations import SUITES, Sample, samples

SAMPLES = {sample.form: sample for sample in samples()}
each = pytest.mark.parametrize("form", SAMPLES)


@each
def test_a_turned_bit_is_refused(form: str) -> None:
    sample = SAMPLES[form]
    found = run(by_bits(sample, sparse=97), Judge(sample), 1_000)
    assert found["refused"] > 150
    assert form in SUITES or found["unseen"] == 0


@pytest.mark.parametrize("form", SUITES)
def test_an_edit_is_refused_or_shows_the_same(form: str) -> None:
    sample = SAMPLES[form]
    found = run(by_edits(sample, seed=20260601), Judge(sample), 600)
    assert found["refused"] > 300
    assert found["unseen"] > 20


@pytest.mark.long
def test_a_million_mutations() -> None:
    total = long_run(1_000_000, workers=2, seed=20260601)
    assert total.total() >= 1_000_000


# The judge itself ----------------------------------------------------------------------------------------------------


def mutant_of(sample: Sample, **members: Any) -> bytes:
    return strict_json.dump(json.loads(sample.data) | members)


def test_the_judge_does_not_let_another_credential_pass() -> None:
    """A whole other credential is genuine, and not this one."""
    sample = SAMPLES["eddsa-rdfc-2022"]
    with pytest.raises(Failed, match="accepted"):
        Judge(sample).judge(sample.other)
    token = SAMPLES["vc+jwt"]
    with pytest.raises(Failed, match="accepted"):
        Judge(token).judge(token.other)


def test_the_judge_wants_a_sample_that_is_good() -> None:
    sample = SAMPLES["eddsa-jcs-2022"]
    with pytest.raises(Failed, match="the sample itself"):
        Judge(replace(sample, data=mutant_of(sample, name="Director")))


def test_the_judge_sees_when_something_else_is_shown() -> None:
    """As if the page hung on the order of an array: the words of the original are put in another's place."""
    sample = SAMPLES["eddsa-rdfc-2022"]
    judge = Judge(sample)
    judge._shown = "what another page would show"
    with pytest.raises(Failed, match="shows something else"):
        judge.judge(sample.data)
