"""Workbooks whose worker is killed: in the long run of 10,000 rows, always small ones."""

from __future__ import annotations

import pytest

from tests.faults.kill_list import run

pytestmark = pytest.mark.faults


def test_exactly_the_good_rows_are_issued() -> None:
    found = run(rows=400, kills=2, seed=7)

    assert found.killed == 2
    assert found.issued == 396 * found.lists


@pytest.mark.long
def test_ten_thousand_rows() -> None:
    found = run(rows=10_000, kills=20, seed=7)

    assert found.killed == 20
    assert found.issued == 9_900 * found.lists
    assert found.cost.grown < 150
